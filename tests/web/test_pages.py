"""The pages: what stands on them, in two languages, safely."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from still import ARTICLES, StillRoom, rescued

from indexer.model import Suggestion
from indexer.settings import Settings
from searchapp.app import create_app

Page = Callable[..., str]

VOID = {"meta", "link", "input", "br", "img", "hr"}


class Checked(HTMLParser):
    """Collects tags and attributes; every element must be closed in its place."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def hrefs(self) -> list[str]:
        return [attrs["href"] or "" for tag, attrs in self.tags if tag == "a"]


PATHS = [
    "/",
    "/compare",
    "/compare?q=الوزير&q=بغداد&q=<b>",
    "/article/a1?q=الوزير",
    "/search?q=الوزير",
    "/search",
    "/search?q=لا-شيء",
    "/article/hostile~4?q=<b>",
    "/help",
    "/status",
    "/x",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("lang", ["ar", "en"])
def test_page_is_sound(room, client, path: str, lang: str) -> None:
    room.edit = lambda answer: replace(rescued(answer), partial=False)
    response = client.get(path + ("&" if "?" in path else "?") + f"lang={lang}")
    page = Checked(response.text)
    html = dict(page.tags)["html"]
    assert html == {"lang": lang, "dir": "rtl" if lang == "ar" else "ltr"}
    assert [tag for tag, _ in page.tags].count("h1") == 1
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    names = [name for _, attrs in page.tags for name in attrs]
    assert not [name for name in names if name == "style" or name.startswith("on")]
    scripts = [attrs for tag, attrs in page.tags if tag == "script" and "src" not in attrs]
    assert scripts in ([], [{"type": "application/ld+json"}])
    assert response.headers["Content-Language"] == lang


@pytest.mark.parametrize("path", PATHS)
def test_links_inside_are_relative_to_the_host_and_keep_the_language(client, path: str) -> None:
    response = client.get(path + ("&" if "?" in path else "?") + "lang=en")
    for href in Checked(response.text).hrefs():
        assert href.startswith(("/", "#", "https://nakheel.example/"))
        if href.startswith("/") and not href.startswith(("/api/", "/feed.atom")):
            assert "lang=" in href, href


def test_home_tells_what_the_archive_holds(page: Page) -> None:
    text = page("/")
    assert "4 مقالات" in text
    assert "3 مصادر" in text
    assert "31 مارس/آذار 2019" in text
    assert 'role="search"' in text


def test_archive_timeline_counts_every_dated_article(page: Page) -> None:
    text = page("/")
    counts = re.findall(r"<title>[^<]*: (\d+)</title>", text)
    assert sum(map(int, counts)) == 3


def test_results_show_hits_marks_and_ways(page: Page) -> None:
    text = page("/search", q="الوزير")
    assert '<mark data-via="stem">الوزير</mark> يزور بغداد' in text
    assert "4 نتائج" in text
    assert "21 يوليو/تموز 2020" in text
    assert 'title="30 ذو القعدة 1441 هـ"' in text
    assert "صيغة أخرى من الكلمة نفسها" in text
    assert "بلا تاريخ" in text


def test_facets_include_exclude_and_release(page: Page) -> None:
    links = Checked(page("/search", q="الوزير")).hrefs()
    assert "/search?q=الوزير&source=وكالة+النخيل" in links
    assert "/search?q=الوزير&source=-وكالة+النخيل" in links
    assert "/search?q=الوزير&year=2020" in links
    text = page("/search", q="الوزير", source="وكالة النخيل")
    assert 'aria-current="true"><bdi>وكالة النخيل</bdi>' in text
    assert "/search?q=الوزير" in Checked(text).hrefs()


def test_chips_name_each_filter_and_remove_it(page: Page) -> None:
    text = page("/search", q="الوزير", section="-رأي", year="2020", **{"from": "2019", "to": "2022-03"})
    for words in (
        "القسم: ليس <bdi>رأي</bdi>",
        "السنة: <bdi>2020</bdi>",
        "من <bdi>1 يناير/كانون الثاني 2019</bdi>",
    ):
        assert words in text
    assert "/search?q=الوزير&section=-رأي&from=2019&to=2022-03" in Checked(text).hrefs()


def test_form_keeps_what_was_asked(page: Page) -> None:
    text = page(
        "/search", q="الوزير", match="exact", sort="newest", source="وكالة النخيل", **{"from": "2020/07"}
    )
    assert 'value="exact" checked' in text
    assert '<input type="hidden" name="sort" value="newest">' in text
    assert '<input type="hidden" name="source" value="وكالة النخيل">' in text
    assert 'name="from" dir="rtl" value="2020/07/01"' in text
    assert '<details class="search__more" open>' in text


def test_query_turns_right_to_left_with_its_first_arabic_letter(page: Page) -> None:
    assert 'type="search" dir="rtl" value="title:الهدنة"' in page("/search", q="title:الهدنة")
    assert 'type="search" dir="ltr" value="JCPOA"' in page("/search", q="JCPOA")
    assert 'type="search" dir="rtl" value=""' in page("/search")
    assert 'type="search" dir="ltr" value=""' in page("/search", lang="en")


def test_pager_turns_pages(page: Page) -> None:
    text = page("/search", q="الوزير", page_size=1, page=2)
    links = Checked(text).hrefs()
    assert "/search?q=الوزير&page_size=1" in links
    assert "/search?q=الوزير&page_size=1&page=3" in links
    assert 'aria-current="page"><span class="hidden">صفحة </span>2' in text
    assert 'rel="prev"' in text


def test_page_after_the_last_leads_back(page: Page) -> None:
    text = page("/search", q="الوزير", page=9)
    assert "لا نتائج بعد هذه الصفحة" in text
    assert "إلى الصفحة الأولى" in text


def test_notices_tell_what_was_done(room: StillRoom, page: Page) -> None:
    room.edit = rescued
    text = page("/search", q="الوزير")
    assert "ولوحة المفاتيح على لغة أخرى" in text
    assert "/search?q=الوزير&rescue=0" in Checked(text).hrefs()
    assert "/search?q=الوزير&operator=and" in Checked(text).hrefs()
    assert text.count("توقف البحث عند حدّ الوقت") == 1
    assert 'التي تضم <bdi class="q">الوزير بغداد</bdi>' in text
    assert "هل تقصد" in text


def test_bad_and_unknown_parameters_do_not_break_a_page(page: Page) -> None:
    text = page("/search", q="الوزير", page_size="<b>0", utm_source="mail", match="loud", highlight="x")
    assert text.count("لا تصلح لـ") == 3
    assert "&lt;b&gt;0" in text
    assert "utm_source" not in " ".join(h for h in Checked(text).hrefs() if "lang=en" not in h)


def test_long_query_is_cut_and_said(room: StillRoom, page: Page) -> None:
    assert "1,024" in page("/search", q="ق" * 3000)
    assert len(room.asked[-1].q) == 1024


def test_cursor_on_a_page_is_refused(page: Page) -> None:
    assert "معامل لا يصلح" in page("/search", 400, cursor="abc")


def test_nothing_found_offers_ways_out(room: StillRoom, page: Page) -> None:
    room.edit = lambda answer: replace(answer, suggestions=(Suggestion("مفاوضات", "keyboard", 3),))
    text = page("/search", q="hghjthr", source="وكالة النخيل")
    assert "لا مقال يضم هذه الكلمات ضمن التصفية" in text
    assert "3 مقالات" in text
    assert "ابحث بلا تصفية" in text
    assert "في الأرشيف" in text


def test_articles_without_all_words_are_set_apart(room: StillRoom, page: Page) -> None:
    def split(answer):
        found = tuple(replace(one, related=n > 0) for n, one in enumerate(answer.found))
        return replace(answer, total=1, related_total=3, found=found)

    room.edit = split
    text = page("/search", q="الوزير")
    assert text.count('class="divide"') == 1
    assert "بعض الكلمات لا كلها" in text


def test_format_on_a_page_gives_the_file(client: FlaskClient) -> None:
    assert client.get("/search?q=الوزير&format=csv").mimetype == "text/csv"
    assert len(client.get("/search?q=الوزير&format=jsonl&page_size=1").text.splitlines()) == 4
    assert client.get("/search?q=الوزير&format=json&page=1").json["total"] == 4


def test_article_shows_text_as_written(page: Page) -> None:
    text = page("/article/a1")
    assert "<p>وصل الوزير إلى بغداد صباح الأحد.</p>" in text
    assert "وبحث الوَزير" in text
    assert "30 ذو القعدة 1441 هـ" in text
    assert 'href="https://nakheel.example/1" rel="noopener noreferrer nofollow"' in text
    assert "https://rasid.example:8443/article/a1" in text
    assert "النسخ المحفوظة" in text
    assert "<mark" not in text


def test_article_marks_the_query_and_hops_from_match_to_match(page: Page) -> None:
    text = page("/article/a1", q="الوزير بغداد")
    assert "/search?q=الوزير+بغداد" in Checked(text).hrefs()
    assert 'id="m1" data-via="stem"><a href="#m2"' in text
    assert 'id="m2" data-via="stem"><a href="#m1"' in text
    assert "اقرأ بلا تظليل" in text
    assert [href for href in Checked(text).hrefs() if href.startswith("#m")].count("#m1") == 2


def test_article_without_the_words_says_so(page: Page) -> None:
    assert "لم ترد كلمات" in page("/article/a1", q="قمر")


def test_article_has_similar_ones_and_its_citation(page: Page) -> None:
    text = page("/article/a1")
    links = Checked(text).hrefs()
    assert "مقالات مشابهة" in text
    assert "/article/a2" in links
    assert {"/api/v1/articles/a1/cite?format=ris", "/api/v1/articles/a1?format=text"} <= set(links)


def test_article_is_linked_data(page: Page) -> None:
    text = page("/article/hostile~4")
    data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)[0])
    assert (data["@type"], data["headline"]) == ("NewsArticle", ARTICLES[3].title)
    assert data["mainEntityOfPage"] == "https://rasid.example:8443/article/hostile~4"


def test_canonical_address_has_neither_query_nor_language(page: Page) -> None:
    canonical = '<link rel="canonical" href="https://rasid.example:8443{}">'
    assert canonical.format("/article/a1") in page("/article/a1", q="الوزير", lang="en")
    assert canonical.format("/help") in page("/help", lang="en")
    assert 'content="noindex"' in page("/search", q="الوزير")


def test_comparison_draws_a_line_for_each_query_and_its_table(page: Page) -> None:
    text = page("/compare", q=["الوزير", "تونس"])
    assert text.count('<polyline class="l1"') >= 1
    assert '<path class="dot l2"' in text
    assert '1,000.0 <span class="soft">(1)</span>' in text
    assert '<th scope="row">يوليو/تموز 2020</th>' in text
    assert "/api/v1/timeline?q=الوزير&q=تونس&format=csv" in Checked(text).hrefs()
    assert "/compare?q=الوزير&q=تونس&interval=year" in Checked(text).hrefs()


def test_comparison_keeps_its_filters(page: Page) -> None:
    text = page("/compare", q="الوزير", source="وكالة النخيل", **{"from": "2020"})
    assert '<input type="hidden" name="source" value="وكالة النخيل">' in text
    assert "/compare?q=الوزير&from=2020" in Checked(text).hrefs()
    assert "/compare?q=الوزير&source=وكالة+النخيل" in Checked(text).hrefs()


def test_comparison_takes_four_queries(room: StillRoom, page: Page) -> None:
    text = page("/compare", q=["1", "2", "3", "4", "5"])
    assert [request.q for request in room.asked[-4:]] == ["1", "2", "3", "4"]
    assert "لا تصلح لـ" in text


def test_line_breaks_where_there_are_no_articles(room: StillRoom, page: Page) -> None:
    room.articles = (ARTICLES[0], replace(ARTICLES[0], id="b", published="2020-09-01"))
    assert page("/compare", q="الوزير").count('<polyline class="l1"') == 2


def test_coverage_shows_each_source_month_by_month(page: Page) -> None:
    text = page("/status", year="2020")
    assert '<th scope="row"><bdi>وكالة النخيل</bdi></th>' in text
    assert "/search?source=وكالة+النخيل&from=2020-07&to=2020-07&sort=newest" in Checked(text).hrefs()
    assert text.count('class="n none"') == 23
    assert "/status?year=2019#grid" in Checked(text).hrefs()


def test_only_web_addresses_become_links(page: Page) -> None:
    text = page("/article/a2")
    assert "javascript:alert(1)" in text
    assert "javascript:" not in " ".join(Checked(text).hrefs())


def test_unknown_article_is_a_page(page: Page) -> None:
    assert "لا مقال بهذا المعرّف" in page("/article/none", 404)


@pytest.mark.parametrize(
    "path", ["/search?q=الوزير", "/article/hostile~4", "/status", "/search?q=<script>alert(0)</script>"]
)
def test_hostile_texts_stay_texts(client: FlaskClient, path: str) -> None:
    text = client.get(path).text
    ours = r'<script (?:src="/static/[^"]+" defer|type="application/ld\+json")>'
    assert re.findall(r"<script[^>]*>", text) == re.findall(ours, text)
    page = Checked(text)
    assert not [tag for tag, _ in page.tags if tag in ("img", "iframe", "object")]
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]


def test_bidi_controls_in_values_are_isolated(page: Page) -> None:
    text = page("/search", q="الوزير")
    assert "<bdi>&#34;&gt;&lt;script&gt;alert(2)&lt;/script&gt;\u202eمصدر</bdi>" in text


def test_help_examples_run(client: FlaskClient) -> None:
    examples = [href for href in Checked(client.get("/help").text).hrefs() if href.startswith("/search?q=")]
    assert len(examples) > 20
    for href in examples:
        assert client.get(href).status_code == 200


def test_help_names_every_problem(client: FlaskClient) -> None:
    text = client.get("/help").text
    kind = client.get("/api/v1/search?x=1").json["type"]
    assert f'id="{kind.removeprefix("/help#")}"' in text


def test_help_and_errors_work_without_an_archive(room: StillRoom, page: Page) -> None:
    from indexer.errors import ArchiveError

    room.fails = ArchiveError("the archive is damaged")
    assert "صيغ البحث" in page("/help")
    assert "لا صفحة هنا" in page("/nothing", 404)
    assert "rasid verify" in page("/", 503)


@pytest.mark.parametrize("path", ["/", "/search", "/status"])
def test_empty_archive_gives_the_command(tmp_path: Path, path: str) -> None:
    client = create_app(StillRoom((), None), Settings(home=tmp_path)).test_client()
    response = client.get(path)
    assert response.status_code == 503
    assert "rasid add" in response.text
    assert "الأرشيف فارغ" in response.text


def test_fault_of_a_query_is_marked_in_place(page: Page) -> None:
    text = page("/search", 400, q="نفط (البصرة", strict=1)
    assert "نفط <em>(البصرة</em>" in text
    assert 'عند الحرف <bdi class="n">5</bdi>' in text
    assert "/search?q=نفط+%28البصرة" in Checked(text).hrefs()


@pytest.mark.parametrize(
    ("asked", "header", "lang"),
    [
        ("", "", "ar"),
        ("", "en-US,en;q=0.9", "en"),
        ("", "fr", "ar"),
        ("", "fr,en;q=0.5", "en"),
        ("ar", "en", "ar"),
        ("en", "ar", "en"),
        ("xx", "en", "en"),
    ],
)
def test_language_is_asked_accepted_or_arabic(
    client: FlaskClient, asked: str, header: str, lang: str
) -> None:
    response = client.get("/", query_string={"lang": asked}, headers={"Accept-Language": header})
    assert response.headers["Content-Language"] == lang


def test_language_switch_leads_to_the_same_page(page: Page) -> None:
    assert (
        "/search?q=الوزير&page_size=1&page=2&lang=en"
        in Checked(page("/search", q="الوزير", page_size=1, page=2)).hrefs()
    )


def test_page_stays_light(room: StillRoom, page: Page) -> None:
    months = [f"{year}-{month:02}-01" for year in range(2015, 2024) for month in range(1, 13)]
    room.articles = tuple(replace(ARTICLES[0], id=str(n), published=day) for n, day in enumerate(months))
    assert len(page("/search", q="الوزير").encode()) < 60_000
    assert len(page("/").encode()) < 60_000


def test_style_sheet_is_small() -> None:
    from searchapp.app import folder

    assert (folder("static") / "rasid.css").stat().st_size <= 30_000
    assert len((folder("static") / "rasid.js").read_text().splitlines()) <= 200


def test_templates_trust_no_text() -> None:
    from searchapp.app import folder

    for file in (path for path in folder("templates").rglob("*") if path.is_file()):
        assert not re.search(r"\|\s*safe|autoescape|style=|javascript:", file.read_text()), file
