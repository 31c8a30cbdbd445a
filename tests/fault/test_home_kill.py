"""A whole home under fire: killed writers, readers during rebuilds, damaged files, full disks."""

import json
import random
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer import build, generations
from indexer.archive import Archive
from indexer.errors import IndexDamaged, IndexStale, NoIndex
from indexer.lock import writer_lock
from indexer.model import Article, SearchRequest
from indexer.reading import HomeReadingRoom
from indexer.settings import Settings
from indexer.verify import faults

RASID = Path(sys.executable).parent / "rasid"
ROUNDS = 3
MANY = 2_000
WORDS = (
    "الكاظمي طهران بغداد قمة زيارة الوزير الانتخابات العراقية اتفاق الحدود النفط بوتين القاهرة سوريا".split()
)

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def article(number: int) -> dict[str, str]:
    picked = random.Random(number).choices(WORDS, k=40)
    return {"id": f"n{number}", "title": f"خبر {number}", "body": " ".join([*picked, f"رقم{number}"])}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "home")


@pytest.fixture
def run(settings: Settings) -> Run:
    def run(*arguments: object, **options: object) -> "subprocess.CompletedProcess[str]":
        command = [str(RASID), "--home", str(settings.home), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, **options)  # type: ignore[call-overload,no-any-return]

    return run


@pytest.fixture
def many(tmp_path: Path) -> Path:
    file = tmp_path / "many.jsonl"
    file.write_text("".join(json.dumps(article(n), ensure_ascii=False) + "\n" for n in range(MANY)))
    return file


def filled(settings: Settings, *numbers: int) -> Settings:
    with Archive.open(settings.archive_file, create=True) as archive:
        archive.add([Article(**article(number)) for number in numbers])
        build.update(settings, archive)
    return settings


def killed(settings: Settings, seconds: float, *arguments: object) -> bool:
    """Runs a command and kills it with SIGKILL after a while; whether it was still at work."""
    command = [str(RASID), "--home", str(settings.home), *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
    return child.returncode == -signal.SIGKILL


def assert_sound(settings: Settings, run: Run) -> None:
    """Index and archive agree, and nothing of a dead writer is left."""
    verified = run("verify", "--deep")
    assert (verified.returncode, verified.stderr) == (0, "")
    left = [path.name for path in settings.index_folder.iterdir() if path.name.startswith(".")]
    assert not left
    assert len(generations.published(settings.index_folder)) <= build.KEPT_GENERATIONS


# --- killed writers ---------------------------------------------------------------------------------------


def test_an_add_killed_at_any_moment_is_completed_by_the_next(
    settings: Settings, run: Run, many: Path
) -> None:
    started = time.monotonic()
    assert run("--home", settings.home.with_name("whole"), "add", many).returncode == 0
    whole = time.monotonic() - started
    moments = random.Random(5)
    for turn in range(ROUNDS):
        if turn == ROUNDS - 1:  # from the very beginning, once more
            shutil.rmtree(settings.home, ignore_errors=True)
        killed(settings, moments.uniform(0.2, 1.0) * whole, "add", many)
        stored = 0
        if settings.archive_file.is_file():
            with Archive.open(settings.archive_file) as archive:
                stored = archive.count()
        ended = run("add", many, "--json")
        assert (ended.returncode, ended.stderr) == (0, "")
        counts = json.loads(ended.stdout)
        assert (counts["added"], counts["unchanged"]) == (MANY - stored, stored)
        assert_sound(settings, run)
    with HomeReadingRoom(settings) as room:
        assert room.answer(SearchRequest(q="")).total == MANY
        assert all(
            room.answer(SearchRequest(q=f"رقم{n}", operator="and")).total == 1 for n in range(0, MANY, 333)
        )


def test_a_rebuild_killed_at_any_moment_leaves_the_last_generation_serving(
    settings: Settings, run: Run, many: Path
) -> None:
    assert run("add", many).returncode == 0
    moments = random.Random(6)
    with HomeReadingRoom(settings) as room:
        for _ in range(ROUNDS):
            killed(settings, moments.uniform(0.3, 1.5), "rebuild")
            assert room.answer(SearchRequest(q="الكاظمي")).total
            with HomeReadingRoom(settings) as newcomer:
                answer = newcomer.answer(SearchRequest(q=""))
                assert (answer.total, answer.warnings) == (MANY, ())
        assert run("add", many).returncode == 0
        assert_sound(settings, run)
        assert run("rebuild").returncode == 0
        assert_sound(settings, run)


# --- readers during rebuilds ------------------------------------------------------------------------------


def test_a_room_answers_every_request_while_the_index_changes_under_it(settings: Settings) -> None:
    filled(settings, *range(300))
    stop = threading.Event()
    errors: list[BaseException] = []
    seen: set[tuple[str, int]] = set()

    def reader(room: HomeReadingRoom) -> None:
        while not stop.is_set():
            try:
                answer = room.answer(SearchRequest(q="رقم1 OR علامة", facets=("source",), page_size=100))
                assert len(answer.found) == answer.total + answer.related_total
                assert all(found.matched for found in answer.found)
                seen.add((answer.generation, answer.total))
            except BaseException as error:
                errors.append(error)
                return

    totals: dict[str, int] = {}
    with HomeReadingRoom(settings) as room:
        threads = [threading.Thread(target=reader, args=(room,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for turn in range(8):
            with writer_lock(settings.home), Archive.open(settings.archive_file) as archive:
                archive.add([Article(f"m{turn}", "علامة", f"علامة {turn}")])
                if turn % 4 == 3:
                    archive.remove([f"m{turn - 1}"])
                change = build.rebuild if turn % 2 else build.update
                manifest = change(settings, archive)
                if turn % 4 == 3:
                    build.tidy(settings, archive, keep=1)
            assert manifest
            totals[manifest.generation] = 1 + turn + 1 - (turn + 1) // 4
            time.sleep(0.05)
        stop.set()
        for thread in threads:
            thread.join()
    assert not errors
    assert len(seen) > 3
    assert all(total == totals.get(generation, 1) for generation, total in seen)


# --- damage -----------------------------------------------------------------------------------------------


def flip(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def files_of(settings: Settings) -> Iterator[Path]:
    yield from sorted((settings.index_folder / generations.current(settings.index_folder)).iterdir())


def test_a_flipped_bit_in_any_file_is_named_and_never_served(settings: Settings, tmp_path: Path) -> None:
    filled(settings, *range(20))
    chance = random.Random(8)
    names = [path.name for path in files_of(settings)]
    assert len(names) > 3
    for name in names:
        copy = Settings(tmp_path / "copy")
        shutil.copytree(settings.home, copy.home)
        (path,) = [path for path in files_of(copy) if path.name == name]
        flip(path, chance)
        told = list(faults(copy))
        assert told and all(str(path) in line and "`rasid rebuild`" in line for line in told)
        with HomeReadingRoom(copy) as room, pytest.raises(IndexDamaged, match=r"rasid rebuild"):
            room.answer(SearchRequest(q="الكاظمي"))
        shutil.rmtree(copy.home)


def test_a_damaged_generation_is_answered_by_the_older_good_one(settings: Settings) -> None:
    filled(settings, 0)
    older = generations.current(settings.index_folder)
    with Archive.open(settings.archive_file) as archive:
        archive.add([Article(**article(1))])
        build.rebuild(settings, archive)
    for path in files_of(settings):
        flip(path, random.Random(1))
        break
    with HomeReadingRoom(settings) as room:
        answer = room.answer(SearchRequest(q=""))
        assert (answer.generation, answer.total) == (older, 1)
        assert [warning.code for warning in answer.warnings] == ["older_generation"]
        with Archive.open(settings.archive_file) as archive:
            build.update(settings, archive)
        healed = room.answer(SearchRequest(q=""))
        assert (healed.total, healed.warnings) == (2, ())


def test_a_bad_current_file_does_not_stop_a_room(settings: Settings) -> None:
    filled(settings, 0)
    (settings.index_folder / "CURRENT").write_text("../../etc\n")
    with HomeReadingRoom(settings) as room:
        answer = room.answer(SearchRequest(q=""))
        assert (answer.total, [w.code for w in answer.warnings]) == (1, ["older_generation"])


def test_deep_verification_finds_what_checksums_cannot(settings: Settings, run: Run) -> None:
    filled(settings, *range(5))
    with Archive.open(settings.archive_file) as archive:
        archive.remove(["n1"])
        archive.add([Article("n2", "عنوان", "نص آخر"), Article("n9", "جديد", "نص")])
    assert run("verify").returncode == 0
    ended = run("verify", "--deep")
    assert ended.returncode == 1
    told = ended.stdout
    assert all(name in told for name in ("n1", "n2", "n9")) and "n3" not in told


# --- stale, empty, busy, full -----------------------------------------------------------------------------


def test_an_index_of_another_analysis_chain_is_refused_with_the_command(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(settings, 0, 1)
    monkeypatch.setattr(generations.manifest, "analysis_version", lambda: "another")
    with HomeReadingRoom(settings) as room, pytest.raises(IndexStale, match="`rasid rebuild`"):
        room.answer(SearchRequest(q="الكاظمي"))
    with Archive.open(settings.archive_file) as archive:
        build.update(settings, archive)
    with HomeReadingRoom(settings) as room:
        assert room.answer(SearchRequest(q="")).total == 2


def test_a_room_of_an_empty_home_says_how_to_fill_it_and_then_serves(settings: Settings) -> None:
    with HomeReadingRoom(settings) as room:
        with pytest.raises(NoIndex, match="`rasid add"):
            room.answer(SearchRequest(q="الكاظمي"))
        filled(settings, 0)
        assert room.answer(SearchRequest(q="")).total == 1


def test_a_writer_that_waits_goes_on_when_the_other_ends(settings: Settings, run: Run, many: Path) -> None:
    filled(settings, 0)
    with writer_lock(settings.home):
        assert run("rebuild").returncode == 4
        waiting = subprocess.Popen(
            [str(RASID), "--home", str(settings.home), "rebuild", "--wait", "60"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        time.sleep(1)
        assert waiting.poll() is None
    assert waiting.communicate(timeout=60)[1] == b""
    assert waiting.returncode == 0


@pytest.mark.parametrize("most", [4_096, 40_000, 400_000])
def test_a_full_disk_fails_in_one_line_and_the_old_generation_answers(
    settings: Settings, run: Run, many: Path, most: int
) -> None:
    filled(settings, 0)
    before = generations.current(settings.index_folder)

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    ended = run("add", many, preexec_fn=limited)
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1 and ended.stderr.startswith("rasid: ")
    assert generations.current(settings.index_folder) == before
    with HomeReadingRoom(settings) as room:
        assert room.answer(SearchRequest(q="")).total == 1
    assert run("add", many).returncode == 0
    assert_sound(settings, run)
