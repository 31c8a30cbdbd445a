"""The bytes of Whoosh's files of postings and of terms (W3 codec), made for whole fields at once.

A field has some hundred thousand terms, most of them with one or two postings. Python's own pickles, and a
call or two for each term, would cost more than all the rest of indexing. So the blocks of few postings are
rows of an array, with the opcodes of their pickles as constant columns, and so are the entries of terms and
the slots of the hash table. The bytes differ from those that Whoosh writes in how they say the same.
"""

import pickle
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

BLOCK = 1024
"""Postings in a block. Whoosh's own 128 serve skipping in Python; arrays are read whole."""

FEW = 4
"""Fewer numbers than this are stored as a tuple, others as an array."""

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


class _Stats(NamedTuple):
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


def _stats(postings: FieldPostings, lengths: Bytes, starts: Ints) -> _Stats:
    """The statistics of groups of postings that begin at `starts` and follow upon each other."""
    docs, freqs = postings.docs, postings.freqs
    ends = np.append(starts[1:], len(docs))
    of_posting = lengths[docs]
    return _Stats(
        ends - starts,
        docs[starts],
        docs[ends - 1],
        np.add.reduceat(freqs, starts, dtype=np.int64),
        np.maximum.reduceat(freqs, starts),
        np.minimum.reduceat(of_posting, starts),
        np.maximum.reduceat(of_posting, starts),
    )


def _rows(size: int, *columns: "bytes | NDArray[np.generic]") -> list[bytes]:
    """Rows of bytes side by side: constants, and numbers as they lie in memory.

    >>> _rows(2, b"<", np.array([1, 2], ">u2"), b">")
    [b'<\\x00\\x01>', b'<\\x00\\x02>']
    """
    kinds = [f"V{len(column)}" if isinstance(column, bytes) else column.dtype for column in columns]
    table = np.empty(size, np.dtype([(str(number), kind) for number, kind in enumerate(kinds)]))
    for number, column in enumerate(columns):
        table[str(number)] = np.void(column) if isinstance(column, bytes) else column
    data, width = table.tobytes(), table.itemsize
    return [data[start : start + width] for start in range(0, len(data), width)]


def _width(*columns: "bytes | NDArray[np.generic]") -> int:
    """The bytes in a row of some columns."""
    return sum(len(column) if isinstance(column, bytes) else column.itemsize for column in columns)


# --- postings ---------------------------------------------------------------------------------------------

MAGIC = b"W3Bl"
_LENGTH = struct.Struct("!i")
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
    blocks = _Blocks(deltas, postings, starts, _stats(postings, lengths, starts))
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
    stats: _Stats

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
        return _rows(len(chosen), _LENGTH.pack(-_width(*columns)), *columns)

    def others(self, chosen: Ints, last_of_term: NDArray[np.bool_]) -> Iterator[bytes]:
        """Blocks of many postings or positions."""
        deltas, freqs = _Packed.of(self.deltas), _Packed.of(self.postings.freqs)
        positions = None if self.postings.positions is None else _Packed.of(self.postings.positions)
        starts, ends = self.starts[chosen], self.starts[chosen] + self.stats.sizes[chosen]
        places = starts if self.postings.places is None else self.postings.places
        bounds = (starts, ends, places[starts], places[ends]) if positions else (starts, ends, starts, ends)
        for info, weighted, is_last, start, end, first, after in zip(
            _rows(len(chosen), *self._info(chosen)),
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
            yield _LENGTH.pack(-len(data) if is_last else len(data)) + data


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
        (size,) = _LENGTH.unpack_from(raw, at)
        at += _LENGTH.size
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


def joined(
    blocks: Sequence[Block], bases: Ints, placed: bool
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.unsignedinteger] | None]:
    """The documents, frequencies and positions of blocks, one block's after the other's.

    Args:
        bases: for each block what is added to its document numbers.
        placed: whether their field keeps positions.
    """
    sizes = np.fromiter((len(block.deltas) for block in blocks), np.int64, len(blocks))
    deltas = np.concatenate([_NOTHING, *(block.deltas for block in blocks)])
    firsts, sums = sizes.cumsum() - sizes, deltas.cumsum(dtype=np.int64)
    docs = sums + (bases + deltas.take(firsts) - sums.take(firsts)).repeat(sizes)
    freqs = [_ONES[: len(block.deltas)] if block.freqs is None else block.freqs for block in blocks]
    positions: NDArray[np.unsignedinteger] | None = None
    if placed:
        held = [block.positions for block in blocks if block.positions is not None]
        read = np.concatenate([_NOTHING, *held])
        positions = read.astype(np.uint16 if read.max(initial=0) <= 0xFFFF else np.uint32)
    return docs.astype(np.int32), np.concatenate([_NOTHING, *freqs]).astype(np.int32), positions


# --- terms ------------------------------------------------------------------------------------------------

_CRC = 1
"""Whoosh's number of the hash function that the table of terms uses."""

_BUCKETS = 256
_SLOT = np.dtype([("hash", ">u4"), ("place", ">i8")])
_HEADER = b"HSH3" + bytes([_CRC]) + bytes(8)
_FIELD_NUMBER = struct.Struct("!H")


class TermsFile:
    """A file of terms that is being written: entries in order, then what finds them by hash and by order."""

    def __init__(self, path: Path, fields: Sequence[str]) -> None:
        self._file = path.open("wb")
        self._file.write(_HEADER)
        self._places: list[Ints] = []
        self._hashes: list[NDArray[np.uint32]] = []
        self._fields = {field: number for number, field in enumerate(fields)}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, field: str, postings: FieldPostings, lengths: Bytes, start: int, sizes: Ints) -> None:
        """Writes the terms of a field: keys, and what is known of each.

        Args:
            lengths: the length byte of each document.
            start: where the field begins in the file of postings.
            sizes: how many bytes of it each term has.
        """
        number = _FIELD_NUMBER.pack(self._fields[field])
        terms = postings.terms
        stats = _stats(postings, lengths, postings.bounds[:-1])
        infos = _rows(
            len(terms),
            *(b"\x00", stats.weight.astype(">f4"), stats.sizes.astype(">u4")),
            *(stats.shortest, stats.longest, stats.heaviest.astype(">f4")),
            *(stats.first.astype(">u4"), stats.last.astype(">u4")),
            *((start + np.cumsum(sizes) - sizes).astype(">i8"), sizes.astype(">i4")),
        )
        key_sizes = np.fromiter(map(len, terms), np.int64, len(terms)) + len(number)
        value_size = len(infos[0])
        heads = _rows(len(terms), key_sizes.astype(">i4"), _LENGTH.pack(value_size), number)
        entries = key_sizes + 2 * _LENGTH.size + value_size
        self._places.append(self._file.tell() + np.cumsum(entries) - entries)
        seed = crc32(number)
        self._hashes.append(np.fromiter((crc32(term, seed) for term in terms), np.uint32, len(terms)))
        self._file.write(
            b"".join([part for entry in zip(heads, terms, infos, strict=True) for part in entry])
        )

    def finish(self) -> None:
        """Writes the hash table, its directory, the fields, and the place of every entry."""
        places = np.concatenate([*self._places, np.zeros(0, np.int64)])
        hashes = np.concatenate([*self._hashes, np.zeros(0, np.uint32)])
        buckets = np.argsort(hashes & (_BUCKETS - 1), kind="stable")
        ends = np.cumsum(np.bincount(hashes & (_BUCKETS - 1), minlength=_BUCKETS))
        directory = bytearray()
        for bucket in np.split(buckets, ends[:-1]):
            directory += struct.pack("!qi", self._file.tell(), 2 * len(bucket))
            self._file.write(_table(hashes[bucket], places[bucket]).tobytes())
        extras = {"fieldmap": self._fields, "indextype": "q", "indexlen": len(places)}
        tail = pickle.dumps(extras, 2) + places.astype(">i8").tobytes()
        self._file.write(directory + tail + _LENGTH.pack(len(tail)))


def _table(hashes: NDArray[np.uint32], places: Ints) -> NDArray[np.void]:
    """A hash table half full: each entry in the first slot that is free from its own one on.

    Entries are set in the order of their own slots, so that each takes its own or the one behind the last;
    the few that would stand beyond the end take the first free slots.
    """
    size = 2 * len(hashes)
    table = np.zeros(size, _SLOT)
    own = (hashes >> 8) % max(1, size)
    order = np.argsort(own, kind="stable")
    ranks = np.arange(len(order))
    slots = np.maximum.accumulate(own[order].astype(np.int64) - ranks) + ranks
    beyond = int(np.searchsorted(slots, size))
    slots[beyond:] = np.setdiff1d(np.arange(size), slots[:beyond])[: len(slots) - beyond]
    table["hash"][slots], table["place"][slots] = hashes[order], places[order]
    return table
