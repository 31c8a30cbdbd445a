"""Files to articles: `read` walks paths and gives each article, each refusal and each skipped file.

One file a format; the suffix decides. Nothing here raises for what a file holds: damage is a `Refused`
with its place. No format reaches the network.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from indexer.readers import feed, jsonarray, jsonlines, page, plain, table
from indexer.readers.encoding import kept_open, shown
from indexer.readers.fields import columns_of, printable, record, refusal
from indexer.readers.sources import (
    DAMAGE,
    STDIN,
    Source,
    files_of,
    is_file,
    name_of,
    opened,
    reason_of,
    suffix_of,
)
from indexer.readers.values import FIELDS, Fault, Options, Place, Preview, Record, Refused, Row, Skipped

__all__ = [
    "FIELDS",
    "STDIN",
    "SUFFIXES",
    "Options",
    "Place",
    "Preview",
    "Read",
    "Record",
    "Refused",
    "Skipped",
    "dry_run",
    "read",
]

Read = Record | Refused | Skipped
Rows = Callable[[Source, Options], Iterator[Row | Fault]]

SUFFIXES: dict[str, tuple[str, Rows]] = {
    ".txt": ("text", plain.rows),
    ".jsonl": ("JSONL", jsonlines.rows),
    ".ndjson": ("JSONL", jsonlines.rows),
    ".json": ("JSON", jsonarray.rows),
    ".csv": ("CSV", table.rows),
    ".tsv": ("TSV", table.rows),
    ".html": ("HTML", page.rows),
    ".htm": ("HTML", page.rows),
    ".xml": ("feed", feed.rows),
    ".rss": ("feed", feed.rows),
    ".atom": ("feed", feed.rows),
}
"""What can be read: suffix → the format's name and its reader. Each also with ``.gz`` after it."""

SAMPLES, FAULTS, COLUMN_ROWS = 3, 20, 100


def read(
    paths: Iterable[str], options: Options | None = None, stdin: BinaryIO | None = None
) -> Iterator[Read]:
    """The articles of files and folders, in order of name, with what is refused and what is skipped.

    Args:
        paths: files, folders (read with all below them), or ``-`` for JSONL on standard input.
        stdin: stands in for the standard input.

    Raises:
        MissingExtra: a page or feed comes up and its library is not installed.
    """
    options = options or Options()
    for item in _inputs(paths, stdin):
        if isinstance(item, Skipped):
            yield item
        else:
            for row in item.rows(options):
                yield _outcome(row, item.file, options)


def dry_run(
    paths: Iterable[str], options: Options | None = None, stdin: BinaryIO | None = None
) -> Iterator[Preview | Skipped]:
    """What `read` would give, file by file; each is read to its end. Raises as `read` does."""
    options = options or Options()
    for item in _inputs(paths, stdin):
        yield item if isinstance(item, Skipped) else _preview(item, options)


@dataclass(slots=True)
class _Input:
    """A file of a known format. `encoding` is known once its rows are read."""

    file: str
    format: str
    read: Rows
    open: Callable[[], BinaryIO]
    encoding: str = ""

    def rows(self, options: Options) -> Iterator[Row | Fault]:
        """The rows and faults of the file; damage that ends it is the last fault."""
        at = ""
        try:
            with closing(self.open()) as stream:
                source = Source(stream)
                for row in self.read(source, options):
                    self.encoding, at = source.encoding, row.at
                    yield row
        except DAMAGE as error:
            yield Fault("", reason_of(error) + (f" (after {at})" if at else ""))


def _inputs(paths: Iterable[str], stdin: BinaryIO | None) -> Iterator[_Input | Skipped]:
    for path in paths:
        if path == STDIN:
            yield _Input("stdin", "JSONL", jsonlines.rows, lambda: kept_open(stdin or sys.stdin.buffer))
            continue
        for file in files_of(Path(path)):
            yield _input(file)


def _input(path: Path) -> _Input | Skipped:
    """The file as an input, or skipped by its suffix; what is no file stays an input, to be refused."""
    suffix = suffix_of(path)
    if suffix in SUFFIXES:
        return _Input(name_of(path), *SUFFIXES[suffix], partial(opened, path))
    if is_file(path):
        return Skipped(name_of(path), suffix)
    return _Input(name_of(path), "", plain.rows, partial(opened, path))


def _outcome(row: Row | Fault, file: str, options: Options) -> Record | Refused:
    return record(row, file, options) if isinstance(row, Row) else refusal(file, row.at, row.reason)


def _preview(item: _Input, options: Options) -> Preview:
    """Reads a file to its end and keeps the beginning of what it gives."""
    samples: list[Record] = []
    faults: list[Refused] = []
    columns: dict[str, None] = {}
    counts = {Record: 0, Refused: 0}
    for row in item.rows(options):
        if isinstance(row, Row) and counts[Record] < COLUMN_ROWS:
            columns |= dict.fromkeys(row.columns)
        outcome = _outcome(row, item.file, options)
        counts[type(outcome)] += 1
        if isinstance(outcome, Record):
            samples += [outcome][: SAMPLES - len(samples)]
        else:
            faults += [outcome][: FAULTS - len(faults)]
    return Preview(
        file=item.file,
        format=item.format,
        encoding=shown(item.encoding) if item.encoding else "",
        columns=_filled(tuple(columns), options),
        samples=tuple(samples),
        records=counts[Record],
        refused=counts[Refused],
        faults=tuple(faults),
    )


def _filled(columns: tuple[str, ...], options: Options) -> tuple[tuple[str, str | None], ...]:
    """Each column with the field that it fills."""
    field_of = {
        column: field for field, named in columns_of(columns, options.mapping).items() for column in named
    }
    return tuple((printable(column), field_of.get(column)) for column in columns)
