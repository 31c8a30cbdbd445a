"""The views of a part's words: which words each term stands for."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from indexer.engines.batch import Batch

Ints = NDArray[np.int64]
Numbers = NDArray[np.uint32]

SUM_BITS = 32
"""Of the checksum that terms are sorted by: it is found at once, and no string is compared in vain."""


class _Columns(NamedTuple):
    """What is kept of a view, as one file.

    Attributes:
        ends: where each term's letters end, terms sorted by their checksums; a zero before.
        spans: where each term's words end in `words`; a zero before.
        buckets: for each beginning of a checksum where the terms that have it end; a zero before.
        words: the numbers of the words, term after term.
        letters: the terms in UTF-8, filled up to whole numbers.
    """

    ends: Numbers
    spans: Numbers
    buckets: Numbers
    words: Numbers
    letters: Numbers


def write_views(folder: Path, part: str, batch: Batch) -> None:
    """Writes for each view which of the part's words have which term."""
    for view, (terms, of_word) in batch.columns.items():
        columns = _columns([term.encode() for term in terms], of_word)
        sizes = np.array([len(column) for column in columns[:-1]], np.uint32)
        np.save(folder / f"{part}.{view}.npy", np.concatenate((sizes, *columns)))


def _columns(terms: Sequence[bytes], of_word: Ints) -> _Columns:
    """The columns of a view.

    Args:
        terms: its distinct terms.
        of_word: for each word the place of its term among them.
    """
    sums = np.fromiter(map(crc32, terms), np.int64, len(terms))
    order = np.argsort(sums)
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    ordered = [terms[place] for place in order.tolist()]
    bits, owners, letters = len(terms).bit_length(), places[of_word], b"".join(ordered)
    return _Columns(
        _bounds(np.fromiter(map(len, ordered), np.int64, len(terms))),
        _bounds(np.bincount(owners, minlength=len(terms))),
        _bounds(np.bincount(sums >> SUM_BITS - bits, minlength=1 << bits)),
        np.argsort(owners, kind="stable").astype(np.uint32),
        np.frombuffer(letters + bytes(-len(letters) % 4), np.uint32),
    )


def _bounds(counts: Ints) -> Numbers:
    """Where each of some runs begins, and one end more.

    >>> _bounds(np.array([2, 0, 3])).tolist()
    [0, 2, 2, 5]
    """
    return np.concatenate(([0], counts.cumsum())).astype(np.uint32)


class View:
    """One view of a part's words: its terms, sorted by their checksums, and the words that have each."""

    def __init__(self, file: Path) -> None:
        packed = np.asarray(np.load(file, mmap_mode="r"))
        sizes, columns = np.split(packed, [len(_Columns._fields) - 1])
        self._columns = _Columns(*np.split(columns, sizes.cumsum()))
        self._shift = SUM_BITS - (len(self._columns.buckets) - 1).bit_length() + 1
        # Python takes single numbers faster from these
        self._ends, self._spans, self._buckets = (column.data for column in self._columns[:3])
        self._letters = self._columns.letters.view(np.uint8).data

    def words(self, term: bytes) -> list[int]:
        """The numbers of the words that have a term."""
        bucket = crc32(term) >> self._shift
        for number in range(self._buckets[bucket], self._buckets[bucket + 1]):
            if self._term(number) == term:
                words: list[int] = self._columns.words[self._spans[number] : self._spans[number + 1]].tolist()
                return words
        return []

    def _term(self, number: int) -> memoryview:
        return self._letters[self._ends[number] : self._ends[number + 1]]

    def terms(self) -> Iterator[str]:
        return (str(self._term(number), "utf-8") for number in range(len(self._ends) - 1))

    @cached_property
    def of_word(self) -> Ints:
        """The number of each word's term."""
        _, spans, _, words, _ = self._columns
        numbers = np.empty(len(words), np.int64)
        numbers[words] = np.repeat(np.arange(len(spans) - 1), np.diff(spans))
        return numbers
