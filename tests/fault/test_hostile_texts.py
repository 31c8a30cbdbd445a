"""Articles and queries that nobody writes, but that come: every one is stored, indexed and answered."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer import build
from indexer.archive import Archive
from indexer.model import Article, SearchRequest
from indexer.reading import HomeReadingRoom
from indexer.settings import Settings
from indexer.verify import faults

STRANGE = (
    Article("empty", "", ""),
    Article("nul", "ع\x00نوان", "ن\x00ص\x1b[31m"),
    Article("long-word", "", "ب" * 300_000),
    Article("marks", "", "م" + "\u064e" * 100_000),
    Article("controls", "", "\u200f" * 50_000 + "كلمة"),
    Article("mark-forms", "", "\u06e5 \ufe70 محمد\ufe70 \u037a"),
    Article("html", "<script>alert(1)</script>", "<b>&amp;</b>\n= + - @"),
    Article("emoji", "🙂", "👨‍👩‍👧 🇱🇧 𝐀𝐁 日本"),
    Article("honorific", "\ufdfa", "\ufdfa\ufdfa \ufdf2 \ufdfd"),
    Article("many-words", "كتاب", " ".join(f"كلمة{n % 3000} الكاظمي" for n in range(100_000))),
    Article("far", "بعيد", "نص", published="1600-01-01"),
)

QUERIES = (
    *("", " ", "*", "\x00", "\u202e" * 500, "🙂", "<script>", "' OR 1=1 --", "%s {0} \\", "../../etc/passwd"),
    *("(" * 500 + ")" * 500, '"' * 500, "-" * 1000, "*" * 1000, "?" * 1000, "~" * 500, "NOT " * 200 + "x"),
    *("title:" * 150, "a OR " * 200, '"a"~' * 200, "date:[[[" * 100, "ب" * 1000, "م" + "\u064e" * 900),
    *("source:*", "author:-", '=""', '="ال"~3', "+*", "؟*؟", "*\u064e\u0651ب", "\ufdfa", "ـ*", "محمد\ufe70"),
    *("date:9999-12-31", "date:[0001-01-01 TO *]", "date:1500-12H", "date:99999999999", "date:2020-02-30"),
    *("كلمة*", "*لمة*", "كلمة~2", '"كلمة1 الكاظمي"', "الكاظمي " * 90, "𝐀𝐁", "日本", "AND AND", "أو أو أو"),
)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HomeReadingRoom]:
    settings = Settings(tmp_path_factory.mktemp("strange") / "home")
    with Archive.open(settings.archive_file, create=True) as archive:
        assert {outcome.done for outcome in archive.add(STRANGE)} == {"added"}
        build.update(settings, archive)
    assert not list(faults(settings, deep=True))
    with HomeReadingRoom(settings) as room:
        yield room


@pytest.mark.parametrize("q", QUERIES, ids=lambda q: ascii(q[:12]))
def test_any_query_over_any_text_is_answered(room: HomeReadingRoom, q: str) -> None:
    answer = room.answer(SearchRequest(q=q, facets=("source", "year", "month")))
    assert len(answer.found) == min(10, answer.total + answer.related_total)
    for found in answer.found:
        body = found.article.body
        assert all(0 <= s.start <= s.end <= len(body) for s in found.snippets)


@pytest.mark.parametrize(
    ("q", "id"), [("محمد", "mark-forms"), ("日本", "emoji"), ("كلمة", "controls"), ("ب" * 900, "long-word")]
)
def test_strange_articles_are_found_by_their_words(room: HomeReadingRoom, q: str, id: str) -> None:
    assert id in {found.article.id for found in room.answer(SearchRequest(q=q)).found}


def test_thousands_of_sources_can_be_counted_chosen_and_excluded(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "home")
    rows = [Article(f"s{n}", "خبر", f"نص {n}", source=f"مصدر {n}", author=f"كاتب {n}") for n in range(3_000)]
    with Archive.open(settings.archive_file, create=True) as archive:
        archive.add(rows)
        build.update(settings, archive)
    some = tuple(("source", f"مَصدر {n}") for n in range(50))
    with HomeReadingRoom(settings) as room:
        facets = dict(room.answer(SearchRequest(q="خبر", facets=("source", "author"))).facets)
        assert len(facets["source"]) == len(facets["author"]) == 3_000
        assert room.answer(SearchRequest(q="خبر", include=some)).total == 50
        assert room.answer(SearchRequest(q="خبر", exclude=some)).total == 2_950
