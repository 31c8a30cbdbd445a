"""Scores hits by words that stand next to each other in them as they do in the query."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.engines.nearness import pair_scores
from indexer.engines.postings import PostingsReader
from indexer.engines.sets import Docs, Ints, merged

Floats = NDArray[np.float64]


def neighbours(
    postings: PostingsReader, words: Sequence[Sequence[str]], documents: Docs, norms: Floats
) -> Floats:
    """Per document what neighbouring words of the query add (`pair_scores`).

    Args:
        words: per query word its folded forms.
        norms: per document BM25's length norm.
    """
    if len(words) < 2:
        return np.zeros(len(documents))
    order = np.argsort(documents)
    places = [_places(postings, forms, documents[order]) for forms in words]
    return pair_scores(places, norms[order])[np.argsort(order)]


def _places(postings: PostingsReader, forms: Sequence[str], documents: Docs) -> tuple[Ints, float]:
    """Where a word stands in some documents (rising), and the idf of its commonest form."""
    found, rows, df = [], np.arange(len(documents)), 0
    for posting in postings.some([("folded", form) for form in forms]):
        if posting is None or posting.starts is None or posting.positions is None:
            continue
        df = max(df, len(posting.docs))
        at = np.minimum(posting.docs.searchsorted(documents), len(posting.docs) - 1)
        held = posting.docs[at] == documents
        found.append(posting.places(at[held], rows[held]))
    places = merged(found) if found else np.zeros(0, np.int64)
    return places, postings.idf(df)
