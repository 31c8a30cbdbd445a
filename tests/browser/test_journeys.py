"""What readers come to do, in a real browser, over a real server and the starter corpus."""

import re
from collections.abc import Callable
from typing import Any

import feedparser
import pytest
from playwright.sync_api import expect

Open = Callable[..., Any]

QUERY = "القمة العربية"


def number(text: str) -> int:
    """The first number in a text."""
    found = re.search(r"\d[\d,]*", text)
    assert found, text
    return int(found.group().replace(",", ""))


def total(page: Any) -> int:
    """The number of results that the page claims."""
    words = page.locator("#results h2").inner_text()
    return {"نتيجة واحدة": 1, "نتيجتان": 2}.get(words) or number(words)


def searched(open_page: Open, q: str = QUERY, **reader: Any) -> Any:
    """The page of results that a reader gets who types a query into the front page."""
    page = open_page("/", **reader)
    page.locator("#q").fill(q)
    page.locator("#q").press("Enter")
    page.wait_for_url("**/search?**")
    return page


def is_wide(page: Any) -> bool:
    """Whether one must scroll sideways."""
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


# --- search and narrow ------------------------------------------------------------------------------------


def test_search_in_arabic(open_page: Open) -> None:
    page = searched(open_page)
    assert page.title().startswith(QUERY)
    assert page.locator(".hit").count() > 1
    assert "القمة" in page.locator("mark").all_inner_texts()
    assert page.locator("#q").input_value() == QUERY


def test_click_a_month(open_page: Open) -> None:
    page = searched(open_page)
    bar = page.locator(".time__bars a.peak").first
    count = number(bar.locator("title").text_content().rsplit(":", 1)[1])
    bar.locator("path").last.click()
    page.wait_for_url("**from=**")
    assert total(page) == count
    assert page.locator(".chip").count() == 2


def test_choose_a_month_from_the_table_by_keyboard(open_page: Open) -> None:
    page = searched(open_page)
    page.locator(".time summary").focus()
    page.keyboard.press("Enter")
    row = page.locator(".time tbody tr").first
    count = number(row.locator("td").inner_text())
    row.locator("a").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**from=**")
    assert total(page) == count


def test_bars_add_up_to_the_dated_results(open_page: Open) -> None:
    page = searched(open_page)
    page.locator(".time summary").click()
    counts = [number(text) for text in page.locator(".time tbody td").all_inner_texts()]
    assert 0 < sum(counts) <= total(page)


def test_exclude_a_source(open_page: Open) -> None:
    page = searched(open_page)
    before = total(page)
    row = page.locator('[aria-labelledby="f-source"] li').first
    name, count = row.locator("bdi").first.inner_text(), number(row.locator(".n").inner_text())
    row.locator(".not").click()
    page.wait_for_url("**source=-**")
    assert total(page) == before - count
    assert name not in page.locator(".hit .meta b").all_inner_texts()


def test_choose_a_source_and_take_it_back(open_page: Open) -> None:
    page = searched(open_page)
    before = total(page)
    row = page.locator('[aria-labelledby="f-source"] li').first
    count = number(row.locator(".n").inner_text())
    row.locator("a").first.click()
    page.wait_for_url("**source=**")
    assert total(page) == count
    page.locator(".chip").click()
    page.wait_for_url(lambda url: "source=" not in url)
    assert total(page) == before


def test_sort_and_turn_pages(open_page: Open) -> None:
    page = searched(open_page, "الرئيس")
    page.get_by_role("link", name="الأقدم").click()
    page.wait_for_url("**sort=oldest**")
    days = [time.get_attribute("datetime")[:10] for time in page.locator(".hit time").all()]
    assert days == sorted(days)
    first = page.locator(".hit h3").first.inner_text()
    page.get_by_role("link", name="التالي").click()
    page.wait_for_url("**page=2**")
    assert page.locator(".hit h3").first.inner_text() != first
    page.get_by_role("link", name="السابق").click()
    assert page.locator(".hit h3").first.inner_text() == first


def test_narrow_by_dates_as_they_are_written(open_page: Open) -> None:
    page = open_page("/")
    page.locator("summary", has_text="خيارات البحث").click()
    page.locator("#q").fill("الرئيس")
    page.locator("#from").fill("تموز 2021")
    page.locator("#to").fill("2022/12")
    page.locator("#to").press("Enter")
    page.wait_for_url("**from=**")
    assert page.locator("#from").input_value() == "2021/07/01"
    days = [time.get_attribute("datetime")[:10] for time in page.locator(".hit time").all()]
    assert days
    assert all("2021-07-01" <= day <= "2022-12-31" for day in days)


# --- read -------------------------------------------------------------------------------------------------


def test_open_an_article_and_hop_through_its_matches(open_page: Open) -> None:
    page = searched(open_page)
    page.locator(".hit h3 a").first.click()
    page.wait_for_url("**/article/**")
    marks = page.locator(".story__body mark").count()
    assert marks > 2
    page.locator(".hops a", has_text="1").first.click()
    expect(page).to_have_url(re.compile("#m1$"))
    page.locator("#m1 a").click()
    expect(page).to_have_url(re.compile("#m2$"))
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile("#m3$"))
    page.keyboard.press("p")
    expect(page).to_have_url(re.compile("#m2$"))
    for _ in range(marks):
        page.keyboard.press("n")
    expect(page).to_have_url(re.compile("#m2$"))
    page.get_by_role("link", name="اقرأ بلا تظليل").click()
    page.wait_for_url(lambda url: "q=" not in url)
    assert page.locator("mark").count() == 0


def test_go_back_and_find_the_form_as_left(open_page: Open) -> None:
    page = open_page("/")
    page.locator("summary", has_text="خيارات البحث").click()
    page.get_by_label("مع اختلاف الإملاء").check()
    page.get_by_label("أي واحدة منها").check()
    page.locator("#q").fill(QUERY)
    page.locator("button", has_text="ابحث").click()
    page.wait_for_url("**/search?**")
    page.locator(".hit h3 a").first.click()
    page.wait_for_url("**/article/**")
    page.go_back()
    assert page.locator("#q").input_value() == QUERY
    assert page.get_by_label("مع اختلاف الإملاء").is_checked()
    assert page.get_by_label("أي واحدة منها").is_checked()
    assert page.locator("details.search__more").get_attribute("open") is not None


def test_return_to_the_results_by_the_link_above_the_article(open_page: Open) -> None:
    page = searched(open_page)
    page.locator(".hit h3 a").nth(1).click()
    page.get_by_role("link", name="عد إلى نتائج").click()
    page.wait_for_url("**/search?**")
    assert page.locator("#q").input_value() == QUERY


def test_read_a_similar_article(open_page: Open) -> None:
    page = searched(open_page)
    page.locator(".hit h3 a").first.click()
    title = page.locator("h1").inner_text()
    page.locator(".near a").first.click()
    page.wait_for_load_state()
    assert page.locator("h1").inner_text() != title


def test_see_why_an_article_was_found(open_page: Open) -> None:
    page = searched(open_page)
    page.locator(".hit summary").first.click()
    assert "القمة" in page.locator(".hit .inset li").first.inner_text()


def test_take_the_citation(open_page: Open) -> None:
    page = searched(open_page, permissions=["clipboard-read", "clipboard-write"])
    page.locator(".hit h3 a").first.click()
    page.get_by_role("button", name="انسخ").click()
    page.get_by_role("button", name="نُسخ").wait_for()
    assert "/article/" in page.evaluate("navigator.clipboard.readText()")
    with page.expect_download() as download:
        page.get_by_role("link", name="RIS").click()
    text = download.value.path().read_text("utf-8")
    assert text.startswith("TY  - NEWS")


# --- take away, follow, compare ---------------------------------------------------------------------------


def test_export_all_results(open_page: Open) -> None:
    page = searched(open_page, "الرئيس")
    count = total(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    data = download.value.path().read_bytes()
    assert data.startswith(b"\xef\xbb\xbfid,title,")
    assert data.count(b"\r\n") >= count + 1 > 11


def test_follow_the_feed(open_page: Open, site: str) -> None:
    page = searched(open_page)
    href = page.locator('link[type="application/atom+xml"]').get_attribute("href")
    response = page.request.get(href)
    made = feedparser.parse(
        response.body(), response_headers={"content-type": response.headers["content-type"]}
    )
    assert not made.bozo
    assert len(made.entries) == min(total(page), 30)
    assert page.request.get(made.entries[0].link).ok


def test_compare_topics(open_page: Open) -> None:
    page = searched(open_page, "القمة")
    page.get_by_role("link", name="قارنه بغيره").click()
    page.wait_for_url("**/compare?**")
    page.get_by_label("البحث الثاني").fill("الانتخابات")
    page.get_by_label("البحث الرابع").fill("النفط")
    page.get_by_label("البحث الرابع").press("Enter")
    page.locator(".legend li").nth(2).wait_for()
    assert page.locator(".legend li").count() == 3
    assert page.locator(".plot__lines polyline").count() >= 3
    assert page.locator(".legend a").all_inner_texts() == ["القمة", "الانتخابات", "النفط"]
    page.get_by_role("link", name="بالسنة").click()
    page.wait_for_url("**interval=year**")
    rows = page.locator("table tbody tr")
    assert number(rows.first.locator("th").inner_text()) > 2000
    with page.expect_download() as download:
        page.get_by_role("link", name="الأرقام CSV").click()
    assert len(download.value.path().read_text("utf-8").splitlines()) == rows.count() + 1


def test_narrow_a_comparison_to_a_year(open_page: Open) -> None:
    page = open_page(f"/compare?q={QUERY}")
    page.locator(".time__axis a").last.click()
    page.wait_for_url("**from=**")
    assert page.locator(".legend a").inner_text() == QUERY
    page.locator(".chip").first.click()
    page.locator(".chip").first.click()
    page.wait_for_url(lambda url: "from=" not in url and "to=" not in url)


# --- languages, directions, keys --------------------------------------------------------------------------


def test_switch_language_and_stay(open_page: Open) -> None:
    page = searched(open_page)
    first = page.locator(".hit h3").first.inner_text()
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**lang=en**")
    assert page.locator("html").get_attribute("dir") == "ltr"
    assert page.locator(".hit h3").first.inner_text() == first
    page.locator(".hit h3 a").first.click()
    page.wait_for_url("**lang=en**")
    assert page.get_by_role("heading", name="Similar articles").is_visible()


def test_browser_in_english_gets_english(open_page: Open) -> None:
    page = open_page("/", locale="en-GB")
    assert page.locator("html").get_attribute("lang") == "en"


def test_query_turns_while_it_is_typed(open_page: Open) -> None:
    page = open_page("/")
    box = page.locator("#q")
    for typed, way in (("JCPOA", "ltr"), ("title:", "ltr"), ("title:ا", "rtl"), ("2020", "rtl"), ("", "rtl")):
        box.fill(typed)
        assert box.get_attribute("dir") == way, typed


def test_articles_stay_right_to_left_in_english(open_page: Open) -> None:
    page = searched(open_page, locale="en")
    edges = page.locator(".hit").first.evaluate(
        """hit => ['h3 a', '.meta', '.hit__text'].map(part => Math.round(hit.querySelector(part)
            .getBoundingClientRect().right))"""
    )
    assert max(edges) - min(edges) <= 1


def test_marks_do_not_cut_the_joins_of_letters(open_page: Open) -> None:
    page = searched(open_page)
    style = page.locator("mark").first.evaluate(
        """mark => { const s = getComputedStyle(mark); return ['display', 'paddingLeft', 'paddingRight',
            'marginLeft', 'marginRight', 'borderLeftWidth', 'borderRightWidth'].map(name => s[name]); }"""
    )
    assert style == ["inline", *["0px"] * 6]


def test_complete_a_query(open_page: Open) -> None:
    page = open_page("/")
    box = page.get_by_role("combobox")
    box.press_sequentially("الانت")
    page.locator("[role=option]").first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    chosen = page.locator('[role=option][aria-selected="true"]')
    assert chosen.get_attribute("id") == box.get_attribute("aria-activedescendant")
    offered = chosen.locator(".q").inner_text()
    assert box.input_value() == offered
    page.keyboard.press("Escape")
    assert box.input_value() == "الانت"
    assert box.get_attribute("aria-expanded") == "false"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    assert page.locator("#q").input_value() == offered
    assert page.locator(".hit").count() > 0


def test_complete_a_query_with_the_pointer(open_page: Open) -> None:
    page = open_page("/")
    page.locator("#q").press_sequentially("الانت")
    option = page.locator("[role=option]").first
    option.wait_for()
    offered = option.locator(".q").inner_text()
    option.click()
    page.wait_for_url("**/search?**")
    assert page.locator("#q").input_value() == offered


def test_slash_goes_to_the_box_on_any_keyboard(open_page: Open) -> None:
    page = searched(open_page)
    for key, code in (("/", "Slash"), ("ظ", "Slash")):
        page.locator("h1").evaluate("() => document.activeElement.blur()")
        page.evaluate(
            """([key, code]) => document.body.dispatchEvent(
                new KeyboardEvent('keydown', {key, code, bubbles: true, cancelable: true}))""",
            [key, code],
        )
        assert page.evaluate("document.activeElement.id") == "q"


def test_keys_can_be_switched_off(open_page: Open) -> None:
    page = open_page("/help")
    page.get_by_role("button", name="أوقف الاختصارات").click()
    page.locator("h1").click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "q"
    page.get_by_role("button", name="شغّل الاختصارات").click()
    page.locator("h1").click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"


def test_keyboard_alone_reaches_an_article(open_page: Open) -> None:
    page = open_page(f"/search?q={QUERY}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.hit h3 a')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/article/**")


def test_wrong_keyboard_is_put_right_and_can_be_undone(open_page: Open) -> None:
    page = searched(open_page, "hgrlm hguvfdm")
    assert page.locator(".notice .q").all_inner_texts() == ["hgrlm hguvfdm", QUERY]
    found = total(page)
    page.locator(".hit h3 a").first.click()
    page.wait_for_url("**/article/**")
    assert page.locator("#m1").count() == 1
    page.go_back()
    page.locator(".notice a").first.click()
    page.wait_for_url("**rescue=0**")
    assert page.locator(".hit").count() == 0
    page.locator(".ladder a").first.click()
    page.wait_for_load_state()
    assert page.locator("#q").input_value() == QUERY
    assert total(page) == found


def test_untick_a_form_of_a_word(open_page: Open) -> None:
    page = searched(open_page, "القمة")
    before = total(page)
    page.get_by_role("link", name="صيغ الكلمات").click()
    page.wait_for_url("**forms=1**")
    form = page.locator(".forms .chip").first
    text = form.locator("bdi").inner_text()
    form.click()
    page.wait_for_url("**without=**")
    assert total(page) < before
    page.locator(".forms .chip--out", has_text=text).click()
    page.wait_for_url(lambda url: "without=" not in url)
    assert total(page) == before


def test_each_word_alone_where_nothing_has_them_all(open_page: Open) -> None:
    page = open_page("/search?q=القمة+الفضائيةةة&operator=and&rescue=0")
    row = page.locator('[aria-label="كل كلمة وحدها"] tbody tr').first
    count = number(row.locator("td").first.inner_text())
    row.locator("a").click()
    page.wait_for_load_state()
    assert page.locator("#q").input_value() == "القمة"
    assert total(page) == count


# --- dead ends --------------------------------------------------------------------------------------------


def test_no_results_under_a_filter_lead_out_of_it(open_page: Open) -> None:
    page = open_page(f"/search?q={QUERY}&year=1999")
    assert page.locator("h1").is_visible()
    page.get_by_role("link", name="ابحث بلا تصفية").click()
    page.wait_for_url(lambda url: "year=" not in url)
    assert total(page) > 0


def test_fault_of_a_query_shows_where_and_leads_on(open_page: Open) -> None:
    page = open_page("/search?q=نفط+(البصرة&strict=1")
    assert page.locator(".fault em").inner_text() == "(البصرة"
    page.get_by_role("link", name="ابحث عنها نصًّا").click()
    page.wait_for_url(lambda url: "strict" not in url)


def test_missing_article_leads_home(open_page: Open) -> None:
    page = open_page("/help")
    response = page.request.get("/article/none")
    assert response.status == 404
    assert 'href="/"' in response.text()


def test_example_of_the_guide_finds_what_it_says(open_page: Open) -> None:
    page = open_page("/help")
    row = page.locator("tr", has_text="تاريخ:[").first
    promised = number(row.locator(".soft").inner_text().replace("مقال واحد", "1").replace("مقالان", "2"))
    row.locator("a").click()
    page.wait_for_url("**/search?**")
    assert total(page) == promised


def test_cell_of_the_coverage_leads_to_its_articles(open_page: Open) -> None:
    page = open_page("/status")
    cell = page.locator(".grid td a").first
    count = number(cell.inner_text())
    cell.click()
    page.wait_for_url("**/search?**")
    assert total(page) == count


# --- other readers ----------------------------------------------------------------------------------------


def test_everything_works_without_javascript(open_page: Open) -> None:
    page = searched(open_page, java_script_enabled=False)
    page.locator('[aria-labelledby="f-source"] li a').first.click()
    page.locator(".hit h3 a").first.click()
    page.wait_for_url("**/article/**")
    page.locator("#m1 a").click()
    expect(page).to_have_url(re.compile("#m2$"))
    assert page.locator("button", has_text="انسخ").count() == 0


PATHS = ["/", f"/search?q={QUERY}", f"/compare?q={QUERY}&q=النفط", "/help", "/status", "/search?q=ققق"]


@pytest.mark.parametrize("width", [320, 360, 640])
@pytest.mark.parametrize("lang", ["ar", "en"])
def test_no_page_scrolls_sideways(open_page: Open, width: int, lang: str) -> None:
    page = open_page("/", width=width)
    for path in PATHS:
        page.goto(path + ("&" if "?" in path else "?") + f"lang={lang}")
        assert not is_wide(page), path
    page.goto(f"/search?q={QUERY}")
    page.locator(".hit h3 a").first.click()
    assert not is_wide(page)


def test_phone_leads_to_the_filters_and_back(open_page: Open) -> None:
    page = searched(open_page, width=390, height=844, is_mobile=True, has_touch=True)
    page.get_by_role("link", name="التصفية").tap()
    expect(page).to_have_url(re.compile("#filters$"))
    expect(page.locator("#filters")).to_be_in_viewport()
    page.get_by_role("link", name="عد إلى النتائج").tap()
    expect(page).to_have_url(re.compile("#results$"))
    expect(page.locator("#results h2")).to_be_in_viewport()
    assert not is_wide(page)


def test_print_keeps_text_and_citation_only(open_page: Open) -> None:
    page = searched(open_page)
    page.locator(".hit h3 a").first.click()
    page.wait_for_url("**/article/**")
    page.emulate_media(media="print")
    assert page.locator(".story__body").is_visible()
    assert page.locator(".cite").is_visible()
    for gone in (".masthead nav", ".foot", ".hops", ".near"):
        assert not page.locator(gone).is_visible()


def test_forced_colours_keep_marks_and_bars(open_page: Open) -> None:
    page = searched(open_page, forced_colors="active")
    colours = page.locator("mark").first.evaluate(
        "mark => [getComputedStyle(mark).backgroundColor, getComputedStyle(mark).color]"
    )
    assert colours[0] != colours[1]
    bar = page.locator(".time__bars path + path").first
    assert bar.evaluate("path => getComputedStyle(path).fill") != page.locator("html").evaluate(
        "html => getComputedStyle(html).backgroundColor"
    )
