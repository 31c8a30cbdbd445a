"""Writes articles into Whoosh segments: token streams are inverted as arrays, a batch at a time."""

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engines.batch import REGIONS, TITLE, Batch
from indexer.engines.documents import read_documents, write_documents
from indexer.engines.forward import words_held, write_forward
from indexer.engines.parts import to_merge, written
from indexer.engines.whoosh import files
from indexer.engines.whoosh.columns import FieldPostings
from indexer.engines.whoosh.files import FIELDS
from indexer.engines.writings import write_writings
from indexer.model import Article, Ref
from indexer.query.plan import POSITION_FIELDS

BATCH_CHARACTERS = 9_000_000
"""Letters of text in a segment of a build, about one and a half million words: bounds memory (some 250 MB for
each process) whatever the archive's size, and is the same for any number of processes."""

Ints = NDArray[np.int64]


class WhooshWriter:
    """Writes the files of one generation into an empty folder, growing from another generation or none."""

    def __init__(self, folder: Path, base: Path | None = None, jobs: int = 1) -> None:
        self._folder, self._base, self._jobs = folder, base, jobs
        self._kept = {entry.segment_id(): entry for entry in files.read_toc(base)} if base else {}
        self._deleted = {name: set(entry.deleted_docs()) for name, entry in self._kept.items()}
        self._written: list[Any] = []

    def delete(self, ids: Iterable[str]) -> int:
        """Takes articles of the base generation out; their number."""
        gone, count = frozenset(ids), 0
        for name, deleted in self._deleted.items():
            assert self._base is not None
            for number, id_ in enumerate(read_documents(self._base, name)["id"]):
                if id_ in gone and number not in deleted:
                    deleted.add(number)
                    count += 1
        return count

    def drop_small_segments(self) -> Sequence[Ref]:
        """Leaves small or mostly deleted segments behind; the live articles that must be written again."""
        dropped = to_merge({name: self._size(name) for name in self._kept})
        refs = [ref for name in dropped for ref in self._live(name)]
        self._kept = {name: entry for name, entry in self._kept.items() if name not in dropped}
        return refs

    def _size(self, name: str) -> tuple[int, float]:
        """The words of a segment, and which share of its documents is live."""
        assert self._base is not None
        documents = self._kept[name].doc_count_all()
        return words_held(self._base, name), 1 - len(self._deleted[name]) / documents

    def _live(self, name: str) -> Iterator[Ref]:
        assert self._base is not None
        documents = read_documents(self._base, name)
        for number, (id_, revision) in enumerate(zip(documents["id"], documents["revision"], strict=True)):
            if number not in self._deleted[name]:
                yield Ref(id_, int(revision))

    def write(self, articles: Iterable[Article]) -> int:
        """Adds articles; their number. Their ids must not be in the index (delete them first)."""
        segments = written(partial(_write_segment, self._folder), articles, BATCH_CHARACTERS, self._jobs)
        self._written += segments
        return sum(segment.doc_count_all() for segment in segments)

    def finish(self) -> None:
        """Completes the folder: links to kept segments, the table of contents."""
        for name in self._kept:
            assert self._base is not None
            for path in files.segment_files(self._base, name):
                os.link(path, self._folder / path.name)
        kept = [files.with_deleted(entry, self._deleted[name]) for name, entry in self._kept.items()]
        files.write_toc(self._folder, [*kept, *self._written])


def _write_segment(folder: Path, part: tuple[int, list[Article]]) -> Any:
    """Writes some articles as one segment; its entry for the table of contents.

    Each segment is made in a folder of its own: Whoosh's temporary files have the same names for all.
    """
    _, articles = part
    batch = Batch.of(articles)
    lengths = {
        name: batch.lengths[region]
        for region in REGIONS
        for name in FIELDS
        if name.startswith(TITLE) == (region == TITLE)
    }
    inverted = ((name, _inverted(batch, name)) for name in FIELDS)
    with TemporaryDirectory(dir=folder) as temporary:
        own = Path(temporary)
        segment = files.write_segment(own, [str(row["id"]) for row in batch.articles], lengths, inverted)
        name = segment.segment_id()
        write_documents(own, name, batch.articles)
        vocabulary, *forward = batch.forward()
        write_forward(own, name, vocabulary, *forward)
        write_writings(own, name, batch.columns)
        for path in own.iterdir():
            path.rename(folder / path.name)
    return segment


def _inverted(batch: Batch, name: str) -> FieldPostings:
    """The postings of one field.

    One sort by (term, place in the stream) puts every posting, and every position in it, in order: numbers
    that hold both are sorted several times as fast as places by their terms.
    """
    region = TITLE if name.startswith(TITLE) else ""
    terms, *_, of_word = batch.columns[name.removeprefix(TITLE)]
    stream, lengths = batch.streams[region], batch.lengths[region]
    bits = len(stream).bit_length()
    keys = np.sort((of_word[stream] << bits) + np.arange(len(stream)))
    occurring, order = keys >> bits, keys & ((1 << bits) - 1)
    documents = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)[order]
    starts = np.flatnonzero((np.diff(occurring, prepend=-1) != 0) | (np.diff(documents, prepend=-1) != 0))
    owners = occurring[starts]
    bounds = np.flatnonzero(np.diff(owners, prepend=-1))
    positions = places = None
    if name in POSITION_FIELDS:
        begins = np.repeat(np.cumsum(lengths) - lengths, lengths)
        positions = (order - begins[order]).astype(np.int32)
        places = np.append(starts, len(keys))
    return FieldPostings(
        [terms[number] for number in owners[bounds].tolist()],
        np.append(bounds, len(starts)),
        documents[starts],
        np.diff(starts, append=len(keys)).astype(np.int32),
        positions,
        places,
    )
