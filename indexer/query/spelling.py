"""Spelling rescue: words of the archive that are one edit away from a word that looks misspelt.

A weak alternative stands beside the word as typed; it never replaces it in the ranking. The figures behind
each number are in `docs/rescue.md`.
"""

import math
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import combinations, islice, product
from typing import NamedTuple

from pyarabic.araby import WAW_HAMZA, YEH_HAMZA

from indexer.analysis import Term, fold, term_of
from indexer.analysis import letters as at
from indexer.analysis import names as shield
from indexer.analysis.lexicon import Lexicon, entries
from indexer.query.wordlist import Counted, Wordlist, wordlist_of

Spelling = Callable[[str], tuple[tuple[str, float], ...]]
"""Folded word → (folded alternative, weight), best first; nothing for a word that looks well."""

ALPHABET = "ابتثجحخدذرزسشصضطظعغفقكلمنهويء"

SHORTEST, LONGEST = 3, 24
"""Letters of a word that may be rescued. Two letters are near to everything."""

RARE_PER = 6_000
"""A word is rare in at most one article in so many, or in one: only such words are doubted when known."""

OUTNUMBERS = 10
"""A rare word is doubted where a neighbour is so many times as frequent and of another stem."""

REPLACED_COST, CONFUSABLE_COST, NEIGHBOUR_COST = 1.1, 0.6, 0.75
SWAPPED_COST, LOST_COST, EXTRA_COST, DOUBLED_COST = 0.7, 0.75, 1.1, 0.7
FIRST_LETTER_COST = 0.25
COST_WEIGHT = 6.0
"""A candidate ranks by ln(articles) − COST_WEIGHT · cost. Flat costs lose up to .004 nDCG."""

WEIGHTS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
"""Of the best alternatives in the ranking; their maximum counts, not their sum."""

KNOWN_SHARE = 0.7
"""What is left of the weights where the word as typed is a word of the archive."""

CLEAR_LEAD = 2.0
"""By so much the best candidate must lead for a correction to be clear."""


class Candidate(NamedTuple):
    """A word of the archive and how well it explains the word as typed."""

    word: str
    score: float


def spelling_over(snapshot: Counted, lexicon: Lexicon) -> Spelling:
    """The rescue of doubtful words over an open snapshot."""
    return spelling_of(wordlist_of(snapshot), lexicon, lambda stem: snapshot.df("stem", stem))


def spelling_of(words: Wordlist, lexicon: Lexicon, stems: Callable[[str], int]) -> Spelling:
    """The rescue of doubtful words over one archive.

    Args:
        stems: stem → number of articles.
    """

    def alternatives(word: str) -> tuple[tuple[str, float], ...]:
        if not rescuable(word) or word in stop_forms(lexicon) or is_listed(word, lexicon):
            return ()
        found = doubted(word, words, lexicon) or _by_stem(word, words, lexicon, stems)
        share = KNOWN_SHARE if word in words.df else 1.0
        return tuple((c.word, share * weight) for c, weight in zip(found, WEIGHTS, strict=False))

    return alternatives


def rescuable(word: str) -> bool:
    """Whether a folded word is Arabic letters only, neither too short nor no word at all."""
    return SHORTEST <= len(word) <= LONGEST and all(letter in ALPHABET for letter in word)


def doubted(word: str, words: Wordlist, lexicon: Lexicon) -> list[Candidate]:
    """The candidates for a word that looks misspelt; none for one that looks well."""
    own = words.df.get(word, 0)
    if own > max(1, words.articles // RARE_PER):
        return []
    found = candidates(word, words, lexicon)
    if not own:
        return found
    here = term_of(word)
    return [c for c in found if words.df[c.word] >= OUTNUMBERS * own and _other_stem(here, term_of(c.word))]


def is_listed(word: str, lexicon: Lexicon) -> bool:
    """Whether a folded word is rightly spelled for certain: a name or word of the lexicon, clitics aside."""
    bare = term_of(word).light
    if shield.name_in(word) is not None or not lexicon.names.isdisjoint((word, bare)):
        return True
    listed = (shield.bases(), lexicon.variants, lexicon.plurals)
    return any(form in table for table in listed for form in (word, bare))


def _other_stem(one: Term, other: Term) -> bool:
    return one.stem != other.stem and one.light != other.light


def candidates(word: str, words: Wordlist, lexicon: Lexicon) -> list[Candidate]:
    """Every word of the archive at one edit, likeliest first; function words never."""
    near = set(words.among(set(edits(word)))) - stop_forms(lexicon)
    near.discard(word)
    return _ranked(word, ((other, words.df[other]) for other in near))


def _by_stem(word: str, words: Wordlist, lexicon: Lexicon, stems: Callable[[str], int]) -> list[Candidate]:
    """Where no whole word is near: edits whose stem is one of the archive's, for a word whose own is none."""
    if word in words.df or stems(term_of(word).stem):
        return []
    near = {other for other in edits(word) if len(other) >= SHORTEST} - stop_forms(lexicon)
    known = ((other, stems(term_of(other).stem)) for other in near)
    return _ranked(word, ((other, df) for other, df in known if df))


def _ranked(word: str, near: Iterator[tuple[str, int]]) -> list[Candidate]:
    scored = [Candidate(other, math.log(df) - COST_WEIGHT * edit_cost(word, other)) for other, df in near]
    return sorted(scored, key=lambda c: (-c.score, c.word))


def edits(word: str) -> Iterator[str]:
    """Every string one deletion, swap, replacement or insertion away from a word.

    >>> "كاظمي" in set(edits("كاضمي"))
    True
    """
    for n in range(len(word) + 1):
        head, tail = word[:n], word[n:]
        if tail:
            rest = tail[1:]
            yield head + rest
            yield from [head + letter + rest for letter in ALPHABET]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        yield from [head + letter + tail for letter in ALPHABET]


def edit_cost(typed: str, meant: str) -> float:
    """How unlikely the one edit between two words is as a slip.

    >>> edit_cost("كاضمي", "كاظمي") < edit_cost("كالمي", "كاظمي")
    True
    """
    at = next(
        (n for n, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), min(len(typed), len(meant))
    )
    first = FIRST_LETTER_COST if at == 0 else 0.0
    return first + _slip(typed, meant, at)


def _slip(typed: str, meant: str, at: int) -> float:
    if len(typed) < len(meant):
        return LOST_COST
    if len(typed) > len(meant):
        return _extra(typed, at)
    if typed[at + 1 : at + 2] != meant[at + 1 : at + 2]:
        return SWAPPED_COST
    return replacement_costs().get((typed[at : at + 1], meant[at : at + 1]), REPLACED_COST)


def _extra(typed: str, at: int) -> float:
    """A letter too many: typed twice, or slipped in from the next key."""
    letter, around = typed[at], typed[max(0, at - 1) : at] + typed[at + 1 : at + 2]
    if letter in around:
        return DOUBLED_COST
    return EXTRA_COST


@cache
def replacement_costs() -> dict[tuple[str, str], float]:
    """(letter, letter) → what taking one for the other costs, where it is less than any replacement."""
    costs: dict[tuple[str, str], float] = {}
    for one, other in _neighbours():
        costs[one, other] = costs[other, one] = NEIGHBOUR_COST
    for _, line in entries("confusions.txt"):
        for one, other in combinations(line.split(), 2):
            costs[one, other] = costs[other, one] = CONFUSABLE_COST
    return costs


class Key(NamedTuple):
    """A key of the Arabic keyboard: its place, what it writes in Latin and in Arabic letters."""

    row: int
    column: int
    latin: str
    arabic: str


@cache
def keys() -> tuple[Key, ...]:
    """The keys of ``keyboard.txt``."""
    rows = ([part.strip() for part in line.split("|")] for _, line in entries("keyboard.txt"))
    return tuple(Key(int(row), int(column), latin, arabic) for row, column, latin, arabic in rows)


ROW_SHIFT = (0.0, 0.5, 0.75, 1.25)
"""How far each row of keys stands to the right, in keys."""


def _neighbours() -> Iterator[tuple[str, str]]:
    """Letters whose keys nearly touch, folded."""
    plain = [key for key in keys() if not key.latin.isupper() and len(key.arabic) == 1]
    for one, other in combinations(plain, 2):
        across = one.column + ROW_SHIFT[one.row] - other.column - ROW_SHIFT[other.row]
        if abs(one.row - other.row) <= 1 and abs(across) <= 1.0:
            yield fold(one.arabic), fold(other.arabic)


@lru_cache(maxsize=8)
def _stopwords(written: frozenset[str]) -> frozenset[str]:
    return frozenset(fold(word) for word in written)


def stop_forms(lexicon: Lexicon) -> frozenset[str]:
    """The function words, folded: على and the name علي are one here."""
    return _stopwords(lexicon.stopwords)


SEATS = {
    at.ALEF: (at.ALEF, at.ALEF_HAMZA_ABOVE, at.ALEF_HAMZA_BELOW, at.ALEF_MADDA),
    at.WAW: (at.WAW, WAW_HAMZA),
    at.YEH: (at.YEH, YEH_HAMZA),
}
"""What a folded letter may be written as, inside a word."""

ENDS = {at.YEH: (at.YEH, at.ALEF_MAKSURA), at.HEH: (at.HEH, at.TEH_MARBUTA)}
"""The same at the end of a word."""

MOST_WRITINGS = 64


def written_form(folded: str, df: Callable[[str], int]) -> str:
    """The commonest writing of a folded word in the archive; the word itself where none is found.

    Args:
        df: written word → number of articles.
    """
    places = [SEATS.get(letter, (letter,)) for letter in folded[:-1]]
    places.append(ENDS.get(folded[-1], SEATS.get(folded[-1], (folded[-1],))))
    writings = ["".join(letters) for letters in islice(product(*places), MOST_WRITINGS)]
    return max(writings, key=df)
