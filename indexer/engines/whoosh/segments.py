"""The Whoosh engine's open snapshot, over the segments of one generation."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from indexer.engines.documents import Scores
from indexer.engines.postings import Positions, Postings
from indexer.engines.snapshot import ArraySnapshot
from indexer.engines.whoosh import files
from indexer.query.plan import POSITION_FIELDS, term_mark


class WhooshSnapshot(ArraySnapshot):
    """One generation, open."""

    def __init__(self, folder: Path) -> None:
        self._segments = files.open_segments(folder)
        super().__init__(folder, self._segments, Segments(self._segments))

    def fingerprints(self) -> Iterator[tuple[str, tuple[int, int]]]:
        marks = np.zeros(self._documents.size, dtype=np.uint64)
        for field in POSITION_FIELDS:
            for term in self._folded:
                found = self._postings.read(field, term)
                if found is not None and found.starts is not None:
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

    def postings(self, field: str, term: str) -> Postings | None:
        """The postings of a term in snapshot-wide numbers; None where it does not occur."""
        key = files.term_key(field, term)
        parts = [
            (base, postings)
            for base, segment in zip(self._bases, self._segments, strict=False)
            if (postings := segment.postings(key)) is not None
        ]
        if not parts:
            return None
        docs = np.concatenate([postings.docs + np.int32(base) for base, postings in parts])
        freqs = np.concatenate([postings.freqs for _, postings in parts])
        return Postings(docs, freqs, _joined([postings for _, postings in parts]))

    def df(self, field: str, term: str) -> int:
        """In how many documents a term occurs."""
        key = files.term_key(field, term)
        return sum(segment.df(key) for segment in self._segments)

    def lengths(self, field: str) -> Scores:
        """The number of words of every document, as precise as one byte."""
        lengths: Scores = files.LENGTHS[np.concatenate([part.lengths(field) for part in self._segments])]
        return lengths


def _joined(parts: Sequence[Postings]) -> Positions | None:
    positions = [postings.positions for postings in parts if postings.positions is not None]
    return np.concatenate(positions) if positions else None
