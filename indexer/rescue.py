"""The rescue ladder: other queries for one that finds nothing as typed, each with what it would find.

    keyboard ─▶ Latin letters ─▶ spelling ─▶ Arabic keys for a Latin name ─▶ fewer words ─▶ wider dates

A rung drafts queries, the archive counts them, and what finds nothing is dropped. The first clear one is
searched at once (`indexer.answer`), the others are offered. Figures: `docs/rescue.md`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Literal

from indexer.analysis import fold, term_of
from indexer.analysis.lexicon import Lexicon
from indexer.analysis.tokenize import words as words_in
from indexer.query import tree
from indexer.query.canonical import canonical
from indexer.query.exonyms import LATIN_DF, Choice, Ear, choices, is_english, is_latin
from indexer.query.keyboard import arabic_of, has_signs, latin_of
from indexer.query.normal import any_of, leaves, side_by_side
from indexer.query.parser import parse
from indexer.query.sounds import Sounds, sounds_of
from indexer.query.spelling import (
    CLEAR_LEAD,
    Candidate,
    doubted,
    is_listed,
    rescuable,
    stop_forms,
    written_form,
)
from indexer.query.wordlist import Wordlist

Why = Literal["spelling", "keyboard", "latin", "fewer_words", "wider_dates"]

MOST_OFFERS = 4
MOST_COUNTS = 12
"""Drafts that are counted for one query: a count takes up to a millisecond in 30,000 articles."""

KEYBOARD_SHARE, KEYBOARD_DF, SHORT_KEYBOARD_DF, SHORT_KEYBOARD = 0.6, 10, 100, 4
"""So large a part of the letters must stand in words of so many articles; a single short word needs more."""

REREAD: tuple[Why, ...] = ("keyboard", "latin")
"""Rungs that read the same keys or letters anew: as good where no article has all the words."""

NARROWER: tuple[Why, ...] = ("fewer_words", "wider_dates")
"""Rungs that ask for less: not needed where what was meant is found."""

MOST_DROPPED = 4
WHITELIST = frozenset({"علي"})
"""A name that folding makes one with a function word."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Another query, not yet counted; a clear one may be searched without asking."""

    query: tree.Query
    why: Why
    clear: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """Another query and the number of articles that it finds, never 0."""

    q: str
    why: Why
    total: int
    clear: bool


@dataclass(frozen=True)
class Bench:
    """What the ladder stands on: the archive's words, and what it can ask of the index.

    Attributes:
        df: (field, term) → number of articles.
        count: how many articles have every clause of a query, under the request's filters.
        count_any: how many have any clause, by any way: what is shown where none has all.
        count_undated: the same without the request's own dates.
        late: the time for the answer is over.
    """

    words: Wordlist
    lexicon: Lexicon
    df: Callable[[str, str], int]
    count: Callable[[tree.Query], int]
    count_any: Callable[[tree.Query], int]
    count_undated: Callable[[tree.Query], int] | None
    late: Callable[[], bool]

    def written(self, folded: str) -> str:
        """The commonest writing of a word in the archive."""
        return written_form(folded, lambda writing: self.df("written", writing))

    def sounds(self) -> Sounds:
        """The archive's words by their sounds."""
        return sounds_of(self.words, stop_forms(self.lexicon) - WHITELIST)


def offers(q: str, query: tree.Query, bench: Bench) -> tuple[Offer, ...]:
    """What a query that finds nothing as typed could become, likeliest first."""
    return _counted(_drafts(q, query, bench), q, bench)


def latin_offers(q: str, query: tree.Query, bench: Bench) -> tuple[Offer, ...]:
    """The Arabic readings of a query in Latin letters that finds something as typed: only offered."""
    return _counted((Draft(draft.query, draft.why) for draft in _latin(query, bench)), q, bench)


def _counted(drafts: Iterable[Draft], q: str, bench: Bench) -> tuple[Offer, ...]:
    found: dict[str, Offer] = {}
    for draft in islice(drafts, MOST_COUNTS):
        if bench.late() or len(found) >= MOST_OFFERS:
            break
        if draft.why in NARROWER and any(offer.clear for offer in found.values()):
            break
        text = canonical(draft.query)
        if text in found or (text == q and draft.why != "wider_dates"):
            continue
        wide = bench.count_undated if draft.why == "wider_dates" else None
        total = (wide or bench.count)(draft.query)
        if not total and draft.clear and draft.why in REREAD:
            total = bench.count_any(draft.query)
        if total and not any((o.why, o.total) == ("latin", total) for o in found.values()):
            found[text] = Offer(text, draft.why, total, draft.clear)
    return tuple(found.values())


def _drafts(q: str, query: tree.Query, bench: Bench) -> Iterator[Draft]:
    yield from _keyboard(q, bench)
    yield from _latin(query, bench)
    yield from _spelling(query, bench)
    yield from _latin_keys(query, bench)
    yield from _wider_dates(query, bench)
    yield from _fewer_words(query, bench)


def clauses_of(query: tree.Query) -> tuple[tree.Query, ...]:
    """What stands side by side."""
    return query.children if isinstance(query, tree.Words) else (query,)


# --- the wrong keyboard -----------------------------------------------------------------------------------


def _keyboard(q: str, bench: Bench) -> Iterator[Draft]:
    arabic = arabic_of(q.strip())
    if arabic is None or not _reads_well(arabic, bench.words):
        return
    if has_signs(q) or not _means_latin(q, bench.words):
        yield Draft(parse(arabic).query, "keyboard", clear=True)


def _reads_well(arabic: str, words: Wordlist) -> bool:
    """Whether most letters of a text stand in words of the archive."""
    folded = [term_of(word).folded for word, _, _ in words_in(arabic)]
    short = len(folded) == 1 and len(folded[0]) <= SHORT_KEYBOARD
    least = words.at_scale(SHORT_KEYBOARD_DF if short else KEYBOARD_DF)
    known = sum(len(word) for word in folded if words.df.get(word, 0) >= least)
    return sum(map(len, folded)) > 2 and known >= KEYBOARD_SHARE * sum(map(len, folded))


def _means_latin(q: str, words: Wordlist) -> bool:
    """Whether half the words of a text are English, or stand in the archive as they are."""
    typed = [word for word, _, _ in words_in(q)]
    held = [w for w in typed if is_english(w) or words.df.get(fold(w), 0) >= words.at_scale(LATIN_DF)]
    return 2 * len(held) >= len(typed) > 0


def _latin_keys(query: tree.Query, bench: Bench) -> Iterator[Draft]:
    """A Latin name typed on Arabic keys: only where no word is known, and only as an offer."""
    clauses = clauses_of(query)
    typed = [clause.text for clause in clauses if isinstance(clause, tree.Word)]
    if not typed or len(typed) < len(clauses) or any(fold(word) in bench.words.df for word in typed):
        return
    for latin in latin_of(" ".join(typed)):
        other = parse(latin).query
        for draft in (*_latin(other, bench), Draft(other, "keyboard")):
            yield Draft(draft.query, "keyboard")


# --- Latin letters ----------------------------------------------------------------------------------------


def _latin(query: tree.Query, bench: Bench) -> Iterator[Draft]:
    """Arabic readings: near-ties together, then each form alone, then without the words that have none."""
    parts = _heard(query, bench)
    read = [part for part in parts if isinstance(part, Choice) and part.clauses]
    if not read:
        return
    yield from _draft(parts, all(part.sure for part in read))
    if len(read) == 1 and len(read[0].clauses) > 1:
        for form in read[0].clauses:
            alone = Choice(read[0].typed, (form,))
            yield from _draft([alone if part is read[0] else part for part in parts])
    if len(read) < sum(isinstance(part, Choice) for part in parts):
        yield from _draft([part for part in parts if not isinstance(part, Choice) or part.clauses])


def _heard(query: tree.Query, bench: Bench) -> "list[tree.Query | Choice]":
    """The clauses of a query, those in Latin letters as what they may be."""
    ear = Ear(bench.words, bench.sounds, bench.written)
    parts: list[tree.Query | Choice] = []
    for latin, run in groupby(clauses_of(query), _is_latin_word):
        found = list(run)
        parts += choices([w for w in found if isinstance(w, tree.Word)], ear) if latin else found
    return parts


def _draft(parts: "Iterable[tree.Query | Choice]", clear: bool = False) -> Iterator[Draft]:
    query = side_by_side([clause for part in parts for clause in _as_clauses(part)])
    if query:
        yield Draft(query, "latin", clear)


def _is_latin_word(clause: tree.Query) -> bool:
    return isinstance(clause, tree.Word) and not clause.plain and is_latin(clause.text)


def _as_clauses(part: "tree.Query | Choice") -> Sequence[tree.Query | None]:
    if not isinstance(part, Choice):
        return (part,)
    return (any_of(part.clauses),) if part.clauses else part.typed


# --- spelling ---------------------------------------------------------------------------------------------


def _spelling(query: tree.Query, bench: Bench) -> Iterator[Draft]:
    """The words that the archive knows by no form at all, each as its likeliest neighbour."""
    clauses = clauses_of(query)
    found = {n: near for n, clause in enumerate(clauses) if (near := corrections(clause, bench))}
    if not found:
        return
    best = {n: near[0] for n, near in found.items()}
    yield Draft(_respelled(clauses, best, bench), "spelling", clear=all(map(is_clear, found.values())))
    if len(found) == 1:
        ((number, near),) = found.items()
        for other in near[1:3]:
            yield Draft(_respelled(clauses, {number: other}, bench), "spelling")


def corrections(clause: tree.Query, bench: Bench) -> list[Candidate]:
    """What a clause may be a slip for; nothing for a word that the archive knows, by its stem too."""
    if not isinstance(clause, tree.Word) or clause.plain:
        return []
    term = term_of(clause.text)
    known = term.folded in stop_forms(bench.lexicon) or term.folded in bench.words.df
    if known or not rescuable(term.folded) or is_listed(term.folded, bench.lexicon):
        return []
    if bench.df("light", term.light) or bench.df("stem", term.stem):
        return []
    return doubted(term.folded, bench.words, bench.lexicon)


def is_clear(near: Sequence[Candidate]) -> bool:
    """Whether the best candidate leads by far."""
    return len(near) == 1 or near[0].score - near[1].score >= CLEAR_LEAD


def _respelled(clauses: Sequence[tree.Query], best: dict[int, Candidate], bench: Bench) -> tree.Query:
    written = {n: tree.Word(bench.written(candidate.word)) for n, candidate in best.items()}
    return side_by_side([written.get(n, clause) for n, clause in enumerate(clauses)]) or tree.Everything()


# --- less asked for ---------------------------------------------------------------------------------------


def _wider_dates(query: tree.Query, bench: Bench) -> Iterator[Draft]:
    dated = [clause for clause in clauses_of(query) if isinstance(clause, tree.Dates)]
    undated = side_by_side([clause for clause in clauses_of(query) if clause not in dated])
    if undated and (dated or bench.count_undated):
        yield Draft(undated, "wider_dates")


def _fewer_words(query: tree.Query, bench: Bench) -> Iterator[Draft]:
    """Without the rarest word, then without the two rarest, and so on; exclusions and dates stay."""
    clauses = clauses_of(query)
    asked = [n for n, clause in enumerate(clauses) if not isinstance(clause, tree.Not | tree.Dates)]
    if len(asked) < 2 or any(isinstance(leaf, tree.Everything) for leaf in leaves(query)):
        return
    asked.sort(key=lambda n: _frequency(clauses[n], bench))
    for dropped in range(1, min(MOST_DROPPED, len(asked) - 1) + 1):
        kept = side_by_side([c for n, c in enumerate(clauses) if n not in asked[:dropped]])
        if kept and any(map(_says_much, clauses_of(kept))):
            yield Draft(kept, "fewer_words")


def _frequency(clause: tree.Query, bench: Bench) -> int:
    """About how many articles have a clause; a word's postings have just been read by the search."""
    if isinstance(clause, tree.Word):
        return bench.df("light", term_of(clause.text).light)
    return bench.count(clause)


def _says_much(clause: tree.Query) -> bool:
    """Whether a clause is worth asking alone: more than two letters."""
    return not isinstance(clause, tree.Word) or len(term_of(clause.text).folded) > 2
