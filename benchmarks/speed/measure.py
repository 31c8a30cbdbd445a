"""Clocks and scales: times of searches, cost of processes, load of the machine."""

import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from select import select
from typing import NamedTuple

from benchmarks.speed.queries import Query

MEGA = 1_000_000
PACKAGES = ("numpy", "whoosh", "tantivy", "bm25s", "opensearch-py")
SAMPLING = 0.25
"""Seconds between two looks at the memory of processes: each keeps a core busy for some milliseconds."""

PATIENCE, RESTING = 60.0, 0.05
"""Seconds that a process may take to rest, and of the processor in one second at rest."""

Search = Callable[[Query], int]
"""Answers a query; gives how many articles it finds, −1 where that is not told."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What a run ran on."""

    processor: str
    cores: int
    memory_gb: float
    system: str
    python: str
    packages: tuple[tuple[str, str], ...]


class Memory(NamedTuple):
    """Memory of a process in MB: resident now, the part of it that is not files, resident at its highest."""

    resident: float
    anonymous: float
    highest: float


MEMORY = ("VmRSS", "RssAnon", "VmHWM")
"""The kernel's names of the three."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Some queries asked once, one after the other: milliseconds of each, their totals, CPU ms of a query."""

    wall: list[float]
    totals: list[int]
    cpu: float


@dataclass(frozen=True, slots=True)
class Spent:
    """What a process and its children cost: seconds, and the largest sum of their memory."""

    wall: float
    cpu: float
    peak_mb: float
    output: str


def passed(search: Search, queries: Sequence[Query], cpu: Callable[[], float]) -> Pass:
    """One pass over some queries; `cpu` tells the processor seconds that the searcher has used so far."""
    wall, totals = [], []
    before = cpu()
    for query in queries:
        start = time.perf_counter()
        totals.append(search(query))
        wall.append((time.perf_counter() - start) * 1000)
    return Pass(wall, totals, (cpu() - before) * 1000 / len(queries))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of all lies.

    >>> percentile([4, 1, 3, 2], 0.5), percentile([4, 1, 3, 2], 0.95)
    (2.5, 3.85)
    """
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return round(ordered[low] + (ordered[high] - ordered[low]) * (place - low), 6)


def steady(passes: Sequence[Pass]) -> list[float]:
    """For each query the median of its times over several passes: what disturbed one pass is left out."""
    return [statistics.median(times) for times in zip(*(each.wall for each in passes), strict=True)]


# --- processes --------------------------------------------------------------------------------------------


def share_mb(pid: int) -> float:
    """Resident memory of a process in MB, 0 where it ended; a page that several share counts in parts."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) * 1024 / MEGA for line in lines if line.startswith("Pss:"))


def watched(command: Sequence[str], accepted: Sequence[int] = (0,), **environment: str) -> Spent:
    """Runs a command to its end and tells what it cost.

    Raises:
        RuntimeError: it ended with a code that is not accepted.
    """
    start, peak = time.perf_counter(), 0.0
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    ended = os.pidfd_open(process.pid)
    while not select([ended], [], [], SAMPLING)[0]:
        peak = max(peak, sum(map(share_mb, tree(process.pid))))
    os.close(ended)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.stdout is not None
    with process.stdout:
        output = process.stdout.read()
    if process.returncode not in accepted:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{output[-2000:]}")
    return Spent(wall, usage.ru_utime + usage.ru_stime, peak, output)


def tree(pid: int) -> list[int]:
    """A process and all its descendants."""
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            with suppress(OSError):
                found.extend(map(int, task.read_text().split()))
    return found


def memory(pid: int) -> Memory:
    """A process's memory; 0 where the system does not tell."""
    lines: list[str] = []
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    told = {name: value for name, _, value in (line.partition(":") for line in lines)}
    return Memory(*(int(told.get(name, "0 kB").split()[0]) * 1024 / MEGA for name in MEMORY))


def processor_seconds(pid: int) -> float:
    """What a process has used so far, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rested(pid: int) -> None:
    """Waits until a process does nothing, `PATIENCE` seconds at most: its background work is done."""
    until = time.monotonic() + PATIENCE
    before, used = processor_seconds(pid), 1.0
    while used > RESTING and time.monotonic() < until:
        time.sleep(1)
        used = processor_seconds(pid) - before
        before += used


def size_mb(folder: Path) -> float:
    """The size of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / MEGA


# --- the machine ------------------------------------------------------------------------------------------


def load() -> float:
    """Processes that want to run, over the last minute."""
    return round(os.getloadavg()[0], 2)


def machine() -> Machine:
    """This machine, and the versions of what is measured."""
    found = []
    for package in PACKAGES:
        with suppress(PackageNotFoundError):
            found.append((package, version(package)))
    return Machine(
        _told("/proc/cpuinfo", "model name") or platform.processor(),
        os.cpu_count() or 1,
        round(int((_told("/proc/meminfo", "MemTotal") or "0").split()[0]) * 1024 / MEGA / 1000, 1),
        f"{platform.system()} {platform.machine()}",
        platform.python_version(),
        tuple(found),
    )


def _told(path: str, name: str) -> str:
    with suppress(OSError):
        for line in Path(path).read_text().splitlines():
            if line.startswith(name):
                return line.partition(":")[2].strip()
    return ""
