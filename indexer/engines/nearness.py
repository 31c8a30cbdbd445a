"""Words that stand near each other: over places, which are (document << `POSITION_BITS`) + position."""

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.engines.ranking import K1
from indexer.engines.sets import both

POSITION_BITS = 24
"""Articles are far shorter than this many bits count."""

LONGEST_SLOP = 1_000

Places = NDArray[np.int64]


def adjacent(places: Sequence[Places]) -> Places:
    """The places at which all slots stand next to each other in order, found from the rarest slot.

    >>> adjacent([np.array([3, 9]), np.array([4, 12])]).tolist()
    [3]
    """
    firsts = sorted((slot - number for number, slot in enumerate(places)), key=len)
    return reduce(both, firsts)


def within(places: Sequence[Places], terms: Sequence[frozenset[str]], slop: int) -> Places:
    """The places from which every slot is met within `slop` words, in any order.

    A word counts once: where two slots share a term, the second needs another occurrence.

    >>> within([np.array([10]), np.array([7, 40])], [frozenset("a"), frozenset("b")], 3).tolist()
    [7]
    """
    met = []
    for first, starts in enumerate(places):
        kept = np.ones(len(starts), dtype=bool)
        for other, slot in enumerate(places):
            if other == first or not len(slot):
                kept &= other == first
                continue
            same = sum(bool(terms[other] & terms[i]) for i in {*range(other), first} - {other})
            at = np.searchsorted(slot, starts, side="left") + (same if terms[other] & terms[first] else 0)
            inside = at < len(slot)
            nearest = slot[np.minimum(at, len(slot) - 1)]
            kept &= inside & (nearest <= starts + slop)
        met.append(starts[kept])
    return np.concatenate(met)


def pair_scores(placed: Sequence[tuple[Places, float]], norms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Per document the sum over neighbouring query words of a BM25 score of them as a pair.

    A pair's idf is the sum of its words': how rare the pair itself is would take a search to know.

    Args:
        placed: per query word its places, and its idf; documents are numbered from 0.
        norms: per document BM25's length norm.
    """
    total = np.zeros(len(norms))
    for (one, one_idf), (other, other_idf) in pairwise(placed):
        tf = np.bincount(both(one, other - 1) >> POSITION_BITS, minlength=len(norms))
        total += (one_idf + other_idf) * tf * (K1 + 1) / (tf + norms)
    return total
