"""What the first hits have in common: an article like the best few is about the same event."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.engines.documents import Scores
from indexer.engines.forward import Forward

LEADERS = 3
"""So many first hits are what the others are compared with; more of them are less alike."""


def likeness(forward: Forward, documents: Sequence[int], scores: Scores) -> Scores:
    """How like the leaders each hit is: 0 (no word in common) … 1 (the same words as often).

    The cosine of tf · idf vectors with each leader's, the leaders weighing as much as their scores. A leader
    is compared with the others only: else it would stay first because it is first.

    Args:
        documents: the hits, best first.
        scores: their scores.
    """
    words, rows, weights = _vectors(forward, documents)
    total, whole = np.zeros(len(documents)), np.full(len(documents), np.finfo(float).tiny)
    for leader, score in enumerate(np.maximum(scores[:LEADERS], 0).tolist()):
        of_word = np.zeros(len(forward.vocabulary))
        own = rows == leader
        of_word[words[own]] = weights[own]
        others = np.arange(len(documents)) != leader
        total += score * others * np.bincount(rows, weights * of_word[words], len(documents))
        whole += score * others
    return np.asarray(total / whole)


def _vectors(
    forward: Forward, documents: Sequence[int]
) -> tuple[NDArray[np.int32], NDArray[np.int64], Scores]:
    """The distinct words of each document: (number of the word, place of the document, weight).

    A document's weights are a vector of length 1.
    """
    held = [forward.words_of(document) for document in documents]
    words = np.concatenate([found for found, _ in held])
    counts = np.concatenate([found for _, found in held]).astype(np.float64)
    rows = np.repeat(np.arange(len(held)), [len(found) for found, _ in held])
    df = forward.articles_with[words]
    weights = (1 + np.log(counts)) * np.log1p((forward.articles - df + 0.5) / (df + 0.5))
    lengths = np.sqrt(np.bincount(rows, weights * weights, len(held)))
    return words, rows, weights / np.maximum(lengths, np.finfo(float).tiny)[rows]
