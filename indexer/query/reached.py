"""Which words of an archive a word of the query really reaches, and the search without some of them."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from indexer.analysis import Term, term_of
from indexer.analysis.chain import NAME_MARK
from indexer.query.forms import WAYS, Form, Slot


def reached(forms: Iterable[Form], known: Iterable[str]) -> dict[str, list[Form]]:
    """The folded words of an archive that forms reach, each with the forms that reach it, nearest first.

    Args:
        known: every folded word of the archive.
    """
    wanted: dict[tuple[str, str], list[Form]] = {}
    for form in sorted(forms, key=lambda form: WAYS.index(form.via)):
        wanted.setdefault((form.view, form.term), []).append(form)
    found: dict[str, list[Form]] = {}
    for word in _likely(wanted, known):
        views = _views(term_of(word))
        if by := [form for view in views for form in wanted.get(view, ())]:
            found[word] = sorted(by, key=lambda form: WAYS.index(form.via))
    return found


def _views(term: Term) -> tuple[tuple[str, str], ...]:
    """What a folded word of the archive is met by; in what letters it was written, it does not show."""
    return ("folded", term.folded), ("light", term.light), ("stem", term.stem)


def _likely(wanted: Collection[tuple[str, str]], known: Iterable[str]) -> Iterator[str]:
    """The words that may have a wanted term: a stem's letters but the first stand in its words."""
    hints = {term if view == "folded" else term.lstrip(NAME_MARK)[1:] or term for view, term in wanted}
    likely = re.compile("|".join(map(re.escape, sorted(hints)))).search
    return filter(likely, known) if hints else iter(())


def without(forms: Sequence[Form], unwanted: Collection[str], known: Iterable[str]) -> tuple[Form, ...]:
    """The forms of a word where some words of the archive shall not be met by it.

    A stem cannot leave one of its words out. So where it would meet an unwanted one, the words that the forms
    reach stand for them, each as it is and with the weights of all the views that reach it.
    """
    views = {view for word in unwanted for view in _views(term_of(word))}
    if not any((form.view, form.term) in views or term_of(form.term).folded in unwanted for form in forms):
        return tuple(forms)
    kept = [form for form in forms if form.view == "written" and term_of(form.term).folded not in unwanted]
    for word, by in reached(forms, known).items():
        if word not in unwanted:
            kept.append(Form("folded", word, _weight(by), by[0].via))
    return tuple(kept)


def _weight(forms: Iterable[Form]) -> float:
    """Views add up; within a view the best form counts."""
    best: dict[str, float] = {}
    for form in forms:
        best[form.view] = max(form.weight, best.get(form.view, 0.0))
    return sum(best.values())


def spelled(slots: Sequence[Slot]) -> str:
    """Several words that stand for one, as a text: لا يسمح of لايسمح."""
    return " ".join(slot[0].term for slot in slots)
