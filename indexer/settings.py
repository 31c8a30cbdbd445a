"""The settings that come from the environment: this is the only place that reads it."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from indexer.errors import RasidError
from indexer.processes import cores

ENVIRONMENT = {
    "RASID_HOME": "folder of the archive, the index and the lexicon",
    "RASID_BASE_URL": "scheme and host of absolute links, such as https://news.example",
    "RASID_ENGINE": "engine of new generations: whoosh or tantivy (the home's own, at first whoosh)",
    "RASID_JOBS": "processes that share the work of adding and rebuilding (as many as there are cores)",
}
"""Every environment variable that Rasid reads, and what it is for."""

MOST_JOBS = 64

HOME_FOLDERS = {"darwin": "Library/Application Support/rasid", "win32": "AppData/Local/rasid"}
"""The platform's own place for user data, below the user's folder; elsewhere ``.local/share/rasid``."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are and how they are served."""

    home: Path
    engine: str | None = None
    jobs: int = 1
    base_url: str | None = None

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ, home: Path | None = None) -> Self:
        """The settings of this environment; `home` given on the command line wins."""
        return cls(
            home=home or Path(environ.get("RASID_HOME") or default_home(environ)),
            engine=environ.get("RASID_ENGINE") or None,
            jobs=_jobs(environ.get("RASID_JOBS") or str(cores())),
            base_url=(environ.get("RASID_BASE_URL") or "").rstrip("/") or None,
        )

    def at(self, home: Path) -> Self:
        """The same settings for another home."""
        return replace(self, home=home)

    @property
    def archive_file(self) -> Path:
        return self.home / "archive.sqlite3"

    @property
    def index_folder(self) -> Path:
        return self.home / "index"

    @property
    def lexicon_folder(self) -> Path:
        return self.home / "lexicon"


def default_home(environ: Mapping[str, str] = os.environ) -> Path:
    """The platform's user data folder for Rasid."""
    if sys.platform not in HOME_FOLDERS and (data := environ.get("XDG_DATA_HOME")):
        return Path(data) / "rasid"
    return Path.home() / HOME_FOLDERS.get(sys.platform, ".local/share/rasid")


def _jobs(given: str) -> int:
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:4]) <= MOST_JOBS):
        raise RasidError(f"RASID_JOBS is {given!r}: it must be a number of processes from 1 to {MOST_JOBS}")
    return int(given)
