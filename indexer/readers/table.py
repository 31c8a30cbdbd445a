"""``.csv`` and ``.tsv``: a header and one article a row. The delimiter is found, cells may be of any size."""

import csv
import io
import re
from collections.abc import Iterator

from indexer.readers.encoding import text_stream
from indexer.readers.fields import columns_of
from indexer.readers.sources import LONGEST_RECORD, Source
from indexer.readers.values import Fault, Options, Row

DELIMITERS = (",", ";", "\t", "|")

END_CELL = "\0end of file\0"
END = END_CELL + "\n"
"""A line of our own after the last one. Read as a row it is passed over; read inside a cell it shows that
a quotation mark was never closed. No cell with a NUL is ever stored, so it cannot be mistaken."""

_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?\s*', re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"]|"")*"?')


def rows(source: Source, options: Options) -> Iterator[Row | Fault]:
    """A row or fault for each row of the table that is not blank."""
    try:
        source.encoding, stream = text_stream(source.stream, newline="")
    except ValueError as error:
        yield Fault("", str(error))
        return
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_RECORD))  # of the process; only ever raised
    with stream:
        yield from _table(_Lines(stream), options)


class _Lines:
    """The lines of a stream, then `END`.

    Attributes:
        number: how many were read.
        too_long: a line was, which ends the file.
        literal: the number of columns, where tabs part them and quotation marks may be text.
        at_row: the next line begins a row; whoever asks for one says so.
    """

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self._stream = stream
        self._first = ""
        self._ended = False
        self.number = 0
        self.too_long = False
        self.literal = 0
        self.at_row = False

    def first(self) -> str:
        """The first line that is not blank, which stays to be read."""
        while not self._first.strip() and (line := self._read()):
            self._first = line
        return self._first

    def skip(self) -> None:
        """Passes over the first line."""
        self._first = ""

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if line := self._first:
            self._first = ""
            return line
        if line := self._read():
            begins, self.at_row = self.at_row, False
            return _with_literal_quotes(line, self.literal) if begins and self.literal else line
        if self._ended:
            raise StopIteration
        self._ended = True
        return END

    def _read(self) -> str:
        line = "" if self.too_long else self._stream.readline(LONGEST_RECORD + 1)
        self.too_long = self.too_long or len(line) > LONGEST_RECORD
        self.number += bool(line)
        return "" if self.too_long else line


def _with_literal_quotes(line: str, columns: int) -> str:
    """A line of a table parted by tabs, with quotation marks that belong to the text made safe.

    Such tables often quote nothing, so a cell may well begin with a quotation. It is taken for one where
    marks come in pairs without enclosing the cell.

    >>> _with_literal_quotes('7\\t"a" b\\n', 2) == '"7"\\t' + '"' * 3 + 'a"" b"' + "\\n"
    True
    >>> _with_literal_quotes('7\\t"a b"\\n', 2)
    '7\\t"a b"\\n'
    """
    cells = line.rstrip("\r\n").split("\t")
    if len(cells) != columns or not any(map(_opens_with_quotation, cells)):
        return line
    return "\t".join('"' + cell.replace('"', '""') + '"' for cell in cells) + "\n"


def _opens_with_quotation(cell: str) -> bool:
    return cell.startswith('"') and cell.count('"') % 2 == 0 and not _QUOTED.fullmatch(cell)


def _table(lines: _Lines, options: Options) -> Iterator[Row | Fault]:
    if separator := _SEPARATOR_LINE.fullmatch(lines.first()):  # spreadsheets write sep=;
        lines.skip()
    delimiter = separator[1] if separator else delimiter_of(lines.first(), options.mapping)
    cells = csv.reader(lines, delimiter=delimiter)
    try:
        header = next(cells, [])
        fault = _header_fault(header, options)
    except csv.Error as error:
        fault = f"not a header: {error}"
    if fault:
        yield Fault("", fault)
        return
    lines.literal = len(header) if delimiter == "\t" else 0
    yield from _rows(cells, lines, header)


def delimiter_of(header: str, mapping: tuple[tuple[str, str], ...] = ()) -> str:
    """The delimiter of a header line: the one that gives the most known columns, then the most columns.

    >>> delimiter_of("id;title, subtitle;body"), delimiter_of('"a,b",c\\ttext')
    (';', '\\t')
    """

    def merit(delimiter: str) -> tuple[int, int]:
        names = _names(header, delimiter)
        known = columns_of(names, mapping)
        return sum(map(bool, known.values())), len(names)

    return max(DELIMITERS, key=merit)


def _names(header: str, delimiter: str) -> tuple[str, ...]:
    """The cells of a header line, cut outside quotes only."""
    kept = _QUOTED.sub(lambda quoted: quoted[0].replace(delimiter, " "), header)
    return tuple(name.strip(' "\r\n') for name in kept.split(delimiter))


def _header_fault(header: list[str], options: Options) -> str:
    """Why a table with this header cannot be read, or nothing."""
    if END_CELL in "".join(header[-1:]):
        return "the file is empty" if header == [END_CELL] else 'a quotation mark " is never closed'
    listed = ", ".join(name.strip() for name in header)[:500]
    known = columns_of(_stripped(header), options.mapping)
    for field, column in options.mapping:
        if not known[field]:
            return f"there is no column {column}; the columns are: {listed}"
    if not known["body"]:
        return f"no column holds the body; the columns are: {listed}. Name it with --map body=COLUMN"
    return ""


def _stripped(header: list[str]) -> tuple[str, ...]:
    return tuple(name.strip("\ufeff \t\r\n") for name in header)


def _rows(cells: Iterator[list[str]], lines: _Lines, header: list[str]) -> Iterator[Row | Fault]:
    names = _stripped(header)
    while True:
        at = f"line {lines.number + 1}"
        lines.at_row = True
        try:
            row = next(cells)
        except StopIteration:
            break
        except csv.Error as error:
            yield Fault(at, f"not a row: {error}")
            continue
        if END_CELL in "".join(row[-1:]):
            if row != [END_CELL]:
                yield Fault(at, 'a quotation mark " is never closed')
        elif any(row):
            yield _row(names, row, at)
    if lines.too_long:
        yield Fault(
            f"line {lines.number}", f"longer than {LONGEST_RECORD:,} characters; the rest was not read"
        )


def _row(names: tuple[str, ...], cells: list[str], at: str) -> Row | Fault:
    """The row of some cells. Empty ones may be missing or too many at the end; of two columns of one name
    the first that is filled counts."""
    if any(cells[len(names) :]):
        return Fault(at, f"{len(cells)} cells, but the header has {len(names)}; is a cell not quoted?")
    columns: dict[str, object] = {}
    for name, cell in zip(names, cells, strict=False):
        columns[name] = columns.get(name) or cell
    return Row(at, {name: columns.get(name) for name in names}, markup=True)
