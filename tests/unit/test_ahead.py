"""Tables made in the background after a server's first answer."""

import gc
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer import build
from indexer.ahead import Helper
from indexer.archive import Archive
from indexer.model import Article, SearchRequest
from indexer.query.wordlist import wordlist_of
from indexer.reading import HomeReadingRoom
from indexer.settings import Settings
from indexer.suggest import _KEPT


def test_work_is_done_once_for_each_mark() -> None:
    done: list[int] = []
    helper = Helper(lambda: iter([done.append(1)]))
    for mark in ("a", "a", "b", "b"):
        helper.begin(mark)
        helper.close()
    assert len(done) == 2


def test_whoever_begins_it_does_not_wait() -> None:
    gate, done = threading.Event(), []

    def work() -> Iterator[None]:
        yield done.append(gate.wait(5))

    helper = Helper(work)
    helper.begin("a")
    assert not done
    gate.set()
    helper.close()
    assert done == [True]


def test_work_for_a_mark_that_is_not_the_newest_is_left_at_its_next_step() -> None:
    gate, done = threading.Event(), []

    def work() -> Iterator[None]:
        yield done.append(f"first {gate.wait(5)}")
        yield done.append("second")

    helper = Helper(work)
    helper.begin("a")
    helper.begin("b")
    gate.set()
    helper.close()
    assert done in (["first True", "first True", "second"], ["first True", "second"])


def test_a_mark_that_follows_another_must_stay_for_a_while() -> None:
    done: list[int] = []
    helper = Helper(lambda: iter([done.append(1)]), rest=60)
    helper.begin("a")
    while not done:
        pass
    helper.begin("b")
    helper.begin("c")
    assert len(done) == 1
    helper.close()
    assert len(done) == 2


def test_a_fault_is_told_and_harms_nobody(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> Iterator[None]:
        raise ValueError("broken")

    helper = Helper(fail)
    helper.begin("a")
    helper.close()
    assert "broken" in caplog.text


@pytest.mark.parametrize("ahead", [True, False])
def test_a_room_makes_its_tables_ahead_only_when_asked_to(tmp_path: Path, ahead: bool) -> None:
    settings = Settings(tmp_path / "home")
    with Archive.open(settings.archive_file, create=True) as archive:
        archive.add([Article("1", "قمة بغداد", "نص")])
        build.update(settings, archive)
    with HomeReadingRoom(settings, ahead=ahead) as room:
        room.answer(SearchRequest(q="قمة"))
        if room._helper:
            room._helper.close()
        with room._snapshots.current() as snapshot:
            assert (wordlist_of(snapshot.engine) in _KEPT) is ahead
        assert [c.q for c in room.completions("قم")] == ["قمة", "قمة بغداد"]


def test_a_generation_that_is_gone_leaves_nothing_behind(tmp_path: Path) -> None:
    """What is made ahead is put out of the garbage collector's sight; an older generation's comes back."""
    settings = Settings(tmp_path / "home")
    with Archive.open(settings.archive_file, create=True) as archive, HomeReadingRoom(settings) as room:
        seen = []
        for number in range(4):
            archive.add([Article(f"{number}", "قمة بغداد", "نص")])
            build.update(settings, archive)
            room.answer(SearchRequest(q="قمة"))
            list(room._make_tables())
            with room._snapshots.current() as snapshot:
                seen.append(weakref.ref(snapshot.engine))
            del snapshot
        gc.unfreeze()
        gc.collect()
        assert [engine() is None for engine in seen] == [True, True, True, False]
