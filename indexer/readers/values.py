"""What readers take and give: frozen values, without logic beyond the check of options."""

from collections.abc import Mapping
from dataclasses import dataclass

from indexer.errors import ParameterError
from indexer.model import Article
from indexer.query.dates import ORDERS

FIELDS = ("id", "title", "body", "source", "author", "section", "url", "published")
"""The fields of an article that an input can fill."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the input: a file, and ``line 12``, ``record 3``, ``entry 2`` or nothing in it."""

    file: str
    at: str = ""

    def __reduce__(self) -> tuple[type["Place"], tuple[str, str]]:
        """Travels between processes as its fields (see `Article`)."""
        return Place, (self.file, self.at)


@dataclass(frozen=True, slots=True)
class Record:
    """An article that was read; `notes` say what was done to it (``markup removed``)."""

    article: Article
    place: Place
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A file or record that cannot become an article, and why."""

    place: Place
    reason: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file whose suffix is of no known format."""

    file: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Options:
    """How to read.

    Attributes:
        mapping: (field, column) pairs; a field named here is filled from that column alone.
        source: the source of every article, whatever the input says.
        date_order: how numbers such as 03/04/2018 are read, one of `ORDERS`.
        id_prefix: stands before every id that the input gives.

    Raises:
        ParameterError: `mapping` names an unknown field, or `date_order` is none.
    """

    mapping: tuple[tuple[str, str], ...] = ()
    source: str | None = None
    date_order: str = "dmy"
    id_prefix: str = ""

    def __post_init__(self) -> None:
        for name, _ in self.mapping:
            if name not in FIELDS:
                raise ParameterError("map", f"{name} is no field; expected one of {', '.join(FIELDS)}")
        if self.date_order not in ORDERS:
            raise ParameterError("date-order", f"{self.date_order}; expected one of {', '.join(ORDERS)}")


@dataclass(frozen=True, slots=True)
class Row:
    """What a format finds where an article should be: columns and their values, still of any type.

    Attributes:
        markup: HTML in the title and the body is not the author's and is taken out.
    """

    at: str
    columns: Mapping[str, object]
    markup: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """A place in a file that gives no row, and why."""

    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What reading a file would give.

    Attributes:
        columns: (column, field it fills or None), in the order of the file.
        samples: the first three articles.
        records, refused: how many there are of each.
        faults: the first twenty of what is refused.
    """

    file: str
    format: str
    encoding: str
    columns: tuple[tuple[str, str | None], ...]
    samples: tuple[Record, ...]
    records: int
    refused: int
    faults: tuple[Refused, ...]
