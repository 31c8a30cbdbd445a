"""Draws the pages as they are into ``docs/*.png``: ``python docs/screenshots.py http://127.0.0.1:8000``.

Needs a running server, Chromium and ``pip install 'rasid[test]'``.
"""

import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).parent

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]


class Shot(NamedTuple):
    """One picture: its file, the page, and who looks at it."""

    name: str
    path: str
    width: int = 1280
    height: int = 900
    scheme: str = "light"
    locale: str = "ar"


SHOTS = (
    Shot("home", "/"),
    Shot("results", "/search?q=القمة+العربية"),
    Shot("results-dark", "/search?q=القمة+العربية", scheme="dark"),
    Shot("results-en", "/search?q=القمة+العربية&lang=en", locale="en"),
    Shot("results-phone", "/search?q=القمة+العربية", width=390, height=844),
    Shot("zero", "/search?q=القوقازية+الفضائية+قمة&operator=and"),
    Shot("compare", "/compare?q=الرئيس&q=القمة&q=الانتخابات&q=النفط&interval=year", height=1000),
    Shot("help", "/help"),
    Shot("status", "/status", height=1200),
)


def main(site: str) -> None:
    """Draws every picture, the article of the first result among them."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for shot in SHOTS:
            draw(browser, site, shot)
        page = browser.new_page(base_url=site, locale="ar")
        page.goto("/search?q=القمة+العربية")
        article = page.locator(".hit h3 a").first.get_attribute("href")
        draw(browser, site, Shot("article", article, height=1100))
        browser.close()


def draw(browser, site: str, shot: Shot) -> None:
    """Draws one picture."""
    context = browser.new_context(
        base_url=site,
        locale=shot.locale,
        color_scheme=shot.scheme,
        viewport={"width": shot.width, "height": shot.height},
    )
    page = context.new_page()
    page.goto(shot.path)
    page.screenshot(path=FOLDER / f"{shot.name}.png")
    context.close()


if __name__ == "__main__":
    main(sys.argv[1])
