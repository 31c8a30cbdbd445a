"""Articles over time: exactly the parsed queries, nothing relaxed or rescued, by the engine's counts."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from indexer.answer import TIME_CAP, Desk, expanded, filters_of, understood
from indexer.model import Bucket, SearchRequest
from indexer.query.plan import All, Node, Not, Plan, Values

Interval = Literal["day", "week", "month", "year"]

MOST_SOURCES = 200
"""Sources that the coverage tells apart: the largest ones."""


@dataclass(frozen=True, slots=True)
class Series:
    """One query over time; `total` counts undated articles too, so it may exceed the sum of `points`."""

    q: str
    total: int
    points: tuple[Bucket, ...]


@dataclass(frozen=True, slots=True)
class Attention:
    """Several queries over the same time.

    Attributes:
        of: all articles of each span, under the filters of the first request.
        partial: the time cap was reached before a phrase was looked for in every text.
    """

    generation: str
    interval: Interval
    of: tuple[Bucket, ...]
    series: tuple[Series, ...]
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """One source and its articles by month; None collects the articles without a source."""

    source: str | None
    months: tuple[Bucket, ...]


def attention(requests: Sequence[SearchRequest], interval: Interval, desk: Desk) -> Attention:
    """How many articles answer each request, span by span, oldest first; empty spans are left out."""
    deadline = time.monotonic() + TIME_CAP
    series, partial = [], False
    for request in requests:
        plan, cut = exact_plan(request, desk, deadline)
        points = tuple(desk.engine.histogram(plan, interval))
        series.append(Series(request.q, desk.engine.count(plan), points))
        partial = partial or cut
    filters = filters_of(requests[0], desk.engine) if requests else All()
    of = tuple(desk.engine.histogram(Plan(All(), None, filters), interval))
    return Attention(desk.snapshot.manifest.generation, interval, of, tuple(series), partial)


def exact_plan(request: SearchRequest, desk: Desk, deadline: float = math.inf) -> tuple[Plan, bool]:
    """The plan of exactly the parsed query; true where the deadline cut it short."""
    query, _ = understood(request, desk)
    expansion, partial = expanded(request, query, desk, deadline)
    return Plan(expansion.plan.first, None, expansion.plan.filters), partial


def coverage(desk: Desk, sources: Sequence[Bucket]) -> tuple[Coverage, ...]:
    """The articles of each source by month, the largest source first.

    Args:
        sources: the source facet of the whole archive.
    """
    named = [bucket.value for bucket in sources if bucket.value]
    rows: list[tuple[str | None, Node]] = [(name, Values("source", (name,))) for name in named[:MOST_SOURCES]]
    if named:
        rows.append((None, Not(Values("source", tuple(named)))))
    else:
        rows.append((None, All()))
    counted = (Coverage(name, _months(desk, node)) for name, node in rows)
    return tuple(row for row in counted if row.months)


def _months(desk: Desk, node: Node) -> tuple[Bucket, ...]:
    months = desk.engine.histogram(Plan(All(), None, node), "month")
    return tuple(Bucket(month.value[:7], month.count) for month in months)
