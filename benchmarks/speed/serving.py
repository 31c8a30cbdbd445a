"""Whole requests over HTTP: a real server on the loopback address, JSON with counts and ten passages."""

import contextlib
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.speed.building import RASID
from benchmarks.speed.measure import memory, percentile, rested
from benchmarks.speed.peers.node import INDEX, OpenSearch, whole_body
from benchmarks.speed.queries import SERVED, Query
from benchmarks.speed.wire import Client

CLIENTS = 8
STARTING = 60.0
"""Seconds in which a server must tell its address."""
FOUR_FACETS = "four facets"
FACETS = {False: "source,month", True: "source,section,year,month"}


@dataclass(frozen=True, slots=True)
class Served:
    """The times of whole requests of one class, in ms."""

    kind: str
    server: str
    requests: int
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Kept:
    """A server after many requests: requests a second with `CLIENTS` clients, memory in MB."""

    server: str
    requests: int
    per_second: float
    resident_mb: float
    anonymous_mb: float


Ask = Callable[[Client, Query, int, bool], object]
"""Asks one query. The number tells requests of one query apart: Rasid keeps finished answers by their
address. The last: count four fields instead of two."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs."""

    name: str
    url: str
    pid: int
    ask: Ask


@contextmanager
def rasid_server(name: str, home: Path, engine: str) -> Iterator[Server]:
    """`rasid serve` over a home, stopped in the end."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as told:
        process = subprocess.Popen(
            [str(RASID), "--home", str(home), "serve", "--port", "0"],
            env={**os.environ, "RASID_ENGINE": engine},
            stdout=subprocess.DEVNULL,
            stderr=told,
        )
        try:
            yield Server(name, _address(process, told.fileno()), process.pid, ask_rasid)
        finally:
            process.terminate()
            process.wait(timeout=STARTING)


def _address(process: "subprocess.Popen[bytes]", told: int) -> str:
    until = time.monotonic() + STARTING
    while time.monotonic() < until and process.poll() is None:
        text = os.pread(told, 10_000, 0).decode(errors="replace")
        for line in text.splitlines(keepends=True):
            if line.startswith("http://") and line.endswith("\n"):
                return line.strip()
        time.sleep(0.02)
    raise RuntimeError(f"rasid serve did not start: {os.pread(told, 10_000, 0).decode(errors='replace')}")


def node_server(node: OpenSearch) -> Server:
    """OpenSearch, as it runs."""
    assert node.url is not None
    return Server(node.name, node.url, node.pid, ask_node)


def rasid_path(query: Query, number: int, four: bool = False) -> str:
    """The address of a whole request; spaces at the end change the address, not the query."""
    fields = {"q": query.text + " " * number, "facets": FACETS[four], "page_size": "10"}
    if query.kind.startswith("and"):
        fields["operator"] = "and"
    return f"/api/v1/search?{urlencode(fields)}"


def ask_rasid(client: Client, query: Query, number: int, four: bool = False) -> object:
    """A whole request to Rasid."""
    return client.asked(rasid_path(query, number, four))


def ask_node(client: Client, query: Query, number: int, four: bool = False) -> object:
    """The same to OpenSearch."""
    return client.asked(f"/{INDEX}/_search", whole_body(query, four))


# --- measuring --------------------------------------------------------------------------------------------


def served(
    servers: Sequence[Server], queries: Mapping[str, Sequence[Query]], rounds: int
) -> Iterator[Served]:
    """All classes by all servers in turn; percentiles over every request, as readers meet them."""
    times: dict[tuple[str, str], list[float]] = {}
    kinds = [*((kind, queries[kind], False) for kind in SERVED), (FOUR_FACETS, queries["or 2"], True)]
    with ExitStack() as stack:
        clients = {server.name: stack.enter_context(Client(server.url)) for server in servers}
        for turn in range(rounds + 1):  # the first is not counted, nor what it sets going
            if turn == 1:
                for server in servers:
                    rested(server.pid)
            for kind, asked, four in kinds:
                for server in servers:
                    found = timed(server, clients[server.name], asked, turn, four)
                    if turn:
                        times.setdefault((kind, server.name), []).extend(found)
    for (kind, name), found in times.items():
        yield Served(kind, name, len(found), percentile(found, 0.5), percentile(found, 0.95))


def timed(
    server: Server, client: Client, queries: Sequence[Query], number: int, four: bool = False
) -> list[float]:
    """Milliseconds of each request."""
    found = []
    for query in queries:
        start = time.perf_counter()
        server.ask(client, query, number, four)
        found.append((time.perf_counter() - start) * 1000)
    return found


def crowded(server: Server, queries: Sequence[Query], requests: int, number: int) -> Kept:
    """So many requests by `CLIENTS` clients at once, and the server's memory after them."""
    asked = [(query, number + n // len(queries)) for n, query in enumerate(islice(cycle(queries), requests))]

    def work(share: Sequence[tuple[Query, int]]) -> None:
        with Client(server.url) as client:
            for query, turn in share:
                server.ask(client, query, turn, False)

    start = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(work, [asked[n::CLIENTS] for n in range(CLIENTS)]))
    wall = time.perf_counter() - start
    held = memory(server.pid)
    return Kept(server.name, requests, requests / wall, held.resident, held.anonymous)


def total(client: Client) -> int:
    """How many articles a Rasid server finds in all."""
    with contextlib.suppress(RuntimeError):
        found = json.loads(client.asked("/api/v1/search?q=*&page_size=1&highlight=none"))
        return int(found["total"])
    return 0
