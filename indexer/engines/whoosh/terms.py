"""The bytes of Whoosh's file of terms (W3 codec), made for whole fields at once, and terms found in it.

Entries, slots of the hash table and places are rows of arrays. To find a term, Whoosh's own reader takes ten
times as long, and a query asks for hundreds.
"""

import pickle
import struct
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from indexer.engines.opened import Opened
from indexer.engines.whoosh.columns import LENGTH, Bytes, FieldPostings, Ints, grouped, rows

_CRC = 1
"""Whoosh's number of the hash function that the table of terms uses."""

_BUCKETS = 256
_SLOT_KIND = np.dtype([("hash", ">u4"), ("place", ">i8")])
_HEADER = b"HSH3" + bytes([_CRC]) + bytes(8)
_FIELD_NUMBER = struct.Struct("!H")

# The same to read: where a table begins and its slots, a slot, the lengths of a key and its value, and what a
# value holds.
_TABLE, _SLOT = struct.Struct("!qi"), struct.Struct("!Iq")
_KEY_AND_VALUE = struct.Struct("!ii")
_DF, _DF_AT = struct.Struct("!I"), struct.calcsize("!Bf")
_EXTENT, _EXTENT_AT = struct.Struct("!qi"), struct.calcsize("!BfIBBfII")
_INFO_SIZE = _EXTENT_AT + _EXTENT.size

LIKELY_BITS = 4
"""Bits in memory for each slot, which is two for each term; up to twice as many."""

PROBED = 4
"""Slots that are read at once: seldom are more looked at."""


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
        stats = grouped(postings, lengths, postings.bounds[:-1])
        infos = rows(
            len(terms),
            *(b"\x00", stats.weight.astype(">f4"), stats.sizes.astype(">u4")),
            *(stats.shortest, stats.longest, stats.heaviest.astype(">f4")),
            *(stats.first.astype(">u4"), stats.last.astype(">u4")),
            *((start + np.cumsum(sizes) - sizes).astype(">i8"), sizes.astype(">i4")),
        )
        key_sizes = np.fromiter(map(len, terms), np.int64, len(terms)) + len(number)
        value_size = len(infos[0])
        heads = rows(len(terms), key_sizes.astype(">i4"), LENGTH.pack(value_size), number)
        entries = key_sizes + 2 * LENGTH.size + value_size
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
            directory += _TABLE.pack(self._file.tell(), 2 * len(bucket))
            self._file.write(_table(hashes[bucket], places[bucket]).tobytes())
        extras = {"fieldmap": self._fields, "indextype": "q", "indexlen": len(places)}
        tail = pickle.dumps(extras, 2) + places.astype(">i8").tobytes()
        self._file.write(directory + tail + LENGTH.pack(len(tail)))


def _table(hashes: NDArray[np.uint32], places: Ints) -> NDArray[np.void]:
    """A hash table half full: each entry in the first slot that is free from its own one on.

    Entries are set in the order of their own slots, so that each takes its own or the one behind the last;
    the few that would stand beyond the end take the first free slots.
    """
    size = 2 * len(hashes)
    table = np.zeros(size, _SLOT_KIND)
    own = (hashes >> 8) % max(1, size)
    order = np.argsort(own, kind="stable")
    ranks = np.arange(len(order))
    slots = np.maximum.accumulate(own[order].astype(np.int64) - ranks) + ranks
    beyond = int(np.searchsorted(slots, size))
    slots[beyond:] = np.setdiff1d(np.arange(size), slots[:beyond])[: len(slots) - beyond]
    table["hash"][slots], table["place"][slots] = hashes[order], places[order]
    return table


class Marks(NamedTuple):
    """Which terms a segment may have: most of a question's are in few, and to look each up takes the longest.

    Attributes:
        shift: by how many bits to shift a hash for its place.
        bits: one for each place, set where a term has it.
    """

    shift: np.uint32
    bits: NDArray[np.uint8]

    @classmethod
    def of(cls, hashes: NDArray[np.uint32]) -> "Marks":
        bits = max(3, (LIKELY_BITS * len(hashes)).bit_length())
        shift = np.uint32(32 - bits)
        held = np.zeros(1 << bits, dtype=bool)
        held[hashes.astype(np.uint32) >> shift] = True
        return cls(shift, np.packbits(held))


class TermKey(NamedTuple):
    """What a term is looked up by in any segment.

    Attributes:
        key: the number of its field and its bytes.
        mark: Whoosh's hash of the key.
    """

    key: bytes
    mark: int


def term_key(field: int, term: str) -> TermKey:
    """The key of a term of a field, which Whoosh numbers in the order of writing."""
    key = _FIELD_NUMBER.pack(field) + term.encode()
    return TermKey(key, crc32(key))


class TermsTable:
    """A file of terms to look into. Safe for any number of threads."""

    def __init__(self, file: Opened, held: Marks | None = None) -> None:
        """`held`: the marks of the same file, where it was opened before."""
        self._file = file
        (tail,) = LENGTH.unpack(file.get(file.size - LENGTH.size, LENGTH.size))
        directory = _BUCKETS * _TABLE.size
        at = file.size - LENGTH.size - tail - directory
        self._tables = list(_TABLE.iter_unpack(file.get(at, directory)))
        self.held = held or self._marks(self._tables[0][0], at)
        self._shift, self._bits = int(self.held.shift), self.held.bits.data  # quicker for a single term

    def _marks(self, first: int, end: int) -> Marks:
        slots = np.frombuffer(self._file.get(first, end - first), _SLOT_KIND)
        return Marks.of(slots["hash"])

    def close(self) -> None:
        self._file.close()

    def may_have(self, mark: int) -> bool:
        """Whether a term may be here, by its mark: a tenth of the others may seem so."""
        place = mark >> self._shift
        return bool(self._bits[place >> 3] << (place & 7) & 0x80)

    def likely(self, marks: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """`may_have` of many terms at once."""
        shift, bits = self.held
        places = marks >> shift
        found: NDArray[np.bool_] = (bits.take(places >> 3) << (places & 7) & 0x80).astype(bool)
        return found

    def extent(self, term: TermKey) -> tuple[int, int] | None:
        """Where a term's postings begin in their file and how many bytes they are; None where it is not."""
        info = self._info(term)
        return None if info is None else _EXTENT.unpack_from(info, _EXTENT_AT)

    def df(self, term: TermKey) -> int:
        """In how many documents a term occurs, deleted ones among them."""
        info = self._info(term)
        return 0 if info is None else int(_DF.unpack_from(info, _DF_AT)[0])

    def _info(self, term: TermKey) -> bytes | None:
        """What is told of a term."""
        start, slots = self._tables[term.mark & (_BUCKETS - 1)]
        head = _KEY_AND_VALUE.pack(len(term.key), _INFO_SIZE) + term.key
        slot, left = (term.mark >> 8) % max(1, slots), slots
        while left > 0:
            count = min(PROBED, slots - slot)
            for mark, at in _SLOT.iter_unpack(self._file.get(start + slot * _SLOT.size, count * _SLOT.size)):
                if not at:
                    return None
                if mark == term.mark:
                    entry = self._file.get(at, len(head) + _INFO_SIZE)
                    if entry.startswith(head):
                        return entry[len(head) :]
            slot, left = (slot + count) % slots, left - count
        return None
