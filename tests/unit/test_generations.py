"""Generations: published whole, never read unless whole, followed without a pause, collected."""

import logging
import os
import shutil
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from indexer.engines.base import Engine, IndexWriter, SearchEngine
from indexer.errors import GenerationGone, IndexDamaged, IndexStale, IndexUnavailable, NoIndex
from indexer.generations import (
    CURRENT,
    MANIFEST,
    Engines,
    FileSum,
    Kind,
    Manifest,
    Snapshots,
    collect,
    current,
    manifest,
    manifest_at,
    manifest_bytes,
    manifest_of,
    open_snapshot,
    opening,
    publish,
    published,
    publishing,
    serving,
    stage,
    verify,
)
from indexer.generations.manifest import seal

KIND = Kind(engine="still", analysis="1-abc", schema="1")


class StillSnapshot:
    """A snapshot that knows nothing but whether it is open."""

    def __init__(self, folder: Path, closed: list[str]) -> None:
        self.name, self.closed, self.open = folder.name, closed, True
        self.words = (folder / "words.txt").read_text()

    def close(self) -> None:
        assert self.open, "closed twice"
        self.open = False
        self.closed.append(self.name)


class StillEngine:
    """An engine whose index is one file of words. Opening waits for `gate`."""

    name = "still"
    schema = "1"

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.closed: list[str] = []
        self.gate = threading.Event()
        self.gate.set()

    def open(self, folder: Path, before: SearchEngine | None = None) -> SearchEngine:
        assert self.gate.wait(10)
        self.opened.append(folder.name)
        snapshot = StillSnapshot(folder, self.closed)
        if snapshot.words == "unreadable":
            raise KeyError("an engine's own error")
        return snapshot  # type: ignore[return-value]

    def writer(self, folder: Path, base: Path | None = None, jobs: int = 1) -> IndexWriter:
        raise AssertionError("no test of generations writes an index")


def grow(
    index: Path,
    words: str = "كلمات",
    *,
    kind: Kind = KIND,
    parent: Manifest | None = None,
    linked: Iterable[str] = (),
) -> Manifest:
    """Publishes a generation of a few files."""
    staged = stage(index)
    (staged / "words.txt").write_text(words)
    (staged / f"seg-{staged.name[-8:]}.bin").write_bytes(os.urandom(5_000))
    (staged / "empty").touch()
    for name in linked:
        assert parent
        (staged / name).hardlink_to(index / parent.generation / name)
    return publish(
        staged, kind, release="0.1", built_at="2024-05-06T12:00:00Z", articles=3, change=7, parent=parent
    )


def flip(path: Path, place: int = -1) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def only(engine: Engine) -> Engines:
    """Knows this engine by whatever name."""
    return lambda _name: (engine, KIND)


def file_names(manifest: Manifest) -> list[str]:
    return [file.name for file in manifest.files]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "home" / "index"


@pytest.fixture
def engine() -> StillEngine:
    return StillEngine()


@pytest.fixture
def snapshots(index: Path, engine: StillEngine) -> Iterator[Snapshots]:
    with Snapshots(index, only(engine)) as snapshots:
        yield snapshots


def answering(snapshots: Snapshots) -> str:
    with snapshots.current() as snapshot:
        return snapshot.manifest.generation


# Publishing


def test_a_published_generation_is_current_and_verifies(index: Path) -> None:
    manifest = grow(index)
    assert current(index) == manifest.generation
    assert verify(index / manifest.generation, KIND) == manifest
    assert (manifest.articles, manifest.change, manifest.parent) == (3, 7, None)


def test_names_sort_by_their_order(index: Path) -> None:
    names = [grow(index).generation for _ in range(3)]
    assert list(published(index)) == names[::-1]
    assert [name[:8] for name in names] == ["g000001-", "g000002-", "g000003-"]


def test_names_go_on_counting_after_a_million(index: Path) -> None:
    index.mkdir(mode=0o700, parents=True)
    (index / "g999999-00000000").mkdir()
    manifest = grow(index)
    assert manifest.generation.startswith("g1000000-")
    assert published(index)[0] == manifest.generation


def test_files_are_private_whatever_the_engine_made_them(index: Path) -> None:
    before = os.umask(0)
    try:
        manifest = grow(index)
    finally:
        os.umask(before)
    folder = index / manifest.generation
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in (index, folder)} == {0o700}


def test_a_linked_file_is_not_summed_again(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = grow(index)
    linked = next(name for name in file_names(parent) if name.startswith("seg-"))
    summed: list[str] = []
    whole = publishing.file_sum

    def noted(path: Path) -> FileSum:
        summed.append(path.name)
        return whole(path)

    monkeypatch.setattr(publishing, "file_sum", noted)
    child = grow(index, parent=parent, linked=[linked])
    assert linked not in summed
    assert "words.txt" in summed
    assert child.parent == parent.generation
    verify(index / child.generation, KIND)


def test_a_linked_file_that_was_damaged_is_never_declared_good(index: Path) -> None:
    parent = grow(index)
    linked = next(name for name in file_names(parent) if name.startswith("seg-"))
    flip(index / parent.generation / linked)
    child = grow(index, parent=parent, linked=[linked])
    with pytest.raises(IndexDamaged, match=linked):
        verify(index / child.generation)


def test_a_linked_file_that_was_cut_stops_the_publishing(index: Path) -> None:
    parent = grow(index)
    linked = next(name for name in file_names(parent) if name.startswith("seg-"))
    os.truncate(index / parent.generation / linked, 10)
    with pytest.raises(IndexDamaged, match=linked):
        grow(index, parent=parent, linked=[linked])
    assert current(index) == parent.generation


def test_a_copy_of_the_same_name_is_summed(index: Path) -> None:
    parent = grow(index, "قديم")
    child = grow(index, "جديد", parent=parent)
    assert verify(index / child.generation) == child
    assert {file.name: file for file in parent.files}["words.txt"] not in child.files


def test_a_folder_in_a_generation_stops_the_publishing(index: Path) -> None:
    staged = stage(index)
    (staged / "folder").mkdir()
    with pytest.raises(IndexDamaged, match="no plain file"):
        publish(staged, KIND, release="0.1", built_at="", articles=0, change=0)


# Verifying


@pytest.mark.parametrize("place", [0, -1, 40])
def test_a_flipped_bit_in_any_file_is_noticed(index: Path, place: int) -> None:
    manifest = grow(index, "كلمات " * 20)
    folder = index / manifest.generation
    for path in folder.iterdir():
        if path.stat().st_size:
            flip(path, place)
            with pytest.raises(IndexDamaged, match=path.name):
                verify(folder, KIND)
            flip(path, place)
    verify(folder, KIND)


def test_every_single_bit_of_a_manifest_counts(index: Path) -> None:
    data = manifest_bytes(grow(index))
    for place in range(len(data) * 8):
        changed = bytearray(data)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(ValueError):
            manifest_of(bytes(changed))


def test_every_single_bit_of_current_counts(index: Path) -> None:
    grow(index)
    file = index / CURRENT
    data = file.read_bytes()
    for place in range(len(data) * 8):
        changed = bytearray(data)
        changed[place // 8] ^= 1 << place % 8
        file.write_bytes(changed)
        with pytest.raises(IndexDamaged, match=CURRENT):
            current(index)


@pytest.mark.parametrize("size", [0, 1, 100, -1])
def test_a_truncated_manifest_is_noticed(index: Path, size: int) -> None:
    folder = index / grow(index).generation
    path = folder / MANIFEST
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(IndexDamaged, match=MANIFEST):
        verify(folder)


def test_a_sealed_manifest_of_nonsense_is_damaged(index: Path) -> None:
    folder = index / grow(index).generation
    for head in (b"", b"[1", b'{"format": 1', b'{"format": 1, "files": 3'):
        (folder / MANIFEST).write_bytes(head + seal(head))
        with pytest.raises(IndexDamaged, match=MANIFEST):
            verify(folder)


def test_a_missing_file_is_noticed(index: Path) -> None:
    manifest = grow(index)
    for name in (*file_names(manifest), MANIFEST):
        path = index / manifest.generation / name
        data = path.read_bytes()
        path.unlink()
        with pytest.raises(IndexDamaged, match=name):
            verify(path.parent)
        path.touch(0o600)
        path.write_bytes(data)
    verify(index / manifest.generation)


def test_a_file_too_many_is_noticed(index: Path) -> None:
    folder = index / grow(index).generation
    (folder / "_MAIN_2.toc").touch(0o600)
    with pytest.raises(IndexDamaged, match=r"_MAIN_2\.toc"):
        verify(folder)


def test_a_missing_generation_is_damaged(index: Path) -> None:
    grow(index)
    with pytest.raises(IndexDamaged, match="g000009"):
        verify(index / "g000009-00000000")


def test_a_renamed_generation_is_noticed(index: Path) -> None:
    manifest = grow(index)
    (index / manifest.generation).rename(index / "g000002-00000000")
    with pytest.raises(IndexDamaged, match=manifest.generation):
        verify(index / "g000002-00000000")


@pytest.mark.parametrize("field", ["engine", "analysis", "schema"])
def test_another_kind_is_stale_and_the_command_is_named(index: Path, field: str) -> None:
    folder = index / grow(index).generation
    other = Kind(**{"engine": "still", "analysis": "1-abc", "schema": "1", field: "9"})
    with pytest.raises(IndexStale, match=f"{field}.*rasid rebuild"):
        verify(folder, other)
    verify(folder)


def test_a_manifest_of_a_newer_format_is_stale(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "FORMAT", 2)
    folder = index / grow(index).generation
    monkeypatch.undo()
    with pytest.raises(IndexStale, match="rasid rebuild"):
        verify(folder)


@pytest.mark.parametrize("place", ["", "words.txt", MANIFEST, ".."])
@pytest.mark.parametrize("mode", [0o020, 0o002])
def test_what_others_may_write_is_never_opened(index: Path, place: str, mode: int) -> None:
    folder = index / grow(index).generation
    path = folder / place
    path.chmod(path.stat().st_mode | mode)
    with pytest.raises(IndexDamaged, match="chmod -R go-w"):
        verify(folder)


def test_what_belongs_to_another_user_is_never_opened(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = index / grow(index).generation
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
    with pytest.raises(IndexDamaged, match="chown"):
        verify(folder)


def test_symbolic_links_are_never_followed(index: Path, tmp_path: Path) -> None:
    manifest = grow(index)
    folder = index / manifest.generation
    moved = (folder / "words.txt").rename(tmp_path / "words.txt")
    (folder / "words.txt").symlink_to(moved)
    with pytest.raises(IndexDamaged, match=r"words\.txt"):
        verify(folder)
    (folder / "words.txt").unlink()
    moved.rename(folder / "words.txt")
    folder.rename(tmp_path / manifest.generation)
    folder.symlink_to(tmp_path / manifest.generation)
    with pytest.raises(IndexDamaged, match="symbolic link"):
        verify(folder)


def test_nothing_is_staged_where_others_may_write(index: Path) -> None:
    index.mkdir(parents=True)
    index.chmod(0o777)
    with pytest.raises(IndexDamaged, match="chmod"):
        stage(index)


# Opening


def test_without_a_generation_the_command_that_makes_one_is_named(index: Path, engine: Engine) -> None:
    with pytest.raises(NoIndex, match="rasid add PATH"):
        open_snapshot(index, only(engine))
    stage(index)
    with pytest.raises(NoIndex, match="rasid add PATH"):
        open_snapshot(index, only(engine))


def test_the_current_generation_is_opened_without_a_notice(index: Path, engine: Engine) -> None:
    grow(index)
    newest = grow(index)
    snapshot = open_snapshot(index, only(engine))
    assert (snapshot.manifest, snapshot.notices) == (newest, ())


def test_the_newest_good_generation_takes_the_place_of_a_damaged_one(index: Path, engine: Engine) -> None:
    good, bad, worse = (grow(index) for _ in range(3))
    for broken in (bad, worse):
        flip(index / broken.generation / "words.txt")
    snapshot = open_snapshot(index, only(engine))
    assert snapshot.manifest == good
    (notice,) = snapshot.notices
    assert notice.code == "older_generation"
    values = dict(notice.values)
    assert values["generation"] == good.generation
    assert worse.generation in values["reason"]


def test_an_older_generation_answers_for_one_that_its_engine_cannot_open(index: Path, engine: Engine) -> None:
    good = grow(index)
    grow(index, "unreadable")
    assert open_snapshot(index, only(engine)).manifest == good


@pytest.mark.parametrize("text", ["", "g000002\n", "../../etc\n", None])
def test_the_newest_generation_answers_where_current_is_damaged(
    index: Path, engine: Engine, text: str | None
) -> None:
    grow(index)
    newest = grow(index)
    (index / CURRENT).unlink()
    if text is not None:
        (index / CURRENT).write_text(text)
    snapshot = open_snapshot(index, only(engine))
    assert snapshot.manifest == newest
    assert CURRENT in dict(snapshot.notices[0].values)["reason"]


def test_where_no_generation_is_good_the_fault_of_the_current_one_is_told(
    index: Path, engine: Engine
) -> None:
    names = [grow(index).generation for _ in range(2)]
    for name in names:
        flip(index / name / "words.txt")
    with pytest.raises(IndexDamaged, match=f"{names[1]}.*rasid rebuild"):
        open_snapshot(index, only(engine))


def test_a_stale_index_is_refused_even_beside_an_older_one_that_would_fit(
    index: Path, engine: Engine
) -> None:
    grow(index)
    grow(index, kind=Kind("still", "2-def", "1"))
    with pytest.raises(IndexStale, match="rasid rebuild"):
        open_snapshot(index, only(engine))


def test_a_generation_collected_while_it_was_opened_gives_way_to_its_successor(index: Path) -> None:
    grow(index)

    class Late(StillEngine):
        def open(self, folder: Path, before: SearchEngine | None = None) -> SearchEngine:
            if not self.opened:
                grow(index)
                collect(index, keep=1)
            return super().open(folder, before)

    snapshot = open_snapshot(index, only(Late()))
    assert (snapshot.manifest.generation, snapshot.notices) == (current(index), ())


def test_a_file_in_the_place_of_the_index_is_damage(index: Path, engine: Engine) -> None:
    index.parent.mkdir()
    index.write_text("")
    assert published(index) == ()
    with pytest.raises(IndexDamaged, match="cannot be read"):
        open_snapshot(index, only(engine))


def test_a_manifest_alone_tells_what_a_generation_has_seen(index: Path) -> None:
    manifest = grow(index)
    folder = index / manifest.generation
    flip(folder / "words.txt")
    assert manifest_at(folder) == manifest
    (folder / MANIFEST).unlink()
    with pytest.raises(IndexDamaged, match=MANIFEST):
        manifest_at(folder)


# Collecting


def test_the_newest_three_generations_stay(index: Path) -> None:
    names = [grow(index).generation for _ in range(5)]
    assert set(collect(index)) == set(names[:2])
    assert list(published(index)) == names[:1:-1]
    assert collect(index) == ()


def test_one_generation_stays_at_least(index: Path) -> None:
    names = [grow(index).generation for _ in range(2)]
    assert collect(index, keep=0) == (names[0],)
    verify(index / names[1])


def test_a_generation_replaced_moments_ago_stays_for_its_grace(index: Path) -> None:
    names = [grow(index).generation for _ in range(4)]
    hours_ago = time.time() - 7200
    for name in names[:2]:
        os.utime(index / name, (hours_ago, hours_ago))
    assert collect(index, keep=1, grace=3600) == (names[0],)


def test_leftovers_go_and_foreign_files_stay(index: Path) -> None:
    kept = grow(index).generation
    (stage(index) / "half.seg").write_text("نصف")
    for name in (".tmp-CURRENT", ".dead-g000001-00000000", "notes.txt"):
        (index / name).touch()
    (index / ".dead-g000002-00000000").mkdir()
    collect(index)
    assert {path.name for path in index.iterdir()} == {kept, CURRENT, "notes.txt"}


def test_a_generation_that_was_never_announced_goes(index: Path) -> None:
    announced = grow(index).generation
    data = (index / CURRENT).read_bytes()
    late = grow(index).generation
    (index / CURRENT).write_bytes(data)
    assert collect(index) == (late,)
    assert published(index) == (announced,)


def test_with_a_damaged_current_the_newest_stay(index: Path) -> None:
    names = [grow(index).generation for _ in range(4)]
    (index / CURRENT).write_text("?")
    assert collect(index) == (names[0],)


def test_collecting_nothing_is_no_error(index: Path) -> None:
    assert collect(index) == ()


# Serving


def test_an_index_may_appear_later(index: Path, snapshots: Snapshots) -> None:
    for _ in range(2):
        with pytest.raises(NoIndex), snapshots.current():
            pass
    name = grow(index).generation
    assert answering(snapshots) == name


def test_a_switch_is_followed_at_once_and_cursors_open_the_old_generation_again(
    index: Path, engine: StillEngine, snapshots: Snapshots
) -> None:
    old = grow(index).generation
    assert answering(snapshots) == old
    new = grow(index).generation
    assert answering(snapshots) == new
    assert engine.closed == [old]
    for _ in range(2):
        with snapshots.at(old) as snapshot:
            assert snapshot.manifest.generation == old
    assert engine.opened == [old, new, old]
    assert engine.closed == [old]


def test_a_request_in_flight_keeps_its_snapshot_open(
    index: Path, engine: StillEngine, snapshots: Snapshots
) -> None:
    old = grow(index).generation
    with snapshots.current() as snapshot:
        names = [grow(index).generation for _ in range(5)]
        collect(index, keep=1)
        assert answering(snapshots) == names[-1]
        snapshots.close()
        assert old not in engine.closed
        assert snapshot.manifest.generation == old
    assert old in engine.closed


def test_others_are_answered_by_the_old_generation_while_one_opens_the_new(
    index: Path, engine: StillEngine, snapshots: Snapshots
) -> None:
    old = grow(index).generation
    assert answering(snapshots) == old
    engine.gate.clear()
    new = grow(index).generation
    with ThreadPoolExecutor(1) as threads:
        opener = threads.submit(answering, snapshots)
        while not snapshots._opening.locked():
            time.sleep(0.001)
        assert [answering(snapshots) for _ in range(3)] == [old] * 3
        engine.gate.set()
        assert opener.result() == new
    assert answering(snapshots) == new


def test_many_threads_open_a_generation_once(index: Path, engine: StillEngine, snapshots: Snapshots) -> None:
    name = grow(index).generation
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(lambda _: answering(snapshots), range(50))) == {name}
    assert engine.opened == [name]


def test_no_request_fails_while_generations_come_and_go(
    index: Path, engine: StillEngine, snapshots: Snapshots
) -> None:
    grow(index)
    done = threading.Event()

    def ask() -> int:
        answers = 0
        while not done.is_set():
            with snapshots.current() as snapshot:
                time.sleep(0.002)
                assert snapshot.manifest.generation not in engine.closed
                assert not snapshot.notices
            answers += 1
        return answers

    with ThreadPoolExecutor(6) as threads:
        asking = [threads.submit(ask) for _ in range(6)]
        for _ in range(20):
            grow(index)
            collect(index, keep=1)
            time.sleep(0.005)
        done.set()
        assert all(each.result() for each in asking)
    assert answering(snapshots) == current(index)
    snapshots.close()
    assert sorted(engine.opened) == sorted(engine.closed)


def test_a_bad_new_generation_is_refused_once_and_the_old_one_goes_on_with_a_notice(
    index: Path, engine: StillEngine, snapshots: Snapshots, caplog: pytest.LogCaptureFixture
) -> None:
    good = grow(index).generation
    assert answering(snapshots) == good
    bad = grow(index).generation
    flip(index / bad / "words.txt")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            with snapshots.current() as snapshot:
                assert snapshot.manifest.generation == good
                assert snapshot.notices[0].code == "older_generation"
                assert bad in dict(snapshot.notices[0].values)["reason"]
        (index / CURRENT).touch()  # named once more: not read once more
        assert answering(snapshots) == good
        with pytest.raises(GenerationGone), snapshots.at(bad):
            pass
    assert [bad in record.getMessage() for record in caplog.records] == [True]
    better = grow(index).generation
    with snapshots.current() as snapshot:
        assert (snapshot.manifest.generation, snapshot.notices) == (better, ())


def test_a_damaged_current_is_a_notice_until_it_is_repaired(index: Path, snapshots: Snapshots) -> None:
    name = grow(index).generation
    assert answering(snapshots) == name
    for text, notices in (("?", 1), (f"{name}\n", 0)):
        (index / CURRENT).write_text(text)
        with snapshots.current() as snapshot:
            assert (snapshot.manifest.generation, len(snapshot.notices)) == (name, notices)


def test_a_server_that_starts_on_a_damaged_generation_falls_back_and_recovers(
    index: Path, snapshots: Snapshots
) -> None:
    good, bad = grow(index).generation, grow(index).generation
    flip(index / bad / "words.txt")
    with snapshots.current() as snapshot:
        assert (snapshot.manifest.generation, len(snapshot.notices)) == (good, 1)
    with snapshots.at(good) as snapshot:
        assert snapshot.manifest.generation == good
    new = grow(index).generation
    with snapshots.current() as snapshot:
        assert (snapshot.manifest.generation, snapshot.notices) == (new, ())
    with snapshots.at(good) as snapshot:
        assert snapshot.notices == ()


def test_a_damaged_index_is_not_read_through_on_every_request(
    index: Path, snapshots: Snapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    flip(index / grow(index).generation / "words.txt")
    reads: list[Path] = []
    whole = opening.verify

    def noted(folder: Path, expected: Kind) -> Manifest:
        reads.append(folder)
        return whole(folder, expected)

    monkeypatch.setattr(opening, "verify", noted)
    for _ in range(5):
        with pytest.raises(IndexDamaged, match="rasid rebuild"), snapshots.current():
            pass
    assert len(reads) == 1
    monkeypatch.setattr(serving, "RETRY_SECONDS", 0.0)
    name = grow(index).generation  # a switch ends the wait
    assert answering(snapshots) == name


def test_a_stale_index_is_told_to_each_request(index: Path, engine: StillEngine) -> None:
    grow(index, kind=Kind("still", "2-def", "1"))
    with Snapshots(index, only(engine)) as snapshots:
        for _ in range(2):
            with pytest.raises(IndexStale, match="rasid rebuild"), snapshots.current():
                pass


def test_a_kept_generation_is_opened_by_name(index: Path, engine: StillEngine, snapshots: Snapshots) -> None:
    names = [grow(index).generation for _ in range(3)]
    for _ in range(2):
        with snapshots.at(names[0]) as snapshot:
            assert snapshot.manifest.generation == names[0]
    assert engine.opened == [names[2], names[0]]


def test_few_older_generations_stay_open(index: Path, engine: StillEngine) -> None:
    names = [grow(index).generation for _ in range(5)]
    with Snapshots(index, only(engine), kept=2) as snapshots:
        for name in (names[0], names[1], names[0], names[2]):
            with snapshots.at(name):
                pass
        assert engine.closed == [names[1]]


def test_a_collected_generation_is_gone_even_where_it_is_still_open(
    index: Path, engine: StillEngine, snapshots: Snapshots
) -> None:
    old = grow(index).generation
    assert answering(snapshots) == old
    new = grow(index).generation
    assert answering(snapshots) == new
    with snapshots.at(old):
        pass
    assert engine.opened == [old, new, old]
    collect(index, keep=1)
    with pytest.raises(GenerationGone, match="start the search again"), snapshots.at(old):
        pass
    grow(index)
    answering(snapshots)
    assert engine.closed == [old, new, old]


@pytest.mark.parametrize(
    "name", ["", "..", "CURRENT", "g000001-ffffffff", "../index", "g000001-0000000\u0661", "\0"]
)
def test_only_generations_are_opened_by_name(index: Path, snapshots: Snapshots, name: str) -> None:
    grow(index)
    with pytest.raises(GenerationGone), snapshots.at(name):
        pass


def test_a_cursor_of_another_worker_may_name_a_generation_newer_than_the_open_one(
    index: Path, engine: StillEngine, snapshots: Snapshots
) -> None:
    grow(index)
    answering(snapshots)
    new = grow(index).generation
    with snapshots.at(new) as snapshot:
        assert snapshot.manifest.generation == new
    assert engine.opened.count(new) == 1


def test_a_generation_opened_by_name_before_it_came_to_serve_is_closed_in_the_end(
    index: Path, engine: StillEngine
) -> None:
    good = grow(index).generation
    grow(index, kind=Kind("still", "2-def", "1"))
    with Snapshots(index, only(engine)) as snapshots:
        with snapshots.at(good):
            pass
        (index / CURRENT).write_text(f"{good}\n")
        assert answering(snapshots) == good
    assert len(engine.opened) == len(engine.closed) == 2


def test_without_an_index_a_generation_is_gone(snapshots: Snapshots) -> None:
    with pytest.raises(GenerationGone), snapshots.at("g000001-00000000"):
        pass


def test_the_last_generation_answers_on_where_the_index_is_deleted(index: Path, snapshots: Snapshots) -> None:
    name = grow(index).generation
    assert answering(snapshots) == name
    shutil.rmtree(index)
    with snapshots.current() as snapshot:
        assert (snapshot.manifest.generation, len(snapshot.notices)) == (name, 1)


def test_every_refusal_is_an_unavailable_index() -> None:
    assert all(issubclass(error, IndexUnavailable) for error in (NoIndex, IndexDamaged, IndexStale))
