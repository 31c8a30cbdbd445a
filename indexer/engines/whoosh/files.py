"""The only place that imports Whoosh: writes segments, tables of contents, and reads postings back.

The files are Whoosh 2.7.4's own (W3 codec), so stock Whoosh opens a generation and answers words and
booleans. Two things differ from what its own writer does. Postings are written a block at a time, from
arrays that are already in order, which is where its time goes otherwise; and positions are packed
integers instead of one pickle a posting, so phrases are answered here, not by Whoosh.

Whoosh unpickles its table of contents when it opens an index, has no checksums and never syncs: callers
verify a generation's manifest first and sync what is written here (`indexer.generations`).
"""

import copy
import shutil
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its sources compare with literals by `is`, which newer Pythons warn of
    from whoosh import fields
    from whoosh.codec.whoosh3 import W3Codec, W3Segment
    from whoosh.filedb.filestore import FileStorage
    from whoosh.index import TOC
    from whoosh.util.numeric import byte_to_length

from indexer.engines.opened import Opened
from indexer.engines.whoosh.blocks import Block, blocks_of, posting_blocks
from indexer.engines.whoosh.columns import FieldPostings
from indexer.engines.whoosh.terms import Marks, TermKey, TermsFile, TermsTable, term_key
from indexer.query.plan import TEXT_FIELDS

INDEX_NAME = "MAIN"
SCHEMA_NUMBER = 4
"""Counted up when fields or the layout of segments change: older generations are then refused as stale."""

FIELDS = tuple(sorted((*TEXT_FIELDS, *(f"title_{name}" for name in TEXT_FIELDS))))
"""The indexed fields, in the order in which Whoosh keeps its terms."""

_NUMBERS = {name: number for number, name in enumerate(FIELDS)}
"""Whoosh numbers fields in the order in which they are written."""

LENGTHS: NDArray[np.float64] = np.array([byte_to_length(b) for b in range(256)], dtype=np.float64)
"""The field length that each of Whoosh's length bytes stands for."""

Ints = NDArray[np.int64]


def schema() -> "fields.Schema":
    """The schema in Whoosh's own field types, so that its table of contents needs no code of ours."""
    text = {name: fields.TEXT(phrase=False) for name in FIELDS}
    return fields.Schema(id=fields.STORED, **text)


def key_of(field: str, term: str) -> TermKey:
    """What a term of a field is looked up by."""
    return term_key(_NUMBERS[field], term)


class Segment:
    """One segment of an index, open for reading. Reads are safe from any thread."""

    def __init__(self, folder: Path, segment: "W3Segment", marks: Marks | None = None) -> None:
        """`marks`: those of the same segment, where it was opened before."""
        self.name: str = segment.segment_id()
        self._postings = Opened(folder / segment.make_filename(W3Codec.POSTS_EXT))
        self._terms = TermsTable(Opened(folder / segment.make_filename(W3Codec.TERMS_EXT)), marks)
        self._folder, self.entry = folder, segment
        self.size: int = segment.doc_count_all()
        self.deleted: frozenset[int] = frozenset(segment.deleted_docs())

    @property
    def marks(self) -> Marks:
        """What tells in memory which terms may occur."""
        return self._terms.held

    def may_have(self, mark: int) -> bool:
        """Whether a term may occur, by its mark."""
        return self._terms.may_have(mark)

    def likely(self, marks: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Which terms may occur, by their marks."""
        return self._terms.likely(marks)

    def blocks(self, term: TermKey) -> list[Block]:
        """The postings of a term, deleted documents among them; none where it does not occur."""
        extent = self._terms.extent(term)
        return [] if extent is None else blocks_of(self._postings.get(*extent))

    def df(self, term: TermKey) -> int:
        """In how many documents a term occurs, deleted ones among them."""
        return self._terms.df(term)

    def lengths(self, field: str) -> NDArray[np.uint8]:
        """The length byte of every document."""
        column = self._folder / W3Codec.column_filename(self.entry, f"_{field}_len")
        lengths = np.zeros(self.size, dtype=np.uint8)
        if column.exists():
            stored = np.frombuffer(column.read_bytes(), dtype=np.uint8)[: self.size]
            lengths[: len(stored)] = stored
        return lengths

    def close(self) -> None:
        self._postings.close()
        self._terms.close()


def open_segments(folder: Path, before: Iterable[Segment] = ()) -> tuple[Segment, ...]:
    """The segments of the index in a folder that has been verified.

    Args:
        before: those of another generation; what is in memory of the same ones is used again.
    """
    known = {segment.name: segment.marks for segment in before}
    return tuple(Segment(folder, entry, known.get(entry.segment_id())) for entry in read_toc(folder))


def segment_files(folder: Path, name: str) -> Iterator[Path]:
    """Every file of a segment, Whoosh's and ours."""
    return (path for path in folder.iterdir() if path.name.startswith(f"{name}."))


def read_toc(folder: Path) -> "Sequence[W3Segment]":
    """The entries of the table of contents, one a segment."""
    entries: Sequence[W3Segment] = TOC.read(FileStorage(str(folder)), INDEX_NAME, schema=schema()).segments
    return entries


def write_toc(folder: Path, segments: Iterable["W3Segment"]) -> None:
    """Writes the table of contents over segments."""
    TOC(schema(), list(segments), 0).write(FileStorage(str(folder)), INDEX_NAME)


def with_deleted(segment: "W3Segment", deleted: Iterable[int]) -> "W3Segment":
    """The entry of a segment in a table of contents, with these documents deleted."""
    entry = copy.copy(segment)
    entry._deleted = set(deleted) or None
    return entry


def write_segment(
    folder: Path, ids: list[str], lengths: dict[str, Ints], inverted: Iterable[tuple[str, FieldPostings]]
) -> "W3Segment":
    """Writes one segment and gives its entry for the table of contents.

    Args:
        folder: the index's folder.
        ids: the article of each document.
        lengths: per field of `FIELDS` the number of words of each document.
        inverted: the fields, in the order of `FIELDS`, with their postings.
    """
    storage, codec = FileStorage(str(folder)), W3Codec()
    segment = codec.new_segment(storage, INDEX_NAME)
    segment.set_doc_count(len(ids))
    _write_documents(codec.per_document_writer(storage, segment), ids, lengths)
    with (
        (folder / segment.make_filename(W3Codec.POSTS_EXT)).open("wb") as file,
        TermsFile(folder / segment.make_filename(W3Codec.TERMS_EXT), FIELDS) as terms,
    ):
        for field, postings in inverted:
            if postings.terms:
                of_document = _length_bytes(lengths[field])
                start, blocks = file.tell(), posting_blocks(postings, of_document)
                file.writelines(blocks)
                sizes = np.fromiter(map(len, blocks), np.int64, len(blocks))
                terms.add(field, postings, of_document, start, sizes)
        terms.finish()
    shutil.rmtree(folder / f"{INDEX_NAME}.tmp")  # where Whoosh assembled its columns
    return segment


def _length_bytes(lengths: Ints) -> NDArray[np.uint8]:
    """The length byte of each length, rounded up; 255 for the longest.

    >>> LENGTHS[_length_bytes(np.array([0, 7, 300, 10**6]))].tolist()
    [0.0, 7.0, 302.0, 106374.0]
    """
    return np.minimum(np.searchsorted(LENGTHS, lengths), 255).astype(np.uint8)


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


__all__ = [
    "FIELDS",
    "LENGTHS",
    "SCHEMA_NUMBER",
    "Segment",
    "key_of",
    "open_segments",
    "read_toc",
    "segment_files",
    "with_deleted",
    "write_segment",
    "write_toc",
]
