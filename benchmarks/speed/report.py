"""A run as Markdown tables: printed, and put into docs/performance.md between its markers.

The page holds the prose; `<!-- name -->` and `<!-- /name -->` stand around what a run writes anew. What a run
did not measure stays as an earlier one left it, so growth tells its own date.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.speed import plots
from benchmarks.speed.building import READY, WHOLE, WRITER, Built
from benchmarks.speed.corpus import ROOT
from benchmarks.speed.cost import aims
from benchmarks.speed.effort import Effort, Updates
from benchmarks.speed.growth import Grown
from benchmarks.speed.measure import Machine
from benchmarks.speed.peers.ready import TantivyReady
from benchmarks.speed.searching import STOCK, Searched, counterpart
from benchmarks.speed.serving import CLIENTS, Kept, Served

NODE = "OpenSearch"
PAGE = ROOT / "docs" / "performance.md"


@dataclass(frozen=True, slots=True)
class Run:
    """All that one run measured, as its JSON file holds it.

    Attributes:
        load_before, load_after: of the machine, over a minute.
        absent: who did not take part, and what would have to be done.
    """

    date: str
    articles: int
    effort: Effort
    machine: Machine
    load_before: float
    load_after: float
    seconds: float
    absent: dict[str, str]
    indexed: tuple[Built, ...]
    searched: tuple[Searched, ...]
    served: tuple[Served, ...]
    kept: tuple[Kept, ...]
    growth: tuple[Grown, ...]


def document(run: Run) -> str:
    """A run as it is kept: JSON, numbers with four decimals."""
    exact = json.dumps(asdict(run))
    rounded = json.loads(exact, parse_float=lambda number: round(float(number), 4))
    return json.dumps(rounded, ensure_ascii=False, indent=1) + "\n"


def run_of(told: dict[str, Any]) -> Run:
    """A run as it was kept."""
    rows: dict[str, type] = {
        "indexed": Built, "searched": Searched, "served": Served, "kept": Kept, "growth": Grown
    }  # fmt: skip
    lists = {name: tuple(row(**each) for each in told[name]) for name, row in rows.items()}
    effort = Effort(**{**told["effort"], "updates": Updates(**told["effort"]["updates"])})
    return Run(**{**told, **lists, "effort": effort, "machine": Machine(**told["machine"])})


def text(run: Run) -> str:
    """All tables of a run."""
    parts = (f"## {name}\n\n" + "\n".join(lines(run)) for name, lines in SECTIONS.items() if _has(run, name))
    return "\n\n".join(parts)


def save(run: Run, page: Path = PAGE) -> None:
    """Writes the page's tables and plots anew."""
    told = page.read_text("utf-8")
    for name, lines in SECTIONS.items():
        if _has(run, name):
            told = put(told, name, "\n".join(lines(run)))
    page.write_text(told, "utf-8")
    (page.parent / "performance-queries.svg").write_text(plots.queries(run.searched), "utf-8")
    if run.growth:
        (page.parent / "performance-growth.svg").write_text(plots.growth(run.growth), "utf-8")


def put(page: str, name: str, lines: str) -> str:
    """The page with other lines between the markers of a name.

    >>> put("a\\n<!-- x -->\\nold\\n<!-- /x -->\\nb", "x", "new")
    'a\\n<!-- x -->\\n\\nnew\\n\\n<!-- /x -->\\nb'
    """
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    if start not in page or end not in page:
        raise ValueError(f"the page has no markers {start} and {end}")
    return re.sub(
        f"{re.escape(start)}.*?{re.escape(end)}",
        lambda _: f"{start}\n\n{lines}\n\n{end}",
        page,
        flags=re.DOTALL,
    )


def _has(run: Run, name: str) -> bool:
    return bool(run.growth) if name == "growth" else True


# --- sections ---------------------------------------------------------------------------------------------


def about(run: Run) -> Iterator[str]:
    """When, on what, and who was missing."""
    on = run.machine
    facts = (
        f"{run.articles:,} articles",
        run.date.replace("T", " ").replace("+00:00", " UTC"),
        f"{on.cores} cores of {on.processor or 'an unnamed processor'}",
        f"{on.memory_gb:g} GB",
        on.system,
        f"Python {on.python}, " + ", ".join(f"{name} {number}" for name, number in on.packages),
        f"load {run.load_before} before and {run.load_after} after",
        f"{run.effort.rounds} rounds of {run.effort.each} queries a class",
        f"took {run.seconds / 60:.0f} min",
    )
    yield " · ".join(facts) + "."
    for name, why in run.absent.items():
        yield f"\nNot there: {name} ({why})."


def cost(run: Run) -> Iterator[str]:
    """What is promised, and whether it is kept."""
    yield from table(
        ("what", "aim", "measured", "kept"),
        (
            (aim.what, aim.wanted, aim.measured, "" if aim.kept is None else "yes" if aim.kept else "**no**")
            for aim in aims(run.articles, run.indexed, run.searched, run.served)
        ),
    )


def searching(run: Run) -> Iterator[str]:
    """Milliseconds of every class and participant."""
    yield from _by_class(run.searched, lambda each: f"{ms(each.p50)} / {ms(each.p95)}")


def ratios(run: Run) -> Iterator[str]:
    """How many times as fast as stock Whoosh each one is."""
    found = {(each.kind, each.participant): each for each in run.searched}

    def cell(each: Searched) -> str:
        other = found.get((each.kind, counterpart(each.participant)))
        return f"{ratio(other.p50, each.p50)} / {ratio(other.p95, each.p95)}" if other else ""

    others = [each for each in run.searched if not each.participant.startswith(STOCK)]
    yield from _by_class([each for each in others if (each.kind, STOCK) in found], cell)
    agreed: dict[str, list[float]] = {}
    for each in run.searched:
        if each.agrees is not None:
            agreed.setdefault(each.participant, []).append(each.agrees)
    shares = ", ".join(f"{name} {sum(found) / len(found):.1%}" for name, found in agreed.items())
    yield f"\nWords, AND, OR and phrases that find as many articles as in stock Whoosh: {shares}."


def processor(run: Run) -> Iterator[str]:
    """Processor time of a query."""
    yield from _by_class(run.searched, lambda each: ms(each.cpu))


def indexing(run: Run) -> Iterator[str]:
    """Seconds and memory of every build."""
    yield from table(
        ("", "work", "seconds", "CPU s", "times as fast, seconds / CPU", "peak MB", "index MB"),
        (
            (each.participant, each.work, f"{each.wall:.1f}", f"{each.cpu:.1f}", _speed(each, run.indexed),
             f"{each.peak_mb:.0f}" if each.peak_mb else "", f"{each.size_mb:.1f}")
            for each in run.indexed
        ),
    )  # fmt: skip


def _speed(built: Built, indexed: Sequence[Built]) -> str:
    """Against stock Whoosh's writer, OpenSearch's whole way, and tantivy's writer of the same fields."""
    others = ((WRITER, STOCK), (WHOLE, NODE), (READY, TantivyReady.name))
    for other in indexed:
        if (other.work, other.participant) in others and other.work == built.work:
            return f"{ratio(other.wall, built.wall)} / {ratio(other.cpu, built.cpu)}"
    return ""


def serving(run: Run) -> Iterator[str]:
    """Whole requests over HTTP."""
    servers = list(dict.fromkeys(each.server for each in run.served))
    found = {(each.kind, each.server): each for each in run.served}

    def cell(each: Served) -> str:
        other = found.get((each.kind, NODE))
        times = f"{ms(each.p50)} / {ms(each.p95)}"
        if other in (None, each):
            return times
        return f"{times} (× {ratio(other.p50, each.p50)} / {ratio(other.p95, each.p95)})"

    kinds = dict.fromkeys(each.kind for each in run.served)
    rows = ((kind, *(cell(found[kind, name]) for name in servers)) for kind in kinds)
    yield from table(("p50 / p95 ms", *servers), rows)
    yield ""
    yield from table(
        ("", "requests", f"a second, {CLIENTS} clients", "resident MB", "of it anonymous MB"),
        (
            (each.server, f"{each.requests:,}", f"{each.per_second:.0f}",
             f"{each.resident_mb:.0f}", f"{each.anonymous_mb:.0f}")
            for each in run.kept
        ),
    )  # fmt: skip


def growing(run: Run) -> Iterator[str]:
    """The same over ever more articles."""
    yield f"{run.date[:10]}, load {run.load_before} before and {run.load_after} after.\n"
    yield from table(
        ("", "articles", "added in s", "CPU s", "peak MB", "server MB (anonymous)", "p50 / p95 ms",
         f"{run.effort.updates.first} more found after s", f"{run.effort.updates.each} more found after s",
         f"p50 / p95 ms after {run.effort.updates.times} updates"),
        (
            (each.engine, f"{each.articles:,}", f"{each.build:.0f}", f"{each.build_cpu:.0f}",
             f"{each.peak_mb:.0f}", f"{each.resident_mb:.0f} ({each.anonymous_mb:.0f})",
             f"{ms(each.p50)} / {ms(each.p95)}", f"{each.update:.1f}", f"{each.small_update:.1f}",
             f"{ms(each.after_p50)} / {ms(each.after_p95)}")
            for each in sorted(run.growth, key=lambda each: each.engine)
        ),
    )  # fmt: skip


SECTIONS: dict[str, Callable[[Run], Iterable[str]]] = {
    "run": about,
    "cost": cost,
    "searching": searching,
    "ratios": ratios,
    "processor": processor,
    "indexing": indexing,
    "serving": serving,
    "growth": growing,
}
"""Marker of the page → what a run writes there."""


# --- cells ------------------------------------------------------------------------------------------------


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A Markdown table."""
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _by_class(searched: Sequence[Searched], cell: Callable[[Searched], str]) -> Iterator[str]:
    names = list(dict.fromkeys(each.participant for each in searched))
    found = {(each.kind, each.participant): cell(each) for each in searched}
    kinds = dict.fromkeys(each.kind for each in searched)
    yield from table(
        ("", *names), ((kind, *(found.get((kind, name), "") for name in names)) for kind in kinds)
    )


def ms(value: float) -> str:
    """Milliseconds with three figures that count.

    >>> ms(0.01234), ms(1.234), ms(123.4)
    ('0.012', '1.23', '123')
    """
    digits = next((digits for below, digits in ((0.1, 3), (10, 2), (100, 1)) if value < below), 0)
    return f"{value:.{digits}f}"


def ratio(one: float, other: float) -> str:
    """How many times the other one goes into the first."""
    times = one / max(other, 1e-9)
    return f"{times:.1f}" if times < 10 else f"{times:.0f}"
