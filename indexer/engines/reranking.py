"""Ranks the first hits anew, by what an inverted index cannot tell: letters, neighbours, likeness."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.engines.documents import Mask, Scores
from indexer.engines.forward import Forward
from indexer.engines.likeness import LEADERS, likeness
from indexer.engines.ranking import GRAM_WEIGHT, LIKENESS_WEIGHT, PAIR_WEIGHT, SCORE_DIGITS

Ints = NDArray[np.int64]


def best_first(newest: Ints, scores: Scores, seconds: Mask | None = None) -> Ints:
    """The order of documents by group, rounded score, newest and id.

    Args:
        newest: the place of each when sorted by newest.
        seconds: which are of the second group; None: all are of one.
    """
    keys = (newest, -scores.round(SCORE_DIGITS))
    return np.lexsort(keys if seconds is None else (*keys, seconds))


def reranked(
    forward: Forward,
    documents: NDArray[np.integer],
    words: Sequence[str],
    scores: Scores,
    *,
    pairs: Scores,
    norms: Scores,
    newest: Ints,
    seconds: Mask,
) -> tuple[Ints, Scores]:
    """The new order of some hits and their new scores; the groups keep their places.

    Args:
        words: the folded words of the query.
        scores, pairs, norms, newest, seconds: of each hit its score, that of neighbouring words, BM25's
            length norm, its place by date, and whether it is of the second group.
    """
    held = forward.held(documents)
    best = scores + GRAM_WEIGHT * forward.overlap(words, held, norms) + PAIR_WEIGHT * pairs
    leaders = best_first(newest, best, seconds)[:LEADERS].tolist()
    best += LIKENESS_WEIGHT * best.max() * likeness(forward, held, best, leaders)
    return best_first(newest, best, seconds), best
