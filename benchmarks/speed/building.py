"""Indexing measured: each participant in a process of its own, the whole way and the writer alone.

python -m benchmarks.speed.building PARTICIPANT INPUT FOLDER [URL]     builds one index
"""

import json
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from benchmarks.speed.corpus import Prepared, analysed
from benchmarks.speed.measure import Spent, memory, size_mb, watched
from benchmarks.speed.peers import Participant, participants
from benchmarks.speed.peers.node import OpenSearch
from benchmarks.speed.peers.rasid import Rasid
from benchmarks.speed.peers.ready import Writer, make_ready, ready_folder, ready_writers

RASID = Path(sys.executable).parent / "rasid"
WHOLE, WRITER, ANALYSIS, READY = "whole way", "writer alone", "analysis alone", "writer, eight fields"
SOME_REFUSED = 3
"""Exit code of `rasid add`: the rest is in."""
MADE = "made.json"
"""Beside a finished index: what it cost."""


@dataclass(frozen=True, slots=True)
class Built:
    """What an index cost: seconds, the peak of the memory of all its processes, its size."""

    participant: str
    work: str
    wall: float
    cpu: float
    peak_mb: float
    size_mb: float


def folder_of(work: Path, participant: Participant) -> Path:
    """Where a participant's index is."""
    return work / participant.name.replace(", ", "-").replace(" ", "-").lower()


def built(made: Prepared, work: Path, taking_part: Sequence[Participant]) -> Iterator[Built]:
    """Builds every index; a peer's that is kept from an earlier run is told as it was."""
    before = time.process_time()
    if not made.terms_file.exists():
        start = time.perf_counter()
        analysed(made)
        wall, cpu = time.perf_counter() - start, time.process_time() - before
        yield Built("Rasid's chain", ANALYSIS, wall, cpu, 0.0, made.terms_file.stat().st_size / 1e6)
    for participant in taking_part:
        match participant:
            case Rasid():
                yield _added(made, folder_of(work, participant), participant)
                yield _written(made, folder_of(work, participant) / "writer", participant)
            case OpenSearch():
                yield _sent(made, folder_of(work, participant), participant)
            case _:
                yield _kept(made, folder_of(work, participant), participant)
    yield from _ready(made)


def add(home: Path, file: Path, engine: str) -> Spent:
    """`rasid add` of a file."""
    command = [str(RASID), "--home", str(home), "add", str(file)]
    return watched(command, accepted=(0, SOME_REFUSED), RASID_ENGINE=engine)


def _added(made: Prepared, folder: Path, rasid: Rasid) -> Built:
    home = emptied(folder) / "home"
    spent = add(home, made.articles_file, rasid.engine)
    return _told(rasid, WHOLE, spent, size_mb(home / "index"))


def _written(made: Prepared, folder: Path, participant: Participant) -> Built:
    spent = _process(made, emptied(folder), participant)
    found = _told(participant, WRITER, spent, size_mb(folder))
    shutil.rmtree(folder)
    return found


def _sent(made: Prepared, folder: Path, node: OpenSearch) -> Built:
    before = node.cpu()
    spent = _process(made, emptied(folder), node, str(node.url))
    cpu = spent.cpu + node.cpu() - before
    node.settle()
    return Built(node.name, WHOLE, spent.wall, cpu, memory(node.pid).resident, node.size_mb())


def _kept(made: Prepared, folder: Path, participant: Participant) -> Built:
    note = folder / MADE
    if note.exists():
        return Built(**json.loads(note.read_text("utf-8")))
    spent = _process(made, emptied(folder), participant)
    found = _told(participant, WRITER, spent, size_mb(folder))
    note.write_text(json.dumps(asdict(found)), "utf-8")
    return found


def _ready(made: Prepared) -> Iterator[Built]:
    """Writers that get all views ready made."""
    folder = emptied(ready_folder(made))
    writers = ready_writers()
    if writers:
        make_ready(made)
    for writer in writers:
        spent = _process(made, emptied(folder / "index"), writer)
        yield _told(writer, READY, spent, size_mb(folder / "index"))
    shutil.rmtree(folder)


def _process(made: Prepared, folder: Path, participant: Participant | Writer, *more: str) -> Spent:
    """What a build in a process of its own costs, without the start of Python."""
    names = [sys.executable, "-m", "benchmarks.speed.building", participant.name]
    spent = watched([*names, str(made.folder), str(folder), *more])
    wall, cpu = json.loads(spent.output.splitlines()[-1])
    return replace(spent, wall=wall, cpu=cpu)


def _told(participant: Participant | Writer, work: str, spent: Spent, size: float) -> Built:
    return Built(participant.name, work, spent.wall, spent.cpu, spent.peak_mb, size)


def emptied(folder: Path) -> Path:
    """The folder, new and empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def main(name: str, source: str, folder: str, url: str | None = None) -> None:
    """Builds one index in this process, and prints its seconds and those of the processor."""
    everyone: tuple[Participant | Writer, ...] = (*participants(url), *ready_writers())
    (participant,) = (each for each in everyone if each.name == name)
    wall, before = time.perf_counter(), os.times()
    participant.build(Prepared(Path(source)), Path(folder))
    after = os.times()
    cpu = sum(now - then for now, then in zip(after[:4], before[:4], strict=True))
    print(json.dumps([time.perf_counter() - wall, cpu]))


if __name__ == "__main__":
    main(*sys.argv[1:])
