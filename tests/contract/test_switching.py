"""A home changes its engine: what writes, what serves, and what is said where the package is missing."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

import indexer
from indexer.archive import Archive
from indexer.build import rebuild, update
from indexer.engines import engine_named
from indexer.engines.tantivy import TantivyEngine
from indexer.errors import IndexUnavailable, MissingExtra, RasidError
from indexer.generations import engine_of
from indexer.model import Article, SearchRequest
from indexer.reading import HomeReadingRoom
from indexer.settings import Settings
from searchapp.cli import rasid
from tests.conftest import missing

ARTICLE = Article("a", "قمة بغداد", "زار الوزير بغداد.")
HELP = r"tantivy is not installed: pip install 'rasid\[tantivy\]'"


@pytest.fixture
def tantivy() -> None:
    if find_spec("tantivy") is None:
        missing("tantivy", "pip install 'rasid[tantivy]'")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(tmp_path / "home")
    with Archive.open(settings.archive_file, create=True) as archive:
        archive.add([ARTICLE])
        update(settings, archive)
    return settings


def with_engine(settings: Settings, name: str) -> Settings:
    return Settings(settings.home, name)


def test_a_home_begins_with_whoosh(settings: Settings) -> None:
    assert engine_of(settings.index_folder) == "whoosh"


@pytest.mark.usefixtures("tantivy")
def test_an_open_reading_room_moves_over_to_another_engine(settings: Settings) -> None:
    with HomeReadingRoom(settings) as room:
        before = room.answer(SearchRequest(q="بغداد"))
        with Archive.open(settings.archive_file) as archive:
            rebuild(with_engine(settings, "tantivy"), archive)
        after = room.answer(SearchRequest(q="بغداد"))
        assert room.status().engine == "tantivy"
        assert before.generation != after.generation
        assert [found.article for found in before.found] == [found.article for found in after.found]
        assert (
            room.answer(SearchRequest(q="بغداد", generation=before.generation)).generation
            == before.generation
        )


@pytest.mark.usefixtures("tantivy")
def test_later_updates_stay_with_the_engine_of_the_home(settings: Settings) -> None:
    with Archive.open(settings.archive_file) as archive:
        rebuild(with_engine(settings, "tantivy"), archive)
        archive.add([Article("b", "قمة", "قمة أخرى")])
        manifest = update(settings, archive)
    assert manifest is not None and manifest.kind.engine == "tantivy" and manifest.parent is not None


@pytest.mark.usefixtures("tantivy")
@pytest.mark.parametrize(
    "arguments", [["--engine", "tantivy", "rebuild"], ["rebuild", "--engine", "tantivy"]], ids=" ".join
)
def test_the_command_line_names_the_engine_before_and_after(settings: Settings, arguments: list[str]) -> None:
    ended = CliRunner().invoke(rasid, ["--home", str(settings.home), *arguments])
    assert ended.exit_code == 0, ended.output
    assert engine_of(settings.index_folder) == "tantivy"


@pytest.fixture
def uninstalled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.engines.tantivy.find_spec", lambda name: None)


@pytest.mark.usefixtures("uninstalled")
def test_a_missing_package_is_told_with_the_command_that_installs_it(settings: Settings) -> None:
    with pytest.raises(MissingExtra, match=HELP):
        engine_named("tantivy")
    with Archive.open(settings.archive_file) as archive, pytest.raises(MissingExtra, match=HELP):
        rebuild(with_engine(settings, "tantivy"), archive)
    assert engine_of(settings.index_folder) == "whoosh"


@pytest.mark.usefixtures("tantivy")
def test_a_generation_of_an_engine_that_is_not_installed_is_refused_with_the_command(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Archive.open(settings.archive_file) as archive:
        rebuild(with_engine(settings, "tantivy"), archive)
    monkeypatch.setattr("indexer.engines.tantivy.find_spec", lambda name: None)
    with HomeReadingRoom(settings) as room, pytest.raises(IndexUnavailable, match=HELP):
        room.answer(SearchRequest(q="بغداد"))


def test_an_unknown_engine_is_told_with_those_there_are() -> None:
    with pytest.raises(RasidError, match="choose one of whoosh, tantivy"):
        engine_named("lucene")


def test_tantivy_is_not_imported_before_it_is_used() -> None:
    program = "import sys, searchapp.cli; sys.exit('tantivy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
    assert TantivyEngine.name == "tantivy"


def test_tantivy_is_imported_in_one_module_only() -> None:
    root = Path(indexer.__file__).parent
    importers = [p.name for p in root.rglob("*.py") if "\n    import tantivy\n" in p.read_text("utf-8")]
    assert importers == ["library.py"]
