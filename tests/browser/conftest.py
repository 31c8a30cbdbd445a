"""A real server over the starter corpus, and Debian's Chromium as a reader would use it."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from indexer import build, readers
from indexer.archive import Archive
from indexer.settings import Settings
from tests.conftest import missing

ROOT = Path(__file__).parents[2]

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)

ADDRESS = re.compile(r"http://[\w.]+:\d+")


def stocked(home: Path, source: Path) -> Settings:
    """A home with the articles of a file or folder."""
    settings = Settings(home)
    articles = [item.article for item in readers.read([str(source)]) if isinstance(item, readers.Record)]
    with Archive.open(settings.archive_file, create=True) as archive:
        archive.add(articles)
        build.update(settings, archive)
    return settings


@pytest.fixture(scope="session")
def stock() -> Callable[[Path, Path], Settings]:
    """Makes a home with the articles of a file or folder."""
    return stocked


@pytest.fixture(scope="session")
def start_server() -> Iterator[Callable[..., str]]:
    """Starts `rasid serve` on a free port and gives its address; all are stopped at the end."""
    running: list[subprocess.Popen[str]] = []

    def started(home: Path, *options: str) -> str:
        command = [
            sys.executable,
            "-c",
            "from searchapp.cli import main; main()",
            "--home",
            str(home),
            "serve",
        ]
        process = subprocess.Popen(
            [*command, "--port", "0", *options], stderr=subprocess.PIPE, text=True, cwd=ROOT
        )
        running.append(process)
        assert process.stderr is not None
        line = process.stderr.readline()
        found = ADDRESS.match(line)
        assert found, line
        return found.group()

    yield started
    for process in running:
        process.terminate()
        process.communicate(timeout=20)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, start_server: Callable[..., str]) -> str:
    """The address of a server over the starter corpus."""
    return start_server(stocked(tmp_path_factory.mktemp("browser") / "home", ROOT / "seeds").home)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright", "pip install 'rasid[test]'")
    path = shutil.which("chromium")
    if not path:
        missing("Chromium", "apt-get install chromium fonts-noto-core")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Watch:
    """What a page said and asked for, that it should not have."""

    site: str
    faults: list[str] = field(default_factory=list)

    def of(self, page: Any) -> None:
        """Watches a page from now on."""
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("requestfailed", self._failed)
        page.on("request", self._asked)
        page.on("response", self._answered)

    def _said(self, message: Any) -> None:
        if not message.text.startswith("Failed to load resource"):  # `_answered` tells which
            self.faults.append(f"console: {message.text}")

    def _answered(self, response: Any) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self.faults.append(f"{response.status}: {response.url}")

    def _failed(self, request: Any) -> None:
        if request.failure != "net::ERR_ABORTED":  # a question that a newer one has replaced
            self.faults.append(f"failed: {request.url} {request.failure}")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.site, "data:", "about:")):
            self.faults.append(f"another host: {request.url}")


@pytest.fixture
def open_page(chromium: Any, site: str) -> Iterator[Callable[..., Any]]:
    """Opens a page as some reader; at the end nothing may stand in its console, nor come from elsewhere."""
    contexts: list[Any] = []
    watch = Watch(site)

    def opened(
        path: str = "/", *, width: int = 1280, height: int = 800, locale: str = "ar", **more: Any
    ) -> Any:
        context = chromium.new_context(
            base_url=site, locale=locale, viewport={"width": width, "height": height}, **more
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        watch.of(page)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        assert not context.cookies()
        context.close()
    assert watch.faults == []
