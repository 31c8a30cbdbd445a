"""Every hit of a query as a stream of bytes: JSONL exact, CSV for spreadsheets. Never a short file."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from typing import Any

from indexer.errors import ParameterError
from indexer.model import Article, SearchRequest
from indexer.reading import HomeReadingRoom

FIELDS = tuple(field.name for field in fields(Article))
DEFAULT_FIELDS = {"jsonl": FIELDS, "csv": tuple(name for name in FIELDS if name != "body")}
"""A spreadsheet gets the body only when it is asked for."""

BOM = b"\xef\xbb\xbf"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet run a cell: such text gets an apostrophe before it."""


def exported(
    room: HomeReadingRoom, query: str, format_: str, chosen: tuple[str, ...] | None, **filters: Any
) -> Iterator[bytes]:
    """The hits of exactly the parsed query, never relaxed or rescued, newest first.

    Raises:
        ParameterError: `chosen` names an unknown field.
        IndexUnavailable: a text went missing; what was given so far is not the whole.
    """
    names = chosen or DEFAULT_FIELDS[format_]
    if unknown := [name for name in names if name not in FIELDS]:
        raise ParameterError("fields", f"{', '.join(unknown)}; expected some of {', '.join(FIELDS)}")
    request = SearchRequest(q=query, rescue=False, **filters)
    return FORMATS[format_](room.every(request), names)


def _jsonl(articles: Iterable[Article], names: tuple[str, ...]) -> Iterator[bytes]:
    for article in articles:
        row = {name: getattr(article, name) for name in names}
        yield (json.dumps(row, ensure_ascii=False) + "\n").encode()


def _csv(articles: Iterable[Article], names: tuple[str, ...]) -> Iterator[bytes]:
    yield BOM + _csv_line(names)
    for article in articles:
        yield _csv_line([_safe(getattr(article, name)) for name in names])


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
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


FORMATS: dict[str, Callable[[Iterable[Article], tuple[str, ...]], Iterator[bytes]]] = {"jsonl": _jsonl, "csv": _csv}
