"""One writer a home: a lock that the kernel releases when its holder ends, however it ends."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from indexer.errors import ArchiveError, WriterBusy

LOCK_FILE = "writer.lock"
POLL = 0.05
"""Seconds between two tries."""


@contextmanager
def writer_lock(home: Path, wait: float = 0.0) -> Iterator[None]:
    """Holds the writer's lock of a home inside the block.

    The file stays: to delete it would let two writers hold locks on two files of one name.

    Args:
        wait: seconds to wait for another writer to end.

    Raises:
        WriterBusy: another writer is still at work.
        ArchiveError: the home cannot be written.
    """
    with _lock_file(home) as file:
        _take(file, home, time.monotonic() + wait)
        # A forked helper shares the lock: it would hold it on after this process was killed.
        os.register_at_fork(after_in_child=file.close)
        yield  # Closing releases. Unlocking could not be left to a forked child that comes by here.


def _lock_file(home: Path) -> FileIO:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        return FileIO(home / LOCK_FILE, "r+", opener=_open)
    except OSError as error:
        raise ArchiveError(f"{home} cannot be written: {error.strerror}; choose another --home") from error


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def _take(file: FileIO, home: Path, deadline: float) -> None:
    while not _locked(file, home):
        left = deadline - time.monotonic()
        if left <= 0:
            raise WriterBusy(
                f"another rasid process{_holder(file)} is writing in {home}; wait for it or use --wait SECS"
            )
        time.sleep(min(POLL, left))
    file.truncate(0)
    file.write(f"{os.getpid()} {time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())}\n".encode())


def _locked(file: FileIO, home: Path) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise ArchiveError(
            f"{home} cannot be locked: {error.strerror}; choose a home on a local disk"
        ) from error
    return True


def _holder(file: FileIO) -> str:
    """Who holds the lock, as its file says; empty where it does not say (yet)."""
    file.seek(0)
    pid, _, since = file.read(100).decode("ascii", "replace").strip().partition(" ")
    return f" (pid {pid}, since {since})" if pid.isdecimal() and since else ""
