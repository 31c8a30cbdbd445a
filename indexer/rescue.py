"""The rescue ladder: other queries for one that finds nothing as typed, each with what it would find.

    keyboard ─▶ Latin letters ─▶ spelling ─▶ Arabic keys for a Latin name ─▶ fewer words ─▶ wider dates

A rung drafts queries (`indexer.drafts`), the archive counts them, and what finds nothing is dropped. The
first clear one is searched at once (`indexer.answer`), the others are offered. Figures: `docs/rescue.md`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from indexer.drafts import (
    Draft,
    Why,
    fewer_words_drafts,
    keyboard_drafts,
    latin_drafts,
    latin_keys_drafts,
    spelling_drafts,
    wider_dates_drafts,
)
from indexer.means import Means
from indexer.query import tree
from indexer.query.canonical import canonical

MOST_OFFERS = 5
MOST_COUNTS = 12
"""Drafts that are counted for one query: a count takes up to a millisecond in 30,000 articles."""

REREAD: tuple[Why, ...] = ("keyboard", "latin")
"""Rungs that read the same keys or letters anew: as good where no article has all the words."""

NARROWER: tuple[Why, ...] = ("fewer_words", "wider_dates")
"""Rungs that ask for less: not needed where what was meant is found."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Another query and the number of articles that it finds, never 0."""

    q: str
    why: Why
    total: int
    clear: bool


def offers(q: str, query: tree.Query, means: Means) -> tuple[Offer, ...]:
    """What a query that finds nothing as typed could become, likeliest first."""
    return _counted(_drafts(q, query, means), q, means)


def latin_offers(q: str, query: tree.Query, means: Means) -> tuple[Offer, ...]:
    """The Arabic readings of a query in Latin letters that finds something as typed: only offered."""
    return _counted((Draft(draft.query, draft.why) for draft in latin_drafts(query, means)), q, means)


def _counted(drafts: Iterable[Draft], q: str, means: Means) -> tuple[Offer, ...]:
    found: dict[str, Offer] = {}
    for draft in islice(drafts, MOST_COUNTS):
        if means.late() or len(found) >= MOST_OFFERS:
            break
        if draft.why in NARROWER and any(offer.clear for offer in found.values()):
            break
        text = canonical(draft.query)
        if text in found or (text == q and draft.why != "wider_dates"):
            continue
        wide = means.count_undated if draft.why == "wider_dates" else None
        total = (wide or means.count)(draft.query)
        if not total and draft.clear and draft.whole and draft.why in REREAD:
            total = means.count_any(draft.query)
        if total and not any((o.why, o.total) == ("latin", total) for o in found.values()):
            found[text] = Offer(text, draft.why, total, draft.clear)
    return tuple(found.values())


def _drafts(q: str, query: tree.Query, means: Means) -> Iterator[Draft]:
    typed_wrong = list(keyboard_drafts(q, means))
    yield from typed_wrong
    yield from (draft for draft in latin_drafts(query, means) if draft.clear or not typed_wrong)
    yield from spelling_drafts(query, means)
    yield from latin_keys_drafts(query, means)
    yield from wider_dates_drafts(query, means)
    yield from fewer_words_drafts(query, means)
