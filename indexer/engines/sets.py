"""Sets of documents as rising arrays of their numbers: what is in both, in any, and what belongs to each.

Few numbers are looked up in many by bisection. Where they are about as many, a table over all documents is
filled and read: a nanosecond a number, and no comparison. Numbers are kept in 32 bits and widened to scatter
with, which is twice as fast; `take` reads with either.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.engines.documents import Mask, Scores

MANY = 16
"""Bisection pays where one set is so many times as large as the other."""

BLOCK = 32
"""Scores of which only the best is looked at first (`floor_of`)."""

Docs = NDArray[np.int32]
Ints = NDArray[np.int64]

NO_DOCS: Docs = np.zeros(0, dtype=np.int32)


def numbers_of(mask: Mask) -> Docs:
    """The documents of a mask over all documents."""
    return np.flatnonzero(mask).astype(np.int32)


def mask_of(sets: Sequence[Docs], size: int) -> Mask:
    """Over all `size` documents: whether any set holds it."""
    mask = np.zeros(size, dtype=bool)
    for docs in sets:
        mask[docs.astype(np.intp)] = True
    return mask


def members(docs: Docs, of: Docs, size: int) -> Mask:
    """Which of some documents are in a set.

    >>> members(np.array([1, 4], np.int32), np.array([0, 4, 5], np.int32), 6).tolist()
    [False, True]
    """
    if not len(of):
        return np.zeros(len(docs), dtype=bool)
    if len(docs) * MANY < len(of):
        held: Mask = of.take(of.searchsorted(docs), mode="clip") == docs
        return held
    return mask_of([of], size).take(docs)


def places_in(of: Docs, docs: Docs, size: int) -> Ints:
    """Where documents stand in a set that holds all of them.

    >>> places_in(np.array([0, 4, 5], np.int32), np.array([4, 5], np.int32), 6).tolist()
    [1, 2]
    """
    if len(docs) == len(of):
        return np.arange(len(of))
    if len(docs) * MANY < len(of):
        return of.searchsorted(docs)
    table = np.empty(size, dtype=np.int64)
    table[of.astype(np.intp)] = np.arange(len(of))
    return table.take(docs)


def common(sets: Sequence[Docs], size: int) -> Docs:
    """The documents that every set holds, found from the smallest one."""
    first, *others = sorted(sets, key=len)
    for other in others:
        first = first[members(first, other, size)]
    return first


def union(sets: Sequence[Docs], size: int) -> Docs:
    """The documents that any set holds."""
    held = [docs for docs in sets if len(docs)]
    if len(held) < 2:
        return held[0] if held else NO_DOCS
    return numbers_of(mask_of(held, size))


def sums(parts: Sequence[tuple[Docs, Scores]], size: int) -> Scores:
    """For each of all documents the sum of its scores, added up in the order of the parts."""
    docs = np.concatenate([docs for docs, _ in parts])
    weights = np.concatenate([scores for _, scores in parts])
    return np.bincount(docs, weights, size).astype(np.float64, copy=False)


def maxima(parts: Sequence[tuple[Docs, Scores]], size: int) -> Scores:
    """For each of all documents its greatest score; scores are not negative."""
    best = np.zeros(size)
    for docs, scores in parts:
        at = docs.astype(np.intp)
        best[at] = np.maximum(best.take(at), scores)
    return best


def distinct(rising: Ints) -> Ints:
    """The values of a rising array, each once.

    >>> distinct(np.array([3, 3, 7])).tolist()
    [3, 7]
    """
    first: Mask = np.concatenate((rising[:1] == rising[:1], rising[1:] != rising[:-1]))
    return rising.compress(first)


def merged(rising: Sequence[Ints]) -> Ints:
    """The values of some rising arrays, each once, rising. A stable sort only merges runs: it is linear."""
    return rising[0] if len(rising) == 1 else distinct(np.sort(np.concatenate(rising), kind="stable"))


def both(one: Ints, other: Ints) -> Ints:
    """The values of two rising arrays without repeats that are in both.

    >>> both(np.array([1, 4, 9]), np.array([4, 5, 9])).tolist()
    [4, 9]
    """
    values = np.sort(np.concatenate((one, other)), kind="stable")
    return values[1:].compress(values[1:] == values[:-1])


def floor_of(scores: Scores, count: int) -> float:
    """A score that at least `count` of them reach, close below the best `count`.

    The best of every block are so many scores of different documents, and there are few to sort.
    """
    blocks = len(scores) // BLOCK
    if blocks >= 2 * count:
        scores = scores[: blocks * BLOCK].reshape(BLOCK, blocks).max(axis=0)
    return float(np.partition(scores, -count)[-count])
