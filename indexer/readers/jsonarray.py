"""``.json``: an array of objects, or objects one after the other. Never more than one record in memory."""

import io
import json
import re
from collections.abc import Iterator

from indexer.readers.encoding import text_stream
from indexer.readers.jsonlines import DECODER, fault_of, row_of_value
from indexer.readers.sources import LONGEST_RECORD, Source
from indexer.readers.values import Fault, Options, Row

FIRST_PIECE = 64 * 1024

_BLANKS = re.compile(r"[ \t\r\n\ufeff]*")


def rows(source: Source, options: Options) -> Iterator[Row | Fault]:
    """A row or fault for each element; a syntax error ends the file, for nothing after it can be trusted."""
    try:
        source.encoding, stream = text_stream(source.stream, newline="")
    except ValueError as error:
        yield Fault("", str(error))
        return
    with stream:
        yield from _elements(_Window(stream))


def _elements(window: "_Window") -> Iterator[Row | Fault]:
    number = 0
    try:
        for number, value in enumerate(_values(window), 1):
            yield row_of_value(value, f"record {number}")
    except (ValueError, RecursionError) as error:
        yield Fault(f"record {number + 1}", f"{fault_of(error)}; the rest of the file was not read")


class _Window:
    """The part of a text that is in memory: it grows while a value is not whole, then lets go."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self._stream = stream
        self._text = ""
        self._at = 0

    def peek(self) -> str:
        """The next character that is not blank, or nothing at the end."""
        while True:
            blank = _BLANKS.match(self._text, self._at)
            self._at = blank.end() if blank else self._at
            if self._at < len(self._text) or not self._grew():
                return self._text[self._at : self._at + 1]

    def drop(self) -> None:
        """Passes over one character."""
        self._at += 1

    def value(self) -> object:
        """The next JSON value.

        Raises:
            ValueError: it is damaged, unfinished or too long.
        """
        self.peek()
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError:
                if not self._grew():
                    raise
                continue
            if end < len(self._text) or not self._grew():  # a number may go on in the next piece
                self._at = end
                return value

    def _grew(self) -> bool:
        """Reads on: as much as there is already, so that trying again costs twice the text at most."""
        held = self._text[self._at :]
        if len(held) > LONGEST_RECORD:
            raise ValueError(f"a record longer than {LONGEST_RECORD:,} characters")
        piece = self._stream.read(max(FIRST_PIECE, len(held)))
        self._text, self._at = held + piece, 0
        return bool(piece)


def _values(window: _Window) -> Iterator[object]:
    """The elements of one array, or the values that follow each other."""
    if window.peek() != "[":
        while window.peek():
            yield window.value()
        return
    window.drop()
    if window.peek() == "]":
        return
    while True:
        yield window.value()
        sign = window.peek()
        if sign not in (",", "]"):
            raise ValueError("expected , or ] after a record")
        window.drop()
        if sign == "]":
            return
