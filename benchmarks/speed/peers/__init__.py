"""Who takes part, one module each: it builds its index of the same articles and answers queries."""

import importlib.util
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from benchmarks.speed.corpus import Prepared
from benchmarks.speed.measure import Search

INSTALL = "pip install 'rasid[bench]'"


class Participant(Protocol):
    """A way to index and search.

    Attributes:
        classes: the classes of queries that it can answer.
        warms: its first answers after opening are measured too.
    """

    name: str
    classes: frozenset[str]
    warms: bool

    def cpu(self) -> float:
        """The processor seconds that it has used so far."""

    def absent(self) -> str | None:
        """What to do to have it take part; None where it does."""

    def build(self, made: Prepared, folder: Path) -> None:
        """Its index of the articles, in an empty folder."""

    def open(self, folder: Path) -> AbstractContextManager[Search]:
        """Its search over the index in a folder."""


def package_absent(package: str) -> str | None:
    """How to install a package; None where it is there."""
    return None if importlib.util.find_spec(package) else INSTALL


def participants(opensearch: str | None = None) -> Sequence[Participant]:
    """Everyone, in the order of the tables; some may be absent."""
    from benchmarks.speed.peers.bm25 import Bm25
    from benchmarks.speed.peers.node import OpenSearch
    from benchmarks.speed.peers.rasid import Rasid
    from benchmarks.speed.peers.sqlite import Sqlite
    from benchmarks.speed.peers.stock import StockWhoosh
    from benchmarks.speed.peers.tantivy_alone import TantivyAlone

    return (
        Rasid("whoosh"),
        Rasid("tantivy"),
        StockWhoosh(),
        TantivyAlone(),
        Sqlite(),
        Bm25(),
        OpenSearch(opensearch),
    )
