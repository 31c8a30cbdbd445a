"""Writes articles into parts: tantivy's files, and the inverted files beside them."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from indexer.engines.batch import REGIONS, WORD_BITS, Batch
from indexer.engines.documents import day_number, read_documents, write_documents
from indexer.engines.forward import words_held, write_forward
from indexer.engines.parts import to_merge, written
from indexer.engines.tantivy import files
from indexer.engines.tantivy.files import WORDS, Part
from indexer.engines.tantivy.inverted import write_inverted
from indexer.engines.tantivy.views import write_views
from indexer.engines.writings import write_writings
from indexer.model import VALUE_FIELDS, Article, Ref

PART_LETTERS = 10_000_000
"""Letters of text in a full part, under two million words: bounds memory (some 300 MB for each process)
whatever the archive's size, and is the same for any number of processes."""

UNNAMED = "new"


class TantivyWriter:
    """Writes the files of one generation into an empty folder, growing from another generation or none."""

    def __init__(self, folder: Path, base: Path | None = None, jobs: int = 1) -> None:
        self._folder, self._base, self._jobs = folder, base, jobs
        self._kept = list(files.read_table(base)) if base else []
        self._gone: dict[str, dict[int, str]] = {part.name: {} for part in self._kept}
        self._written: list[Part] = []

    def delete(self, ids: Iterable[str]) -> int:
        """Takes articles of the base generation out; their number."""
        unwanted = frozenset(ids)
        for part in self._kept:
            self._gone[part.name] |= {n: ref.id for n, ref in self._live(part) if ref.id in unwanted}
        return sum(map(len, self._gone.values()))

    def drop_small_segments(self) -> Sequence[Ref]:
        """Leaves small or mostly deleted parts behind; the live articles that must be written again."""
        dropped = to_merge({part.name: self._size(part) for part in self._kept})
        refs = [ref for part in self._kept if part.name in dropped for _, ref in self._live(part)]
        self._kept = [part for part in self._kept if part.name not in dropped]
        return refs

    def _size(self, part: Part) -> tuple[int, float]:
        """The words of a part, and which share of its documents is live."""
        assert self._base is not None
        return words_held(self._base, part.name), (part.live - len(self._gone[part.name])) / part.size

    def _live(self, part: Part) -> Iterator[tuple[int, Ref]]:
        """The documents of a part that are not deleted: number, and article."""
        assert self._base is not None
        gone = self._gone[part.name].keys() | part.deleted
        documents = read_documents(self._base, part.name)
        for number, (id_, revision) in enumerate(zip(documents["id"], documents["revision"], strict=True)):
            if number not in gone:
                yield number, Ref(id_, int(revision))

    def write(self, articles: Iterable[Article]) -> int:
        """Adds articles; their number. Their ids must not be in the index (delete them first)."""
        free = 1 + max((part.number for part in self._kept), default=0)
        parts = written(partial(_write_part, self._folder, free), articles, PART_LETTERS, self._jobs)
        self._written += parts
        return sum(part.size for part in parts)

    def finish(self) -> None:
        """Completes the folder: links to kept parts, the table of contents."""
        kept = []
        for part in self._kept:
            assert self._base is not None
            if gone := self._gone[part.name]:
                part = files.link_without(self._base, part, gone, self._folder)
            else:
                files.link_part(self._base, part, self._folder)
            kept.append(part)
        files.write_table(self._folder, [*kept, *self._written])


def _write_part(folder: Path, free: int, placed: tuple[int, list[Article]]) -> Part:
    """Writes some articles as one part. `free` is the first number that no part has."""
    place, articles = placed
    return write_batch(folder, free + place, Batch.of(articles))


def write_batch(folder: Path, number: int, batch: Batch) -> Part:
    """Writes a batch as the part of a number, in a folder of its own until it is whole."""
    batch = batch.by_term()
    with files.scratch(folder) as own:
        index, columns = own / "index", own / "columns"
        index.mkdir()
        columns.mkdir()
        meanwhile = partial(_write_columns, columns, batch)
        part = files.write_part(index, number, _documents(batch, number), meanwhile=meanwhile)
        for path in index.iterdir():
            path.rename(folder / path.name)
        for path in columns.iterdir():
            path.rename(folder / f"{part.name}{path.name.removeprefix(UNNAMED)}")
    return part


def _write_columns(folder: Path, batch: Batch) -> None:
    """What stands beside tantivy's files; the part gets its name when they are done."""
    write_documents(folder, UNNAMED, batch.articles)
    vocabulary, *forward = batch.forward()
    write_forward(folder, UNNAMED, vocabulary, *forward)
    write_writings(folder, UNNAMED, batch.columns)
    write_inverted(folder, UNNAMED, batch)
    write_views(folder, UNNAMED, batch)


def _documents(batch: Batch, number: int) -> Iterator[dict[str, Any]]:
    """What tantivy indexes of each article: the numbers of its distinct words, values, the day."""
    fields = [region + WORDS for region in REGIONS]
    for row, *words in zip(
        batch.articles, *(_words(batch, region, number) for region in REGIONS), strict=True
    ):
        document: dict[str, Any] = {"id": row["id"], "day": day_number(row["published"])}
        document |= {name: row[name] for name in VALUE_FIELDS if row[name] is not None}
        yield document | dict(zip(fields, words, strict=True))


def _words(batch: Batch, region: str, number: int) -> Iterator[list[int]]:
    """The distinct words of each article, as a part of that number has them."""
    articles, words = batch.held[region]
    bounds = articles.searchsorted(np.arange(len(batch.articles) + 1)).tolist()
    words = words + (number << WORD_BITS)
    return (words[start:end].tolist() for start, end in pairwise(bounds))
