"""Forms: the terms that a word of a query stands for, each with its weight and the way to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import get_args

from indexer.analysis import fold
from indexer.model import Match, Via

WAYS: tuple[Via, ...] = get_args(Via)
"""The ways from a word of a query to a word of a text, the nearest first."""

LEVELS: dict[Match, frozenset[Via]] = {
    "exact": frozenset(WAYS[:1]),
    "spelling": frozenset(WAYS[:2]),
    "stem": frozenset(WAYS[:5]),
    "wide": frozenset(WAYS),
}
"""What counts as a form of the word at each level of `match`."""

EXCLUDED = frozenset(WAYS[:3])
"""What an exclusion takes out: stems merge too much to throw articles away by them."""


@dataclass(frozen=True, slots=True)
class Form:
    """One term that a word of the query stands for, in one view, and the way to it."""

    view: str
    term: str
    weight: float
    via: Via


Slot = tuple[Form, ...]
"""The forms that may stand in one place."""


@dataclass(frozen=True)
class Reading:
    """What one clause of the query looks for in a text.

    Attributes:
        query: the clause as typed.
        sequences: for a single word one sequence of one slot; for phrases, slots in order.
        slop: as in `tree.Phrase`.
        field: `title` or `body` where the clause looks into one only.
    """

    query: str
    sequences: tuple[tuple[Slot, ...], ...]
    slop: int | None = None
    field: str | None = None

    @cached_property
    def ways(self) -> tuple[tuple[dict[tuple[str, str], Via], ...], ...]:
        """Per sequence and slot: (view, term) → the nearest via."""
        return tuple(tuple(_nearest(slot) for slot in sequence) for sequence in self.sequences)

    @cached_property
    def wanted(self) -> frozenset[tuple[str, str]]:
        """All (view, term) pairs that it looks for; a word as written by its folded form."""
        forms = (form for sequence in self.sequences for slot in sequence for form in slot)
        return frozenset(
            ("folded", fold(form.term)) if form.view == "written" else (form.view, form.term)
            for form in forms
        )


def _nearest(slot: Iterable[Form]) -> dict[tuple[str, str], Via]:
    farthest_first = sorted(slot, key=lambda form: WAYS.index(form.via), reverse=True)
    return {(form.view, form.term): form.via for form in farthest_first}


def folded_terms(slot: Sequence[Form]) -> tuple[str, ...]:
    """The folded words that may stand in a slot."""
    return tuple(dict.fromkeys(form.term for form in slot if form.view == "folded"))
