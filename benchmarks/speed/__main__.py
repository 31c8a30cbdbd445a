"""Rasid's speed beside its peers, over the same articles in one run.

    python -m benchmarks.speed                              3,000 articles
    python -m benchmarks.speed --articles 30175             another number
    python -m benchmarks.speed --full                       30,175 articles, and growth to 85,000
    python -m benchmarks.speed --opensearch start           with an OpenSearch node of its own; or a URL
    python -m benchmarks.speed --save                       write docs/performance.md anew

The figures are printed and kept in `benchmarks/runs`. What they mean is told in docs/performance.md.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.speed import report
from benchmarks.speed.building import Built, built, folder_of
from benchmarks.speed.corpus import held, prepared, rows_of
from benchmarks.speed.effort import FULL_ARTICLES, FULL_GROWTH, Effort, effort_for
from benchmarks.speed.growth import grown, sizes_held
from benchmarks.speed.measure import load, machine
from benchmarks.speed.peers import Participant, participants
from benchmarks.speed.peers.node import OpenSearch, node_at
from benchmarks.speed.peers.rasid import Rasid
from benchmarks.speed.queries import CROWD, Query, drawn, source_of
from benchmarks.speed.report import Run
from benchmarks.speed.searching import searched
from benchmarks.speed.serving import Kept, Served, crowded, node_server, rasid_server, served
from indexer.analysis import analysis_version

RUNS = Path(__file__).parents[1] / "runs"
MANY = 100
"""More than the rounds: what many clients ask was never asked by that address before."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures, prints and keeps the figures."""
    given = _arguments(arguments)
    if given.page_of:
        report.save(report.run_of(json.loads(given.page_of.read_text("utf-8"))))
        return
    count = min(FULL_ARTICLES if given.full else given.articles, held())
    effort = effort_for(count)
    wanted = given.growth or (FULL_GROWTH if given.full else ())
    effort = replace(effort, growth=sizes_held(wanted, effort.updates))
    given.runs.mkdir(parents=True, exist_ok=True)
    path = given.runs / f"speed-{'full' if given.full else count}.json"
    with ExitStack() as stack:
        work = given.keep or Path(stack.enter_context(TemporaryDirectory(prefix="rasid-speed-")))
        url = stack.enter_context(node_at(given.opensearch, work / "node"))
        for run in measured(work, count, effort, participants(url)):
            path.write_text(report.document(run), "utf-8")
    print(report.text(run))
    _tell(f"kept in {path}")
    if given.save:
        report.save(run)


def measured(work: Path, count: int, effort: Effort, everyone: Sequence[Participant]) -> Iterator[Run]:
    """All parts, one after the other: the run before growth, and after each step of it."""
    start, date, before = time.monotonic(), datetime.now(UTC), load()
    absent = {each.name: why for each in everyone if (why := each.absent())}
    taking_part = [each for each in everyone if each.name not in absent]
    _tell(f"{count} articles; absent: {absent or 'nobody'}")
    made = prepared(work / f"{count}-{analysis_version()}", rows_of(count))
    indexed = tuple(_told(built(made, made.folder, taking_part)))
    source = source_of(made)
    queries = drawn(source, effort.each)
    _tell("searching")
    times = tuple(searched(made.folder, taking_part, queries, effort.rounds))
    _tell("serving")
    crowd = drawn(source, effort.requests // len(CROWD), CROWD)
    over_http, kept = _served(made.folder, taking_part, queries, list(chain(*crowd.values())), effort)
    run = Run(
        date=date.isoformat(timespec="minutes"),
        articles=count,
        effort=effort,
        machine=machine(),
        load_before=before,
        load_after=load(),
        seconds=round(time.monotonic() - start, 1),
        absent=absent,
        indexed=indexed,
        searched=times,
        served=over_http,
        kept=kept,
        growth=(),
    )
    yield run
    for step in grown(work / "growth", [each for each in taking_part if isinstance(each, Rasid)], effort):
        _tell(f"{step.articles} articles in {step.engine}: {step.build:.1f} s")
        seconds = round(time.monotonic() - start, 1)
        run = replace(run, growth=(*run.growth, step), load_after=load(), seconds=seconds)
        yield run


def _told(indexed: Iterable[Built]) -> Iterator[Built]:
    for each in indexed:
        _tell(f"{each.participant}, {each.work}: {each.wall:.1f} s")
        yield each


def _served(
    work: Path,
    taking_part: Sequence[Participant],
    queries: dict[str, list[Query]],
    crowd: Sequence[Query],
    effort: Effort,
) -> tuple[tuple[Served, ...], tuple[Kept, ...]]:
    with ExitStack() as stack:
        servers = []
        for each in taking_part:
            if isinstance(each, Rasid):
                home = each.settings(folder_of(work, each)).home
                servers.append(stack.enter_context(rasid_server(each.name, home, each.engine)))
            elif isinstance(each, OpenSearch):
                servers.append(node_server(each))
        times = tuple(served(servers, queries, effort.rounds))
        kept = tuple(crowded(server, crowd, effort.requests, MANY) for server in servers)
    return times, kept


def _tell(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "benchmarks.speed", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=3_000)
    parser.add_argument("--full", action="store_true", help=f"{FULL_ARTICLES} articles, and growth")
    parser.add_argument("--growth", type=_sizes, metavar="N,N", help="numbers of articles to grow through")
    parser.add_argument("--opensearch", metavar="URL", help="a running node; `start` starts one")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the peers' indexes for the next run")
    parser.add_argument("--runs", type=Path, default=RUNS, metavar="DIR", help="where the figures go")
    parser.add_argument("--save", action="store_true", help="write docs/performance.md anew")
    parser.add_argument("--page-of", type=Path, metavar="FILE", help="only write the page, from kept figures")
    return parser.parse_args(arguments)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


if __name__ == "__main__":
    main()
