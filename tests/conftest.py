"""What all tests share: where the reference data lies, and how a missing outside program is told."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from indexer import build
from indexer.archive import Archive
from indexer.model import Article
from indexer.reading import HomeReadingRoom
from indexer.settings import Settings

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


hypothesis.settings.register_profile(
    "any machine, busy or not", deadline=None, suppress_health_check=list(hypothesis.HealthCheck)
)
hypothesis.settings.load_profile("any machine, busy or not")


def missing(what: str, command: str) -> None:
    """Skips a test whose outside program is not there; a failure where everything is required."""
    message = f"{what} is missing: {command}"
    if os.environ.get("RASID_REQUIRE") == "all":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference articles and judged sets."""
    if not SHARED.is_dir():
        missing("the reference data", f"put it at {SHARED}")
    return SHARED


@pytest.fixture
def make_room(tmp_path: Path) -> Iterator[Callable[..., HomeReadingRoom]]:
    """Makes a home of some articles and opens its reading room."""
    rooms: list[HomeReadingRoom] = []

    def made(*articles: Article, home: Path | None = None) -> HomeReadingRoom:
        settings = Settings(home or tmp_path / f"home{len(rooms)}")
        with Archive.open(settings.archive_file, create=True) as archive:
            archive.add(articles)
            build.update(settings, archive)
        rooms.append(HomeReadingRoom(settings))
        return rooms[-1]

    yield made
    for room in rooms:
        room.close()


@pytest.fixture(scope="session")
def seed_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HomeReadingRoom]:
    """The reading room of a home that holds the starter corpus."""
    from indexer import readers

    settings = Settings(tmp_path_factory.mktemp("seeds") / "home")
    articles = [
        item.article for item in readers.read([str(ROOT / "seeds")]) if isinstance(item, readers.Record)
    ]
    with Archive.open(settings.archive_file, create=True) as archive:
        archive.add(articles)
        build.update(settings, archive)
    with HomeReadingRoom(settings) as room:
        yield room
