"""The one text of a query tree: with Latin operators, and brackets that show what belongs together.

For every tree of normal form (`indexer.query.normal`), ``parse(canonical(tree)).query == tree``. Two
writings make that hold for any words, at any depth that the parser reads:

- A word that would be read as an operator gets a ``_`` before it, a sign that separates and is not
  searched: Word("OR") is ``_OR``. (As ``+OR``, ``OR~`` and ``title:OR`` it needs none.)
- Where brackets that only make things plainer would nest too deep, there are none of them; and where no
  deeper ones may be opened at all, words side by side are written as one chunk: ``NOT كوفيد_19``. They
  can only have come from one.
"""

from datetime import date
from itertools import accumulate

from indexer.query.dates import HIJRI_YEARS
from indexer.query.lexer import operator
from indexer.query.normal import MAX_DEPTH
from indexer.query.tree import (
    AllOf,
    AnyOf,
    Dates,
    Fuzzy,
    InField,
    Not,
    Phrase,
    Query,
    Wildcard,
    Word,
    Words,
)

BINDING: dict[type, int] = {AllOf: 0, Words: 1, AnyOf: 2, Not: 3, InField: 4, Dates: 4}
"""How tightly the text of each holds together; what is not listed holds tightest."""

TIGHTEST = 5


def canonical(query: Query) -> str:
    """The text whose parse is this tree.

    >>> from indexer.query.parser import parse
    >>> canonical(parse("عنوان:بغداد زيارة بوتين أو لافروف -«موسكو وكييف» تاريخ:2020/07").query)
    'title:بغداد زيارة (بوتين OR لافروف) NOT "موسكو وكييف" date:[2020-07-01 TO 2020-07-31]'
    """
    plain = _written(query, 0, None)
    return plain if _depth(plain) <= MAX_DEPTH else _written(query, 0, MAX_DEPTH)


def _written(query: Query, binding: int, room: int | None) -> str:
    """The query where its neighbours bind so tightly.

    Args:
        room: how many brackets may still be opened; None: all that make it plainer.
    """
    own = BINDING.get(type(query), TIGHTEST)
    if own < binding:
        return _bracketed(query, room)
    inner = BINDING[Not] if room is None else own + 1
    match query:
        case AllOf(children):
            return " AND ".join(_written(child, inner, room) for child in children)
        case Words(children):
            return " ".join(_written(child, inner, room) for child in children)
        case AnyOf(children):
            return " OR ".join(_written(child, inner, room) for child in children)
        case Not(child):
            return f"NOT {_written(child, own + 1, room)}"
        case InField(name, child):
            return f"{name}:{_written(child, TIGHTEST, room)}"
        case Word(text, plain=False) if binding < TIGHTEST and operator(text):
            return f"_{text}"
        case _:
            return _leaf(query)


def _bracketed(query: Query, room: int | None) -> str:
    if room is None:
        return f"({_written(query, 0, None)})"
    return _as_chunk(query) if room < 1 and _fits_chunk(query) else f"({_written(query, 0, room - 1)})"


def _depth(text: str) -> int:
    """How deep the brackets of a canonical text nest; it has no others.

    >>> _depth("a (b OR (c d)) (e)")
    2
    """
    return max(accumulate((char == "(") - (char == ")") for char in text))


def _leaf(query: Query) -> str:
    match query:
        case Word(text, plain):
            return f"+{text}" if plain else text
        case Wildcard(pattern):
            return pattern
        case Fuzzy(text, distance):
            return f"{text}~" if distance == 1 else f"{text}~{distance}"
        case Phrase(words, as_written, slop):
            return "=" * as_written + f'"{" ".join(words)}"' + ("" if slop is None else f"~{slop}")
        case Dates(first, last):
            return f"date:[{_day(first)} TO {_day(last)}]"
        case _:
            return "*"


def _day(day: date | None) -> str:
    """The day as ISO, marked where its year could also be a Hijri one."""
    if day is None:
        return "*"
    return day.isoformat() + "AD" * (day.year in HIJRI_YEARS)


def _fits_chunk(query: Query) -> bool:
    return isinstance(query, Words) and all(
        isinstance(child, Word | Wildcard | Fuzzy) for child in query.children
    )


def _as_chunk(query: Query) -> str:
    """Words side by side as one chunk, whose ``+`` holds for all of them."""
    written = [_leaf(child) for child in query.children] if isinstance(query, Words) else []
    plus = "+" * any(text.startswith("+") for text in written)
    return plus + "_".join(text.removeprefix("+") for text in written)
