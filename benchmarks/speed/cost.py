"""What Rasid may cost, and what a run says about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from benchmarks.speed.building import WHOLE, WRITER, Built
from benchmarks.speed.searching import FIRST, STOCK, Searched, counterpart
from benchmarks.speed.serving import Served

ARTICLES = 30_175
"""The size that time and memory of adding are promised for."""

MOST_MINUTES = 15
MOST_MB = 1_000
MOST_MS = 150
RASID = "Rasid, whoosh"


@dataclass(frozen=True, slots=True)
class Aim:
    """One promise; `kept` is None where the run is too small to tell."""

    what: str
    wanted: str
    measured: str
    kept: bool | None


def aims(
    articles: int, indexed: Sequence[Built], searched: Sequence[Searched], served: Sequence[Served]
) -> Iterator[Aim]:
    """Every promise of the default engine; over fewer articles than it is made for only what was measured."""
    told = (*_adding(articles, indexed), *_answers(served), *_no_slower(searched), *_writes(indexed))
    for aim in told:
        yield aim if articles >= ARTICLES else replace(aim, kept=None)


def _adding(articles: int, indexed: Sequence[Built]) -> Iterator[Aim]:
    for whole in indexed:
        if (whole.participant, whole.work) == (RASID, WHOLE):
            yield Aim(
                f"`rasid add` of {articles:,} articles, minutes",
                f"≤ {MOST_MINUTES} for {ARTICLES:,}",
                f"{whole.wall / 60:.1f}",
                whole.wall <= MOST_MINUTES * 60,
            )
            yield Aim(
                "its memory, all processes, MB",
                f"≤ {MOST_MB:,}",
                f"{whole.peak_mb:.0f}",
                whole.peak_mb <= MOST_MB,
            )


def _answers(served: Sequence[Served]) -> Iterator[Aim]:
    for each in served:
        if each.server == RASID:
            what = f"whole answer over HTTP with facets, {each.kind}: p95 ms"
            yield Aim(what, f"≤ {MOST_MS}", f"{each.p95:.0f}", each.p95 <= MOST_MS)


def _no_slower(searched: Sequence[Searched]) -> Iterator[Aim]:
    """Against stock Whoosh in every class that it has."""
    found = {(each.kind, each.participant): each for each in searched}
    for name, what in ((RASID, "warm"), (f"{RASID}, {FIRST}", f"{FIRST} of both")):
        rows = [
            (each, found.get((each.kind, counterpart(name)))) for each in searched if each.participant == name
        ]
        pairs = [(each, other) for each, other in rows if other]
        slower = [each.kind for each, other in pairs if each.p50 > other.p50 or each.p95 > other.p95]
        if pairs:
            least = min(other.p50 / max(each.p50, 1e-9) for each, other in pairs)
            yield Aim(
                f"the whoosh engine against stock Whoosh, {what}: classes no slower, by p50 and p95",
                f"all {len(pairs)}",
                f"{len(pairs) - len(slower)}; least {least:.1f} times as fast by p50"
                + (f"; slower: {', '.join(slower)}" if slower else ""),
                not slower,
            )


def _writes(indexed: Sequence[Built]) -> Iterator[Aim]:
    """CPU of the writer with its analysis against stock Whoosh's, which gets ready terms of one field."""
    found = {each.participant: each.cpu for each in indexed if each.work == WRITER}
    if RASID in found and STOCK in found:
        yield Aim(
            "its writer, analysis and eight fields, against stock Whoosh's of one field: CPU s",
            f"≤ {found[STOCK]:.1f}",
            f"{found[RASID]:.1f}",
            found[RASID] <= found[STOCK],
        )
