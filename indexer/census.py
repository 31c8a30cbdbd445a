"""Why a query finds what it finds: how many articles each of its words has, and by which forms."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from indexer.analysis import fold, term_of
from indexer.drafts import clauses_of
from indexer.engines.base import SearchEngine
from indexer.means import Means
from indexer.model import Audited, Via, WordForm
from indexer.query import plan, tree
from indexer.query.canonical import canonical
from indexer.query.forms import Reading, folded_terms
from indexer.query.normal import side_by_side
from indexer.query.plan import Plan
from indexer.query.reached import reached, spelled
from indexer.query.wordlist import Wordlist
from indexer.query.words import Slots

MOST_FORMS = 300
"""Forms of a word that are told, the commonest first."""

Census = Callable[[tree.Word], tuple[WordForm, ...]]


def audited(query: tree.Query, means: Means, census: Census | None = None) -> tuple[Audited, ...]:
    """What each clause of a query does to its result."""
    clauses = [c for c in clauses_of(query) if not isinstance(c, tree.Not | tree.Dates)]
    found = []
    for clause in clauses:
        forms = census(clause) if census and isinstance(clause, tree.Word) and not clause.plain else ()
        count = 0 if means.late() else means.count(clause)
        found.append(Audited(typed(clause), count, not _is_function_word(clause, means), forms=forms))
    return _blamed(clauses, found, means)


def typed(clause: tree.Query) -> str:
    """A clause as it is shown: a word as typed."""
    return clause.text if isinstance(clause, tree.Word) and not clause.plain else canonical(clause)


def _is_function_word(clause: tree.Query, means: Means) -> bool:
    return isinstance(clause, tree.Word) and term_of(clause.text).written in means.lexicon.stopwords


def _blamed(clauses: Sequence[tree.Query], found: list[Audited], means: Means) -> tuple[Audited, ...]:
    """The clauses that empty the result marked: without one of them, the others would find something."""
    needed = [n for n, audit in enumerate(found) if audit.needed]
    whole = side_by_side([clauses[n] for n in needed])
    if len(needed) < 2 or whole is None or means.late() or means.count(whole):
        return tuple(found)
    for n in needed:
        rest = side_by_side([clauses[other] for other in needed if other != n])
        if rest and not means.late() and means.count(rest):
            found[n] = replace(found[n], empties=True)
    return tuple(found)


def forms_of(
    readings: Sequence[Reading], words: Wordlist, engine: SearchEngine, unwanted: Sequence[str] = ()
) -> Census:
    """By which forms the archive answers the words of a query, the commonest first.

    Args:
        readings: what the words of the query look for, nothing left out.
        unwanted: forms that are not searched.
    """
    out = {fold(form) for form in unwanted}

    def forms(word: tree.Word) -> tuple[WordForm, ...]:
        ways: dict[str, tuple[int, Via]] = {}
        for slots in (slots for r in readings if r.query == word.text for slots in r.sequences):
            for text, found in _met(slots, words, engine):
                ways.setdefault(text, found)
        told = [WordForm(text, count, via, text not in out) for text, (count, via) in ways.items()]
        return tuple(sorted(told, key=lambda f: (-f.articles, f.text))[:MOST_FORMS])

    return forms


def _met(slots: Slots, words: Wordlist, engine: SearchEngine) -> Iterator[tuple[str, tuple[int, Via]]]:
    """The writings that one sequence of forms meets: text, number of articles, and the way to it."""
    if len(slots) > 1:
        terms = tuple(map(folded_terms, slots))
        phrases = tuple(plan.Phrase(field, terms) for field in plan.POSITION_FIELDS)
        if count := engine.count(Plan(plan.Or(phrases))):
            yield spelled(slots), (count, slots[-1][0].via)
        return
    for text, by in reached(slots[0], words.df).items():
        yield text, (words.df[text], by[0].via)
    for form in slots[0]:
        if form.view == "written" and form.weight and (count := engine.df("written", form.term)):
            yield fold(form.term), (count, form.via)
