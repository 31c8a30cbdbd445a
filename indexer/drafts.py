"""What a query that finds nothing may have been meant as: the rungs of the rescue ladder.

Each rung drafts queries, likeliest first; `indexer.rescue` counts them. Figures: `docs/rescue.md`.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from indexer.analysis import fold, term_of
from indexer.analysis.tokenize import words as words_in
from indexer.means import Means
from indexer.query import tree
from indexer.query.exonyms import LATIN_DF, Choice, Ear, choices, is_english, is_latin
from indexer.query.keyboard import arabic_of, has_signs, latin_of
from indexer.query.normal import any_of, leaves, side_by_side
from indexer.query.parser import parse
from indexer.query.spelling import (
    CLEAR_LEAD,
    COST_WEIGHT,
    Candidate,
    doubted,
    is_listed,
    rescuable,
    stop_forms,
)
from indexer.query.wordlist import Wordlist

Why = Literal["spelling", "keyboard", "latin", "fewer_words", "wider_dates"]

KEYBOARD_SHARE, KEYBOARD_DF, SHORT_KEYBOARD_DF, SHORT_KEYBOARD = 0.6, 10, 100, 4
"""So large a part of the letters must stand in words of so many articles; a single short word needs more."""

SHORTEST_HALF, HALF_DF, HALF_COST = 4, 20, 0.9
"""So many letters are half a word of so many articles; what is left out costs as much as a slip, if less."""

MOST_DROPPED = 4


@dataclass(frozen=True, slots=True)
class Draft:
    """Another query, not yet counted.

    Attributes:
        clear: it may be searched without asking.
        whole: most of it was read anew, so that articles with some of its words are worth showing.
    """

    query: tree.Query
    why: Why
    clear: bool = False
    whole: bool = True


def clauses_of(query: tree.Query) -> tuple[tree.Query, ...]:
    """What stands side by side."""
    return query.children if isinstance(query, tree.Words) else (query,)


# --- the wrong keyboard -----------------------------------------------------------------------------------


def keyboard_drafts(q: str, means: Means) -> Iterator[Draft]:
    arabic = arabic_of(q.strip())
    if arabic is None or not _reads_well(arabic, means.words):
        return
    if has_signs(q) or not _means_latin(q, means.words):
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


def latin_keys_drafts(query: tree.Query, means: Means) -> Iterator[Draft]:
    """A Latin name typed on Arabic keys: only where no word is known, and only as an offer."""
    clauses = clauses_of(query)
    typed = [clause.text for clause in clauses if isinstance(clause, tree.Word)]
    if not typed or len(typed) < len(clauses) or any(fold(word) in means.words.df for word in typed):
        return
    for latin in latin_of(" ".join(typed)):
        other = parse(latin).query
        for draft in (*latin_drafts(other, means), Draft(other, "keyboard")):
            yield Draft(draft.query, "keyboard")


# --- Latin letters ----------------------------------------------------------------------------------------


def latin_drafts(query: tree.Query, means: Means) -> Iterator[Draft]:
    """Arabic readings: near-ties together, then each form alone, then without the words that have none."""
    parts = _heard(query, means)
    read = [part for part in parts if isinstance(part, Choice) and part.clauses]
    if not read:
        return
    mostly = 2 * sum(len(part.typed) for part in read) >= len(clauses_of(query))
    unread = any(isinstance(part, Choice) and not part.clauses for part in parts)
    yield from _draft(parts, all(part.sure for part in read), mostly and not unread)
    if len(read) == 1 and len(read[0].clauses) > 1:
        for form in read[0].clauses:
            alone = Choice(read[0].typed, (form,))
            yield from _draft([alone if part is read[0] else part for part in parts])
    if len(read) < sum(isinstance(part, Choice) for part in parts):
        yield from _draft([part for part in parts if not isinstance(part, Choice) or part.clauses])


def _heard(query: tree.Query, means: Means) -> "list[tree.Query | Choice]":
    """The clauses of a query, those in Latin letters as what they may be."""
    ear = Ear(means.words, means.sounds, means.written, means.together, means.strays)
    parts: list[tree.Query | Choice] = []
    for latin, run in groupby(clauses_of(query), _is_latin_word):
        found = list(run)
        parts += choices([w for w in found if isinstance(w, tree.Word)], ear) if latin else found
    return parts


def _draft(
    parts: "Iterable[tree.Query | Choice]", clear: bool = False, whole: bool = True
) -> Iterator[Draft]:
    query = side_by_side([clause for part in parts for clause in _as_clauses(part)])
    if query:
        yield Draft(query, "latin", clear, whole)


def _is_latin_word(clause: tree.Query) -> bool:
    return isinstance(clause, tree.Word) and not clause.plain and is_latin(clause.text)


def _as_clauses(part: "tree.Query | Choice") -> Sequence[tree.Query | None]:
    if not isinstance(part, Choice):
        return (part,)
    return (any_of(part.clauses),) if part.clauses else part.typed


# --- spelling ---------------------------------------------------------------------------------------------


def spelling_drafts(query: tree.Query, means: Means) -> Iterator[Draft]:
    """The words that the archive knows by no form at all, each as its likeliest neighbour.

    Where it knows the stems of all, the words that it hardly knows as they stand: only as an offer.
    """
    clauses = clauses_of(query)
    found = {n: near for n, clause in enumerate(clauses) if (near := corrections(clause, means))}
    if not found:
        hardly = {n: near[0] for n, clause in enumerate(clauses) if (near := _doubted(clause, means))}
        if hardly:
            yield Draft(_respelled(clauses, hardly, means), "spelling")
        return
    best = {n: near[0] for n, near in found.items()}
    yield Draft(_respelled(clauses, best, means), "spelling", clear=all(map(is_clear, found.values())))
    if len(found) == 1:
        ((number, near),) = found.items()
        for other in near[1:3]:
            yield Draft(_respelled(clauses, {number: other}, means), "spelling")


def corrections(clause: tree.Query, means: Means) -> list[Candidate]:
    """What a clause may be a slip for; nothing for a word that the archive knows, by its stem too."""
    if not isinstance(clause, tree.Word):
        return []
    term = term_of(clause.text)
    if term.folded in means.words.df or means.df("light", term.light) or means.df("stem", term.stem):
        return []
    near = (*_doubted(clause, means), *_begun(clause, means))
    return sorted(near, key=lambda candidate: -candidate.score)


def _doubted(clause: tree.Query, means: Means) -> list[Candidate]:
    """What a word may be a slip for that the archive hardly has as it stands."""
    folded = _rescuable(clause, means)
    return doubted(folded, means.words, means.lexicon) if folded else []


def _rescuable(clause: tree.Query, means: Means) -> str | None:
    """The folded word of a clause that may be put right."""
    if not isinstance(clause, tree.Word) or clause.plain:
        return None
    folded, lexicon = term_of(clause.text).folded, means.lexicon
    sound = folded in stop_forms(lexicon) or is_listed(folded, lexicon)
    return folded if rescuable(folded) and not sound else None


def _begun(clause: tree.Query, means: Means) -> list[Candidate]:
    """The commonest word of the archive that begins as half a word: نتنياهو for نتنيا."""
    folded = _rescuable(clause, means) or ""
    held = means.beginning(folded) if len(folded) >= SHORTEST_HALF else ()
    df, word = max(((means.words.df.get(word, 0), word) for word in held), default=(0, ""))
    if df < means.words.at_scale(HALF_DF):
        return []
    return [Candidate(word, math.log(df) - COST_WEIGHT * HALF_COST)]


def is_clear(near: Sequence[Candidate]) -> bool:
    """Whether the best candidate leads by far."""
    return len(near) == 1 or near[0].score - near[1].score >= CLEAR_LEAD


def _respelled(clauses: Sequence[tree.Query], best: dict[int, Candidate], means: Means) -> tree.Query:
    written = {n: tree.Word(means.written(candidate.word)) for n, candidate in best.items()}
    return side_by_side([written.get(n, clause) for n, clause in enumerate(clauses)]) or tree.Everything()


# --- less asked for ---------------------------------------------------------------------------------------


def wider_dates_drafts(query: tree.Query, means: Means) -> Iterator[Draft]:
    dated = [clause for clause in clauses_of(query) if isinstance(clause, tree.Dates)]
    undated = side_by_side([clause for clause in clauses_of(query) if clause not in dated])
    if undated and (dated or means.count_undated):
        yield Draft(undated, "wider_dates")


def fewer_words_drafts(query: tree.Query, means: Means) -> Iterator[Draft]:
    """Without the rarest word, then without the two rarest, and so on; exclusions and dates stay."""
    clauses = clauses_of(query)
    asked = [n for n, clause in enumerate(clauses) if not isinstance(clause, tree.Not | tree.Dates)]
    if len(asked) < 2 or any(isinstance(leaf, tree.Everything) for leaf in leaves(query)):
        return
    asked.sort(key=lambda n: _frequency(clauses[n], means))
    for dropped in range(1, min(MOST_DROPPED, len(asked) - 1) + 1):
        kept = side_by_side([c for n, c in enumerate(clauses) if n not in asked[:dropped]])
        if kept and any(map(_says_much, clauses_of(kept))):
            yield Draft(kept, "fewer_words")


def _frequency(clause: tree.Query, means: Means) -> int:
    """About how many articles have a clause; a word's postings have just been read by the search."""
    if isinstance(clause, tree.Word):
        return means.df("light", term_of(clause.text).light)
    return means.count(clause)


def _says_much(clause: tree.Query) -> bool:
    """Whether a clause is worth asking alone: more than two letters."""
    return not isinstance(clause, tree.Word) or len(term_of(clause.text).folded) > 2
