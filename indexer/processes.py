"""Work shared out over processes; what comes back comes in order, as from one process.

Workers hold no lock and end with their parent, however it ends.
"""

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from enum import Enum
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

from indexer import allocator
from indexer.errors import RasidError

T = TypeVar("T")
R = TypeVar("R")


class _Sign(Enum):
    """What travels between items; it is itself on the other side too."""

    END = "end"


_END = _Sign.END

DIED = "a worker process was killed: make memory free, or set RASID_JOBS=1, and run the command again"


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def mapped(function: Callable[[T], R], items: Iterable[T], jobs: int) -> Iterator[R]:
    """What a function makes of each item, in order; with one job, in this process.

    The workers are made before the first item is: what this process holds by then, they hold to their end. It
    lets go of an item that it has sent. Two more than `jobs` are in memory: one is on its way to a worker
    while all of them work, and one is being made.

    Raises:
        RasidError: a worker was killed.
    """
    if jobs < 2:
        yield from map(function, items)
        return
    with ProcessPoolExecutor(jobs, initializer=_end_with_parent) as pool:
        pool.submit(os.getpid)  # which makes all of them
        waiting: deque[Future[R]] = deque()
        for item in items:
            if len(waiting) > jobs:
                yield _result(waiting.popleft())
            waiting.append(pool.submit(_worked, function, Sent(item)))  # type: ignore[arg-type]
            del item
        while waiting:
            yield _result(waiting.popleft())


def _worked(function: Callable[[T], R], item: T) -> R:
    """What a function makes, in a worker. What else it took does not stay there, in pieces among the next."""
    made = function(item)
    del item
    allocator.give_back()
    return made


class Sent(Generic[T]):
    """An item for a worker, where it is the item itself; here it is gone as soon as it is packed."""

    def __init__(self, item: T) -> None:
        self._item = [item]

    def __reduce__(self) -> tuple[Callable[[T], T], tuple[T]]:
        return _itself, (self._item.pop(),)


def _itself(item: T) -> T:
    return item


def ahead(make: Callable[[], Iterable[T]], jobs: int) -> Iterator[T]:
    """The items that `make` gives, made in another process while this one works on those before.

    With one job they are made in this process. The worker has no standard input.

    Raises:
        RasidError: the worker was killed. What `make` raises is raised here.
    """
    if jobs < 2:
        yield from make()
        return
    receiver, sender = multiprocessing.Pipe(duplex=False)
    worker = multiprocessing.Process(target=_send, args=(make, sender, receiver), daemon=True)
    worker.start()
    sender.close()
    with receiver:
        while True:
            try:
                item, error = receiver.recv()
            except EOFError:
                raise RasidError(DIED) from None
            if error is not None:
                raise error
            if item is _END:
                break
            yield item
    worker.join()


def _send(make: Callable[[], Iterable[T]], sender: Connection, receiver: Connection) -> None:
    receiver.close()  # so that the pipe breaks when the parent is gone
    _leave_interrupts_to_parent()
    with suppress(BrokenPipeError):
        try:
            for item in make():
                sender.send((item, None))
        except RasidError as error:
            sender.send((None, error))
        else:
            sender.send((_END, None))


def _result(future: "Future[R]") -> R:
    try:
        return future.result()
    except BrokenProcessPool:
        raise RasidError(DIED) from None


def _end_with_parent() -> None:
    _leave_interrupts_to_parent()
    gc.disable()  # what a worker drops has no cycles, and to look for them costs several percent
    threading.Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    """Ends this worker when its parent ends: an idle worker would wait for work for ever."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
