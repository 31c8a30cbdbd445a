"""The parameters of the API and the pages: one row each, with its parser and its schema."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from indexer.export import FIELDS as EXPORT_FIELDS
from indexer.model import FACET_FIELDS, VALUE_FIELDS, Match, Operator, Sort
from indexer.query.dates import span
from indexer.series import Interval
from searchapp import cursor as cursors

LONGEST_QUERY = 1024
"""Code points that a query may have."""

LONGEST_FORM = 64
"""Code points of a form of a word."""

MOST_VALUES = 64
"""Values that a repeatable parameter may have."""

DEEPEST = 10_000
"""Hits that pages can be turned through; `export` gives all."""

MOST_SERIES = 4
"""Queries that can be compared."""

Where = Literal["both", "page", "api"]
Highlight = Literal["html", "offsets", "none"]
Format = Literal["json", "csv", "jsonl"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter.

    Attributes:
        parse: text → value; raises ValueError.
        expected: what a good value is, for people.
        schema: its JSON Schema, for programs that generate requests; None: any text.
        most: how often a repeatable one may be given.
        where: who takes it; elsewhere it is refused by name, on pages too.
    """

    name: str
    parse: Callable[[str], Any]
    expected: str
    schema: Mapping[str, Any] | None = None
    repeatable: bool = False
    most: int = MOST_VALUES
    where: Where = "both"


@dataclass(frozen=True, slots=True)
class Presentation:
    """How the answer is written down; `fields` are the columns of CSV and JSONL, none for the usual ones."""

    highlight: Highlight = "html"
    format: Format = "json"
    fields: tuple[str, ...] = ()


# --- parsers ----------------------------------------------------------------------------------------------


def one_of(*values: str) -> Callable[[str], str]:
    """A parser that takes these values only."""

    def parse(text: str) -> str:
        if text not in values:
            raise ValueError(text)
        return text

    return parse


def number(least: int, most: int, digits: str) -> Callable[[str], int]:
    """A parser of whole numbers in any script's digits; `digits` is a pattern of how many."""

    def parse(text: str) -> int:
        if not re.fullmatch(rf"\d{digits}", text) or not least <= int(text) <= most:
            raise ValueError(text)
        return int(text)

    return parse


def switch(text: str) -> bool:
    """1 or 0."""
    return {"1": True, "0": False}[one_of("1", "0")(text)]


def choice(text: str) -> tuple[bool, str]:
    """Whether a value is excluded, and the value.

    >>> choice("-قناة العالم")
    (True, 'قناة العالم')
    """
    value = unicodedata.normalize("NFC", text)
    excluded = value.startswith("-")
    value = value.removeprefix("-").strip()
    if not value or len(value) > LONGEST_QUERY:
        raise ValueError(text)
    return excluded, value


def list_of(*values: str) -> Callable[[str], tuple[str, ...]]:
    """A parser of some of these values with commas between them.

    >>> list_of("source", "year")("source, year")
    ('source', 'year')
    """
    one = one_of(*values)
    return lambda text: tuple(one(name.strip()) for name in text.split(",") if name.strip())


def word_form(text: str) -> str:
    """A single word, as it stands in a text.

    >>> word_form("والوزير")
    'والوزير'
    """
    if len(text) > LONGEST_FORM or len(text.split()) != 1:
        raise ValueError(text)
    return unicodedata.normalize("NFC", text)


# --- the table --------------------------------------------------------------------------------------------


def alternatives(values: Iterable[str]) -> str:
    return "one of " + ", ".join(values)


def _listed(name: str, values: tuple[str, ...], **more: Any) -> Parameter:
    return Parameter(name, one_of(*values), alternatives(values), {"enum": list(values)}, **more)


def _list(name: str, values: tuple[str, ...]) -> Parameter:
    expected = alternatives(values) + ", with commas between them"
    some = "|".join(values)
    schema = {"type": "string", "pattern": f"^({some})(,({some}))*$"}
    return Parameter(name, list_of(*values), expected, schema, repeatable=True)


def _switch(name: str) -> Parameter:
    return Parameter(name, switch, "1 or 0", {"enum": ["1", "0"]})


DATES = "a date such as 2020, 2020-07, 2020-07-21, 1441-12H or تموز 2020"

QUERY = f"a query of at most {LONGEST_QUERY} code points"

QUERY_TEXT: Mapping[str, Any] = {"type": "string", "maxLength": LONGEST_QUERY}

FILTERS = (
    *(
        Parameter(field, choice, f"the name of a {field}, with - before it to exclude it", repeatable=True)
        for field in VALUE_FIELDS
    ),
    Parameter(
        "year",
        number(1, 9999, "{4}"),
        "a year of four digits",
        {"type": "string", "pattern": "^[12][0-9]{3}$"},
        repeatable=True,
    ),
    Parameter("from", lambda text: span(text)[0], DATES),
    Parameter("to", lambda text: span(text)[1], DATES),
    _listed("match", get_args(Match)),
)
"""What narrows a query, and how its words match."""

LANG = _listed("lang", ("ar", "en"), where="page")

PAGE_SIZE = Parameter(
    "page_size",
    number(1, 100, "{1,3}"),
    "a number from 1 to 100",
    {"type": "integer", "minimum": 1, "maximum": 100, "default": 10},
)

SEARCH = (
    Parameter("q", str, QUERY, QUERY_TEXT),
    *FILTERS,
    _listed("operator", get_args(Operator)),
    _listed("sort", get_args(Sort)),
    PAGE_SIZE,
    Parameter(
        "page", number(1, DEEPEST, "{1,5}"), f"a page within the first {DEEPEST} results", where="page"
    ),
    Parameter("cursor", cursors.decode, "a cursor taken from links.next", where="api"),
    _list("facets", FACET_FIELDS),
    _listed("highlight", get_args(Highlight)),
    _listed("format", get_args(Format)),
    _list("fields", EXPORT_FIELDS),
    _switch("rescue"),
    _switch("strict"),
    _switch("forms"),
    Parameter("without", word_form, "one form of a word, which is not to be matched", repeatable=True),
    LANG,
)
"""All parameters of `search`."""

TIMELINE = (
    Parameter("q", str, QUERY, QUERY_TEXT, repeatable=True, most=MOST_SERIES),
    _listed("interval", get_args(Interval)),
    *FILTERS,
    _listed("format", ("json", "csv"), where="api"),
    LANG,
)
"""All parameters of `timeline`, and of the page that compares."""

ARTICLE = (_listed("format", ("json", "text")),)
CITE = (_listed("format", ("text", "ris")),)
SIMILAR = (PAGE_SIZE,)
ANALYZE = (Parameter("text", str, f"a text of at most {LONGEST_QUERY} code points", QUERY_TEXT),)
SUGGEST = (Parameter("q", str, QUERY, QUERY_TEXT),)
COVERAGE = (FILTERS[3], LANG)
"""Of the page of the archive: the year whose months it shows."""
