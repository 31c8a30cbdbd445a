"""Keeps the generation that answers open while newer ones take its place: for servers."""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from indexer.errors import GenerationGone, IndexUnavailable, NoIndex
from indexer.generations.manifest import NAME, Engines, Snapshot, installed
from indexer.generations.opening import (
    CURRENT,
    current,
    older,
    open_generation,
    open_snapshot,
)

logger = logging.getLogger(__name__)

RETRY_SECONDS = 5.0
"""How long a server that has nothing to serve waits before it reads a damaged index through again."""


class _Held:
    """An open snapshot, and how many requests use it."""

    def __init__(self, snapshot: Snapshot, users: int = 0) -> None:
        self.snapshot, self.users, self.kept = snapshot, users, True


@dataclass(frozen=True, slots=True)
class _Fault:
    """Why nothing could be opened, for as long as another try would say the same."""

    error: IndexUnavailable
    mark: object
    until: float

    def holds(self, mark: object) -> bool:
        return mark == self.mark and time.monotonic() < self.until


class Snapshots:
    """The open generations of a server: the current one, and older ones that cursors name.

    Safe for any number of threads. A snapshot stays open while a request is inside `current` or `at`,
    whatever is published or collected meanwhile.
    """

    def __init__(self, index_folder: Path, engines: Engines = installed, *, kept: int = 1) -> None:
        """`kept` is how many older generations stay open once they were named."""
        self._index_folder, self._engines, self._kept = index_folder, engines, kept
        self._current_file = index_folder / CURRENT
        self._lock = threading.Lock()  # of the fields below, held for moments
        self._opening = threading.Lock()  # of the one thread that opens, held for seconds
        self._serving: _Held | None = None
        self._older: OrderedDict[str, _Held] = OrderedDict()  # the one used last stands last
        self._seen: object = None  # CURRENT as it was when last followed
        self._refused: dict[str, IndexUnavailable] = {}
        self._fault: _Fault | None = None

    @contextmanager
    def current(self) -> Iterator[Snapshot]:
        """The snapshot that answers now.

        The request that first sees a new generation opens it; others get the old one meanwhile. One
        that cannot be opened is refused once, and the old one goes on serving, with a notice.

        Raises:
            IndexUnavailable: there is none that could answer.
        """
        self._follow()
        with self._using(self._hold()) as snapshot:
            yield snapshot

    @contextmanager
    def at(self, generation: str) -> Iterator[Snapshot]:
        """The snapshot of a generation that is current or kept.

        Raises:
            GenerationGone: it is neither, or is not good.
        """
        with suppress(IndexUnavailable):
            self._follow()
        with self._using(self._hold_named(generation) or self._hold_opened(generation)) as snapshot:
            yield snapshot

    def close(self) -> None:
        """Closes every snapshot; those in use, as soon as their requests end."""
        with self._opening, self._lock:
            held = [*self._older.values(), *([self._serving] if self._serving else [])]
            self._older.clear()
            self._serving = self._seen = None
        for each in held:
            self._drop(each)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Using

    @contextmanager
    def _using(self, held: _Held) -> Iterator[Snapshot]:
        try:
            yield held.snapshot
        finally:
            with self._lock:
                held.users -= 1
                idle = not held.kept and not held.users
            if idle:
                held.snapshot.engine.close()

    def _hold(self) -> _Held:
        with self._lock:
            if self._serving is None:
                raise NoIndex(f"{self._index_folder} was closed")
            self._serving.users += 1
            return self._serving

    def _hold_named(self, generation: str) -> _Held | None:
        """An open snapshot; not one that was collected: every worker shall answer alike."""
        with self._lock:
            if self._serving and self._serving.snapshot.manifest.generation == generation:
                held = self._serving
            elif generation in self._older and self._is_there(generation):
                self._older.move_to_end(generation)
                held = self._older[generation]
            else:
                return None
            held.users += 1
            return held

    def _hold_opened(self, generation: str) -> _Held:
        with self._opening:
            if held := self._hold_named(generation):  # another thread was faster
                return held
            try:
                snapshot = self._opened(generation)
            except IndexUnavailable as error:
                raise GenerationGone(
                    f"generation {generation} is not kept any more: start the search again"
                ) from error
            held = _Held(snapshot, users=1)
            self._keep(held)
            return held

    def _drop(self, held: _Held) -> None:
        with self._lock:
            held.kept = False
            idle = not held.users
        if idle:
            held.snapshot.engine.close()

    # Opening: by the thread that holds `_opening`

    def _opened(self, generation: str) -> Snapshot:
        """A generation by name; one that was no good once is not read again."""
        if error := self._refused.get(generation):
            raise type(error)(str(error)) from error
        if not NAME.fullmatch(generation) or not self._is_there(generation):
            raise NoIndex(f"there is no generation {generation} in {self._index_folder}")
        try:
            before = self._serving.snapshot.engine if self._serving else None
            return open_generation(self._index_folder / generation, self._engines, before)
        except IndexUnavailable as error:
            if self._is_there(generation):  # else it was collected meanwhile
                logger.warning("generation %s is refused: %s", generation, error)
                self._refused[generation] = error
            raise

    def _follow(self) -> None:
        """Moves over to the generation that CURRENT names, if it is another than was last seen."""
        if self._serving and self._seen == _mark(self._current_file):
            return
        if not self._opening.acquire(blocking=self._serving is None):
            return
        try:
            mark = _mark(self._current_file)  # before opening: a switch meanwhile is seen next time
            if self._serving is None:
                self._start(mark)
            elif self._seen != mark:
                self._move(self._serving, mark)
            self._seen = mark
        finally:
            self._opening.release()

    def _start(self, mark: object) -> None:
        if self._fault and self._fault.holds(mark):
            raise type(self._fault.error)(str(self._fault.error)) from self._fault.error
        try:
            snapshot = open_snapshot(self._index_folder, self._engines)
        except NoIndex:  # one may come at any moment, and to look is cheap
            raise
        except IndexUnavailable as error:
            self._fault = _Fault(error, mark, time.monotonic() + RETRY_SECONDS)
            raise
        self._serve(_Held(snapshot))

    def _move(self, serving: _Held, mark: object) -> None:
        old = serving.snapshot
        try:
            name = current(self._index_folder)
            if name == old.manifest.generation:
                serving.snapshot = replace(old, notices=())
            else:
                self._serve(self._older.get(name) or _Held(self._opened(name)))
        except IndexUnavailable as error:
            # Where CURRENT moved on meanwhile, the next request follows it, and there is nothing to tell.
            if mark == _mark(self._current_file):
                serving.snapshot = replace(old, notices=older(old.manifest.generation, error))

    def _serve(self, held: _Held) -> None:
        with self._lock:
            before, self._serving = self._serving, held
            twin = self._older.pop(held.snapshot.manifest.generation, None)
        if twin and twin is not held:  # opened by name while there was nothing to serve
            self._drop(twin)
        for notice in held.snapshot.notices:
            logger.warning("%s: %s", notice.code, dict(notice.values))
        if before:  # to open it again for a cursor takes less than to keep all that it has in memory
            self._drop(before)
        self._let_go()

    def _keep(self, held: _Held) -> None:
        """Keeps an older generation open that was asked for by name."""
        with self._lock:
            self._older[held.snapshot.manifest.generation] = held
        self._let_go()

    def _let_go(self) -> None:
        """Closes older generations that are too many or collected."""
        with self._lock:
            names = list(self._older)
            surplus = names[: max(len(names) - self._kept, 0)]
            gone = [name for name in names if not self._is_there(name)]
            dropped = [self._older.pop(name) for name in {*surplus, *gone}]
        for each in dropped:
            self._drop(each)

    def _is_there(self, generation: str) -> bool:
        return (self._index_folder / generation).is_dir()


def _mark(current_file: Path) -> object:
    """What changes with every switch."""
    try:
        status = current_file.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
