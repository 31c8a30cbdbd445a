"""What a query is: one immutable tree, and its canonical text.

    Query = Everything | Word | Phrase | Wildcard | Fuzzy | Dates | InField
          | Not | AnyOf | AllOf | Words

`Words` is what stands side by side; the request's `operator` says how many of them must match.
`position` is where a clause starts in the query as typed (code points); it takes no part in equality.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Level = Literal["auto", "plain"]
FieldName = Literal["title", "body", "source", "author", "section"]


@dataclass(frozen=True, slots=True)
class Everything:
    """All articles: an empty query, or ``*``."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as typed. `plain` (``+word``) is matched without stemming."""

    text: str
    plain: bool = False
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words next to each other.

    Attributes:
        words: as typed, at least one.
        as_written: ``="…"``, marks included.
        slop: None for an exact phrase; n for ``"…"~n``: within n words, any order.
    """

    words: tuple[str, ...]
    as_written: bool = False
    slop: int | None = None
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Wildcard:
    """``كاظ*``: `*` any letters, `?` one letter, over normalised unstemmed words."""

    pattern: str
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """``كلمة~2``: within `distance` (1 or 2) edits over normalised letters."""

    text: str
    distance: int = 1
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Dates:
    """Articles of these days, both ends included; None is open."""

    first: date | None
    last: date | None
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class InField:
    """A clause that looks into one field only."""

    name: FieldName
    child: "Query"
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """Articles that do not match the child."""

    child: "Query"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """``a OR b``: two children or more."""

    children: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """``a AND b``: two children or more, all asked for."""

    children: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Clauses side by side: two children or more."""

    children: tuple["Query", ...]


Query = Everything | Word | Phrase | Wildcard | Fuzzy | Dates | InField | Not | AnyOf | AllOf | Words
