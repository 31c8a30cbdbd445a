"""A browser takes Rasid up as a search engine, by itself, from the description that its pages name."""

import shutil
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any

from tests.browser.conftest import FLAGS

PATIENCE = (6, 15, 30)
"""Seconds given to the browser to load a page and to write down what it found, first try to last."""


def known_engines(profile: Path, site: str, seconds: float) -> list[tuple[str, str, str]]:
    """(name, search address, suggestion address) of the site's engines after one visit of its front page."""
    command = [shutil.which("chromium") or "chromium", *FLAGS, f"--user-data-dir={profile}", site + "/"]
    with subprocess.Popen([*command, "--headless=new"], stderr=subprocess.DEVNULL) as browser:
        time.sleep(seconds)
        browser.terminate()
    with sqlite3.connect(profile / "Default" / "Web Data") as kept:
        rows = kept.execute("SELECT short_name, url, suggest_url FROM keywords").fetchall()
    kept.close()
    return [row for row in rows if row[1].startswith(site)]


def test_chromium_learns_to_search_here_from_one_visit(chromium: Any, site: str, tmp_path: Path) -> None:
    engines: list[tuple[str, str, str]] = []
    for seconds in PATIENCE:
        engines = engines or known_engines(tmp_path / str(seconds), site, seconds)
    (name, search, suggest), *others = engines
    assert name in ("راصد", "Rasid")
    assert search == f"{site}/search?q={{searchTerms}}"
    assert suggest == f"{site}/api/v1/suggest?q={{searchTerms}}"
    assert not others
