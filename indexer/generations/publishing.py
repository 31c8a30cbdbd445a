"""Stages, publishes and collects generations: for the holder of the writer's lock."""

import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from indexer.errors import IndexUnavailable, RasidError
from indexer.generations.manifest import (
    MANIFEST,
    NAME,
    FileSum,
    Kind,
    Manifest,
    damaged,
    file_sum,
    manifest_bytes,
    plain_file,
)
from indexer.generations.opening import CURRENT, current, published, refuse_strangers

BUILDING = ".building-"
DEAD = ".dead-"
TEMPORARY = ".tmp-"
AT_ONCE = 4
"""Files that are synced and summed at the same time: both wait, for the disk or outside of Python's lock."""

LEFTOVERS = (BUILDING, DEAD, TEMPORARY)
"""How names begin that a writer which died may have left in the index folder."""


def stage(index_folder: Path) -> Path:
    """A fresh folder for the files of the next generation.

    Raises:
        RasidError: the disk refuses it.
        IndexDamaged: others may write into the index folder.
    """
    with _writing(index_folder):
        index_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync(index_folder.parent)
        refuse_strangers(index_folder, index_folder.stat())
        name = f"g{_next_ordinal(index_folder):06d}-{secrets.token_hex(4)}"
        staged = index_folder / f"{BUILDING}{name}"
        staged.mkdir(mode=0o700)
    return staged


def publish(
    staged: Path,
    kind: Kind,
    *,
    release: str,
    built_at: str,
    articles: int,
    change: int,
    parent: Manifest | None = None,
) -> Manifest:
    """Makes a staged folder the current generation, durably.

    Args:
        parent: the verified generation whose unchanged files are linked into the folder; their sums are
            taken over, so that a file which was damaged since is never declared good.

    Raises:
        RasidError: the disk refuses it; the last generation goes on serving.
        IndexDamaged: a file of the parent was cut.
    """
    index_folder, name = staged.parent, staged.name.removeprefix(BUILDING)
    with _writing(index_folder):
        manifest = Manifest(
            generation=name,
            kind=kind,
            release=release,
            built_at=built_at,
            articles=articles,
            change=change,
            parent=parent.generation if parent else None,
            files=_settled(staged, parent),
        )
        _write(staged / MANIFEST, manifest_bytes(manifest))
        staged.rename(index_folder / name)
        _sync(index_folder)
        _write(index_folder / CURRENT, f"{name}\n".encode())
    return manifest


def collect(index_folder: Path, keep: int = 3, *, grace: float = 0.0) -> tuple[str, ...]:
    """Deletes old generations, and what writers that died left behind.

    Args:
        keep: how many of the newest stay; the current one always does.
        grace: seconds for which a generation stays after the next one took its place, whatever `keep`.

    Returns:
        The names of the generations that were deleted.

    Raises:
        RasidError: the disk refuses it.
    """
    if not index_folder.is_dir():
        return ()
    with _writing(index_folder):
        doomed = _doomed(index_folder, max(keep, 1), time.time() - grace)
        for name in doomed:  # a reader finds a generation whole or not at all
            (index_folder / name).rename(index_folder / f"{DEAD}{name}")
        leftovers = [path for path in index_folder.iterdir() if path.name.startswith(LEFTOVERS)]
        for path in leftovers:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        _sync(index_folder)
    return doomed


def _doomed(index_folder: Path, keep: int, since: float) -> tuple[str, ...]:
    """The generations to delete: old ones, and those newer than CURRENT, which were never announced."""
    names = published(index_folder)
    try:
        place = names.index(current(index_folder))
    except IndexUnavailable:  # nobody knows which one answers: all that may are among the newest
        return names[keep:]
    pairs = list(pairwise(names[place:]))[keep - 1 :]  # (taker of the place, name)
    old = (name for newer, name in pairs if (index_folder / newer).stat().st_mtime <= since)
    return (*names[:place], *old)


def _next_ordinal(index_folder: Path) -> int:
    found = (NAME.search(path.name) for path in index_folder.iterdir())
    return 1 + max((int(match[1]) for match in found if match), default=0)


def _settled(staged: Path, parent: Manifest | None) -> tuple[FileSum, ...]:
    """Every file of a staged folder, private, durable and summed."""
    known = {file.name: file for file in parent.files} if parent else {}
    origin = staged.parent / parent.generation if parent else staged

    def settled(path: Path) -> FileSum:
        status = plain_file(path)
        if stat.S_IMODE(status.st_mode) != 0o600:
            path.chmod(0o600)
        _sync(path)
        same = path.name in known and _is_same(status, origin / path.name)
        return _taken_over(known[path.name], path, status) if same else file_sum(path)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return tuple(threads.map(settled, sorted(staged.iterdir())))


def _is_same(status: os.stat_result, other: Path) -> bool:
    try:
        return os.path.samestat(status, other.lstat())
    except FileNotFoundError:
        return False


def _taken_over(known: FileSum, path: Path, status: os.stat_result) -> FileSum:
    if status.st_size != known.size:
        damaged(path, f"it has {status.st_size} bytes, not {known.size}")
    return known


def _write(path: Path, data: bytes) -> None:
    """Puts a small file in its place: the old one or the whole new one is there at any time."""
    temporary = path.with_name(f"{TEMPORARY}{path.name}")
    file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        while data:
            data = data[os.write(file, data) :]
        os.fsync(file)
    finally:
        os.close(file)
    temporary.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)


@contextmanager
def _writing(index_folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RasidError(
            f"{index_folder} cannot be written: {error.strerror or error}; "
            "the last generation goes on serving, and the next run cleans up"
        ) from error
