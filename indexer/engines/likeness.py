"""What the first hits have in common: an article like the best few is about the same event."""

from collections.abc import Sequence

import numpy as np

from indexer.engines.documents import Scores
from indexer.engines.forward import Forms, Forward, Held, Ints

LEADERS = 3
"""So many first hits are what the others are compared with; more of them are less alike."""


def likeness(forward: Forward, held: Held, scores: Scores, leaders: Sequence[int]) -> Scores:
    """How like the leaders each hit is: 0 (no word in common) … 1 (the same words as often).

    The cosine of tf · idf vectors with each leader's, the leaders weighing as much as their scores. A leader
    is compared with the others only: else it would stay first because it is first.

    Args:
        held: the words of the hits.
        scores: their scores.
        leaders: places of the first `LEADERS` hits.
    """
    size = len(held.documents)
    words, weights, rows = _shared(forward, held, leaders)
    total, whole = np.zeros(size), np.full(size, np.finfo(float).tiny)
    for leader in leaders:
        own = np.flatnonzero(rows == leader)
        if not len(own):
            continue
        at = own.take(words.take(own).searchsorted(words), mode="clip")
        products = np.where(words.take(at) == words, weights * weights.take(at), 0.0)
        share = max(float(scores[leader]), 0.0) * (np.arange(size) != leader)
        total += share * np.bincount(rows, products, size)
        whole += share
    return np.asarray(total / whole)


def _shared(forward: Forward, held: Held, leaders: Sequence[int]) -> tuple[Forms, Scores, Ints]:
    """The words that leaders have, wherever they stand: words, weights, rows; a whole vector has length 1."""
    asked = np.zeros(len(forward.vocabulary), dtype=bool)
    asked[held.words.compress(np.isin(held.rows, leaders))] = True
    kept = np.flatnonzero(asked.take(held.words))
    words, rows = held.words.take(kept), held.rows.take(kept)
    lengths = forward.lengths.take(held.documents).clip(min=np.finfo(float).tiny)
    return words, forward.weights(words, held.counts.take(kept)) / lengths.take(rows), rows
