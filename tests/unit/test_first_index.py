"""The first index of a home, built while its articles are being archived."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer import build, generations
from indexer.archive import Archive
from indexer.errors import MissingExtra
from indexer.model import Article, SearchRequest
from indexer.reading import HomeReadingRoom
from indexer.settings import Settings

TEXTS = [Article(id=f"a{number}", title=f"خبر {number}", body=f"نص رقم {number}") for number in range(9)]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "home")


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    with Archive.open(settings.archive_file, create=True) as archive:
        yield archive


def stored(archive: Archive, articles: list[Article]) -> Iterator[Article]:
    """Archives three at a time and gives those that are new."""
    for start in range(0, len(articles), 3):
        batch = articles[start : start + 3]
        outcomes = archive.add(batch)
        yield from (article for article, done in zip(batch, outcomes, strict=True) if done.done == "added")


def found(settings: Settings, query: str) -> int:
    with HomeReadingRoom(settings) as room:
        return room.answer(SearchRequest(q=query)).total


def test_it_has_seen_all_that_was_archived(settings: Settings, archive: Archive) -> None:
    first = build.first(settings, archive, stored(archive, TEXTS))
    assert first and (first.articles, first.change) == (len(TEXTS), archive.last_change())
    assert build.update(settings, archive) == first
    assert found(settings, "نص") == len(TEXTS)


@pytest.mark.parametrize("place", range(len(TEXTS)))
def test_a_text_replaced_meanwhile_is_left_to_the_update(
    settings: Settings, archive: Archive, place: int
) -> None:
    articles = [*TEXTS, replace(TEXTS[place], body="شيء آخر"), Article(id="last", title="خبر", body="نص")]
    first = build.first(settings, archive, stored(archive, articles))
    assert first and first.change == len(TEXTS) < archive.last_change()
    second = build.update(settings, archive)
    assert second and (second.articles, second.change) == (len(TEXTS) + 1, archive.last_change())
    assert (found(settings, "شيء"), found(settings, "نص")) == (1, len(TEXTS))


def test_where_there_is_an_archive_or_nothing_comes_none_is_built(
    settings: Settings, archive: Archive
) -> None:
    assert build.first(settings, archive, iter(())) is None
    archive.add(TEXTS[:1])
    assert build.first(settings, archive, stored(archive, TEXTS)) is None
    assert archive.count() == len(TEXTS)
    assert generations.published(settings.index_folder) == ()


def test_all_is_archived_though_no_index_can_be_built(
    settings: Settings, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise MissingExtra(name, "engine")

    monkeypatch.setattr(build, "engine_named", missing)
    with pytest.raises(MissingExtra):
        build.first(settings, archive, stored(archive, TEXTS))
    assert archive.count() == len(TEXTS)
