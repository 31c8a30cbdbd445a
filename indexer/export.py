"""Every hit of a query as a stream of bytes: JSONL exact, CSV for spreadsheets. Never a short file."""

import csv
import io
import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from typing import Any

from indexer.errors import ParameterError
from indexer.model import Article, SearchRequest
from indexer.reading import ReadingRoom

FIELDS = tuple(field.name for field in fields(Article))
DEFAULT_FIELDS = {"jsonl": FIELDS, "csv": tuple(name for name in FIELDS if name != "body")}
"""A spreadsheet gets the body only when it is asked for."""

BOM = b"\xef\xbb\xbf"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What makes a spreadsheet run a cell, full-width forms included: such text gets an apostrophe before it."""


def exported(
    room: ReadingRoom, query: str, format_: str, chosen: tuple[str, ...] | None, **filters: Any
) -> Iterator[bytes]:
    """The hits of exactly the parsed query, never relaxed or rescued, newest first.

    Raises:
        ParameterError: `chosen` names an unknown field.
        IndexUnavailable: a text went missing; what was given so far is not the whole.
    """
    if unknown := [name for name in chosen or () if name not in FIELDS]:
        raise ParameterError("fields", f"{', '.join(unknown)}; expected some of {', '.join(FIELDS)}")
    return written(room.every(SearchRequest(q=query, rescue=False, **filters)), format_, chosen)


def written(
    articles: Iterable[Article], format_: str, chosen: tuple[str, ...] | None = None
) -> Iterator[bytes]:
    """Articles as `jsonl` or `csv`, one chunk each, read as they are written; `chosen` are the columns."""
    return FORMATS[format_](articles, chosen or DEFAULT_FIELDS[format_])


def table(rows: Iterable[Iterable[object]]) -> Iterator[bytes]:
    """Rows as CSV for spreadsheets: BOM, CRLF, no cell that could run as a formula."""
    for number, row in enumerate(rows):
        yield (b"" if number else BOM) + _csv_line([_safe(cell) for cell in row])


def _jsonl(articles: Iterable[Article], names: tuple[str, ...]) -> Iterator[bytes]:
    for article in articles:
        row = {name: getattr(article, name) for name in names}
        yield (json.dumps(row, ensure_ascii=False) + "\n").encode()


def _csv(articles: Iterable[Article], names: tuple[str, ...]) -> Iterator[bytes]:
    yield from table(itertools.chain([names], ([getattr(one, name) for name in names] for one in articles)))


def _csv_line(cells: Iterable[object]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode()


def _safe(value: object) -> object:
    """A cell that no spreadsheet runs.

    >>> _safe("=1+1"), _safe("نص"), _safe(None)
    ("'=1+1", 'نص', '')
    """
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA_STARTS) else value


FORMATS: dict[str, Callable[[Iterable[Article], tuple[str, ...]], Iterator[bytes]]] = {
    "jsonl": _jsonl,
    "csv": _csv,
}
