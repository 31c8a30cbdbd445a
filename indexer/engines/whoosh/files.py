"""The only place that imports Whoosh: writes segments, tables of contents, and reads postings back.

The files are Whoosh 2.7.4's own (W3 codec), so stock Whoosh opens a generation and answers words and
booleans. Two things differ from what its own writer does. Postings are written a block at a time, from
arrays that are already in order, which is where its time goes otherwise; and positions are packed
integers instead of one pickle a posting, so phrases are answered here, not by Whoosh.

Whoosh unpickles its table of contents when it opens an index, has no checksums and never syncs: callers
verify a generation's manifest first and sync what is written here (`indexer.generations`).
"""

import copy
import io
import mmap
import pickle
import shutil
import struct
import warnings
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its sources compare with literals by `is`, which newer Pythons warn of
    from whoosh import fields
    from whoosh.codec.whoosh3 import W3Codec, W3Segment, W3TermInfo, W3TermsReader
    from whoosh.filedb.filestore import FileStorage
    from whoosh.filedb.structfile import StructFile
    from whoosh.index import TOC
    from whoosh.util.numeric import byte_to_length, length_to_byte

from indexer.query.plan import POSITION_FIELDS, TEXT_FIELDS

INDEX_NAME = "MAIN"
SCHEMA_NUMBER = 2
"""Counted up when fields or the layout of segments change: older generations are then refused as stale."""

FIELDS = tuple(sorted((*TEXT_FIELDS, *(f"title_{name}" for name in TEXT_FIELDS))))
"""The indexed fields, in the order in which Whoosh keeps its terms."""

BLOCK = 1024
"""Postings in a block. Whoosh's own 128 serve skipping in Python; arrays are read whole."""

_MAGIC = b"W3Bl"
_PICKLE = 4
_LENGTH = struct.Struct("!i")
_FIELD_NUMBER = struct.Struct("!H")

LENGTHS: NDArray[np.float64] = np.array([byte_to_length(b) for b in range(256)], dtype=np.float64)
"""The field length that each of Whoosh's length bytes stands for."""

Ints = NDArray[np.int64]


class Postings(NamedTuple):
    """The postings of one term in one segment.

    Attributes:
        docs: document numbers, rising (int32).
        freqs: how often the term occurs in each (int32).
        positions: the places of all occurrences, document after document (int32), or None.
    """

    docs: NDArray[np.int32]
    freqs: NDArray[np.int32]
    positions: NDArray[np.int32] | None


def schema() -> "fields.Schema":
    """The schema in Whoosh's own field types, so that its table of contents needs no code of ours."""
    text = {name: fields.TEXT(phrase=False) for name in FIELDS}
    return fields.Schema(id=fields.STORED, **text)


def length_byte(length: int) -> int:
    """Whoosh's byte for a field length."""
    return int(length_to_byte(length))


class _Mapped(StructFile):  # type: ignore[misc]
    """A mapped file whose `get` moves no shared file position: Whoosh's own is not safe between threads."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            super().__init__(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), name=path.name)
        self.is_real = False

    def get(self, position: int, length: int) -> bytes:
        return bytes(self.file[position : position + length])


class Segment:
    """One segment of an index, open for reading. Reads are safe from any thread."""

    def __init__(self, folder: Path, segment: "W3Segment") -> None:
        self.name: str = segment.segment_id()
        terms = folder / segment.make_filename(W3Codec.TERMS_EXT)
        self._postings = _Mapped(folder / segment.make_filename(W3Codec.POSTS_EXT))
        self._terms = W3TermsReader(segment.codec(), _Mapped(terms), terms.stat().st_size, self._postings)
        self._folder, self.entry = folder, segment
        self.size: int = segment.doc_count_all()
        self.deleted: frozenset[int] = frozenset(segment.deleted_docs())

    def postings(self, field: str, term: str) -> Postings | None:
        """The postings of a term, deleted documents among them; None where it does not occur."""
        key = (field, term.encode())
        if key not in self._terms:
            return None
        offset, (length,) = self._terms.term_info(*key).extent()  # Whoosh leaves the length in its tuple
        return _decoded(self._postings.get(offset, length), field in POSITION_FIELDS)

    def lengths(self, field: str) -> NDArray[np.uint8]:
        """The length byte of every document."""
        column = self._folder / W3Codec.column_filename(self.entry, f"_{field}_len")
        lengths = np.zeros(self.size, dtype=np.uint8)
        if column.exists():
            stored = np.frombuffer(column.read_bytes(), dtype=np.uint8)[: self.size]
            lengths[: len(stored)] = stored
        return lengths

    def close(self) -> None:
        self._terms.close()


def open_segments(folder: Path) -> tuple[Segment, ...]:
    """The segments of the index in a folder that has been verified."""
    return tuple(Segment(folder, segment) for segment in _toc(folder).segments)


def segment_files(folder: Path, name: str) -> Iterator[Path]:
    """Every file of a segment, Whoosh's and ours."""
    return (path for path in folder.iterdir() if path.name.startswith(f"{name}."))


def write_toc(folder: Path, segments: Iterable["W3Segment"]) -> None:
    """Writes the table of contents over segments."""
    TOC(schema(), list(segments), 0).write(FileStorage(str(folder)), INDEX_NAME)


def with_deleted(segment: "W3Segment", deleted: Iterable[int]) -> "W3Segment":
    """The entry of a segment in a table of contents, with these documents deleted."""
    entry = copy.copy(segment)
    entry._deleted = set(deleted) or None
    return entry


def write_segment(
    folder: Path,
    ids: list[str],
    lengths: dict[str, Ints],
    inverted: Iterable[tuple[str, Iterable[tuple[bytes, Postings]]]],
) -> "W3Segment":
    """Writes one segment and gives its entry for the table of contents.

    Args:
        folder: the index's folder.
        ids: the article of each document.
        lengths: per field of `FIELDS` the number of words of each document.
        inverted: per field, in the order of `FIELDS`, its terms in byte order with their postings.
    """
    storage, codec = FileStorage(str(folder)), W3Codec()
    segment = codec.new_segment(storage, INDEX_NAME)
    segment.set_doc_count(len(ids))
    _write_documents(codec.per_document_writer(storage, segment), ids, lengths)
    writer = codec.field_writer(storage, segment)
    definition = schema()
    for field, terms in inverted:
        writer.start_field(field, definition[field])
        number = _FIELD_NUMBER.pack(writer._fieldid)
        for term, postings in terms:
            info = _write_postings(writer._postfile, postings, lengths[field])
            writer._tindex.add(number + term, info.to_bytes())
        writer.finish_field()
    writer.close()
    shutil.rmtree(folder / f"{INDEX_NAME}.tmp")  # where Whoosh assembled its columns
    return segment


def _write_documents(writer: "object", ids: list[str], lengths: dict[str, Ints]) -> None:
    """Stored ids and length columns, in Whoosh's per-document files."""
    stored = fields.STORED()
    rows = list(zip(*(lengths[field].tolist() for field in FIELDS), strict=True))
    for number, id_ in enumerate(ids):
        writer.start_doc(number)  # type: ignore[attr-defined]
        writer.add_field("id", stored, id_, 0)  # type: ignore[attr-defined]
        for field, length in zip(FIELDS, rows[number], strict=True):
            writer.add_field(field, None, None, length)  # type: ignore[attr-defined]
        writer.finish_doc()  # type: ignore[attr-defined]
    writer.close()  # type: ignore[attr-defined]


def _write_postings(file: "io.RawIOBase", postings: Postings, lengths: Ints) -> "W3TermInfo":
    """One term's blocks in Whoosh's layout; gives the term info that points to them."""
    docs, freqs, positions = postings
    start = file.tell()
    file.write(_MAGIC)
    ends = np.cumsum(freqs) if positions is not None and len(docs) > BLOCK else None
    for at in range(0, len(docs), BLOCK):
        part = slice(at, at + BLOCK)
        inside = positions
        if ends is not None and positions is not None:
            inside = positions[ends[at] - freqs[at] : ends[min(at + BLOCK, len(docs)) - 1]]
        file.write(_block(docs[part], freqs[part], inside, lengths[docs[part]], at + BLOCK >= len(docs)))
    info = W3TermInfo()
    info._weight, info._df, info._maxweight = float(freqs.sum()), len(docs), float(freqs.max())
    info._minid, info._maxid = int(docs[0]), int(docs[-1])
    own = lengths[docs]
    info._minlength, info._maxlength = int(own.min()), int(own.max())
    info.set_extent(start, file.tell() - start)
    return info


def _block(
    docs: NDArray[np.int32],
    freqs: NDArray[np.int32],
    positions: NDArray[np.int32] | None,
    lengths: Ints,
    last: bool,
) -> bytes:
    """A block: its signed length (negative: the last), pickled statistics, pickled (ids, weights, values)."""
    deltas = np.diff(docs, prepend=docs.dtype.type(0))
    weights = None if freqs.max() == 1 else _packed(freqs)
    values = None if positions is None else _packed(positions)
    data = pickle.dumps((_packed(deltas), weights, values), _PICKLE)
    info = pickle.dumps(
        (
            len(docs),
            int(docs[-1]),
            float(freqs.max()),
            0,
            length_to_byte(int(lengths.min())),
            length_to_byte(int(lengths.max())),
        ),
        _PICKLE,
    )
    size = len(info) + len(data)
    return _LENGTH.pack(-size if last else size) + info + data


def _packed(numbers: NDArray[np.int32]) -> "array[int] | tuple[int, ...]":
    """Numbers as the smallest thing that Whoosh can walk through and numpy can read at once."""
    if len(numbers) < 4:
        return tuple(numbers.tolist())
    wide = numbers.max() > 0xFFFF
    return array("I" if wide else "H", numbers.astype(np.uint32 if wide else np.uint16).tobytes())


def _decoded(raw: bytes, with_positions: bool) -> Postings:
    """The postings in a term's blocks."""
    file = io.BytesIO(raw)
    file.seek(len(_MAGIC))
    docs, freqs, positions = [], [], []
    size = 1
    while size > 0:
        (size,) = _LENGTH.unpack(file.read(_LENGTH.size))
        end = file.tell() + abs(size)
        count = pickle.load(file)[0]
        deltas, weights, values = pickle.load(file)
        docs.append(np.cumsum(np.asarray(deltas, dtype=np.int32), dtype=np.int32))
        freqs.append(np.ones(count, np.int32) if weights is None else np.asarray(weights, dtype=np.int32))
        if with_positions:
            positions.append(np.asarray(values, dtype=np.int32))
        file.seek(end)
    if len(docs) == 1:
        return Postings(docs[0], freqs[0], positions[0] if with_positions else None)
    joined = np.concatenate(positions) if with_positions else None
    return Postings(np.concatenate(docs), np.concatenate(freqs), joined)


def _toc(folder: Path) -> "TOC":
    return TOC.read(FileStorage(str(folder)), INDEX_NAME, schema=schema())


__all__ = [
    "FIELDS",
    "LENGTHS",
    "SCHEMA_NUMBER",
    "Postings",
    "Segment",
    "open_segments",
    "segment_files",
    "with_deleted",
    "write_segment",
    "write_toc",
]
