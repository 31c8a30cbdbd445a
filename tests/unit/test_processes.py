"""Work in processes: in order, nothing lost, no worker left behind."""

import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from indexer.errors import RasidError
from indexer.processes import Sent, ahead, mapped


def squared(number: int) -> tuple[int, int]:
    time.sleep(0.01 * (number % 3))  # so that later items are ready before earlier ones
    return number * number, os.getpid()


def kill_myself(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def counted(upto: int, fault: Exception | None = None) -> Iterator[int]:
    yield from range(upto)
    if fault:
        raise fault


def counted_to_death(upto: int) -> Iterator[int]:
    yield from range(upto)
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_results_come_in_order_from_any_number_of_processes(jobs: int) -> None:
    results = list(mapped(squared, range(12), jobs))
    assert [square for square, _ in results] == [number * number for number in range(12)]
    assert len({pid for _, pid in results}) <= jobs
    assert (os.getpid() in {pid for _, pid in results}) == (jobs == 1)


def test_of_nothing_nothing_comes() -> None:
    assert list(mapped(squared, [], 2)) == []


def test_items_are_taken_as_they_are_needed() -> None:
    taken = []

    def items() -> Iterator[int]:
        for number in range(20):
            taken.append(number)
            yield number

    results = mapped(squared, items(), 2)
    next(results)
    assert len(taken) <= 4
    results.close()


def test_workers_are_made_before_there_is_an_item_to_hold() -> None:
    alive = []

    def items() -> Iterator[int]:
        for number in range(3):
            alive.append(len(multiprocessing.active_children()))
            yield number

    before = len(multiprocessing.active_children())
    assert len(list(mapped(squared, items(), 2))) == 3
    assert alive[0] == before + 2


def test_an_item_that_was_sent_is_gone_here() -> None:
    item = {"a text"}  # of a kind that can be watched
    left = weakref.ref(item)
    sent = Sent(item)
    del item
    data = pickle.dumps(sent)
    assert left() is None
    assert pickle.loads(data) == {"a text"}


def test_a_killed_worker_is_an_error_with_advice() -> None:
    with pytest.raises(RasidError, match="RASID_JOBS"):
        list(mapped(kill_myself, range(9), 2))


@pytest.mark.parametrize("jobs", [1, 2])
def test_items_made_ahead_are_the_same_items(jobs: int) -> None:
    assert list(ahead(partial(counted, 700), jobs)) == list(range(700))


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_was_made_before_an_error_arrives_before_it(jobs: int) -> None:
    made = ahead(partial(counted, 3, RasidError("no more")), jobs)
    assert [next(made) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(RasidError, match="no more"):
        next(made)


def test_a_killed_maker_is_an_error_never_a_short_list() -> None:
    made = ahead(partial(counted_to_death, 2), 2)
    assert [next(made), next(made)] == [0, 1]
    with pytest.raises(RasidError, match="RASID_JOBS"):
        next(made)


WORKS = """
import sys, time
from functools import partial
from pathlib import Path
from indexer.processes import Sent, ahead, mapped

def busy(number):
    print(__import__("os").getpid(), flush=True)
    time.sleep(number)

def endless():
    print(__import__("os").getpid(), flush=True)
    while True:
        time.sleep(0.01)
        yield 1

if sys.argv[1] == "mapped":
    list(mapped(busy, [0.3] * 1000, 2))
for _ in ahead(endless, 2):
    pass
"""


@pytest.mark.parametrize("verb", ["mapped", "ahead"])
def test_workers_end_when_their_parent_is_killed(verb: str) -> None:
    with subprocess.Popen([sys.executable, "-c", WORKS, verb], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        worker = int(parent.stdout.readline())
        parent.kill()
        assert worker != parent.pid
    for _ in range(100):
        if not alive(worker):
            return
        time.sleep(0.1)
    pytest.fail(f"worker {worker} outlived its parent")


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
