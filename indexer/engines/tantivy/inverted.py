"""Where every word of a generation occurs: the postings of a view's term are those of its words, joined.

Tantivy gives no postings, and scores that an update changes: it counts deleted documents and rounds lengths.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.engines.batch import REGIONS, TITLE, WORD_BITS, Batch
from indexer.engines.documents import Mask, Scores
from indexer.engines.nearness import POSITION_BITS
from indexer.engines.opened import OpenedRows
from indexer.engines.postings import Postings, Terms
from indexer.engines.tantivy.files import Part
from indexer.engines.tantivy.views import View
from indexer.query.plan import POSITION_FIELDS, TEXT_FIELDS, term_mark

Ints = NDArray[np.int64]
Narrow = NDArray[np.unsignedinteger]


_NONE: Narrow = np.zeros(0, np.uint16)


@cache
def region_and_view(field: str) -> tuple[str, str]:
    """A field's region and view.

    >>> region_and_view("title_folded"), region_and_view("stem")
    (('title_', 'folded'), ('', 'stem'))
    """
    return (TITLE, field.removeprefix(TITLE)) if field.startswith(TITLE) else ("", field)


class _Region(NamedTuple):
    """The occurrences of all words in the bodies or the titles of a part, word after word.

    Attributes:
        occurrences: of each the document that it is in, and its place there.
        spans: where each word's begin, and one end more.
        lengths: the words of each document.
    """

    occurrences: OpenedRows
    spans: memoryview
    lengths: NDArray[np.uint32]

    @classmethod
    def of(cls, folder: Path, prefix: str) -> "_Region":
        def file(column: str) -> Path:
            return folder / f"{prefix}{column}.npy"

        spans = np.load(file("spans"), mmap_mode="r").data  # from which Python takes single numbers faster
        return cls(OpenedRows(file("occurrences")), spans, np.load(file("lengths")))

    def every(self) -> Narrow:
        """All occurrences."""
        read = np.frombuffer(self.occurrences.rows(0, self.spans[-1]), self.occurrences.kind)
        return read.reshape(-1, 2)


def write_inverted(folder: Path, part: str, batch: Batch) -> None:
    """Writes where a part's words occur."""
    for region in REGIONS:
        stream, lengths = batch.streams[region], batch.lengths[region].astype(np.uint32)
        order = _ordered(stream)
        owners = np.repeat(np.arange(len(lengths)), lengths)[order]
        places = order - (lengths.cumsum() - lengths)[owners]
        spans = np.cumsum(np.bincount(stream + 1, minlength=len(batch.words) + 1))
        occurrences = np.stack((_narrowed(owners), _narrowed(places)), axis=1)
        columns = {"occurrences": occurrences, "spans": spans.astype(np.uint32), "lengths": lengths}
        for name, column in columns.items():
            np.save(folder / f"{part}.{region}{name}.npy", column)


def _ordered(words: NDArray[np.uint32]) -> Ints:
    """The places of words sorted by word, then place: 16 bits at a time, which numpy sorts by counting.

    >>> _ordered(np.array([7, 70_000, 7], np.uint32)).tolist()
    [0, 2, 1]
    """
    by_low = np.argsort(words.astype(np.uint16), kind="stable")
    return by_low[np.argsort((words >> 16).astype(np.uint16)[by_low], kind="stable")]


def _narrowed(numbers: Ints) -> Narrow:
    """Numbers in 16 bits where they fit."""
    return numbers.astype(np.uint16 if numbers.max(initial=0) <= 0xFFFF else np.uint32)


@dataclass(frozen=True, slots=True)
class _Part:
    """The inverted files of one part.

    Attributes:
        words: tantivy's number of its first word.
        base: the snapshot's number of its first document.
    """

    words: int
    size: int
    base: int
    regions: dict[str, _Region]
    views: dict[str, View]

    @classmethod
    def of(cls, folder: Path, part: Part, base: int) -> "_Part":
        regions = {region: _Region.of(folder, f"{part.name}.{region}") for region in REGIONS}
        views = {view: View(folder / f"{part.name}.{view}.npy") for view in TEXT_FIELDS}
        return cls(part.number << WORD_BITS, part.size, base, regions, views)

    def marks(self) -> NDArray[np.uint64]:
        """For each document the sum of its words' marks, modulo 2⁶⁴."""
        total = np.zeros(self.size, np.uint64)
        for field in POSITION_FIELDS:
            region, view = region_and_view(field)
            held, marks = self.regions[region], np.zeros(len(self.regions[region].spans) - 1, np.uint64)
            for term, runs in self.views[view].entries():
                for first, last in runs:
                    marks[first : last + 1] = term_mark(field, term)
            np.add.at(total, held.every()[:, 0], np.repeat(marks, np.diff(held.spans)))
        return total

    def close(self) -> None:
        for view in self.views.values():
            view.close()
        for region in self.regions.values():
            region.occurrences.close()


class InvertedParts:
    """The inverted files of all parts of a generation."""

    def __init__(self, folder: Path, parts: Sequence[Part]) -> None:
        bases = accumulate((part.size for part in parts), initial=0)
        self._parts = [_Part.of(folder, part, base) for part, base in zip(parts, bases, strict=False)]

    def words(self, view: str, term: str) -> list[int]:
        """The words of a term, as tantivy knows them."""
        letters = term.encode()
        return [
            part.words + word
            for part in self._parts
            for first, last in part.views[view].runs(letters)
            for word in range(first, last + 1)
        ]

    def postings(self, terms: Terms) -> Postings:
        """The postings of some terms in snapshot-wide numbers."""
        read, bases, counts, bounds, mixed = [], [], [], [0], []
        for number, (field, term) in enumerate(terms):
            region, view = region_and_view(field)
            letters, size, rising = term.encode(), 0, True
            for part in self._parts:
                if runs := part.views[view].runs(letters):
                    occurrences, spans, _ = part.regions[region]
                    own = [(spans[first], spans[last + 1]) for first, last in runs]
                    read += [(occurrences.kind, occurrences.rows(first, end)) for first, end in own]
                    bases.append(part.base)
                    counts.append(sum([end - first for first, end in own]))
                    size += counts[-1]
                    rising &= len(runs) == 1 and runs[0][0] == runs[0][1]
            bounds.append(bounds[-1] + size)
            if not rising:
                mixed.append(number)
        found = _joined(read)
        keys = (found[:, 0] + np.array(bases, np.int64).repeat(counts) << POSITION_BITS) + found[:, 1]
        told = np.repeat([field in POSITION_FIELDS for field, _ in terms], np.diff(bounds))
        for number in mixed:
            keys[bounds[number] : bounds[number + 1]].sort(kind="stable")  # it only merges runs
        return _postings(keys, bounds, told)

    def df(self, field: str, term: str) -> int:
        """In how many documents a term occurs."""
        region, view = region_and_view(field)
        letters = term.encode()
        return sum(part.views[view].holding(region, letters) for part in self._parts)

    def lengths(self, field: str) -> Scores:
        """The number of words of every document."""
        region, _ = region_and_view(field)
        return np.concatenate([_NONE, *(part.regions[region].lengths for part in self._parts)]).astype(float)

    def close(self) -> None:
        """Closes the files."""
        for part in self._parts:
            part.close()

    def marks(self) -> NDArray[np.uint64]:
        """For each document the sum of its words' marks, modulo 2⁶⁴."""
        return np.concatenate([np.zeros(0, np.uint64), *(part.marks() for part in self._parts)])


def _joined(read: Iterable[tuple[np.dtype[Any], bytes]]) -> Narrow:
    """Occurrences that were read in pieces; those of some parts may have wider numbers than others."""
    kinds = ((kind, b"".join(raw for _, raw in pieces)) for kind, pieces in groupby(read, itemgetter(0)))
    return np.concatenate([_NONE, *(np.frombuffer(raw, kind) for kind, raw in kinds)]).reshape(-1, 2)


def _postings(keys: Ints, bounds: list[int], told: Mask) -> Postings:
    """The postings of some terms.

    Args:
        keys: the places of their occurrences (`indexer.engines.nearness`), those of a term rising.
        bounds: where each term's begin, and one end more.
        told: for each whether its position is.

    >>> _postings(np.array([2, 2, 5, 5]) << POSITION_BITS, [0, 3, 4], np.zeros(4, bool))[:2]
    (array([2, 5, 5], dtype=int32), array([2, 1, 1], dtype=int32))
    """
    owners = keys >> POSITION_BITS
    edges = np.ones(len(keys) + 1, dtype=bool)
    np.not_equal(owners[1:], owners[:-1], out=edges[1:-1])
    edges[bounds] = True
    starts = edges.nonzero()[0]
    docs, freqs = owners[starts[:-1]].astype(np.int32), (starts[1:] - starts[:-1]).astype(np.int32)
    positions = _narrowed(keys[told] & (1 << POSITION_BITS) - 1)
    return Postings(docs, freqs, positions, starts.searchsorted(bounds))
