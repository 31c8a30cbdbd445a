"""The Whoosh engine's open snapshot, over the segments of one generation."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path

import numpy as np

from indexer.engines.base import SearchEngine
from indexer.engines.documents import Scores
from indexer.engines.evaluate import batches
from indexer.engines.postings import Postings, Terms
from indexer.engines.snapshot import ArraySnapshot
from indexer.engines.whoosh import files
from indexer.engines.whoosh.blocks import Block, joined
from indexer.engines.whoosh.terms import TermKey
from indexer.query.plan import POSITION_FIELDS, term_mark

MANY_TERMS = 12
"""So many are looked for at once in less time than one by one."""


class WhooshSnapshot(ArraySnapshot):
    """One generation, open."""

    def __init__(self, folder: Path, before: SearchEngine | None = None) -> None:
        known = before._segments if isinstance(before, WhooshSnapshot) else ()
        self._segments: tuple[files.Segment, ...] = files.open_segments(folder, known)
        super().__init__(folder, self._segments, Segments(self._segments), before)

    def fingerprints(self) -> Iterator[tuple[str, tuple[int, int]]]:
        marks = np.zeros(self._documents.size, dtype=np.uint64)
        for field, terms in product(POSITION_FIELDS, batches(self._folded)):
            read = self._postings.read([(field, term) for term in terms])
            for term, found in zip(terms, read, strict=True):
                if found.starts is not None:
                    marks[found.docs] += np.uint64(term_mark(field, term)) * np.diff(found.starts).astype(
                        np.uint64
                    )
        for id_, number in self._documents.numbers.items():
            yield id_, (self._documents.revisions[number], int(marks[number]))

    def close(self) -> None:
        for segment in self._segments:
            segment.close()


class Segments:
    """The inverted files of all segments."""

    def __init__(self, segments: Sequence[files.Segment]) -> None:
        self._segments = segments
        self._bases = np.cumsum([0, *(segment.size for segment in segments)]).tolist()

    def postings(self, terms: Terms) -> Postings:
        """The postings of some terms in snapshot-wide numbers."""
        read: list[Block] = []
        owners: list[int] = []
        bases: list[int] = []
        keys = [files.key_of(*term) for term in terms]
        for number, at in self._likely(keys):
            for block in self._segments[at].blocks(keys[number]):
                read.append(block)
                owners.append(number)
                bases.append(self._bases[at])
        return joined(read, owners, len(terms), bases)

    def df(self, field: str, term: str) -> int:
        """In how many documents a term occurs."""
        key = files.key_of(field, term)
        return sum(segment.df(key) for segment in self._segments if segment.may_have(key.mark))

    def _likely(self, terms: Sequence[TermKey]) -> Iterable[tuple[int, int]]:
        """For each of some terms, in order, the segments that may have it: places of both."""
        if len(terms) < MANY_TERMS:
            every = product(enumerate(terms), enumerate(self._segments))
            return [(number, at) for (number, term), (at, part) in every if part.may_have(term.mark)]
        marks = np.array([term.mark for term in terms], np.uint32)
        likely = np.array([segment.likely(marks) for segment in self._segments]).reshape(-1, len(terms))
        numbers, segments = likely.T.nonzero()
        return zip(numbers.tolist(), segments.tolist(), strict=True)

    def lengths(self, field: str) -> Scores:
        """The number of words of every document, as precise as one byte."""
        lengths: Scores = files.LENGTHS[np.concatenate([part.lengths(field) for part in self._segments])]
        return lengths
