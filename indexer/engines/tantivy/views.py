"""The views of a part's words: which words each term stands for."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from indexer.engines.batch import REGIONS, Batch, Column
from indexer.engines.sets import distinct

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
        bodies, titles: how many documents hold each term there.
        words: the numbers of the words, term after term.
        letters: the terms in UTF-8, filled up to whole numbers.
    """

    ends: Numbers
    spans: Numbers
    buckets: Numbers
    bodies: Numbers
    titles: Numbers
    words: Numbers
    letters: Numbers


def write_views(folder: Path, part: str, batch: Batch) -> None:
    """Writes for each view which of the part's words have which term."""
    held = [batch.held[region] for region in REGIONS]
    for view, column in batch.columns.items():
        columns = _columns(column, held)
        sizes = np.array([len(column) for column in columns[:-1]], np.uint32)
        np.save(folder / f"{part}.{view}.npy", np.concatenate((sizes, *columns)))


def _columns(view: Column, held: Sequence[tuple[Ints, Ints]]) -> _Columns:
    """The columns of a view.

    Args:
        held: the distinct words of all documents' bodies, and of all titles (`Batch.held`).
    """
    terms, sizes, sums, of_word = view
    order = np.argsort(sums)
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    bits, owners = len(terms).bit_length(), places[of_word]
    letters = b"".join(map(terms.__getitem__, order.tolist()))
    counts = np.bincount(owners, minlength=len(terms))
    bodies, titles = (_holding(documents, owners[words], counts) for documents, words in held)
    return _Columns(
        _bounds(sizes[order]),
        _bounds(counts),
        _bounds(np.bincount(sums >> SUM_BITS - bits, minlength=1 << bits)),
        bodies,
        titles,
        np.argsort(owners, kind="stable").astype(np.uint32),
        np.frombuffer(letters + bytes(-len(letters) % 4), np.uint32),
    )


def _holding(documents: Ints, terms: Ints, words: Ints) -> Numbers:
    """How many documents hold each term. A term of one word is never twice in a document.

    Args:
        documents: rising.
        terms: the term of each word that they hold.
        words: how many words each term has.
    """
    shared = (words > 1)[terms]
    keys = np.sort(documents[shared] * len(words) + terms[shared], kind="stable")
    own, common = terms[~shared], distinct(keys) % max(1, len(words))
    counts = np.bincount(own, minlength=len(words)) + np.bincount(common, minlength=len(words))
    return counts.astype(np.uint32)


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
        self._ends, self._spans, self._buckets, *held = (column.data for column in self._columns[:5])
        self._held = dict(zip(REGIONS, held, strict=True))
        self._letters = self._columns.letters.view(np.uint8).data

    def words(self, term: bytes) -> list[int]:
        """The numbers of the words that have a term."""
        number = self._number(term)
        if number is None:
            return []
        words: list[int] = self._columns.words[self._spans[number] : self._spans[number + 1]].tolist()
        return words

    def holding(self, region: str, term: bytes) -> int:
        """How many documents hold a term there, deleted ones too."""
        number = self._number(term)
        return 0 if number is None else self._held[region][number]

    def _number(self, term: bytes) -> int | None:
        bucket = crc32(term) >> self._shift
        for number in range(self._buckets[bucket], self._buckets[bucket + 1]):
            if self._term(number) == term:
                return number
        return None

    def _term(self, number: int) -> memoryview:
        return self._letters[self._ends[number] : self._ends[number + 1]]

    def terms(self) -> Iterator[str]:
        return (str(self._term(number), "utf-8") for number in range(len(self._ends) - 1))

    @cached_property
    def of_word(self) -> Ints:
        """The number of each word's term."""
        spans, words = self._columns.spans, self._columns.words
        numbers = np.empty(len(words), np.int64)
        numbers[words] = np.repeat(np.arange(len(spans) - 1), np.diff(spans))
        return numbers
