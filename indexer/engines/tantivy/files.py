"""The files of a generation: parts that tantivy wrote one by one, under one table of contents.

Each part is a tantivy index of one segment, made in a folder of its own; a generation holds the files of its
parts, a `meta.json` that lists them all, and `parts.json` with what tantivy cannot tell. So a part is
never touched again: the next generation links its files, tantivy never merges behind our back, and the
document number inside a segment is the place in our columns beside it.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from indexer.engines.batch import REGIONS
from indexer.engines.tantivy.library import tantivy
from indexer.model import VALUE_FIELDS

META, PARTS = "meta.json", "parts.json"

LOCK = ".tantivy-meta.lock"
"""An empty file that tantivy makes where it opens an index; it is there from the start, since a published
generation never changes."""

HEAP_BYTES = 2_000_000_000
"""Where tantivy would begin another segment: far beyond what one part takes."""

WORDS = "words"
"""The field of the body's words; with `TITLE` before it, of the title's."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a generation.

    Attributes:
        name: how the names of its files begin.
        number: no other part of the generation has it; it stands above `WORD_BITS` of its words' numbers.
        size: its documents, deleted ones too.
        deleted: numbers of its deleted documents.
        entry: what tantivy's table of contents says of it.
    """

    name: str
    number: int
    size: int
    deleted: frozenset[int]
    entry: dict[str, Any]

    @property
    def live(self) -> int:
        return self.size - len(self.deleted)


@cache
def schema() -> "tantivy.Schema":
    """The fields of the index: the numbers of the words that occur, and what is filtered by.

    Tantivy only counts: which words a term of a view stands for, and where they are, is beside it. So it
    indexes each word once for four views. A `day` counts as `date.toordinal`, 0 is none.
    """
    builder = tantivy.SchemaBuilder()
    for region in REGIONS:
        builder.add_integer_field(region + WORDS, indexed=True)
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    for name in VALUE_FIELDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("day", indexed=True, fast=True)
    return builder.build()


def write_part(
    folder: Path, number: int, documents: Iterable[dict[str, Any]], *, meanwhile: Callable[[], None]
) -> Part:
    """Writes documents into a new folder as one part, numbered in their order.

    Args:
        meanwhile: work of the caller's own, done while tantivy's thread still indexes.
    """
    index = _index(folder)
    writer = index.writer(HEAP_BYTES, 1)
    for document in documents:
        writer.add_document(tantivy.Document(**document))
    meanwhile()
    writer.commit()
    writer.wait_merging_threads()
    (entry,) = _meta(folder)["segments"]
    part = Part(_name(entry), number, entry["max_doc"], frozenset(), entry)
    for path in set(folder.iterdir()) - set(part_files(folder, part)):
        path.unlink()
    return part


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """A folder below another one for the time of a block.

    It is renamed before it is removed: a thread of tantivy's that looks at an index again would put its
    lock file back while the folder is being emptied.
    """
    made = Path(mkdtemp(dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made.rename(made.with_suffix(".done")))


def part_files(folder: Path, part: Part) -> Iterator[Path]:
    """The files of a part; the mark of deleted documents is among them where it is the one that counts."""
    deletes = part.entry["deletes"]
    current = f"{part.name}.{deletes['opstamp']}.del" if deletes else None
    for path in folder.glob(f"{part.name}.*"):
        if path.suffix != ".del" or path.name == current:
            yield path


def link_part(base: Path, part: Part, folder: Path) -> None:
    for path in part_files(base, part):
        os.link(path, folder / path.name)


def link_without(base: Path, part: Part, gone: dict[int, str], folder: Path) -> Part:
    """Links a part's files with more of its documents marked as deleted: document numbers and their ids."""
    with scratch(folder) as own:
        link_part(base, part, own)
        index = _index(own, [part])
        writer = index.writer(HEAP_BYTES, 1)
        for id_ in gone.values():
            writer.delete_documents_by_term("id", id_)
        writer.commit()
        writer.wait_merging_threads()
        (entry,) = _meta(own)["segments"]
        marked = replace(part, deleted=part.deleted | gone.keys(), entry=entry)
        link_part(own, marked, folder)
    return marked


def write_table(folder: Path, parts: Iterable[Part]) -> None:
    """Completes a folder that holds the files of some parts."""
    parts = list(parts)
    with scratch(folder) as empty:
        _index(empty)
        _write_meta(folder, _meta(empty), parts)
    (folder / LOCK).touch()
    rows = [{"name": p.name, "number": p.number, "deleted": sorted(p.deleted)} for p in parts]
    (folder / PARTS).write_text(json.dumps(rows), "utf-8")


def read_table(folder: Path) -> tuple[Part, ...]:
    """The parts of a generation, in the order in which tantivy numbers their segments."""
    rows = json.loads((folder / PARTS).read_text("utf-8"))
    return tuple(
        Part(row["name"], row["number"], entry["max_doc"], frozenset(row["deleted"]), entry)
        for row, entry in zip(rows, _meta(folder)["segments"], strict=True)
    )


def searcher_of(folder: Path) -> "tantivy.Searcher":
    """An open, immutable view of a generation. Tantivy's own thread looks at `meta.json` twice a second as
    long as it is open; it never changes."""
    index = tantivy.Index.open(str(folder))
    index.config_reader("manual")
    return index.searcher()


def _index(folder: Path, parts: Iterable[Part] = ()) -> "tantivy.Index":
    """An index in a folder that holds the files of some parts."""
    made = tantivy.Index(schema(), str(folder))
    if parts := list(parts):
        _write_meta(folder, _meta(folder), parts)
        made = tantivy.Index.open(str(folder))
    made.config_reader("manual")
    return made


def _meta(folder: Path) -> dict[str, Any]:
    meta: dict[str, Any] = json.loads((folder / META).read_text("utf-8"))
    return meta


def _write_meta(folder: Path, meta: dict[str, Any], parts: list[Part]) -> None:
    """Lists parts as segments. Deletions are numbered on from the last, so that tantivy sees what is new."""
    stamps = [part.entry["deletes"]["opstamp"] for part in parts if part.entry["deletes"]]
    meta |= {"segments": [part.entry for part in parts], "opstamp": max(stamps, default=0)}
    (folder / META).write_text(json.dumps(meta), "utf-8")


def _name(entry: dict[str, Any]) -> str:
    return str(entry["segment_id"]).replace("-", "")
