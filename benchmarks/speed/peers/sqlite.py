"""SQLite's FTS5 over the same folded terms; it tells the best ten, not how many there are."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from benchmarks.speed.corpus import Prepared
from benchmarks.speed.measure import Search
from benchmarks.speed.queries import CLASSES, Query

TABLES = """
CREATE TABLE articles (number INTEGER PRIMARY KEY, id TEXT, source TEXT, month TEXT);
CREATE VIRTUAL TABLE terms USING fts5(folded, content='', tokenize="unicode61 remove_diacritics 0");
"""
BEST = """SELECT id FROM terms JOIN articles ON articles.number = terms.rowid
WHERE terms MATCH ? ORDER BY rank LIMIT 10"""
COUNTED = """SELECT {0}, count(*) FROM terms JOIN articles ON articles.number = terms.rowid
WHERE terms MATCH ? GROUP BY {0}"""


class Sqlite:
    """FTS5 as it comes with Python."""

    name = "SQLite FTS5"
    classes = frozenset(CLASSES) - {"leading wildcard", "fuzzy", "whole request"}
    warms = False

    def cpu(self) -> float:
        return time.process_time()

    def absent(self) -> str | None:
        with closing(sqlite3.connect(":memory:")) as connection:
            try:
                connection.executescript(TABLES)
            except sqlite3.OperationalError as error:
                return f"this Python's SQLite has no FTS5: {error}"
        return None

    def build(self, made: Prepared, folder: Path) -> None:
        with closing(sqlite3.connect(folder / "terms.sqlite3")) as connection:
            connection.executescript(TABLES)
            for n, article in enumerate(made.terms(), 1):
                row = (n, article.id, article.source, article.month)
                connection.execute("INSERT INTO articles VALUES (?, ?, ?, ?)", row)
                connection.execute("INSERT INTO terms (rowid, folded) VALUES (?, ?)", (n, article.folded))
            connection.execute("INSERT INTO terms (terms) VALUES ('optimize')")
            connection.commit()

    @contextmanager
    def open(self, folder: Path) -> Iterator[Search]:
        with closing(sqlite3.connect(folder / "terms.sqlite3")) as connection:

            def search(asked: Query) -> int:
                text = match_of(asked)
                connection.execute(BEST, (text,)).fetchall()
                if asked.kind == "facets and months":
                    for name in ("source", "month"):
                        connection.execute(COUNTED.format(name), (text,)).fetchall()
                return -1

            yield search


def match_of(asked: Query) -> str:
    """A query in FTS5's language.

    >>> match_of(Query("and 2", ("قمه", "جده"), "قمة جدة"))
    '"قمه" AND "جده"'
    """
    if asked.kind.startswith("phrase"):
        return f'"{" ".join(asked.words)}"'
    if asked.kind == "prefix":
        return f'"{asked.words[0]}"*'
    return (" AND " if asked.kind.startswith("and") else " OR ").join(f'"{word}"' for word in asked.words)
