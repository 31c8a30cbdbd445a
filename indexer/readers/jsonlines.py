"""``.jsonl``, ``.ndjson`` and standard input: one JSON object a line."""

import io
import json
from collections.abc import Iterator

from indexer.readers.encoding import text_stream
from indexer.readers.sources import LONGEST_RECORD, Source
from indexer.readers.values import Fault, Options, Row

DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=lambda name: None)
"""Numbers stay as written (an id of 30 digits, 1.10); NaN and Infinity, which are no JSON, count as null."""


def rows(source: Source, options: Options) -> Iterator[Row | Fault]:
    """A row or fault a line; blank lines and byte order marks within the file are passed over."""
    try:
        source.encoding, lines = text_stream(source.stream, newline="\n")
    except ValueError as error:
        yield Fault("", str(error))
        return
    with lines:
        for number, line in _lines(lines):
            at = f"line {number}"
            if line is None:
                yield Fault(at, f"longer than {LONGEST_RECORD:,} characters")
            elif text := line.strip("\ufeff \t\r\n"):
                yield row_of(text, at)


def row_of(text: str, at: str) -> Row | Fault:
    """The row of one JSON text."""
    try:
        return row_of_value(DECODER.decode(text), at)
    except (ValueError, RecursionError) as error:
        return Fault(at, fault_of(error))


def row_of_value(value: object, at: str) -> Row | Fault:
    """The row of one JSON value, which should be an object."""
    if isinstance(value, dict):
        return Row(at, value, markup=True)
    return Fault(at, f"{_kind(value)} where an object {{…}} is expected")


def fault_of(error: Exception) -> str:
    """What is wrong with a JSON text."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return f"not JSON: {error.msg}" if isinstance(error, json.JSONDecodeError) else str(error)


def _kind(value: object) -> str:
    return "a list" if isinstance(value, list) else "a single value"


def _lines(stream: io.TextIOWrapper) -> Iterator[tuple[int, str | None]]:
    """Numbered lines; None for one that is too long, which is never held as a whole."""
    number = 0
    while line := stream.readline(LONGEST_RECORD + 1):
        number += 1
        whole = len(line) <= LONGEST_RECORD
        while not whole and line and not line.endswith("\n"):
            line = stream.readline(LONGEST_RECORD)
        yield number, line if whole else None
