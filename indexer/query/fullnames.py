"""Names of several words: of what each word may be, what the archive has side by side.

abdel fattah: الفتاح after عبد, not فتاة. Evidence of the neighbour also overrules the English list (theresa
may) and the table of exonyms (kim jung un).
"""

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from indexer.analysis import letters as at

TOGETHER_WEIGHT, NEVER_TOGETHER = 0.25, 0.8
"""A pair ranks by the first · ln(1 + articles with it) more, one that never stands so by the second less."""

FEWEST_TOGETHER = 3
"""Articles that make a pair (scaled with the archive)."""

DOUBTFUL_SHARE = 0.3
"""A word that means something else alone is a name where the pair makes up so much of the rarer word."""

NEAR_TIE, MOST_FORMS = 0.4, 4

Together = Callable[[Sequence[str], Sequence[str]], int]
"""How many articles have any of some folded words right before any of others."""


class Candidate(NamedTuple):
    """A folded word that a part of a name may be, its articles, its rank alone, its cost a Latin letter.

    `last` is what the next part follows, where the part is several words.
    """

    word: str
    articles: int
    score: float
    per_letter: float
    last: str = ""


class Part(NamedTuple):
    """A part of a name; a doubtful one means something else where it stands alone."""

    candidates: tuple[Candidate, ...]
    doubtful: bool = False


_Pairs = dict[tuple[int, int], int]
"""(candidate of a part, candidate of the next) → articles with the pair, no pair without."""


def side_by_side(parts: Sequence[Part], together: Together, fewest: int) -> list[tuple[str, ...]]:
    """For each part the words that stand beside a likely neighbour, best first; empty: no neighbour tells.

    Args:
        fewest: articles that make a pair.
    """
    pairs = [_pairs(one, other, together, fewest) for one, other in pairwise(parts)]
    best = _best(parts, pairs)
    held = [_held(number, parts, pairs, best) for number in range(len(parts))]
    return [_as_they_stand(number, held, together) for number in range(len(held))]


def _pairs(one: Part, other: Part, together: Together, fewest: int) -> _Pairs:
    """The candidates that stand next to each other; whole rows and columns are asked for first."""
    found: _Pairs = {}
    if (one.doubtful and other.doubtful) or not one.candidates or not other.candidates:
        return found
    every = _all_spellings(candidate.word for candidate in other.candidates)
    for n, first in enumerate(one.candidates):
        ending = _spellings(first.last or first.word)
        if together(ending, every) < fewest:
            continue
        for m, second in enumerate(other.candidates):
            count = together(ending, _spellings(second.word))
            share = count / max(1, min(first.articles, second.articles))
            if count >= fewest and (share >= DOUBTFUL_SHARE or not (one.doubtful or other.doubtful)):
                found[n, m] = count
    return found


def _spellings(word: str) -> tuple[str, str]:
    """A word without and with the article."""
    alone = bare(word)
    return alone, at.ARTICLE + alone


def bare(word: str) -> str:
    """A folded word without the article."""
    return word[2:] if word.startswith(at.ARTICLE) and len(word) > 4 else word


def _bonus(count: int) -> float:
    return TOGETHER_WEIGHT * math.log1p(count) if count else -NEVER_TOGETHER


def _best(parts: Sequence[Part], pairs: Sequence[_Pairs]) -> list[int | None]:
    """The likeliest candidate of each part, read together; None leaves a doubtful part what it is."""
    ways: dict[int | None, tuple[float, list[int | None]]] = {None: (0.0, [])}
    for number, part in enumerate(parts):
        options: list[int | None] = [*range(len(part.candidates))]
        if part.doubtful or not options:
            options.append(None)
        longer: dict[int | None, tuple[float, list[int | None]]] = {}
        for option in options:
            own = 0.0 if option is None else part.candidates[option].score
            reached = [
                (score + own + _step(number, before, option, pairs), [*chosen, option])
                for before, (score, chosen) in ways.items()
            ]
            longer[option] = max(reached, key=itemgetter(0))
        ways = longer
    return max(ways.values(), key=itemgetter(0))[1]


def _step(number: int, before: int | None, option: int | None, pairs: Sequence[_Pairs]) -> float:
    if number == 0 or before is None or option is None:
        return 0.0
    return _bonus(pairs[number - 1].get((before, option), 0))


def _held(
    number: int, parts: Sequence[Part], pairs: Sequence[_Pairs], best: Sequence[int | None]
) -> tuple[str, ...]:
    """The words of a part that stand beside what its neighbours are."""
    ranked = []
    for n, candidate in enumerate(parts[number].candidates):
        before = pairs[number - 1].get((_place(best[number - 1]), n), 0) if number else 0
        after = pairs[number].get((n, _place(best[number + 1])), 0) if number + 1 < len(parts) else 0
        if before or after:
            ranked.append((candidate.score + _bonus(max(before, after)), candidate.word))
    ranked.sort(key=lambda pair: (-pair[0], pair[1]))
    near = [word for score, word in ranked if ranked[0][0] - score <= NEAR_TIE]
    return tuple(near[:MOST_FORMS]) if best[number] is not None else ()


def _as_they_stand(number: int, held: Sequence[Sequence[str]], together: Together) -> tuple[str, ...]:
    """The words of a part with the article where they have it beside their neighbours: السيسي, but عمر."""

    def count(spelling: str) -> int:
        before = together(_all_spellings(held[number - 1]), (spelling,)) if number else 0
        after = together((spelling,), _all_spellings(held[number + 1])) if number + 1 < len(held) else 0
        return before + after

    return tuple(dict.fromkeys(max(_spellings(word), key=count) for word in held[number]))


def _all_spellings(words: Iterable[str]) -> list[str]:
    return [spelling for word in words for spelling in _spellings(word)]


def _place(chosen: int | None) -> int:
    return -1 if chosen is None else chosen
