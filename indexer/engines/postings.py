"""Postings of a whole snapshot as arrays, with their BM25 scores, in a cache bounded in bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.engines.documents import Mask, Scores
from indexer.engines.nearness import POSITION_BITS
from indexer.engines.ranking import K1, B, inverse_frequencies, inverse_frequency
from indexer.engines.sets import Docs, Ints
from indexer.lru import Lru
from indexer.query.plan import POSITION_FIELDS

CACHE_BYTES = 24 << 20

ENTRY_BYTES = 900
"""What an entry of the cache takes beside its numbers: four arrays' heads, a key, a place in the order."""

_ZERO = np.zeros(1, dtype=np.int64)

Positions = NDArray[np.unsignedinteger]


Terms = Sequence[tuple[str, str]]
"""Terms of any fields: (field, term) pairs."""


class Postings(NamedTuple):
    """The postings of some terms, term after term.

    Attributes:
        docs: document numbers, rising within a term.
        freqs: how often the term occurs in each.
        positions: the places of all occurrences, posting after posting, of those in `POSITION_FIELDS`.
        bounds: where each term's postings begin in `docs` and `freqs`, and one end more.
    """

    docs: Docs
    freqs: NDArray[np.int32]
    positions: Positions
    bounds: Ints


class Inverted(Protocol):
    """The inverted files of a snapshot. Deleted documents are among what they tell of."""

    def postings(self, terms: Terms) -> Postings:
        """The postings of some terms in snapshot-wide numbers."""

    def df(self, field: str, term: str) -> int:
        """In how many documents a term occurs."""

    def lengths(self, field: str) -> Scores:
        """The number of words of every document."""


@dataclass(frozen=True, slots=True)
class TermPostings:
    """One term over the live documents of a snapshot.

    Attributes:
        docs: snapshot-wide document numbers, rising.
        scores: BM25 score of the term in each.
        starts: where each document's positions begin in `positions`, and one end more.
        positions: places of all occurrences, as narrow as they are stored.
    """

    docs: Docs
    scores: Scores
    starts: NDArray[np.int32] | None
    positions: Positions | None

    @property
    def nbytes(self) -> int:
        arrays = (self.docs, self.scores, self.starts, self.positions)
        return sum(array.nbytes for array in arrays if array is not None) + ENTRY_BYTES

    def places(self, rows: Ints, keys: Ints) -> Ints:
        """``(key << POSITION_BITS) + position`` of every occurrence in some postings, each with its key."""
        assert self.starts is not None and self.positions is not None
        first = self.starts.take(rows)
        counts = self.starts.take(rows + 1) - first
        at = (first - counts.cumsum() + counts).repeat(counts)
        at += np.arange(len(at))
        places: Ints = (keys << POSITION_BITS).repeat(counts) + self.positions.take(at)
        return places


def _placed(places: Ints, positions: Positions, first: int, end: int) -> tuple[NDArray[np.int32], Positions]:
    """`starts` and `positions` of the postings from `first` to `end`.

    Args:
        places: where each posting's positions begin, and one end more.
    """
    own = places[first : end + 1]
    return (own - own[0]).astype(np.int32), positions[own[0] : own[-1]].copy()


NO_POSTINGS = TermPostings(np.zeros(0, dtype=np.int32), np.zeros(0), None, None)
"""Of a term that does not occur: to know it saves a look."""


class PostingsReader:
    """Reads terms into scored arrays; keeps the lately used ones. Safe for any number of threads."""

    def __init__(self, inverted: Inverted, live: Mask, cache_bytes: int = CACHE_BYTES) -> None:
        self._inverted, self._live = inverted, live
        self._any_deleted = not bool(live.all())
        self._articles = int(live.sum())
        self._norms: dict[str, Scores] = {}
        # Over a large archive one function word takes megabytes, and is in every second phrase.
        self._kept: Lru[tuple[str, str], TermPostings] = Lru(
            cache_bytes, lambda _, found: found.nbytes, largest=cache_bytes // 2
        )

    def __call__(self, field: str, term: str) -> TermPostings | None:
        """The postings of a term, or None where no live article has it."""
        return self.some([(field, term)])[0]

    def some(self, terms: Terms) -> list[TermPostings | None]:
        """The postings of some terms, None for those that no live article has."""
        found = {term: kept for term in terms if (kept := self._kept.get(term))}
        if missing := [term for term in dict.fromkeys(terms) if term not in found]:
            for term, postings in zip(missing, self.read(missing), strict=True):
                found[term] = self._kept.put(term, postings)
        return [postings if len((postings := found[term]).docs) else None for term in terms]

    @property
    def filled(self) -> float:
        """The share of the cache that is taken."""
        return self._kept.filled

    def df(self, field: str, term: str) -> int:
        """In how many live articles a term occurs; its postings are read only where some were deleted."""
        if self._any_deleted:
            found = self(field, term)
            return len(found.docs) if found else 0
        return self._inverted.df(field, term)

    def read(self, terms: Terms) -> list[TermPostings]:
        """The postings of some terms from the files, past the cache: all at once, as most have few."""
        docs, freqs, positions, bounds = self._inverted.postings(terms)
        placed = [field in POSITION_FIELDS for field, _ in terms]
        spans = freqs * np.repeat(placed, np.diff(bounds))
        if self._any_deleted:
            kept = self._live.take(docs)
            positions = positions.compress(kept.repeat(spans))
            bounds = np.concatenate((_ZERO, kept.cumsum())).take(bounds)
            docs, freqs, spans = docs.compress(kept), freqs.compress(kept), spans.compress(kept)
        if not len(docs):
            return [NO_POSTINGS] * len(terms)
        scores = self._scores([field for field, _ in terms], docs, freqs, bounds)
        places = np.concatenate((_ZERO, spans.cumsum()))
        found = []
        for keeps, (first, end) in zip(placed, pairwise(bounds.tolist()), strict=True):
            if first == end:
                found.append(NO_POSTINGS)
                continue
            own = docs[first:end].copy(), scores[first:end].copy()  # so that the cache lets go of it alone
            at = _placed(places, positions, first, end) if keeps else (None, None)
            found.append(TermPostings(*own, *at))
        return found

    def _scores(self, fields: Sequence[str], docs: Docs, freqs: NDArray[np.int32], bounds: Ints) -> Scores:
        """BM25: idf · tf · (k1 + 1) / (tf + k1 · (1 − b + b · length / average length)).

        Args:
            fields: each term's.
            bounds: where each term's postings begin, and one end more.
        """
        tf, counts = freqs.astype(np.float64), np.diff(bounds)
        edges = [0, *(n for n in range(1, len(fields)) if fields[n] != fields[n - 1]), len(fields)]
        runs = zip(edges, pairwise(bounds.take(edges).tolist()), strict=False)
        norms = np.concatenate([self.length_norms(fields[n]).take(docs[i:j]) for n, (i, j) in runs])
        idf = inverse_frequencies(counts, self._articles).repeat(counts)
        return np.asarray(idf * tf * (K1 + 1) / (tf + norms))

    def idf(self, df: int) -> float:
        """The inverse document frequency of a term that so many live articles have."""
        return inverse_frequency(df, self._articles)

    def length_norms(self, field: str) -> Scores:
        """Per document: k1 · (1 − b + b · length / average length)."""
        norms = self._norms.get(field)
        if norms is None:
            norms = self._norms[field] = self._length_norms(field)
        return norms

    def _length_norms(self, field: str) -> Scores:
        lengths = self._inverted.lengths(field)
        average = float(lengths[self._live].sum()) / max(1, self._articles)
        norms: Scores = K1 * (1 - B + B * lengths / max(1.0, average))
        return norms
