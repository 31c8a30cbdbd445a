"""WCAG 2.2 AA: axe-core finds nothing on any page, for any reader."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}

PATHS = (
    "/",
    "/search?q=القمة+العربية",
    "/search?q=القمة&source=مدار+الضاد&year=2021&match=exact",
    "/search?q=ققققق+ضضضض",
    "/compare",
    "/compare?q=القمة&q=النفط&q=الانتخابات&q=الرئيس",
    "/help",
    "/status",
)

FAULTS = ("/nothing", "/search?q=نفط+(البصرة&strict=1", "/article/none")
"""Pages whose status is that of an error, which a browser notes in its console."""

READERS = tuple(itertools.product((360, 1280), ("light", "dark"), ("ar", "en")))


@pytest.mark.parametrize(("width", "scheme", "lang"), READERS)
def test_axe_finds_nothing(open_page: Callable[..., Any], width: int, scheme: str, lang: str) -> None:
    page = open_page("/", width=width, color_scheme=scheme)
    for path in PATHS:
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={lang}")
        page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
        assert_accessible(page)
    page.goto(f"/search?q=القمة+العربية&lang={lang}")
    page.locator(".hit h3 a").first.click()
    page.wait_for_url("**/article/**")
    assert_accessible(page)


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_axe_finds_nothing_on_pages_of_errors(chromium: Any, site: str, lang: str) -> None:
    page = chromium.new_page(base_url=site)
    for path in FAULTS:
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={lang}")
        assert_accessible(page)
    page.close()


def test_axe_finds_nothing_while_completing(open_page: Callable[..., Any]) -> None:
    page = open_page("/")
    page.locator("#q").press_sequentially("الانت")
    page.locator("[role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert_accessible(page)


def assert_accessible(page: Any) -> None:
    """Axe has nothing to say of the page as it is."""
    from axe_playwright_python.sync_playwright import Axe

    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"
