"""What an engine is asked: terms with weights, phrases, booleans, filters. Nothing here is Arabic any more.

Every node selects articles; those in the first half also score them. A score is a sum of BM25 scores
times weights; filters score 0.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

TEXT_FIELDS = ("written", "folded", "light", "stem")
"""The four views of a token that are indexed for the body; with ``title_`` before it, for the title."""

POSITION_FIELDS = ("folded", "title_folded")
"""The fields that keep positions, so that phrases can be asked of them."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Any of some terms of one field.

    Attributes:
        terms: (term, weight) pairs; a weight multiplies the term's BM25 score.
        combine: an article's score is the `sum` or the `max` over the terms it has.
    """

    field: str
    terms: tuple[tuple[str, float], ...]
    combine: Literal["sum", "max"] = "sum"

    def __hash__(self) -> int:
        """Of a few: nodes are looked up often, and hundreds of terms take longer to hash than to compare."""
        return hash((self.field, len(self.terms), self.terms[:1]))


@dataclass(frozen=True, slots=True)
class Phrase:
    """Terms near each other in a field of `POSITION_FIELDS`.

    Attributes:
        slots: for each place its alternative terms.
        slop: None: the slots stand next to each other in order. n: all within n words, in any order
            (the farthest two are at most n words apart; n = 1 means next to each other).
        weight: multiplies the score, which is the sum over slots of their best term's BM25 score.
    """

    field: str
    slots: tuple[tuple[str, ...], ...]
    slop: int | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Or:
    """Any child; scores add up.

    Attributes:
        coverage: the sum is multiplied by (share of the children that an article has) to this power, each
            child weighing as much as it is rare. 0: what is missing costs nothing.
    """

    children: tuple["Node", ...]
    coverage: float = 0.0


@dataclass(frozen=True, slots=True)
class And:
    """Every child; scores add up."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Every article that the child does not select."""

    child: "Node"


@dataclass(frozen=True, slots=True)
class Days:
    """Articles whose day lies in first … last (proleptic ordinals as of `date.toordinal`), ends included."""

    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class Values:
    """Articles whose `source`, `section` or `author` is one of these, letter for letter."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ids:
    """Articles of these ids."""

    ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class All:
    """Every article."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No article."""


Node = Terms | Phrase | Or | And | Not | Days | Values | Ids | All | Nothing


def days(first: date | None, last: date | None) -> Days:
    """Articles of these days; None: open."""
    return Days(first.toordinal() if first else None, last.toordinal() if last else None)


def any_of(nodes: Sequence[Node], coverage: float = 0.0) -> Node:
    """What any of some nodes selects; nothing where there is none."""
    if not nodes:
        return Nothing()
    return nodes[0] if len(nodes) == 1 else Or(tuple(nodes), coverage)


def every(nodes: Sequence[Node]) -> Node:
    """What all of some nodes select; every article where there is none."""
    kept = [node for node in nodes if not isinstance(node, All)]
    if not kept:
        return All()
    return kept[0] if len(kept) == 1 else And(tuple(kept))


@dataclass(frozen=True, slots=True)
class Plan:
    """A ranked question in two groups.

    Attributes:
        first: selects the first group.
        rest: selects every article worth showing, the first group's among them or not, and scores
            both groups; None: there is no second group and `first` scores.
        filters: both groups are cut down to it.
        words: the query's content words in order, to re-rank the first hits by: each its folded form,
            then its folded forms with an article. None: no re-ranking.
    """

    first: Node
    rest: Node | None = None
    filters: Node = All()
    words: tuple[tuple[str, ...], ...] = ()


WORD_BITS = (1 << 64) - 1


def term_mark(field: str, term: str) -> int:
    """The share of one occurrence of a term in an article's fingerprint: 64 bits, summed modulo 2⁶⁴."""
    data = f"{field}\0{term}".encode()
    return (zlib.crc32(data) << 32 | zlib.adler32(data[::-1])) & WORD_BITS
