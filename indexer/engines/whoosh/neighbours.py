"""Scores hits by words that stand next to each other in them as they do in the query."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.engines.nearness import POSITION_BITS
from indexer.engines.ranking import K1
from indexer.engines.sets import Docs, Ints, both, merged
from indexer.engines.whoosh.postings import PostingsReader

Floats = NDArray[np.float64]


def neighbours(
    postings: PostingsReader, words: Sequence[Sequence[str]], documents: Docs, norms: Floats
) -> Floats:
    """Per document the sum over neighbouring query words of a BM25 score of them as a pair.

    A pair's idf is the sum of its words': how rare the pair itself is would take a search to know.

    Args:
        words: per query word its folded forms.
        norms: per document BM25's length norm.
    """
    order = np.argsort(documents)
    places = [_places(postings, forms, documents[order]) for forms in words]
    total = np.zeros(len(documents))
    for (one, one_idf), (other, other_idf) in pairwise(places):
        starts = both(one, other - 1)
        tf = np.bincount(starts >> POSITION_BITS, minlength=len(documents))[np.argsort(order)]
        total += (one_idf + other_idf) * tf * (K1 + 1) / (tf + norms)
    return total


def _places(postings: PostingsReader, forms: Sequence[str], documents: Docs) -> tuple[Ints, float]:
    """Where a word stands in some documents (rising), and the idf of its commonest form."""
    found, rows, df = [], np.arange(len(documents)), 0
    for form in forms:
        posting = postings("folded", form)
        if posting is None or posting.starts is None or posting.positions is None:
            continue
        df = max(df, len(posting.docs))
        at = np.minimum(posting.docs.searchsorted(documents), len(posting.docs) - 1)
        held = posting.docs[at] == documents
        found.append(posting.places(at[held], rows[held]))
    places = merged(found) if found else np.zeros(0, np.int64)
    return places, postings.idf(df)
