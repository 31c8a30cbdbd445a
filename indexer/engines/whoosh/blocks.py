"""The bytes of Whoosh's file of postings (W3 codec), made for whole fields at once, and read back.

A field has some hundred thousand terms, most of them with one or two postings. Python's own pickles, and a
call or two for each term, would cost more than all the rest of indexing. So the blocks of few postings are
rows of an array, with the opcodes of their pickles as constant columns. The bytes differ from those that
Whoosh writes in how they say the same.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.engines.postings import Postings
from indexer.engines.whoosh.columns import LENGTH, Bytes, FieldPostings, Ints, Stats, grouped, rows, width

BLOCK = 1024
"""Postings in a block. Whoosh's own 128 serve skipping in Python; arrays are read whole."""

FEW = 4
"""Fewer numbers than this are stored as a tuple, others as an array."""

MAGIC = b"W3Bl"
_SIZE = struct.Struct("<I")

_PICKLE, _TUPLE, _END = b"\x80\x03", (b")", b"\x85", b"\x86", b"\x87"), b"\x87."
"""The beginning of a pickle; what makes a tuple of the last 0 … 3 values; the end of a triple."""

_ARRAY = (b"carray\n_array_reconstructor\nq\x00(carray\narray\nq\x01", b"h\x00(h\x01")
"""The beginning of the first array of a pickle, and of a later one."""

_ARRAY_END = b"tR"

_ARRAY_KINDS = {2: b"X\x01\x00\x00\x00HK\x02B", 4: b"X\x01\x00\x00\x00IK\x06B"}
"""Bytes in a number → its type code, and that the bytes which follow are little-endian and unsigned."""


def posting_blocks(postings: FieldPostings, lengths: Bytes) -> list[bytes]:
    """What the file of postings holds of each term of a field: blocks of at most `BLOCK` postings.

    A block is its signed length (negative: the term's last), pickled statistics, and pickled (document
    numbers as differences, weights or None if all are 1, positions or None).

    Args:
        lengths: the length byte of each document.
    """
    counts = np.diff(postings.bounds)
    blocks_of_term = -(-counts // BLOCK)
    owners = np.repeat(np.arange(len(counts)), blocks_of_term)
    firsts = np.cumsum(blocks_of_term) - blocks_of_term
    starts = postings.bounds[owners] + BLOCK * (np.arange(len(owners)) - firsts[owners])
    deltas = np.diff(postings.docs, prepend=0)
    deltas[starts] = postings.docs[starts]
    blocks = _Blocks(deltas, postings, starts, grouped(postings, lengths, starts))
    pieces = np.empty(len(starts), object)
    few = blocks.few()
    for shape in np.unique(few[few >= 0]).tolist():
        chosen = np.flatnonzero(few == shape)
        pieces[chosen] = blocks.alike(chosen)
    last_of_term = np.append(np.diff(owners), 1).astype(bool)
    chosen = np.flatnonzero(few < 0)
    pieces[chosen] = list(blocks.others(chosen, last_of_term))
    if len(pieces) == len(counts):
        return [MAGIC + piece for piece in pieces.tolist()]
    return [
        MAGIC + b"".join(pieces[start : start + size].tolist())
        for start, size in zip(firsts.tolist(), blocks_of_term.tolist(), strict=True)
    ]


class _Blocks(NamedTuple):
    """The blocks of a field. A block's postings begin at `starts`; `deltas` are the documents in them."""

    deltas: NDArray[np.int32]
    postings: FieldPostings
    starts: Ints
    stats: Stats

    def few(self) -> Ints:
        """A number for each block of few postings and positions, the same for those of one shape; else −1."""
        sizes, weighted, spans = self.stats.sizes, self.stats.heaviest > 1, self._spans(slice(None))
        few = (sizes < FEW) & (spans < FEW)
        shapes: Ints = np.where(few, (sizes * FEW + spans) * 2 + weighted, -1)
        return shapes

    def _spans(self, chosen: "Ints | slice") -> Ints:
        """How many positions blocks hold."""
        starts, places = self.starts[chosen], self.postings.places
        if places is None:
            return np.zeros(len(starts), np.int64)
        spans: Ints = places[starts + self.stats.sizes[chosen]] - places[starts]
        return spans

    def _info(self, chosen: Ints) -> "list[bytes | NDArray[np.generic]]":
        """The statistics of blocks, pickled: count, last document, heaviest, compression, two lengths."""
        stats = self.stats
        return [
            *(_PICKLE, b"(J", stats.sizes[chosen].astype("<i4")),
            *(b"J", stats.last[chosen].astype("<i4")),
            *(b"G", stats.heaviest[chosen].astype(">f8")),
            *(b"K\x00K", stats.shortest[chosen], b"K", stats.longest[chosen], b"t."),
        ]

    def alike(self, chosen: Ints) -> list[bytes]:
        """Blocks of one shape: each the only one of its term."""
        starts, postings = self.starts[chosen], self.postings
        size, spans = int(self.stats.sizes[chosen[0]]), int(self._spans(chosen[:1])[0])
        weights = postings.freqs if self.stats.heaviest[chosen[0]] > 1 else None
        at = starts if postings.places is None else postings.places[starts]
        columns = [
            *self._info(chosen),
            _PICKLE,
            *_tuple(self.deltas, starts, size),
            *_tuple(weights, starts, size),
            *_tuple(postings.positions, at, spans),
            _END,
        ]
        return rows(len(chosen), LENGTH.pack(-width(*columns)), *columns)

    def others(self, chosen: Ints, last_of_term: NDArray[np.bool_]) -> Iterator[bytes]:
        """Blocks of many postings or positions."""
        deltas, freqs = _Packed.of(self.deltas), _Packed.of(self.postings.freqs)
        positions = None if self.postings.positions is None else _Packed.of(self.postings.positions)
        starts, ends = self.starts[chosen], self.starts[chosen] + self.stats.sizes[chosen]
        places = starts if self.postings.places is None else self.postings.places
        bounds = (starts, ends, places[starts], places[ends]) if positions else (starts, ends, starts, ends)
        for info, weighted, is_last, start, end, first, after in zip(
            rows(len(chosen), *self._info(chosen)),
            (self.stats.heaviest[chosen] > 1).tolist(),
            last_of_term[chosen].tolist(),
            *(bound.tolist() for bound in bounds),
            strict=True,
        ):
            data = b"".join(
                (
                    info,
                    _PICKLE,
                    deltas.pickled(start, end, 0),
                    freqs.pickled(start, end, 1) if weighted else b"N",
                    positions.pickled(first, after, 1) if positions else b"N",
                    _END,
                )
            )
            yield LENGTH.pack(-len(data) if is_last else len(data)) + data


def _tuple(
    numbers: NDArray[np.int32] | None, starts: Ints, size: int
) -> "Iterator[bytes | NDArray[np.generic]]":
    """A pickled tuple of the numbers from each start on, as columns; None is pickled as such."""
    if numbers is None:
        yield b"N"
        return
    for place in range(size):
        yield b"J"
        yield numbers[starts + place].astype("<i4")
    yield _TUPLE[size]


class _Packed(NamedTuple):
    """A column of numbers, of 16 bits where all fit, as arrays are pickled."""

    data: bytes
    width: int

    @classmethod
    def of(cls, numbers: NDArray[np.int32]) -> "_Packed":
        wide = len(numbers) and numbers.max() > 0xFFFF
        packed = numbers.astype("<u4" if wide else "<u2")
        return cls(packed.tobytes(), packed.itemsize)

    def pickled(self, start: int, end: int, place: int) -> bytes:
        """Some of the numbers as an array. `place` is 0 for the first array of a pickle, then 1."""
        data = self.data[start * self.width : end * self.width]
        size = _SIZE.pack(len(data))
        return b"".join((_ARRAY[place], _ARRAY_KINDS[self.width], size, data, _ARRAY_END))


_IN_TUPLE = np.dtype([("opcode", "S1"), ("value", "<i4")])
_NARROW, _WIDE = np.dtype("<u2"), np.dtype("<u4")
_INFO_BYTES = 30
"""What `_Blocks._info` makes."""

_NOTHING, _ONES = np.zeros(0, np.uint16), np.ones(BLOCK, np.uint16)

Numbers = NDArray[np.integer]


class Block(NamedTuple):
    """A block that is read. Differences begin anew with each: the first is a document number itself.

    Attributes:
        deltas: differences of document numbers.
        freqs: None where all are 1.
        positions: None where the field keeps none.
    """

    deltas: Numbers
    freqs: Numbers | None
    positions: Numbers | None


def blocks_of(raw: bytes) -> list[Block]:
    """The blocks of one term, as `posting_blocks` laid them out.

    Their pickles are read by their places: loading them takes three times as long.
    """
    found, at, size = [], len(MAGIC), 1
    while size > 0:
        (size,) = LENGTH.unpack_from(raw, at)
        at += LENGTH.size
        end = at + abs(size)
        deltas, at = _read(raw, at + _INFO_BYTES + len(_PICKLE), 0)
        freqs, at = _read(raw, at, 1)
        positions, _ = _read(raw, at, 1)
        assert deltas is not None
        found.append(Block(deltas, freqs, positions))
        at = end
    return found


def _read(raw: bytes, at: int, place: int) -> tuple[Numbers | None, int]:
    """The numbers that are pickled at a place, and where the next thing begins.

    Args:
        place: 0 for the first array of a pickle, then 1.
    """
    opcode = raw[at]
    if opcode == ord("N"):
        return None, at + 1
    if opcode == ord("J"):
        count = 1
        while raw[at + count * _IN_TUPLE.itemsize] == opcode:
            count += 1
        return np.frombuffer(raw, _IN_TUPLE, count, at)["value"], at + count * _IN_TUPLE.itemsize + 1
    at += len(_ARRAY[place])
    kind = _NARROW if raw.startswith(_ARRAY_KINDS[_NARROW.itemsize], at) else _WIDE
    at += len(_ARRAY_KINDS[kind.itemsize])
    (size,) = _SIZE.unpack_from(raw, at)
    at += _SIZE.size
    return np.frombuffer(raw, kind, size // kind.itemsize, at), at + size + len(_ARRAY_END)


def joined(blocks: Sequence[Block], owners: Sequence[int], terms: int, bases: Sequence[int]) -> Postings:
    """The postings of so many terms, from their blocks.

    Args:
        owners: the number of each block's term, rising.
        bases: for each block what is added to its document numbers.
    """
    sizes = np.fromiter((len(block.deltas) for block in blocks), np.int64, len(blocks))
    deltas = np.concatenate([_NOTHING, *(block.deltas for block in blocks)])
    ends, sums = np.concatenate(([0], sizes.cumsum())), deltas.cumsum(dtype=np.int64)
    firsts, added = ends[:-1], np.array(bases, np.int64)
    docs = sums + (added + deltas.take(firsts) - sums.take(firsts)).repeat(sizes)
    freqs = [_ONES[: len(block.deltas)] if block.freqs is None else block.freqs for block in blocks]
    held = [block.positions for block in blocks if block.positions is not None]
    read = np.concatenate([_NOTHING, *held])
    positions: NDArray[np.unsignedinteger] = read.astype(
        np.uint16 if read.max(initial=0) <= 0xFFFF else np.uint32
    )
    bounds = ends.take(np.searchsorted(owners, np.arange(terms + 1)))
    return Postings(
        docs.astype(np.int32), np.concatenate([_NOTHING, *freqs]).astype(np.int32), positions, bounds
    )
