"""Similar articles, articles over time, and what the archive has of each source."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from indexer.errors import ArticleNotFound
from indexer.model import Article, Bucket, SearchRequest
from indexer.reading import HomeReadingRoom

Room = Callable[..., HomeReadingRoom]


def article(id: str, title: str, body: str, published: str | None = "2020-07-01", **more: str) -> Article:
    return Article(id, title, body, published=published, **more)


NILE = (
    article(
        "n1",
        "مفاوضات سد النهضة تتعثر",
        "تعثرت مفاوضات سد النهضة بين مصر وإثيوبيا والسودان حول الملء.",
        source="أ",
    ),
    article(
        "n2",
        "جولة جديدة حول سد النهضة",
        "تستأنف إثيوبيا ومصر والسودان مفاوضات الملء والتشغيل.",
        "2020-08-01",
        source="ب",
    ),
    article(
        "n3",
        "سد النهضة: إثيوبيا تبدأ الملء",
        "بدأت إثيوبيا ملء السد رغم تعثر المفاوضات.",
        "2021-07-01",
        source="ب",
    ),
    article("o1", "فوز المنتخب", "فاز المنتخب بثلاثة أهداف في المباراة الودية.", "2021-07-02"),
    article("o2", "مباراة ودية", "تنتهي المباراة الودية بالتعادل أمام المنتخب.", None),
)
COPY = replace(NILE[1], id="n2-copy", title="جَولة جديدة حول سدّ النهضة", source="ج")


@pytest.fixture
def room(make_room: Room) -> HomeReadingRoom:
    return make_room(*NILE, COPY)


def test_similar_articles_share_telling_words(room: HomeReadingRoom) -> None:
    near = [found.article.id for found in room.similar("n1")]
    assert near[0] in ("n2", COPY.id)
    assert not {"n1", "o1", "o2"} & set(near)


def test_copies_are_left_out_of_each_other_and_of_one_another(room: HomeReadingRoom) -> None:
    assert "n2-copy" not in [found.article.id for found in room.similar("n2")]
    near = [found.article.id for found in room.similar("n1")]
    assert len({"n2", "n2-copy"} & set(near)) == 1


def test_similar_of_no_article_is_an_error(room: HomeReadingRoom) -> None:
    with pytest.raises(ArticleNotFound):
        room.similar("none")


def test_article_that_shares_nothing_has_no_similar_ones(make_room: Room) -> None:
    assert make_room(NILE[0], article("x", "خبر", "كلام مختلف تماما")).similar("x") == ()


def test_attention_counts_spans_of_all_and_undated_in_total(room: HomeReadingRoom) -> None:
    seen = room.attention((SearchRequest(q="النهضة"), SearchRequest(q="المنتخب")), "year")
    assert seen.of == (Bucket("2020-01-01", 3), Bucket("2021-01-01", 2))
    assert seen.series[0].points == (Bucket("2020-01-01", 3), Bucket("2021-01-01", 1))
    assert (seen.series[1].total, seen.series[1].points) == (2, (Bucket("2021-01-01", 1),))


def test_attention_keeps_to_its_filters_and_never_relaxes(room: HomeReadingRoom) -> None:
    request = SearchRequest(q="النهضة المنتخب", include=(("source", "ب"),))
    seen = room.attention((request,), "month")
    assert seen.series[0].total == 0
    assert sum(bucket.count for bucket in seen.of) == 2


def test_coverage_counts_every_source_and_what_has_none(room: HomeReadingRoom) -> None:
    rows = {row.source: row.months for row in room.coverage()}
    assert rows["ب"] == (Bucket("2020-08", 1), Bucket("2021-07", 1))
    assert rows[None] == (Bucket("2021-07", 1),)


def test_marked_article_has_its_whole_body(room: HomeReadingRoom) -> None:
    found = room.marked(NILE[0], SearchRequest(q="المفاوضات"))
    (snippet,) = found.snippets
    assert (snippet.start, snippet.end) == (0, len(NILE[0].body))
    assert [NILE[0].body[start:end] for start, end in snippet.matches] == ["مفاوضات"]
    assert found.title_matches


def test_every_article_of_a_query_without_an_unticked_form(room: HomeReadingRoom) -> None:
    every = {one.id for one in room.every(SearchRequest(q="مفاوضات"))}
    left = {one.id for one in room.every(SearchRequest(q="مفاوضات", without=("المفاوضات",)))}
    assert every - left == {"n3"}
