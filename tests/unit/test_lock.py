"""The writer's lock: one holder at a time, and none after its death."""

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from indexer.errors import ArchiveError, WriterBusy
from indexer.lock import LOCK_FILE, writer_lock

HOLDER = """
import os, sys
from pathlib import Path
from indexer.lock import writer_lock
with writer_lock(Path(sys.argv[1])):
    forked = sys.argv[2:] == ["fork"] and os.fork() > 0
    if not forked:  # a forked helper tells it once it is at work; it outlives its parent
        print("held", flush=True)
    os.read(0, 1)
    os._exit(0)
"""


def holder(home: Path, *words: str) -> subprocess.Popen[str]:
    """A process that holds the lock until its stdin is closed."""
    command = [sys.executable, "-c", HOLDER, str(home), *words]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def is_held(home: Path) -> bool:
    """Whether somebody holds the lock of a home."""
    try:
        with writer_lock(home):
            return False
    except WriterBusy:
        return True


def test_the_lock_can_be_taken_again_after_the_block(tmp_path: Path) -> None:
    with writer_lock(tmp_path):
        assert is_held(tmp_path)
    assert not is_held(tmp_path)


def test_an_error_in_the_block_releases_the_lock(tmp_path: Path) -> None:
    with pytest.raises(KeyError), writer_lock(tmp_path):
        raise KeyError
    assert not is_held(tmp_path)


def test_another_writer_in_this_process_is_refused(tmp_path: Path) -> None:
    with writer_lock(tmp_path), pytest.raises(WriterBusy), writer_lock(tmp_path):
        pass


def test_another_home_is_another_lock(tmp_path: Path) -> None:
    with writer_lock(tmp_path / "one"):
        assert not is_held(tmp_path / "two")


def test_the_refusal_says_who_writes_and_what_to_do(tmp_path: Path) -> None:
    with holder(tmp_path) as other:
        with pytest.raises(WriterBusy) as caught, writer_lock(tmp_path):
            pass
        other.communicate()
    message = str(caught.value)
    assert f"(pid {other.pid}, since 2" in message
    assert str(tmp_path) in message
    assert "--wait SECS" in message


@pytest.mark.parametrize("words", [(), ("fork",)])
def test_a_holder_that_is_killed_holds_no_more(tmp_path: Path, words: tuple[str, ...]) -> None:
    with holder(tmp_path, *words) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
        assert not is_held(tmp_path)
        assert other.stdin
        other.stdin.close()


def test_a_forked_helper_that_ends_does_not_release_the_lock(tmp_path: Path) -> None:
    with writer_lock(tmp_path):
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
        with pytest.raises(WriterBusy), writer_lock(tmp_path):
            pass


def test_wait_lets_the_other_writer_end(tmp_path: Path) -> None:
    with holder(tmp_path) as other:
        start = time.monotonic()
        timer = threading.Timer(0.1, other.communicate)
        timer.start()
        with writer_lock(tmp_path, wait=30):
            assert 0.1 <= time.monotonic() - start < 30
        timer.join()


def test_waiting_ends(tmp_path: Path) -> None:
    start = time.monotonic()
    with writer_lock(tmp_path), pytest.raises(WriterBusy), writer_lock(tmp_path, wait=0.12):
        pass
    assert 0.12 <= time.monotonic() - start < 5


def test_a_file_that_does_not_say_who_holds_it_is_no_obstacle(tmp_path: Path) -> None:
    with writer_lock(tmp_path):
        (tmp_path / LOCK_FILE).write_bytes(b"\xff\n")
        with pytest.raises(WriterBusy, match="another rasid process is writing"), writer_lock(tmp_path):
            pass


def test_home_and_lock_are_for_their_owner_only(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with writer_lock(home):
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        assert stat.S_IMODE((home / LOCK_FILE).stat().st_mode) == 0o600


def test_a_home_that_cannot_be_made_is_an_archive_error(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(ArchiveError, match="--home"), writer_lock(tmp_path / "home"):
        pass
