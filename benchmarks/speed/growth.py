"""Growth: the same queries over ever more articles, and what small updates cost."""

import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from benchmarks.speed.building import add, emptied
from benchmarks.speed.corpus import CORPORA, Prepared, analysed, held, prepared, rows_of, spread, write_rows
from benchmarks.speed.effort import Effort, Updates
from benchmarks.speed.measure import Spent, percentile
from benchmarks.speed.peers.rasid import Rasid
from benchmarks.speed.queries import CROWD, Query, drawn, source_of
from benchmarks.speed.serving import Server, crowded, rasid_server, timed, total
from benchmarks.speed.wire import Client
from indexer.generations import open_snapshot

KINDS = ("common word", "middle word", "or 3", "and 2", "headline")
ROUNDS = 2
PATIENCE = 600.0
"""Seconds that an update may take."""


@dataclass(frozen=True, slots=True)
class Grown:
    """One engine at one size; times of queries are those of whole requests over HTTP, in ms.

    Attributes:
        update: seconds from the start of the first update's `rasid add` until a server finds its articles.
        small_update: the mean of the same for the small ones.
        after_p50, after_p95: after all updates.
        points: (postings of the query's words, ms) of every query before the updates.
    """

    engine: str
    articles: int
    build: float
    build_cpu: float
    peak_mb: float
    resident_mb: float
    anonymous_mb: float
    p50: float
    p95: float
    update: float
    small_update: float
    after_p50: float
    after_p95: float
    points: tuple[tuple[int, float], ...]


def grown(work: Path, engines: Sequence[Rasid], effort: Effort) -> Iterator[Grown]:
    """Every size by every engine."""
    queries: Sequence[Query] = ()
    crowd: Sequence[Query] = ()
    for size in effort.growth:
        made = prepared(work / str(size), rows_of(size + effort.updates.articles, CORPORA))
        base, parts = _parted(made, effort.updates)
        if not queries:
            queries, crowd = _queries(base, effort)
        for rasid in engines:
            folder = work / str(size) / rasid.engine
            spent = add(rasid.settings(emptied(folder)).home, base.articles_file, rasid.engine)
            yield _measured(rasid, folder, spent, queries, crowd, parts, effort)


def sizes_held(sizes: Sequence[int], updates: Updates) -> tuple[int, ...]:
    """The sizes that the corpora suffice for."""
    return tuple(size for size in sizes if size + updates.articles <= held(CORPORA))


def _parted(made: Prepared, updates: Updates) -> tuple[Prepared, list[Path]]:
    """The articles of a size, and the files of its updates, which are spread over it."""
    every = sum(1 for _ in made.rows())
    later = frozenset(spread(range(every), every, updates.articles))
    base = Prepared(made.folder / "base")
    base.folder.mkdir(exist_ok=True)
    write_rows(base.articles_file, (row for n, row in enumerate(made.rows()) if n not in later))
    rest = (row for n, row in enumerate(made.rows()) if n in later)
    files = []
    for n, count in enumerate((updates.first, *(updates.each,) * updates.times)):
        files.append(made.folder / f"update-{n}.jsonl")
        write_rows(files[-1], islice(rest, count))
    return base, files


def _queries(base: Prepared, effort: Effort) -> tuple[Sequence[Query], Sequence[Query]]:
    """What is timed, and what many clients ask."""
    analysed(base)
    source = source_of(base)
    timed_ = drawn(source, max(2, effort.each // 2), KINDS)
    crowd = drawn(source, effort.requests // 2 // len(CROWD), CROWD)
    return list(chain(*timed_.values())), list(chain(*crowd.values()))


def _measured(
    rasid: Rasid,
    folder: Path,
    spent: Spent,
    queries: Sequence[Query],
    crowd: Sequence[Query],
    parts: Sequence[Path],
    effort: Effort,
) -> Grown:
    home = rasid.settings(folder).home
    articles, postings = _postings(rasid, folder, queries)
    with rasid_server(rasid.name, home, rasid.engine) as server:
        before = _times(server, queries)
        after_many = crowded(server, crowd, effort.requests // 2, ROUNDS + 1)
        waits = [_until_found(server, home, part, rasid.engine) for part in parts]
        after = _times(server, queries)
    return Grown(
        engine=rasid.name,
        articles=articles,
        build=spent.wall,
        build_cpu=spent.cpu,
        peak_mb=spent.peak_mb,
        resident_mb=after_many.resident_mb,
        anonymous_mb=after_many.anonymous_mb,
        p50=percentile(before, 0.5),
        p95=percentile(before, 0.95),
        update=waits[0],
        small_update=statistics.mean(waits[1:]),
        after_p50=percentile(after, 0.5),
        after_p95=percentile(after, 0.95),
        points=tuple(zip(postings, before, strict=True)),
    )


def _postings(rasid: Rasid, folder: Path, queries: Sequence[Query]) -> tuple[int, list[int]]:
    """The number of articles; for each query how many postings its words have in bodies as written."""
    with closing(open_snapshot(rasid.settings(folder).index_folder).engine) as snapshot:
        return snapshot.articles, [
            sum(snapshot.df("folded", word) for word in query.words) for query in queries
        ]


def _times(server: Server, queries: Sequence[Query]) -> list[float]:
    """Each query's median over the rounds, after one that is not counted."""
    with Client(server.url) as client:
        turns = [timed(server, client, queries, turn) for turn in range(ROUNDS + 1)]
    return [statistics.median(times) for times in zip(*turns[1:], strict=True)]


def _until_found(server: Server, home: Path, part: Path, engine: str) -> float:
    """Seconds from the start of `rasid add` until the server finds the articles."""
    start = time.monotonic()
    with Client(server.url) as client, ThreadPoolExecutor(1) as pool:
        before = total(client)
        adding = pool.submit(add, home, part, engine)
        while total(client) <= before:
            if time.monotonic() > start + PATIENCE or (adding.done() and adding.exception()):
                raise RuntimeError(f"the articles of {part.name} are not found") from adding.exception()
            time.sleep(0.02)
        found = time.monotonic() - start
        adding.result()
    return found
