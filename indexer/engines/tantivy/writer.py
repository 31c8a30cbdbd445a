"""Writes articles into parts: tantivy's files, and the inverted files beside them."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.engines.batch import REGIONS, Batch
from indexer.engines.documents import day_number, read_documents, write_documents
from indexer.engines.forward import write_forward
from indexer.engines.parts import taken, to_merge, written
from indexer.engines.tantivy import files
from indexer.engines.tantivy.files import Part
from indexer.engines.tantivy.inverted import write_inverted
from indexer.engines.tantivy.views import write_views
from indexer.engines.writings import write_writings
from indexer.model import VALUE_FIELDS, Article, Ref

PART_LETTERS = 10_000_000
"""Letters of text in a full part, under two million words: bounds memory (some 300 MB for each process)
whatever the archive's size, and is the same for any number of processes."""

WORDS_AT_ONCE = 50_000
"""Words whose terms are written out together: what that takes stays in the processor's cache."""

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
        sizes = {part.name: (part.size, part.live - len(self._gone[part.name])) for part in self._kept}
        dropped = to_merge(sizes)
        refs = [ref for part in self._kept if part.name in dropped for _, ref in self._live(part)]
        self._kept = [part for part in self._kept if part.name not in dropped]
        return refs

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
        parts = written(partial(_write_part, self._folder), articles, PART_LETTERS, self._jobs)
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

    def close(self) -> None:
        """Nothing of the base generation is held open."""


def _write_part(folder: Path, articles: list[Article]) -> Part:
    """Writes some articles as one part, in a folder of its own until it is whole."""
    batch = Batch()
    for article in taken(articles):
        batch.add(article)
    with files.scratch(folder) as own:
        index, columns = own / "index", own / "columns"
        index.mkdir()
        columns.mkdir()
        part = files.write_part(index, _documents(batch), meanwhile=partial(_write_columns, columns, batch))
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


def _documents(batch: Batch) -> Iterator[dict[str, Any]]:
    """What tantivy indexes of each article: fields of terms separated by spaces, values, the day."""
    spelled = [_Spelled.of(view) for view in batch.views]
    texts = (
        _texts(view, batch.streams[region], batch.lengths[region]) for region in REGIONS for view in spelled
    )
    for row, *fields in zip(batch.articles, *texts, strict=True):
        document: dict[str, Any] = {"id": row["id"], "day": day_number(row["published"])}
        document |= {name: row[name] for name in VALUE_FIELDS if row[name] is not None}
        yield document | dict(zip(files.FIELDS, fields, strict=True))


class _Spelled(NamedTuple):
    """A view's term of each word number, a space behind each: 16-bit units, how many, where they begin."""

    letters: NDArray[np.uint16]
    sizes: NDArray[np.int32]
    starts: NDArray[np.int32]

    @classmethod
    def of(cls, view: Sequence[str]) -> "_Spelled":
        letters = np.frombuffer((" ".join(view) + " ").encode("utf-16-le"), np.uint16)
        ends = np.flatnonzero(letters == ord(" ")).astype(np.int32) + 1
        sizes = np.diff(ends, prepend=0)
        return cls(letters, sizes, ends - sizes)


def _texts(view: _Spelled, stream: "array[int]", lengths: "array[int]") -> Iterator[str]:
    """The terms of each article, a space behind each; letters are copied by number, which beats joining.

    Args:
        stream: the numbers of the articles' words, article after article.
        lengths: how many are each article's.
    """
    (letters, sizes, starts), words = view, np.frombuffer(stream, np.uint32)
    bounds = np.concatenate(([0], np.cumsum(np.array(lengths, np.int64))))
    for first, last in _runs_of_articles(bounds):
        inside = words[bounds[first] : bounds[last]]
        size = sizes[inside]
        ends = np.cumsum(size, dtype=np.int32)
        places = np.repeat(starts[inside] - ends + size, size)
        places += np.arange(len(places), dtype=np.int32)
        text = letters.take(places, mode="clip").tobytes()  # no place is outside; to check them costs as much
        cuts = np.concatenate(([0], ends))[bounds[first : last + 1] - bounds[first]] * letters.itemsize
        yield from (text[start:end].decode("utf-16-le") for start, end in pairwise(cuts.tolist()))


def _runs_of_articles(bounds: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Spans of articles of some `WORDS_AT_ONCE` words; one article at least.

    >>> list(_runs_of_articles(np.array([0, 40_000, 80_000, 80_010])))
    [(0, 2), (2, 3)]
    """
    last = 0
    while last < len(bounds) - 1:
        first, last = last, int(np.searchsorted(bounds, bounds[last] + WORDS_AT_ONCE))
        last = min(max(last, first + 1), len(bounds) - 1)
        yield first, last
