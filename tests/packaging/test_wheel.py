"""The wheel, as a stranger gets it: built from the source archive, installed in a clean environment, asked.

pip fetches the dependencies as it does for everyone, so this is the one test that needs its package index.
"""

import json
import os
import subprocess
import sys
import tarfile
import time
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[2]

ARTICLE = "بغداد (مدار الضاد)- وصل وزير الخارجية الروسي سيرغي لافروف إلى بغداد اليوم والتقى نظيره العراقي."

PATIENCE = 60
"""Seconds that a server may take to start."""

pytestmark = pytest.mark.timeout(600)


def said(*command: str | Path, cwd: Path | None = None, home: Path | None = None) -> str:
    """What a command prints; it runs apart from this environment, and from the source tree."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "RASID_"))
    }
    if home:
        inherited["HOME"] = str(home)
    done = subprocess.run(command, cwd=cwd, env=inherited, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def package_index_answers(folder: Path) -> bool:
    """Whether pip gets a small package into a folder."""
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-cache-dir", "--retries", "0")
    probe = (*pip, "--no-deps", "--only-binary", ":all:", "--dest", str(folder), "waitress")
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    if not package_index_answers(folder / "probe"):
        required = os.environ.get("RASID_REQUIRE") == "all"
        (pytest.fail if required else pytest.skip)(
            "pip reaches no package index: connect this machine to one"
        )
    said(sys.executable, "-m", "build", "--quiet", "--outdir", folder, ROOT)
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    return next(dist.glob("*.whl"))


@pytest.fixture(scope="module")
def contents(wheel: Path) -> frozenset[str]:
    with zipfile.ZipFile(wheel) as archive:
        return frozenset(archive.namelist())


@pytest.fixture(scope="module")
def rasid(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of a clean environment that holds nothing but the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=True)
    said(folder / "bin" / "python", "-m", "pip", "install", "--quiet", wheel, cwd=folder)
    return folder / "bin" / "rasid"


@contextmanager
def served(rasid: Path, home: Path) -> Iterator[str]:
    """The address of a server of a home, on a free port; the server ends with the block."""
    log = home.parent / "serve.log"
    command = [str(rasid), "--home", str(home), "serve", "--port", "0"]
    with log.open("w") as stderr:
        server = subprocess.Popen(command, cwd=home.parent, stderr=stderr)
    try:
        yield _address(server, log)
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)


def _address(server: "subprocess.Popen[bytes]", log: Path) -> str:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        if (line := log.read_text()).endswith("\n"):
            return line.split()[0]
        time.sleep(0.05)
    pytest.fail(f"the server did not start:\n{log.read_text()}")


def page(address: str) -> bytes:
    with urlopen(address, timeout=PATIENCE) as response:  # an error status raises
        body: bytes = response.read()
    return body


def data_files(folder: str, *suffixes: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.suffix in suffixes
    }


@pytest.mark.parametrize("folder", ["templates", "static"])
def test_wheel_holds_the_files_of_the_web_inside_searchapp(contents: frozenset[str], folder: str) -> None:
    shipped = {f"searchapp/{name}" for name in data_files(folder, ".html", ".xml", ".css", ".js", ".svg")}
    assert shipped
    assert shipped <= contents


def test_wheel_holds_every_word_list(contents: frozenset[str]) -> None:
    assert data_files("indexer", ".txt") <= contents


def test_wheel_holds_every_module(contents: frozenset[str]) -> None:
    assert data_files("indexer", ".py") | data_files("searchapp", ".py") <= contents


def test_wheel_holds_neither_tests_nor_starter_corpus(contents: frozenset[str]) -> None:
    tops = {name.partition("/")[0] for name in contents}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"indexer", "searchapp"}


def test_wheel_holds_its_licence(contents: frozenset[str]) -> None:
    assert any(name.endswith("/licenses/LICENSE") for name in contents)


def test_source_archive_holds_what_the_wheel_is_made_of(dist: Path) -> None:
    with tarfile.open(next(dist.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert data_files("templates", ".html") | data_files("indexer", ".py", ".txt") <= names


def test_installed_wheel_adds_an_article_and_serves_it(rasid: Path, tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "لافروف.txt"
    file.write_text(ARTICLE, encoding="utf-8")
    assert "added 1" in said(rasid, "--home", home, "add", file, cwd=tmp_path, home=tmp_path)
    with served(rasid, home) as address:
        front = page(f"{address}/").decode()
        assert 'dir="rtl"' in front
        style = front.partition('rel="stylesheet" href="')[2].partition('"')[0]
        assert style and page(f"{address}{style}")
        found = json.loads(page(f"{address}/api/v1/search?q={quote('للعراقي لافروف')}"))
    assert found["total"] == 1
    assert "لافروف" in found["results"][0]["title"]
