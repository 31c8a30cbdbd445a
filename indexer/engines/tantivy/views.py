"""The views of a part's words: which words each term stands for."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from struct import Struct
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from indexer.engines.batch import REGIONS, Batch, Column
from indexer.engines.opened import OpenedRows
from indexer.engines.sets import distinct

Ints = NDArray[np.int64]
Numbers = NDArray[np.uint32]

SUM_BITS = 32
"""Of the checksum that terms are found by: hardly any string is compared in vain."""

LIKELY_BITS = 2
"""Of the marks in memory there are two to this power times as many as buckets, and these are one for each
term, up to twice as many: where a term is not, which is most often, the file is hardly ever read."""

_HEAD = Struct("=4I")
"""How an entry begins: how many documents hold the term in their body and in their title, in how many runs of
numbers its words stand, and its bytes in UTF-8. The first and the last of each run follow, then these bytes,
filled up to whole numbers."""

_PAIR = Struct("=2I")
_WIDTH = 4
"""Bytes in a number."""

_NOWHERE: tuple[tuple[int, int], list[tuple[int, int]]] = (0, 0), []


def write_views(folder: Path, part: str, batch: Batch) -> None:
    """Writes for each view which of the part's words have which term."""
    held = [batch.held[region] for region in REGIONS]
    for view, column in batch.columns.items():
        np.save(folder / f"{part}.{view}.npy", _packed(column, held))


def _packed(view: Column, held: Sequence[tuple[Ints, Ints]]) -> Numbers:
    """A view as its file holds it: the bits of a bucket's number, where the entries of each bucket begin, and
    one end more; the marks; the entries, by the checksums of their terms.

    Args:
        held: the distinct words of all documents' bodies, and of all titles (`Batch.held`).
    """
    order = np.argsort(view.sums)
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    owners, sums = places[view.of_word], view.sums[order]
    counts = np.bincount(owners, minlength=len(order))
    bodies, titles = (_holding(documents, owners[words], counts) for documents, words in held)
    letters = b"".join(map(view.terms.__getitem__, order.tolist()))
    entries, ends = _entries(letters, view.sizes[order], owners, bodies, titles)
    bits = len(order).bit_length()
    buckets = ends[np.searchsorted(sums, np.arange((1 << bits) + 1) << SUM_BITS - bits)]
    marks = np.zeros(max(32, 1 << bits + LIKELY_BITS), bool)
    marks[sums >> SUM_BITS - bits - LIKELY_BITS] = True
    packed = np.packbits(marks, bitorder="little").view(np.uint32)
    return np.concatenate(([bits], buckets, packed, entries), dtype=np.uint32, casting="unsafe")


def _entries(terms: bytes, lengths: Ints, owners: Ints, bodies: Ints, titles: Ints) -> tuple[Numbers, Ints]:
    """The entries of terms, one after the other, and where each begins, and one end more.

    Args:
        terms: one after the other, of so many bytes each.
        owners: for each word the place of its term.
    """
    runs, of_run = _runs(owners)
    counts = np.bincount(of_run, minlength=len(lengths))
    heads = len(_HEAD.unpack(bytes(_HEAD.size)))
    begins = _bounds(heads + 2 * counts + -(-lengths // _WIDTH))
    entries = np.zeros(begins[-1], np.uint32)
    for place, column in enumerate((bodies, titles, counts, lengths)):
        entries[begins[:-1] + place] = column
    at = (begins[:-1] + heads).repeat(counts) + 2 * _within(counts)
    entries[at], entries[at + 1] = runs.T
    letters, at = entries.view(np.uint8), (begins[:-1] + heads + 2 * counts) * _WIDTH
    letters[at.repeat(lengths) + _within(lengths)] = np.frombuffer(terms, np.uint8)
    return entries, begins


def _runs(owners: Ints) -> tuple[Ints, Ints]:
    """The first and last number of each run of words of one term, term after term; and each one's term.

    >>> [found.tolist() for found in _runs(np.array([1, 0, 0, 1]))]
    [[[1, 2], [0, 0], [3, 3]], [0, 1, 1]]
    """
    firsts = np.flatnonzero(np.diff(owners, prepend=-1))
    lasts = np.flatnonzero(np.diff(owners, append=-1))
    order = np.argsort(owners[firsts], kind="stable")
    return np.stack((firsts, lasts), axis=1)[order], owners[firsts][order]


def _within(lengths: Ints) -> Ints:
    """The places within runs of some lengths.

    >>> _within(np.array([2, 0, 3])).tolist()
    [0, 1, 0, 1, 2]
    """
    return np.arange(lengths.sum()) - (lengths.cumsum() - lengths).repeat(lengths)


def _holding(documents: Ints, terms: Ints, words: Ints) -> Ints:
    """How many documents hold each term. A term of one word is never twice in a document.

    Args:
        documents: rising.
        terms: the term of each word that they hold.
        words: how many words each term has.
    """
    shared = (words > 1)[terms]
    keys = np.sort(documents[shared] * len(words) + terms[shared], kind="stable")
    own, common = terms[~shared], distinct(keys) % max(1, len(words))
    counts: Ints = np.bincount(own, minlength=len(words)) + np.bincount(common, minlength=len(words))
    return counts


def _bounds(counts: Ints) -> Ints:
    """Where each of some runs begins, and one end more.

    >>> _bounds(np.array([2, 0, 3])).tolist()
    [0, 2, 2, 5]
    """
    return np.concatenate(([0], counts.cumsum()))


class View:
    """One view of a part's words: the terms, and the words that have each."""

    def __init__(self, file: Path) -> None:
        self._file = OpenedRows(file)
        bits = self._file.rows(0, 1)[0]
        marks = 2 + (1 << bits)
        self._entries = marks + max(1, (1 << bits + LIKELY_BITS) >> 5)
        self._likely = self._file.rows(marks, self._entries)
        self._shift, self._likely_shift = SUM_BITS - bits, SUM_BITS - bits - LIKELY_BITS

    def runs(self, term: bytes) -> list[tuple[int, int]]:
        """The runs of numbers in which the words stand that have a term: the first and the last of each."""
        return self._found(term)[1]

    def holding(self, region: str, term: bytes) -> int:
        """How many documents hold a term there, deleted ones too."""
        return self._found(term)[0][REGIONS.index(region)]

    def entries(self) -> Iterator[tuple[str, list[tuple[int, int]]]]:
        """All terms with the runs of their words."""
        raw, at = self._file.rows(self._entries, self._file.count), 0
        while at < len(raw):
            _, _, runs, letters = _HEAD.unpack_from(raw, at)
            first, end, at = _places(at, runs, letters)
            yield str(raw[end : end + letters], "utf-8"), list(_PAIR.iter_unpack(raw[first:end]))

    def _found(self, term: bytes) -> tuple[tuple[int, int], list[tuple[int, int]]]:
        """How many documents hold a term by body and by title, and the runs of its words."""
        mark = crc32(term)
        place = mark >> self._likely_shift
        if self._likely[place >> 3] >> (place & 7) & 1:
            bucket = 1 + (mark >> self._shift)
            start, stop = _PAIR.unpack(self._file.rows(bucket, bucket + 2))
            raw, at = self._file.rows(self._entries + start, self._entries + stop), 0
            while at < len(raw):
                bodies, titles, runs, letters = _HEAD.unpack_from(raw, at)
                first, end, at = _places(at, runs, letters)
                if letters == len(term) and raw.startswith(term, end):
                    return (bodies, titles), list(_PAIR.iter_unpack(raw[first:end]))
        return _NOWHERE

    def close(self) -> None:
        self._file.close()


def _places(at: int, runs: int, letters: int) -> tuple[int, int, int]:
    """Of an entry at a place: where its runs begin and end, and where the next entry is."""
    first = at + _HEAD.size
    end = first + runs * _PAIR.size
    return first, end, end + letters + -letters % _WIDTH
