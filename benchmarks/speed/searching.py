"""Searching measured: all participants in turn, class by class, for several rounds."""

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed.building import folder_of
from benchmarks.speed.measure import Pass, Search, passed, percentile, steady
from benchmarks.speed.peers import Participant
from benchmarks.speed.queries import Query

STOCK = "stock Whoosh"

FIRST = "first use"
"""Said after the name of a participant whose snapshot was opened just before."""

SAME_TERMS = (
    "common word",
    "middle word",
    "rare word",
    "or 2",
    "or 3",
    "and 2",
    "and 3",
    "phrase 2",
    "phrase 3",
)
"""Classes in which whoever indexes the same terms must find as many articles."""

Passes = dict[tuple[str, str], list[Pass]]
"""(class, participant) → its passes."""


@dataclass(frozen=True, slots=True)
class Searched:
    """The times of one participant over the queries of one class, in ms.

    Attributes:
        p50, p95: over queries, of each query's median over the rounds.
        cpu: processor time of a query, the median over the rounds of their means.
        agrees: the share of queries for which it finds as many articles as stock Whoosh; None where it
            does not tell, or has other terms.
    """

    kind: str
    participant: str
    queries: int
    p50: float
    p95: float
    cpu: float
    agrees: float | None


def searched(
    work: Path, taking_part: Sequence[Participant], queries: Mapping[str, Sequence[Query]], rounds: int
) -> Iterator[Searched]:
    """Every class by every participant that has it."""
    passes: Passes = {}
    with ExitStack() as stack:
        opened = {each.name: stack.enter_context(each.open(folder_of(work, each))) for each in taking_part}
        _warmed(taking_part, opened, queries)
        for turn in range(rounds):
            order = [*taking_part[turn % len(taking_part) :], *taking_part[: turn % len(taking_part)]]
            for kind, asked in queries.items():
                for participant in order:
                    if kind in participant.classes:
                        _round(passes, work, participant, opened[participant.name], kind, asked)
    for kind in queries:
        yield from _told(kind, passes)


def _warmed(
    taking_part: Sequence[Participant],
    opened: Mapping[str, Search],
    queries: Mapping[str, Sequence[Query]],
) -> None:
    """Every query once, not timed: files are in memory and caches are filled for all alike."""
    for participant in taking_part:
        for kind in queries.keys() & participant.classes:
            for query in queries[kind]:
                opened[participant.name](query)


def _round(
    passes: Passes, work: Path, participant: Participant, search: Search, kind: str, asked: Sequence[Query]
) -> None:
    name, cpu = participant.name, participant.cpu
    if participant.warms:
        with participant.open(folder_of(work, participant)) as fresh:
            passes.setdefault((kind, f"{name}, {FIRST}"), []).append(passed(fresh, asked, cpu))
    passes.setdefault((kind, name), []).append(passed(search, asked, cpu))


def counterpart(participant: str) -> str:
    """Whom a participant is compared with: stock Whoosh, in its first use where that is measured.

    >>> counterpart("Rasid, whoosh, first use")
    'stock Whoosh, first use'
    """
    return f"{STOCK}, {FIRST}" if participant.endswith(FIRST) else STOCK


def _told(kind: str, passes: Passes) -> Iterator[Searched]:
    stock = passes.get((kind, STOCK))
    for (of, name), found in passes.items():
        if of == kind:
            times = steady(found)
            yield Searched(
                kind,
                name,
                len(times),
                percentile(times, 0.5),
                percentile(times, 0.95),
                statistics.median(each.cpu for each in found),
                _agreement(found[0].totals, stock[0].totals) if stock and _same(kind, name) else None,
            )


def _same(kind: str, name: str) -> bool:
    told: Callable[[str], bool] = name.startswith
    return kind in SAME_TERMS and (told("Rasid") or told("tantivy"))


def _agreement(totals: Sequence[int], others: Sequence[int]) -> float:
    return sum(one == other for one, other in zip(totals, others, strict=True)) / len(totals)
