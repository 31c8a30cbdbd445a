"""Whatever a writer dies of, and whenever: CURRENT names a whole generation, and the next run cleans up."""

import errno
import itertools
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from indexer.errors import IndexUnavailable, NoIndex, RasidError
from indexer.generations import (
    CURRENT,
    MANIFEST,
    Kind,
    Manifest,
    collect,
    current,
    publish,
    stage,
    verify,
)

KIND = Kind(engine="still", analysis="1", schema="1")

CALLS = ("fsync", "write", "rename", "replace", "mkdir", "chmod", "unlink", "rmdir")
"""Every way in which a generation's life touches the disk, but for the engine's own writing."""

Strike = Callable[[int, str, Callable[[], Any], tuple[Any, ...]], Any]


def run(index: Path) -> Manifest:
    """One update: a generation with two new files and two that are linked, then the collection."""
    try:
        parent = verify(index / current(index), KIND)
    except IndexUnavailable:
        parent = None
    staged = stage(index)
    if parent:
        for name in [file.name for file in parent.files if file.name.startswith("seg")][-2:]:
            (staged / name).hardlink_to(index / parent.generation / name)
    (staged / f"seg-{staged.name[-8:]}").write_bytes(os.urandom(3_000))
    (staged / "words").write_text("كلمات")
    manifest = publish(staged, KIND, release="", built_at="", articles=1, change=1, parent=parent)
    collect(index, keep=2)
    return manifest


def watch(patch: pytest.MonkeyPatch, strike: Strike) -> Iterator[int]:
    """Every call of `CALLS` goes through ``strike(number, name, call, arguments)``; their numbers."""
    numbers = itertools.count()

    def watched(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *args, **options: strike(next(numbers), name, partial(original, *args, **options), args)

    for name in CALLS:
        patch.setattr(os, name, watched(name, getattr(os, name)))
    return numbers


def forked(work: Callable[[], object]) -> int:
    """The id of a forked process that works and ends with 0, or with 1 after an error."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return child


def dying(at: int, when: str) -> Strike:
    """Dies of SIGKILL before, after or in the middle of one call."""

    def strike(number: int, name: str, call: Callable[[], Any], args: tuple[Any, ...]) -> Any:
        if number != at:
            return call()
        if when == "after":
            with suppress(OSError):
                call()
        elif when == "amidst" and name == "write":
            os.pwrite(args[0], args[1][: len(args[1]) // 2], 0)
        return os.kill(os.getpid(), signal.SIGKILL)

    return strike


def assert_whole(index: Path, before: str | None) -> str | None:
    """The current generation is good: the one before or a later one. None: there is none yet."""
    if before is None and not (index / CURRENT).exists():
        return None
    name = current(index)
    verify(index / name, KIND)
    assert before is None or name >= before
    return name


def assert_clean(index: Path) -> None:
    collect(index, keep=2)
    names = {path.name for path in index.iterdir()} - {CURRENT}
    assert not [name for name in names if not name.startswith("g")]
    assert len(names) <= 2
    for name in names:
        verify(index / name, KIND)


@pytest.mark.parametrize("when", ["before", "amidst", "after"])
@pytest.mark.parametrize("first", [True, False])
def test_a_writer_killed_at_any_step_leaves_a_whole_generation(
    tmp_path: Path, when: str, first: bool
) -> None:
    for step in itertools.count():
        index = tmp_path / (str(step) if first else "index")
        if not first and not index.exists():
            for _ in range(3):
                run(index)
        before = None if first else current(index)

        def work(index: Path = index, step: int = step) -> None:
            with pytest.MonkeyPatch.context() as patch:
                watch(patch, dying(step, when))
                run(index)

        _, status = os.waitpid(forked(work), 0)
        if status == 0:
            break
        assert os.WTERMSIG(status) == signal.SIGKILL
        assert_whole(index, before)
        if step % 2 or first:  # else the next run finds what is left behind
            run(index)
            assert_clean(index)
    assert step > 15


def test_a_writer_killed_at_any_moment_leaves_a_whole_generation(tmp_path: Path) -> None:
    index = tmp_path / "index"
    run(index)
    moments = random.Random(11)
    before = current(index)
    for _ in range(40):
        child = forked(lambda: [run(index) for _ in itertools.count()])
        time.sleep(moments.uniform(0.0, 0.03))
        os.kill(child, signal.SIGKILL)
        assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
        before = assert_whole(index, before) or before
    run(index)
    assert_clean(index)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_refuses_any_step_leaves_a_whole_generation(tmp_path: Path, code: int) -> None:
    index = tmp_path / "index"
    for _ in range(3):
        run(index)
    for step in itertools.count():
        before = current(index)

        def strike(
            number: int, name: str, call: Callable[[], Any], _: tuple[Any, ...], step: int = step
        ) -> Any:
            if number == step:
                raise OSError(code, os.strerror(code))
            return call()

        try:
            with pytest.MonkeyPatch.context() as patch:
                numbers = watch(patch, strike)
                run(index)
            if next(numbers) <= step:
                break
        except RasidError as error:  # a folder that is there already may refuse to be made
            assert os.strerror(code) in str(error)
        assert_whole(index, before)
        if step % 2:
            run(index)
            assert_clean(index)
    assert step > 15


def test_a_full_disk_on_the_very_first_run_leaves_nothing_that_could_be_taken_for_an_index(
    tmp_path: Path,
) -> None:
    index = tmp_path / "index"

    def full(number: int, name: str, call: Callable[[], Any], _: tuple[Any, ...]) -> Any:
        if name == "write":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return call()

    with pytest.MonkeyPatch.context() as patch:
        watch(patch, full)
        with pytest.raises(RasidError, match="cannot be written"):
            run(index)
    with pytest.raises(NoIndex):
        current(index)


def test_everything_is_on_the_disk_before_the_name_that_leads_to_it(tmp_path: Path) -> None:
    index = tmp_path / "index"
    run(index)
    trace: list[tuple[str, str]] = []

    def note(number: int, name: str, call: Callable[[], Any], args: tuple[Any, ...]) -> Any:
        path = Path(f"/proc/self/fd/{args[0]}").readlink() if name in ("fsync", "write") else Path(args[0])
        trace.append((name, path.name))
        return call()

    with pytest.MonkeyPatch.context() as patch:
        watch(patch, note)
        manifest = run(index)
    named = trace.index(("rename", f".building-{manifest.generation}"))
    switched = trace.index(("replace", f".tmp-{CURRENT}"))
    synced = {name for call, name in trace[:named] if call == "fsync"}
    assert {file.name for file in manifest.files} | {
        f".tmp-{MANIFEST}",
        f".building-{manifest.generation}",
    } <= synced
    assert trace[named - 1] == ("fsync", f".building-{manifest.generation}")
    assert trace[named + 1] == ("fsync", "index")
    assert trace[switched - 1] == ("fsync", f".tmp-{CURRENT}")
    assert trace[switched + 1] == ("fsync", "index")
