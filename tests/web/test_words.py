"""Texts, plurals, dates, directions, the timeline."""

import string
from datetime import date

import pytest

from indexer.model import Bucket, Notice
from searchapp import guide, i18n
from searchapp.timeline import timeline


@pytest.mark.parametrize("key", i18n.TEXTS)
def test_both_languages_insert_the_same_values(key: str) -> None:
    arabic, english = (
        {name for _, name, _, _ in string.Formatter().parse(text) if name} for text in i18n.TEXTS[key]
    )
    assert arabic == english


@pytest.mark.parametrize("noun", i18n.COUNTS)
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_number_has_a_plural_form(noun: str, language: i18n.Language) -> None:
    for count in (*range(0, 205), 1_000, 1_011, 12_345):
        assert i18n.counted(count, noun, language)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "لا مقالات"),
        (1, "مقال واحد"),
        (2, "مقالان"),
        (10, "10 مقالات"),
        (11, "11 مقالًا"),
        (99, "99 مقالًا"),
        (100, "100 مقال"),
        (102, "102 مقال"),
        (103, "103 مقالات"),
        (111, "111 مقالًا"),
        (48_312, "48,312 مقالًا"),
    ],
)
def test_six_arabic_plural_forms(count: int, text: str) -> None:
    assert i18n.counted(count, "articles", "ar") == text


def test_notice_without_a_text_shows_its_code() -> None:
    assert i18n.notice_text(Notice("never_seen", (("a", "b"),)), "ar") == "never_seen"


def test_values_of_a_notice_are_never_read_as_templates() -> None:
    notice = Notice("bad_parameter", (("parameter", "{q}"), ("value", "{0.__class__}")))
    assert "{0.__class__}" in i18n.notice_text(notice, "en")


def test_hijri_date_outside_its_tables_is_left_out() -> None:
    assert i18n.hijri_text(date(1900, 1, 1), "ar") is None


def test_dates_that_are_none_have_no_day() -> None:
    assert i18n.day_of(None) is i18n.day_of("") is i18n.day_of("2020") is i18n.day_of("غدا") is None


def test_every_example_of_the_guide_has_balanced_signs() -> None:
    for _, _, _, rows in guide.SECTIONS:
        for q, _ in rows:
            assert q.count('"') % 2 == 0
            assert q.count("(") == q.count(")")


def link(first: date, last: date) -> str:
    return f"{first}..{last}"


def test_timeline_pads_to_whole_years() -> None:
    time = timeline([Bucket("2020-02", 4), Bucket("2021-11", 8)], link, "en")
    assert time is not None
    assert [post.label for post in time.posts] == ["2020", "2021"]
    assert [bar.href for bar in time.bars] == ["2020-02-01..2020-02-29", "2021-11-01..2021-11-30"]
    assert [(bar.height, bar.is_peak) for bar in time.bars] == [(44, False), (88, True)]
    assert (time.bars[0].place, time.places) == (1, 24)


def test_long_timeline_has_a_bar_for_each_year() -> None:
    buckets = [Bucket(f"{year}-{month:02}", 1) for year in range(1988, 2024) for month in (1, 7)]
    time = timeline(buckets, link, "ar")
    assert time is not None
    assert (time.ticks, len(time.bars)) == (5, 36)
    assert [post.label for post in time.posts][:2] == ["1985", "1990"]
    assert time.bars[0].href == "1988-01-01..1988-12-31"


@pytest.mark.parametrize(
    ("first", "last"), [("0001-01", "9999-12"), ("1600-01", "2200-01"), ("2020-01", "2020-01")]
)
def test_any_span_fits_on_the_axis(first: str, last: str) -> None:
    time = timeline([Bucket(first, 1), Bucket(last, 2)], link, "ar")
    assert time is not None
    assert len(time.posts) <= 11
    assert all(0 <= bar.place < time.places for bar in time.bars)


def test_timeline_of_nothing_is_none() -> None:
    assert timeline([], link, "ar") is None
    assert timeline([Bucket("2020-01", 0), Bucket("soon", 3)], link, "ar") is None


def test_article_page_marks_the_whole_body() -> None:
    from still import ARTICLES

    from indexer.model import Found, Matched, Snippet
    from searchapp.frame import Reader
    from searchapp.story import article_page

    article = ARTICLES[0]
    body = Snippet(0, len(article.body), ((4, 10),))
    marks = Found(article, 1.0, False, ((0, 6),), (body,), (Matched("وزير", "الوزير", "clitic"),))
    page = article_page(article, Reader(), q="وزير", marks=marks)
    assert [piece.text for piece in page.title if piece.is_match] == ["الوزير"]
    marked = [piece for paragraph in page.paragraphs for piece, hop in paragraph if hop]
    assert [(piece.text, piece.via) for piece in marked] == [("الوزير", "clitic")]
