"""The tantivy engine: tantivy counts, and exact scores over inverted files beside it put in order."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.engines.base import SearchEngine
from indexer.errors import MissingExtra

if TYPE_CHECKING:
    from indexer.engines.tantivy.snapshot import TantivySnapshot
    from indexer.engines.tantivy.writer import TantivyWriter

SCHEMA_NUMBER = 4
"""Counted up when fields or the layout of parts change: older generations are then refused as stale."""


class TantivyEngine:
    """Opens and writes generations of tantivy files; the package is imported when it is needed.

    Raises:
        MissingExtra: it is not installed.
    """

    name = "tantivy"
    schema = f"tantivy-{SCHEMA_NUMBER}"

    def __init__(self) -> None:
        if find_spec("tantivy") is None:
            raise MissingExtra("tantivy", "tantivy")

    def open(self, folder: Path, before: SearchEngine | None = None) -> "TantivySnapshot":
        from indexer.engines.tantivy.snapshot import TantivySnapshot

        return TantivySnapshot(folder, before)

    def writer(self, folder: Path, base: Path | None = None, jobs: int = 1) -> "TantivyWriter":
        from indexer.engines.tantivy.writer import TantivyWriter

        return TantivyWriter(folder, base, jobs)
