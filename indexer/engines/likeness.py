"""What the first hits have in common: an article like the best few is about the same event."""

from collections.abc import Sequence

import numpy as np

from indexer.engines.documents import Scores
from indexer.engines.forward import Forward, Held

LEADERS = 3
"""So many first hits are what the others are compared with; more of them are less alike."""

_DAMPED = 1 + np.log(np.maximum(np.arange(256), 1))
"""What a word counts that occurs so many times: one that stands there ten times counts three times."""


def likeness(forward: Forward, held: Held, scores: Scores, leaders: Sequence[int]) -> Scores:
    """How like the leaders each hit is: 0 (no word in common) … 1 (the same words as often).

    The cosine of tf · idf vectors with each leader's, the leaders weighing as much as their scores. A leader
    is compared with the others only: else it would stay first because it is first.

    Args:
        held: the words of the hits.
        scores: their scores.
        leaders: places of the first `LEADERS` hits.
    """
    weights = _vectors(forward, held)
    total, whole = np.zeros(held.size), np.full(held.size, np.finfo(float).tiny)
    of_word = np.zeros(len(forward.vocabulary))
    for leader in leaders:
        own = np.flatnonzero(held.rows == leader)
        of_word[held.words[own]] = weights[own]
        share = max(float(scores[leader]), 0.0) * (np.arange(held.size) != leader)
        total += share * np.bincount(held.rows, weights * of_word[held.words], held.size)
        whole += share
        of_word[held.words[own]] = 0
    return np.asarray(total / whole)


def _vectors(forward: Forward, held: Held) -> Scores:
    """The weight of each word; a document's are a vector of length 1."""
    weights = _DAMPED[np.minimum(held.counts, len(_DAMPED) - 1)] * forward.idf[held.words]
    lengths = np.sqrt(np.bincount(held.rows, weights * weights, held.size))
    return np.asarray(weights / np.maximum(lengths, np.finfo(float).tiny)[held.rows])
