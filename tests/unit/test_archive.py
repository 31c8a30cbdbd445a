"""The archive: what is stored, what is refused, and what is told to those who ask."""

import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from indexer.archive import CONTENT, Archive, Outcome, digest, in_batches, tables, values
from indexer.errors import ArchiveError
from indexer.model import Article, Ref

VISIT = Article(
    id="visit",
    title="زيارة الكاظمي إلى واشنطن",
    body="وصل رئيس الوزراء إلى واشنطن.",
    source="المدى",
    author="علي",
    section="سياسة",
    url="https://news.example/1",
    published="2020-08-18",
    input_id="الزيارة/١",
)
TALKS = Article(id="talks", title="مباحثات", body="بدأت المباحثات أمس.")


def noon() -> datetime:
    return datetime(2024, 5, 6, 12, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "archive.sqlite3"


@pytest.fixture
def archive(file: Path) -> Iterator[Archive]:
    with Archive.open(file, create=True) as archive:
        yield archive


def dones(outcomes: tuple[Outcome, ...]) -> list[str]:
    return [outcome.done for outcome in outcomes]


def numbered(count: int) -> list[Article]:
    return [Article(id=f"a{number}", title=f"عنوان {number}", body="نص") for number in range(count)]


# Adding


def test_an_added_article_comes_back_letter_for_letter(archive: Archive) -> None:
    assert archive.add([VISIT], clock=noon) == (Outcome("visit", "added"),)
    ref = Ref("visit", 1)
    assert archive.fetch([ref]) == {ref: replace(VISIT, added="2024-05-06T12:00:00Z", revision=1)}


def test_what_was_added_is_there_after_opening_again(archive: Archive, file: Path) -> None:
    archive.add([VISIT, TALKS])
    archive.close()
    with Archive.open(file) as again:
        assert [article.id for article in again.articles()] == ["visit", "talks"]


def test_adding_the_same_text_again_changes_nothing(archive: Archive) -> None:
    archive.add([VISIT])
    before = archive.last_change()
    assert dones(archive.add([VISIT])) == ["unchanged"]
    assert archive.last_change() == before
    assert len(archive.revisions("visit")) == 1


def test_a_changed_text_is_a_new_revision_and_the_old_one_stays(archive: Archive) -> None:
    later = replace(VISIT, body="وغادر.", published="2020-08-19")
    archive.add([VISIT], clock=noon)
    assert dones(archive.add([later])) == ["updated"]
    texts = archive.fetch([Ref("visit", 2), Ref("visit", 1)])
    assert [article.body for article in texts.values()] == ["وغادر.", VISIT.body]
    assert {article.added for article in texts.values()} == {"2024-05-06T12:00:00Z"}
    assert [(r.number, r.published) for r in archive.revisions("visit")] == [
        (1, "2020-08-18"),
        (2, "2020-08-19"),
    ]


@pytest.mark.parametrize("replacing", [False, True])
def test_a_text_equal_to_an_older_revision_is_unchanged(archive: Archive, replacing: bool) -> None:
    archive.add([VISIT])
    archive.add([replace(VISIT, body="وغادر.")])
    before = archive.last_change()
    assert dones(archive.add([VISIT], replace=replacing)) == ["unchanged"]
    assert archive.last_change() == before
    assert [article.body for article in archive.articles()] == ["وغادر."]


@pytest.mark.parametrize("field", CONTENT)
def test_a_change_of_any_field_of_the_content_is_an_update(archive: Archive, field: str) -> None:
    archive.add([VISIT])
    values: dict[str, Any] = {field: "غيره"}
    assert dones(archive.add([replace(VISIT, **values)])) == ["updated"]


def test_the_id_that_the_input_gave_is_no_content(archive: Archive) -> None:
    archive.add([VISIT])
    assert dones(archive.add([replace(VISIT, input_id="٢")])) == ["unchanged"]


def test_the_digest_tells_fields_and_missing_values_apart() -> None:
    texts = [TALKS, replace(TALKS, source="أ"), replace(TALKS, author="أ"), replace(TALKS, author="")]
    assert len({digest(text) for text in texts}) == 4


def test_an_id_with_another_source_and_title_is_refused(archive: Archive) -> None:
    archive.add([VISIT])
    other = replace(VISIT, source="الصباح", title="خبر آخر")
    (outcome,) = archive.add([other])
    assert outcome.done == "refused"
    assert "--replace" in (outcome.reason or "")
    assert [article.title for article in archive.articles()] == [VISIT.title]


def test_replace_takes_an_id_over(archive: Archive) -> None:
    archive.add([VISIT])
    other = replace(VISIT, source="الصباح", title="خبر آخر")
    assert dones(archive.add([other], replace=True)) == ["updated"]
    assert [article.title for article in archive.articles()] == ["خبر آخر"]


def test_articles_of_one_batch_see_each_other(archive: Archive) -> None:
    later = replace(TALKS, body="انتهت المباحثات.")
    other = replace(TALKS, source="الصباح", title="خبر آخر")
    outcomes = archive.add([TALKS, TALKS, later, other, TALKS])
    assert dones(outcomes) == ["added", "unchanged", "updated", "refused", "unchanged"]
    assert [(article.body, article.revision) for article in archive.articles()] == [("انتهت المباحثات.", 2)]
    assert archive.last_change() == 2


def test_half_a_character_is_refused_and_the_rest_of_the_batch_is_stored(archive: Archive) -> None:
    broken = [replace(TALKS, body="\ud800"), replace(TALKS, id="\udcff"), replace(TALKS, input_id="\udcff")]
    assert dones(archive.add([*broken, VISIT])) == ["refused", "refused", "refused", "added"]
    assert dones(archive.remove(["\udcff"])) == ["refused"]
    assert archive.revisions("\udcff") == ()


def test_an_empty_batch_is_no_change(archive: Archive) -> None:
    assert archive.add([]) == ()
    assert archive.remove([]) == ()
    assert archive.last_change() == 0


def test_batches_are_bounded_by_characters() -> None:
    size = values.BATCH_CHARACTERS // 2
    assert [len(batch) for batch in in_batches([size, size, 1, 1], int)] == [2, 2]


def test_thousands_of_articles_may_be_added_and_fetched_at_once(archive: Archive) -> None:
    articles = numbered(2_000)
    archive.add(articles)
    refs = [Ref(article.id, 1) for article in reversed(articles)]
    assert list(archive.fetch(refs)) == refs
    assert archive.count() == 2_000


# Fetching


def test_fetch_gives_each_ref_once_in_the_order_asked_and_leaves_out_what_is_not_there(
    archive: Archive,
) -> None:
    archive.add([VISIT, TALKS])
    asked = [Ref("talks", 1), Ref("none", 1), Ref("visit", 2), Ref("visit", 1), Ref("talks", 1)]
    assert list(archive.fetch(asked)) == [Ref("talks", 1), Ref("visit", 1)]
    assert archive.fetch([]) == {}


def test_many_threads_read_while_one_writes(archive: Archive) -> None:
    archive.add(numbered(50))
    refs = [Ref(f"a{number}", 1) for number in range(50)]
    with ThreadPoolExecutor(8) as threads:
        answers = [threads.submit(archive.fetch, refs) for _ in range(100)]
        for article in numbered(80)[50:]:
            archive.add([article])
        assert all(len(answer.result()) == 50 for answer in answers)


# Removing


def test_a_removed_article_is_gone_from_the_living_and_fetchable_until_purged(archive: Archive) -> None:
    archive.add([VISIT, TALKS])
    assert archive.remove(["visit", "none", "visit"]) == (
        Outcome("visit", "removed"),
        Outcome("none", "refused", "no article of this id"),
    )
    assert archive.count() == 1
    assert [article.id for article in archive.articles()] == ["talks"]
    assert archive.revisions("visit") == ()
    assert Ref("visit", 1) in archive.fetch([Ref("visit", 1)])
    assert archive.purge(archive.last_change()) == 1
    assert archive.fetch([Ref("visit", 1)]) == {}


def test_purge_spares_what_a_kept_generation_may_name(archive: Archive) -> None:
    archive.add([VISIT, TALKS])
    seen = archive.last_change()
    archive.remove(["visit"])
    assert archive.purge(seen) == 0
    assert archive.fetch([Ref("visit", 1)])


def test_an_article_that_comes_again_is_added_anew_under_the_next_number(archive: Archive) -> None:
    archive.add([VISIT], clock=noon)
    archive.remove(["visit"])
    assert dones(archive.add([VISIT])) == ["added"]
    assert list(archive.fetch([Ref("visit", 1), Ref("visit", 2)])) == [Ref("visit", 1), Ref("visit", 2)]
    assert [revision.number for revision in archive.revisions("visit")] == [2]
    (article,) = archive.articles()
    assert article.added != "2024-05-06T12:00:00Z"


def test_purging_the_removed_spares_the_one_that_came_again(archive: Archive) -> None:
    archive.add([VISIT])
    archive.remove(["visit"])
    archive.add([replace(VISIT, source="الصباح", title="خبر آخر")])
    archive.purge(archive.last_change())
    assert list(archive.fetch([Ref("visit", 1), Ref("visit", 2)])) == [Ref("visit", 2)]


def test_an_id_that_is_kept_out_is_refused(archive: Archive) -> None:
    archive.add([VISIT])
    archive.remove(["visit", "none"], keep_out=True)
    archive.purge(archive.last_change())
    outcomes = archive.add([VISIT, replace(TALKS, id="none")], replace=True)
    assert dones(outcomes) == ["refused", "added"]
    assert "kept out" in (outcomes[0].reason or "")


def test_purged_text_is_on_the_disk_no_more(archive: Archive, file: Path) -> None:
    secret = "كلمة لا يعرفها أحد"
    archive.add([replace(VISIT, body=secret * 1_000), TALKS])
    archive.remove(["visit"])
    archive.purge(archive.last_change())
    bytes_left = b"".join(path.read_bytes() for path in file.parent.iterdir())
    assert secret.encode() not in bytes_left
    assert TALKS.body.encode() in bytes_left


# Changes


def test_each_page_goes_on_where_the_last_one_ended(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "PAGE", 3)
    archive.add(numbered(10))
    archive.remove([f"a{number}" for number in range(7)])
    assert [article.id for article in archive.articles()] == ["a7", "a8", "a9"]
    assert list(archive.removed_since(0)) == [f"a{number}" for number in range(7)]
    assert list(archive.removed_since(12)) == ["a2", "a3", "a4", "a5", "a6"]


def test_changes_are_what_an_index_lacks(archive: Archive) -> None:
    archive.add([VISIT, TALKS])
    seen = archive.last_change()
    later = replace(VISIT, body="وغادر.")
    archive.add([later, replace(TALKS, id="more")])
    archive.remove(["talks"])
    assert [(article.id, article.revision) for article in archive.changes(seen)] == [
        ("visit", 2),
        ("more", 1),
    ]
    assert list(archive.removed_since(seen)) == ["talks"]
    assert list(archive.changes(archive.last_change())) == []


def test_change_numbers_are_never_used_again(archive: Archive) -> None:
    archive.add([VISIT])
    archive.remove(["visit"])
    archive.purge(archive.last_change())
    archive.add([TALKS])
    assert archive.last_change() == 3
    assert [article.id for article in archive.changes(2)] == ["talks"]


def test_an_index_that_missed_purged_removals_or_knows_the_future_must_be_built_anew(
    archive: Archive,
) -> None:
    archive.add([VISIT, TALKS])
    archive.remove(["visit"])
    assert archive.tells_since(0)
    archive.purge(archive.last_change())
    assert [archive.tells_since(change) for change in (2, 3, 4)] == [False, True, False]


# Opening


def test_the_archive_is_for_its_owner_only(archive: Archive, file: Path) -> None:
    archive.add([VISIT])
    modes = {stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_missing_archive_is_not_made_unasked(file: Path) -> None:
    with pytest.raises(ArchiveError, match="rasid add PATH"):
        Archive.open(file)
    assert not file.parent.exists()


def test_a_folder_that_cannot_be_made_is_an_archive_error(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(ArchiveError, match="--home"):
        Archive.open(tmp_path / "home" / "archive.sqlite3", create=True)


def test_an_archive_whose_making_was_cut_short_is_made_by_the_next_who_may(file: Path) -> None:
    file.parent.mkdir()
    file.touch()
    with pytest.raises(ArchiveError, match="no archive"):
        Archive.open(file)
    with Archive.open(file, create=True) as archive:
        assert archive.count() == 0


def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "archive.sqlite3"
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE dear (thing)")
    with pytest.raises(ArchiveError, match="no archive of Rasid"):
        Archive.open(file, create=True)
    with closing(sqlite3.connect(file)) as other:
        assert other.execute("SELECT name FROM sqlite_schema").fetchall() == [("dear",)]


def test_many_may_make_one_archive_at_once(file: Path) -> None:
    def add(number: int) -> list[str]:
        with Archive.open(file, create=True) as archive:
            return dones(archive.add([replace(TALKS, id=f"t{number}")]))

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(add, range(4))) == [["added"]] * 4


def set_version(file: Path, version: int) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE state SET value = ? WHERE name = 'schema'", (version,))


def test_an_archive_of_a_newer_release_is_refused_with_what_to_do(archive: Archive, file: Path) -> None:
    set_version(file, tables.SCHEMA + 1)
    with pytest.raises(ArchiveError, match="pip install --upgrade rasid"):
        Archive.open(file)


STEPS = (
    (0, ("this step was taken long ago",)),
    (1, ("ALTER TABLE revision RENAME COLUMN text TO body", "ALTER TABLE revision ADD COLUMN input_id TEXT")),
)


@pytest.fixture
def older(archive: Archive, file: Path) -> Path:
    """An archive of version 0, in which the body was called text and input_id was not kept."""
    archive.add([VISIT])
    archive.close()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("ALTER TABLE revision RENAME COLUMN body TO text")
        connection.execute("ALTER TABLE revision DROP COLUMN input_id")
    set_version(file, 0)
    return file


def test_an_older_archive_is_brought_forward(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "STEPS", STEPS)
    for _ in range(2):
        with Archive.open(older) as archive:
            (article,) = archive.articles()
            assert (article.body, article.input_id) == (VISIT.body, None)
            assert dones(archive.add([VISIT])) == ["unchanged"]


def test_a_step_that_fails_leaves_the_older_archive_as_it_was(
    older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "STEPS", ((1, (*STEPS[1][1], "nonsense")),))
    with pytest.raises(ArchiveError, match="nonsense"):
        Archive.open(older)
    monkeypatch.setattr(tables, "STEPS", STEPS)
    with Archive.open(older) as archive:
        assert archive.count() == 1


def test_the_steps_lead_to_the_tables_of_this_release() -> None:
    versions = [version for version, _ in tables.STEPS]
    assert versions == sorted(set(versions))
    assert max(versions, default=tables.SCHEMA) == tables.SCHEMA


# Faults


def test_a_locked_archive_is_an_archive_error(archive: Archive, file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with Archive.open(file, patience=0.01) as reader:
            assert reader.count() == 0
            with pytest.raises(ArchiveError, match="another program"):
                reader.add([VISIT])


def test_a_damaged_archive_is_an_archive_error(archive: Archive, file: Path) -> None:
    archive.add(numbered(500))
    archive.close()
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    file.write_bytes(data)
    with pytest.raises(ArchiveError, match="rasid restore"), Archive.open(file) as damaged:
        list(damaged.articles())


def test_a_file_that_is_no_database_is_an_archive_error(tmp_path: Path) -> None:
    file = tmp_path / "archive.sqlite3"
    file.write_text("نص" * 1_000)
    with pytest.raises(ArchiveError, match="no archive"):
        Archive.open(file)


@pytest.mark.parametrize(
    ("pragma", "advice"), [("max_page_count = 30", "disk is full"), ("query_only = ON", "permissions")]
)
def test_a_disk_that_takes_no_more_is_an_archive_error_and_loses_nothing(
    archive: Archive, file: Path, pragma: str, advice: str
) -> None:
    archive.add([VISIT])

    def cramp(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA {pragma}").close()

    sqlalchemy.event.listen(sqlalchemy.Engine, "connect", cramp)
    try:
        with Archive.open(file) as cramped, pytest.raises(ArchiveError, match=advice):
            cramped.add([replace(article, body="نص" * 500) for article in numbered(500)])
    finally:
        sqlalchemy.event.remove(sqlalchemy.Engine, "connect", cramp)
    assert [article.id for article in archive.articles()] == ["visit"]
    assert archive.last_change() == 1
