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
    places, weights, rows = _shared(forward, held, leaders)
    total, whole = np.zeros(size), np.full(size, np.finfo(float).tiny)
    for leader in leaders:
        own = np.flatnonzero(rows == leader)
        if not len(own):
            continue
        vector = np.zeros(1 + places.max())
        vector[places.take(own)] = weights.take(own)
        share = max(float(scores[leader]), 0.0) * (np.arange(size) != leader)
        total += share * np.bincount(rows, weights * vector.take(places), size)
        whole += share
    return np.asarray(total / whole)


def _shared(forward: Forward, held: Held, leaders: Sequence[int]) -> tuple[Forms, Scores, Ints]:
    """The words that leaders have, wherever they stand: a number for each, counted from 1, weights, rows.

    A whole vector of weights has length 1.
    """
    is_leader = np.zeros(len(held.documents), dtype=bool)
    is_leader[leaders] = True
    asked = held.words.compress(is_leader.take(held.rows))
    place_of_word = np.zeros(len(forward.vocabulary), np.int32)
    place_of_word[asked] = np.arange(1, 1 + len(asked))
    places = place_of_word.take(held.words)
    kept = places.nonzero()[0]
    rows = held.rows.take(kept)
    weights = forward.weights(held.words, held.counts)
    lengths = np.sqrt(np.bincount(held.rows, weights * weights, len(held.documents)))
    whole = lengths.clip(min=np.finfo(float).tiny).take(rows)
    return places.take(kept), weights.take(kept) / whole, rows
