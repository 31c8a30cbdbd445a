"""The Whoosh engine: a Whoosh 2.7.4 index on disk, evaluated over arrays in memory."""

from pathlib import Path

from indexer.engines.base import SearchEngine
from indexer.engines.whoosh.files import SCHEMA_NUMBER
from indexer.engines.whoosh.segments import WhooshSnapshot
from indexer.engines.whoosh.writer import WhooshWriter


class WhooshEngine:
    """Opens and writes generations of Whoosh files."""

    name = "whoosh"
    schema = f"whoosh-{SCHEMA_NUMBER}"

    def open(self, folder: Path, before: SearchEngine | None = None) -> WhooshSnapshot:
        return WhooshSnapshot(folder, before)

    def writer(self, folder: Path, base: Path | None = None, jobs: int = 1) -> WhooshWriter:
        return WhooshWriter(folder, base, jobs)
