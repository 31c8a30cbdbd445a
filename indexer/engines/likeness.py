"""What the first hits have in common: an article like the best few is about the same event."""

from collections.abc import Sequence

import numpy as np

from indexer.engines.documents import Scores
from indexer.engines.forward import Forward, Held

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
    weights = _vectors(forward, held)
    total, whole = np.zeros(held.size), np.full(held.size, np.finfo(float).tiny)
    for leader in leaders:
        of_word = np.zeros(len(forward.vocabulary))
        own = held.rows == leader
        of_word[held.words[own]] = weights[own]
        share = max(float(scores[leader]), 0.0) * (np.arange(held.size) != leader)
        total += share * np.bincount(held.rows, weights * of_word[held.words], held.size)
        whole += share
    return np.asarray(total / whole)


def _vectors(forward: Forward, held: Held) -> Scores:
    """The weight of each word; a document's are a vector of length 1."""
    df = forward.articles_with[held.words]
    weights = (1 + np.log(held.counts)) * np.log1p((forward.articles - df + 0.5) / (df + 0.5))
    lengths = np.sqrt(np.bincount(held.rows, weights * weights, held.size))
    return np.asarray(weights / np.maximum(lengths, np.finfo(float).tiny)[held.rows])
