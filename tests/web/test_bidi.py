"""Text in two directions: what must hold for an Arabic page to read in order."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from still import ARTICLES, StillRoom, rescued

from indexer.query.parser import parse
from searchapp import guide, i18n
from searchapp.i18n import Bit

Page = Callable[..., str]

BIDI_CONTROLS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")

ISOLATES = {"bdi", "a", "h1", "h3", "time", "title", "mark", "input", "td", "th", "option", "code"}
"""Elements that keep a value to itself: `bdi`, or an element that holds nothing else."""


@pytest.mark.parametrize(
    ("q", "way"),
    [
        *((q, "rtl") for q in ("قمة", "title:الهدنة", "G20 قمة", "", "2020", "تاريخ:2020/07")),
        *((q, "ltr") for q in ("JCPOA", "title:summit", "date:2020-07")),
    ],
)
def test_one_arabic_letter_turns_a_query(page: Page, q: str, way: str) -> None:
    assert f'type="search" dir="{way}"' in page("/search", q=q)


def test_empty_box_follows_the_page(page: Page) -> None:
    assert 'type="search" dir="ltr" value=""' in page("/search", lang="en")
    assert 'dir="auto"' not in page("/search").partition("<main")[2]


def test_dates_in_arabic_have_slashes(page: Page) -> None:
    text = page("/search", q="الوزير", **{"from": "2020-07"})
    assert 'name="from" dir="rtl" value="2020/07/01"' in text
    hint = i18n.text("date_example", "ar")
    assert "/" in hint
    assert "-" not in hint


def test_guide_teaches_slashes_and_an_arabic_range(page: Page) -> None:
    dated = [q for q in guide.queries({}) if q.startswith("تاريخ:")]
    assert len(dated) >= 3
    assert not [q for q in dated if re.search(r"\d-\d", q) or " TO " in q]
    assert any(" إلى " in q for q in dated)
    for q in dated:
        assert not parse(q).notices, q


class Isolation(HTMLParser):
    """Which elements are open round each occurrence of a value."""

    def __init__(self, value: str) -> None:
        super().__init__()
        self.value = value
        self.open: list[str] = []
        self.found: list[set[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "link", "input", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.value in data and "script" not in self.open:
            self.found.append(set(self.open))


@pytest.mark.parametrize("path", ["/search", "/search?q=الوزير", "/article/hostile~4", "/status"])
def test_every_value_is_isolated(page: Page, path: str) -> None:
    parser = Isolation("<b>كاتب</b>" if "article" in path else "alert(2)</script>")
    parser.feed(page(path))
    assert parser.found
    assert not [tags for tags in parser.found if not tags & ISOLATES]


def test_values_in_sentences_are_isolated(room: StillRoom, page: Page) -> None:
    room.edit = rescued
    text = page("/search", q="الوزير", page_size="JCPOA")
    assert "<bdi>page_size</bdi>" in text
    assert "<bdi>JCPOA</bdi>" in text
    assert '<bdi class="q">(الوزير AND بغداد)</bdi>' in text or '<bdi class="q">الوزير بغداد</bdi>' in text


@pytest.mark.parametrize("key", i18n.TEXTS)
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_inserted_values_are_bits_of_their_own(key: str, language: i18n.Language) -> None:
    names = re.findall(r"{(\w+)}", i18n.text(key, language))
    made = i18n.bits(key, language, **{name: Bit(f"<{name}>", "value") for name in names})
    assert [bit.text for bit in made if bit.kind == "value"] == [f"<{name}>" for name in names]


@pytest.mark.parametrize(
    "path", ["/", "/search?q=الوزير", "/article/a1?q=الوزير", "/help", "/status", "/compare?q=الوزير"]
)
def test_pages_write_no_invisible_controls_of_their_own(room: StillRoom, page: Page, path: str) -> None:
    room.articles = ARTICLES[:3]
    assert not BIDI_CONTROLS.search(page(path))


def test_marks_hold_whole_words(page: Page) -> None:
    text = page("/article/a1", q="الوزير")
    for before, after in re.findall(r"(.)<mark[^>]*>.*?</mark>(.)", text):
        assert not before.isalpha()
        assert not after.isalpha()


def test_urls_and_codes_have_their_direction(page: Page) -> None:
    text = page("/article/a1")
    assert '<bdi dir="ltr"><code>https://nakheel.example/1</code></bdi>' in text
    assert '<bdi dir="ltr">https://rasid.example:8443/article/a1</bdi>' in text


def test_english_page_keeps_arabic_hits_right_to_left(page: Page) -> None:
    text = page("/search", q="الوزير", lang="en")
    assert re.search(r'<article aria-labelledby="h1" dir="rtl">\s*<h3 id="h1" lang="ar">', text)
