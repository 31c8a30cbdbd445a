"""Rescued queries, words one by one, forms of words: what the pages make of them."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from still import StillRoom

from indexer.model import Audited, Suggestion, WordForm

Page = Callable[..., str]

AUDIT = (
    Audited("الوزير", 4, forms=(WordForm("الوزير", 3, "clitic"), WordForm("وزراء", 1, "plural", False))),
    Audited("من", 9, needed=False),
    Audited("القمر", 0, empties=True),
)


@pytest.fixture
def audited(room: StillRoom) -> None:
    room.edit = lambda answer: replace(answer, audit=AUDIT)


def test_zero_page_counts_each_word_alone(room: StillRoom, page: Page) -> None:
    room.edit = lambda answer: replace(
        answer, audit=AUDIT, found=(), total=0, suggestions=(Suggestion("وزير", "fewer_words", 3),)
    )
    text = page("/search", q="الوزير من القمر", year="2020")
    assert "كل كلمة وحدها" in text
    assert "من دونها يجتمع الباقي في مقالات" in text
    assert "كلمة وظيفية" in text
    assert 'href="/search?q=الوزير&amp;year=2020"' in text
    assert '<bdi class="q" dir="rtl">القمر</bdi>' in text
    assert text.index('class="ladder"') < text.index("كل كلمة وحدها")


def test_forms_can_be_left_out_and_taken_in(audited: None, room: StillRoom, page: Page) -> None:
    text = page("/search", q="الوزير", forms="1", without="وزراء")
    assert 'href="/search?q=الوزير&amp;forms=1&amp;without=وزراء&amp;without=الوزير"' in text
    assert '<a class="chip chip--out" href="/search?q=الوزير&amp;forms=1">' in text
    assert room.asked[-1].without == ("وزراء",)


def test_forms_are_offered_where_words_are_inflected(page: Page) -> None:
    assert "صيغ الكلمات التي بحثنا عنها" in page("/search", q="الوزير")
    assert "صيغ الكلمات التي بحثنا عنها" not in page("/search", q="الوزير", match="exact")


def test_rescued_results_lead_on_with_the_query_that_was_searched(room: StillRoom, page: Page) -> None:
    def put_right(answer):
        return replace(answer, q="hg,.dv", searched="الوزير", rescued="keyboard", canonical="hg,.dv")

    room.edit = put_right
    text = page("/search", q="الوزير", page_size=1)
    assert 'نعرض المقالات التي تضم <bdi class="q">الوزير</bdi>' in text
    assert 'href="/article/a1?q=الوزير"' in text
    assert 'href="/api/v1/search?q=الوزير&amp;page_size=1&amp;format=csv"' in text
    assert 'value="الوزير" maxlength' in text


def test_feed_of_a_page_begins_with_its_first_entry(page: Page) -> None:
    text = page("/search", q="b", page=2)
    assert 'href="/feed.atom?q=b"' in text
