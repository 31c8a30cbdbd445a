"""Finds, verifies and opens generations; whoever reads trusts nothing that was not checked."""

import os
import stat
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from indexer.engines.base import SearchEngine
from indexer.errors import IndexDamaged, IndexStale, IndexUnavailable, NoIndex, RasidError
from indexer.generations.manifest import (
    MANIFEST,
    NAME,
    Engines,
    Kind,
    Manifest,
    Snapshot,
    damaged,
    file_sum,
    installed,
    manifest_of,
    plain_file,
    unreadable,
)
from indexer.lru import Lru
from indexer.model import Notice
from indexer.processes import cores

CURRENT = "CURRENT"


def published(index_folder: Path) -> tuple[str, ...]:
    """The names of all generations in the folder, newest first, good or not."""
    try:
        matches = [NAME.fullmatch(path.name) for path in index_folder.iterdir()]
    except OSError:  # whoever needs one of them finds out why
        return ()
    ordinals = {match[0]: int(match[1]) for match in matches if match}
    return tuple(sorted(ordinals, key=lambda name: (ordinals[name], name), reverse=True))


def current(index_folder: Path) -> str:
    """The name of the generation that answers.

    Raises:
        NoIndex: none was ever published.
        IndexDamaged: CURRENT is missing, damaged, or names none that is there.
    """
    data = current_bytes(index_folder)
    name = data.decode("ascii", "replace").removesuffix("\n")
    if data == f"{name}\n".encode() and NAME.fullmatch(name) and (index_folder / name).is_dir():
        return name
    if data == current_bytes(index_folder):
        damaged(index_folder / CURRENT, "it names no generation that is there")
    return current(index_folder)  # a switch meanwhile, and the old one collected


def current_bytes(index_folder: Path) -> bytes:
    try:
        return (index_folder / CURRENT).read_bytes()
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not published(index_folder):
            raise NoIndex(f"there is no index in {index_folder}: run `rasid add PATH`") from error
        damaged(index_folder / CURRENT, unreadable(error), error)


CLOCK_SECONDS = 2.0
"""Of two changes that are no farther apart a file's time of change may tell only one."""

_SUMS: Lru[tuple[int, int, int, int], str] = Lru(20_000, lambda *_: 1)
"""The checksums of files by device, number, size and time of change."""


def verify(folder: Path, expected: Kind | None = None) -> Manifest:
    """The manifest of a generation, once every bit of every file in its folder was found as written.

    Args:
        expected: None accepts every kind.

    Raises:
        IndexDamaged: a file is changed, cut, missing, not listed, or open to others.
        IndexStale: the generation is of another kind.
    """
    try:
        refuse_strangers(folder.parent, folder.parent.stat())
        refuse_strangers(folder, folder.lstat())
        files = {path.name: plain_file(path) for path in folder.iterdir()}
        for name, status in files.items():
            refuse_strangers(folder / name, status)
        manifest = manifest_at(folder)
        if expected:
            _check_kind(manifest, expected)
        _check_files(folder, manifest, files)
    except OSError as error:
        damaged(Path(error.filename or folder), unreadable(error), error)
    return manifest


def manifest_at(folder: Path) -> Manifest:
    """The manifest of a generation; its other files are not looked at.

    Raises:
        IndexDamaged: it is missing, damaged, or another generation's.
        IndexStale: a newer release wrote it.
    """
    path = folder / MANIFEST
    try:
        manifest = manifest_of(path.read_bytes())
    except OSError as error:
        damaged(path, unreadable(error), error)
    except (ValueError, KeyError, TypeError) as error:
        damaged(path, str(error), error)
    if manifest.generation != folder.name:
        damaged(path, f"it belongs to {manifest.generation}")
    return manifest


def engine_of(index_folder: Path) -> str | None:
    """The name of the engine whose generation answers; of the newest good manifest where none can."""
    names = published(index_folder)
    with suppress(IndexUnavailable):
        names = (current(index_folder), *names)
    for name in names:
        with suppress(IndexUnavailable):
            return manifest_at(index_folder / name).kind.engine
    return None


def open_snapshot(index_folder: Path, engines: Engines = installed) -> Snapshot:
    """The current generation, verified and open; where it is damaged, the newest good one.

    Raises:
        NoIndex: none was ever published.
        IndexDamaged: no generation is good; says what is wrong with the current one.
        IndexStale: the current one is of another kind.
    """
    try:
        name = current(index_folder)
    except IndexDamaged as error:
        return _open_older(index_folder, published(index_folder), engines, error)
    try:
        return open_generation(index_folder / name, engines)
    except IndexDamaged as error:
        if _has_moved(index_folder, name):  # it was collected meanwhile
            return open_snapshot(index_folder, engines)
        others = tuple(other for other in published(index_folder) if other != name)
        return _open_older(index_folder, others, engines, error)


def open_generation(
    folder: Path, engines: Engines = installed, before: SearchEngine | None = None
) -> Snapshot:
    """One generation, verified and open, by the engine that wrote it.

    Args:
        before: another snapshot, of which what is the same is used again.

    Raises:
        IndexDamaged, IndexStale: see `verify`.
        IndexUnavailable: its engine is not installed.
    """
    written = manifest_at(folder)
    try:
        engine, kind = engines(written.kind.engine)
    except RasidError as error:
        raise IndexUnavailable(f"generation {folder.name} cannot be opened: {error}") from error
    manifest = verify(folder, kind)
    try:
        return Snapshot(manifest, engine.open(folder, before))
    except IndexUnavailable:
        raise
    except Exception as error:  # whatever an engine's library raises: an older generation can answer
        damaged(folder, f"{engine.name} cannot open it ({error})", error)


def _open_older(
    index_folder: Path, names: tuple[str, ...], engines: Engines, cause: IndexDamaged
) -> Snapshot:
    for name in names:
        with suppress(IndexUnavailable):
            return replace(open_generation(index_folder / name, engines), notices=older(name, cause))
    raise cause


def older(name: str, cause: Exception) -> tuple[Notice, ...]:
    return (Notice("older_generation", (("generation", name), ("reason", str(cause)))),)


def _has_moved(index_folder: Path, name: str) -> bool:
    try:
        return current(index_folder) != name
    except IndexUnavailable:
        return False


def refuse_strangers(path: Path, status: os.stat_result) -> None:
    """Whoever could write here could have code run by those who open the index."""
    if stat.S_ISLNK(status.st_mode):
        damaged(path, "it is a symbolic link")
    if status.st_uid != os.geteuid():
        raise IndexDamaged(
            f"{path} belongs to user {status.st_uid}, not to {os.geteuid()}, who reads it: "
            f"run as its owner or `chown -R {os.geteuid()} {path}`"
        )
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise IndexDamaged(f"{path} may be written by others: run `chmod -R go-w {path}`")


def _check_kind(manifest: Manifest, expected: Kind) -> None:
    for name, value in asdict(expected).items():
        if (built := getattr(manifest.kind, name)) != value:
            raise IndexStale(
                f"generation {manifest.generation} was built with {name} {built}, not {value}: "
                "run `rasid rebuild`"
            )


def _check_files(folder: Path, manifest: Manifest, found: Mapping[str, os.stat_result]) -> None:
    listed = {file.name: file for file in manifest.files}
    if missing := sorted(listed.keys() - found.keys()):
        damaged(folder / missing[0], "it is missing")
    if strange := sorted(found.keys() - listed.keys() - {MANIFEST}):
        damaged(folder / strange[0], "the manifest does not list it")
    for name, file in listed.items():
        if found[name].st_size != file.size:
            damaged(folder / name, f"it has {found[name].st_size} bytes, not {file.size}")
    with ThreadPoolExecutor(cores()) as pool:
        sums = pool.map(lambda name: _sum_of(folder / name, found[name]), listed)
        for file, digest in zip(listed.values(), sums, strict=True):
            if digest != file.sha256:
                damaged(folder / file.name, "its checksum does not fit")


def _sum_of(path: Path, status: os.stat_result) -> str:
    """The checksum of a file. Generations share most files: one that this process read is not read again."""
    mark = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
    if digest := _SUMS.get(mark):
        return digest
    digest = file_sum(path).sha256
    if time.time() - status.st_mtime > CLOCK_SECONDS:
        _SUMS.put(mark, digest)
    return digest
