"""Postings of whole fields as arrays, and rows of bytes made of columns: what both files are written from."""

import struct
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LENGTH = struct.Struct("!i")
"""How Whoosh writes a size."""

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]


class FieldPostings(NamedTuple):
    """The postings of all terms of a field, in the order of the terms' bytes.

    Attributes:
        terms: the terms.
        bounds: where each term's postings begin in `docs` and `freqs`, and one end more.
        positions: places of all occurrences, or None where the field keeps none.
        places: where each posting's occurrences begin in `positions`, and one end more.
    """

    terms: list[bytes]
    bounds: Ints
    docs: NDArray[np.int32]
    freqs: NDArray[np.int32]
    positions: NDArray[np.int32] | None
    places: Ints | None


class Stats(NamedTuple):
    """What Whoosh keeps of some postings, for each group of them.

    Attributes:
        sizes: how many they are.
        first, last: their first and last document.
        weight, heaviest: sum and maximum of their frequencies.
        shortest, longest: bounds of their documents' lengths, as length bytes.
    """

    sizes: Ints
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    weight: Ints
    heaviest: NDArray[np.int32]
    shortest: Bytes
    longest: Bytes


def grouped(postings: FieldPostings, lengths: Bytes, starts: Ints) -> Stats:
    """The statistics of groups of postings that begin at `starts` and follow upon each other."""
    docs, freqs = postings.docs, postings.freqs
    ends = np.append(starts[1:], len(docs))
    of_posting = lengths[docs]
    return Stats(
        ends - starts,
        docs[starts],
        docs[ends - 1],
        np.add.reduceat(freqs, starts, dtype=np.int64),
        np.maximum.reduceat(freqs, starts),
        np.minimum.reduceat(of_posting, starts),
        np.maximum.reduceat(of_posting, starts),
    )


def rows(size: int, *columns: "bytes | NDArray[np.generic]") -> list[bytes]:
    """Rows of bytes side by side: constants, and numbers as they lie in memory.

    >>> rows(2, b"<", np.array([1, 2], ">u2"), b">")
    [b'<\\x00\\x01>', b'<\\x00\\x02>']
    """
    kinds = [f"V{len(column)}" if isinstance(column, bytes) else column.dtype for column in columns]
    table = np.empty(size, np.dtype([(str(number), kind) for number, kind in enumerate(kinds)]))
    for number, column in enumerate(columns):
        table[str(number)] = np.void(column) if isinstance(column, bytes) else column
    data, width = table.tobytes(), table.itemsize
    return [data[start : start + width] for start in range(0, len(data), width)]


def width(*columns: "bytes | NDArray[np.generic]") -> int:
    """The bytes in a row of some columns."""
    return sum(len(column) if isinstance(column, bytes) else column.itemsize for column in columns)
