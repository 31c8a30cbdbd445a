"""The life of index generations: staged, published, verified, opened, served, collected.

    index/
      CURRENT                     the name of the generation that answers, and a line feed
      g000007-1f2e3d4c/           a published generation; never changed again
        manifest.json             what it is, and the size and SHA-256 of every other file
        …                         the engine's files, flat
      .building-g000008-5a6b7c8d/ being written; becomes g000008-5a6b7c8d by one rename
      .dead-g000004-9e8f7a6b/     being deleted

Everything is on the disk before the name that leads to it. So whoever dies at whatever point, and
whatever the disk refuses, CURRENT names a whole generation. `stage`, `publish` and `collect` are for
the holder of the writer's lock; the rest is for any number of readers in any number of processes.

A generation's files are checked before any of them is opened: engines trust what they read (Whoosh
even unpickles it, so that who can write into the folder could run code).
"""

import json
import logging
import os
import re
import secrets
import shutil
import stat
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from hashlib import file_digest, sha256
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self

from indexer.analysis import analysis_version
from indexer.engines import engine_named
from indexer.engines.base import Engine, SearchEngine
from indexer.errors import GenerationGone, IndexDamaged, IndexStale, IndexUnavailable, NoIndex, RasidError
from indexer.model import Notice

logger = logging.getLogger(__name__)

CURRENT = "CURRENT"
MANIFEST = "manifest.json"
FORMAT = 1

BUILDING = ".building-"
DEAD = ".dead-"
TEMPORARY = ".tmp-"
LEFTOVERS = (BUILDING, DEAD, TEMPORARY)
"""How names begin that a writer which died may have left in the index folder."""

NAME = re.compile(r"g([0-9]{6,})-[0-9a-f]{8}")

RETRY_SECONDS = 5.0
"""How long a server that has nothing to serve waits before it reads a damaged index through again."""


# --- Values -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kind:
    """What must agree between a generation and the program that opens it."""

    engine: str
    analysis: str
    schema: str


def kind_of(engine: Engine) -> Kind:
    """What a generation must be for this program to open it with an engine."""
    return Kind(engine.name, analysis_version(), engine.schema)


Engines = Callable[[str], tuple[Engine, Kind]]
"""The engine of a name, and what its generations must be for this program to open them."""


def installed(name: str) -> tuple[Engine, Kind]:
    """The engine of that name.

    Raises:
        RasidError: there is none, or its package is not installed.
    """
    engine = engine_named(name)
    return engine, kind_of(engine)


@dataclass(frozen=True, slots=True)
class FileSum:
    """One file of a generation: its size in bytes and the hexadecimal SHA-256 of its bytes."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a published generation is.

    Attributes:
        release: the release of Rasid that built it.
        built_at: ISO instant (UTC).
        articles: how many it holds.
        change: the archive's last change number that it has seen.
        parent: the generation that it grew from, None after a rebuild.
        files: every file but the manifest, by name.
    """

    generation: str
    kind: Kind
    release: str
    built_at: str
    articles: int
    change: int
    parent: str | None
    files: tuple[FileSum, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An open generation. `notices` say that, and why, it is not the one which should answer."""

    manifest: Manifest
    engine: SearchEngine
    notices: tuple[Notice, ...] = ()


# --- The manifest as bytes --------------------------------------------------------------------------


def manifest_bytes(manifest: Manifest) -> bytes:
    """The manifest as its file holds it: JSON, sealed at its end by the SHA-256 of all before."""
    fields: dict[str, Any] = {"format": FORMAT, **asdict(manifest)}
    fields |= fields.pop("kind")
    fields["files"] = {file.name: {"size": file.size, "sha256": file.sha256} for file in manifest.files}
    head = json.dumps(fields, indent=1).removesuffix("\n}").encode()
    return head + _seal(head)


def manifest_of(data: bytes) -> Manifest:
    """The manifest that these bytes hold.

    Raises:
        ValueError: a bit of them is not as it was written.
        IndexStale: a newer release wrote them.
    """
    head = data[: -len(_seal(b""))]
    if data != head + _seal(head):
        raise ValueError("its own checksum does not fit")
    fields = json.loads(data)
    if fields["format"] != FORMAT:
        raise IndexStale(f"the index has format {fields['format']}, not {FORMAT}: run `rasid rebuild`")
    values = {
        name: fields[name] for name in ("generation", "release", "built_at", "articles", "change", "parent")
    }
    kind = Kind(fields["engine"], fields["analysis"], fields["schema"])
    files = tuple(FileSum(name, **sums) for name, sums in fields["files"].items())
    return Manifest(kind=kind, files=files, **values)


def _seal(head: bytes) -> bytes:
    return b',\n "sha256": "%s"\n}\n' % sha256(head).hexdigest().encode()


# --- Writing ----------------------------------------------------------------------------------------


def stage(index_folder: Path) -> Path:
    """A fresh folder for the files of the next generation.

    Raises:
        RasidError: the disk refuses it.
        IndexDamaged: others may write into the index folder.
    """
    with _writing(index_folder):
        index_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync(index_folder.parent)
        _refuse_strangers(index_folder, index_folder.stat())
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
    sums = []
    for path in sorted(staged.iterdir()):
        status = _plain(path)
        if stat.S_IMODE(status.st_mode) != 0o600:
            path.chmod(0o600)
        _sync(path)
        same = path.name in known and _is_same(status, origin / path.name)
        sums.append(_taken_over(known[path.name], path, status) if same else _sum(path))
    return tuple(sums)


def _is_same(status: os.stat_result, other: Path) -> bool:
    try:
        return os.path.samestat(status, other.lstat())
    except FileNotFoundError:
        return False


def _taken_over(known: FileSum, path: Path, status: os.stat_result) -> FileSum:
    if status.st_size != known.size:
        _damaged(path, f"it has {status.st_size} bytes, not {known.size}")
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


# --- Reading ----------------------------------------------------------------------------------------


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
    data = _current_bytes(index_folder)
    name = data.decode("ascii", "replace").removesuffix("\n")
    if data == f"{name}\n".encode() and NAME.fullmatch(name) and (index_folder / name).is_dir():
        return name
    if data == _current_bytes(index_folder):
        _damaged(index_folder / CURRENT, "it names no generation that is there")
    return current(index_folder)  # a switch meanwhile, and the old one collected


def _current_bytes(index_folder: Path) -> bytes:
    try:
        return (index_folder / CURRENT).read_bytes()
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not published(index_folder):
            raise NoIndex(f"there is no index in {index_folder}: run `rasid add PATH`") from error
        _damaged(index_folder / CURRENT, _unreadable(error), error)


def verify(folder: Path, expected: Kind | None = None) -> Manifest:
    """The manifest of a generation, once every bit of every file in its folder was found as written.

    Args:
        expected: None accepts every kind.

    Raises:
        IndexDamaged: a file is changed, cut, missing, not listed, or open to others.
        IndexStale: the generation is of another kind.
    """
    try:
        _refuse_strangers(folder.parent, folder.parent.stat())
        _refuse_strangers(folder, folder.lstat())
        files = {path.name: _plain(path) for path in folder.iterdir()}
        for name, status in files.items():
            _refuse_strangers(folder / name, status)
        manifest = manifest_at(folder)
        if expected:
            _check_kind(manifest, expected)
        _check_files(folder, manifest, files)
    except OSError as error:
        _damaged(Path(error.filename or folder), _unreadable(error), error)
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
        _damaged(path, _unreadable(error), error)
    except (ValueError, KeyError, TypeError) as error:
        _damaged(path, str(error), error)
    if manifest.generation != folder.name:
        _damaged(path, f"it belongs to {manifest.generation}")
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


def open_generation(folder: Path, engines: Engines = installed) -> Snapshot:
    """One generation, verified and open, by the engine that wrote it.

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
        return Snapshot(manifest, engine.open(folder))
    except IndexUnavailable:
        raise
    except Exception as error:  # whatever an engine's library raises: an older generation can answer
        _damaged(folder, f"{engine.name} cannot open it ({error})", error)


def _open_older(
    index_folder: Path, names: tuple[str, ...], engines: Engines, cause: IndexDamaged
) -> Snapshot:
    for name in names:
        with suppress(IndexUnavailable):
            return replace(open_generation(index_folder / name, engines), notices=_older(name, cause))
    raise cause


def _older(name: str, cause: Exception) -> tuple[Notice, ...]:
    return (Notice("older_generation", (("generation", name), ("reason", str(cause)))),)


def _has_moved(index_folder: Path, name: str) -> bool:
    try:
        return current(index_folder) != name
    except IndexUnavailable:
        return False


# Checks


def _refuse_strangers(path: Path, status: os.stat_result) -> None:
    """Whoever could write here could have code run by those who open the index."""
    if stat.S_ISLNK(status.st_mode):
        _damaged(path, "it is a symbolic link")
    if status.st_uid != os.geteuid():
        raise IndexDamaged(
            f"{path} belongs to user {status.st_uid}, not to {os.geteuid()}, who reads it: "
            f"run as its owner or `chown -R {os.geteuid()} {path}`"
        )
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise IndexDamaged(f"{path} may be written by others: run `chmod -R go-w {path}`")


def _plain(path: Path) -> os.stat_result:
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        _damaged(path, "it is no plain file")
    return status


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
        _damaged(folder / missing[0], "it is missing")
    if strange := sorted(found.keys() - listed.keys() - {MANIFEST}):
        _damaged(folder / strange[0], "the manifest does not list it")
    for name, file in listed.items():
        if found[name].st_size != file.size:
            _damaged(folder / name, f"it has {found[name].st_size} bytes, not {file.size}")
        if _sum(folder / name) != file:
            _damaged(folder / name, "its checksum does not fit")


def _sum(path: Path) -> FileSum:
    with path.open("rb", buffering=0) as file:
        digest = file_digest(file, "sha256").hexdigest()
        return FileSum(path.name, os.fstat(file.fileno()).st_size, digest)


def _damaged(path: Path, fault: str, cause: Exception | None = None) -> NoReturn:
    raise IndexDamaged(f"{path} is damaged: {fault}; run `rasid rebuild`") from cause


def _unreadable(error: OSError) -> str:
    return f"it cannot be read ({error.strerror or error})"


# --- Serving ----------------------------------------------------------------------------------------


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

    def __init__(self, index_folder: Path, engines: Engines = installed, *, kept: int = 3) -> None:
        """`kept` is how many older generations stay open."""
        self._index_folder, self._engines, self._kept = index_folder, engines, kept
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
            return open_generation(self._index_folder / generation, self._engines)
        except IndexUnavailable as error:
            if self._is_there(generation):  # else it was collected meanwhile
                logger.warning("generation %s is refused: %s", generation, error)
                self._refused[generation] = error
            raise

    def _follow(self) -> None:
        """Moves over to the generation that CURRENT names, if it is another than was last seen."""
        if self._serving and self._seen == _mark(self._index_folder):
            return
        if not self._opening.acquire(blocking=self._serving is None):
            return
        try:
            mark = _mark(self._index_folder)  # before opening: a switch meanwhile is seen next time
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
            if mark == _mark(self._index_folder):
                serving.snapshot = replace(old, notices=_older(old.manifest.generation, error))

    def _serve(self, held: _Held) -> None:
        with self._lock:
            before, self._serving = self._serving, held
            twin = self._older.pop(held.snapshot.manifest.generation, None)
        if twin and twin is not held:  # opened by name while there was nothing to serve
            self._drop(twin)
        for notice in held.snapshot.notices:
            logger.warning("%s: %s", notice.code, dict(notice.values))
        if before:
            before.snapshot = replace(before.snapshot, notices=())  # who asks for it by name wants just it
            self._keep(before)

    def _keep(self, held: _Held) -> None:
        """Keeps an older generation open, and lets go of those too many or collected."""
        with self._lock:
            self._older[held.snapshot.manifest.generation] = held
            names = list(self._older)
            surplus = names[: max(len(names) - self._kept, 0)]
            gone = [name for name in names if not self._is_there(name)]
            dropped = [self._older.pop(name) for name in {*surplus, *gone}]
        for each in dropped:
            self._drop(each)

    def _is_there(self, generation: str) -> bool:
        return (self._index_folder / generation).is_dir()


def _mark(index_folder: Path) -> object:
    """What changes with every switch."""
    try:
        status = (index_folder / CURRENT).stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
