"""Stock Whoosh 2.7.4 with its own searcher, and one folded field as its documentation would have it."""

import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.speed.corpus import Prepared
from benchmarks.speed.measure import Search
from benchmarks.speed.queries import CLASSES, Query

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from whoosh import analysis, fields, index, query

FIELD = "folded"
LIMIT_MB = 128


class StockWhoosh:
    """Whoosh as it comes."""

    name = "stock Whoosh"
    classes = frozenset(CLASSES) - {"whole request"}
    warms = True

    def cpu(self) -> float:
        return time.process_time()

    def absent(self) -> str | None:
        return None

    def build(self, made: Prepared, folder: Path) -> None:
        schema = fields.Schema(
            id=fields.STORED,
            folded=fields.TEXT(analyzer=analysis.SpaceSeparatedTokenizer(), phrase=True),
            source=fields.ID(sortable=True),
            month=fields.ID(sortable=True),
        )
        writer = index.create_in(str(folder), schema).writer(limitmb=LIMIT_MB)
        for article in made.terms():
            writer.add_document(
                id=article.id, folded=article.folded, source=article.source, month=article.month
            )
        writer.commit()

    @contextmanager
    def open(self, folder: Path) -> Iterator[Search]:
        with index.open_dir(str(folder)).searcher() as searcher:

            def search(asked: Query) -> int:
                grouped = ["source", "month"] if asked.kind == "facets and months" else None
                results = searcher.search(_node(asked), limit=10, groupedby=grouped)
                if grouped:
                    _ = [results.groups(name) for name in grouped]
                _ = [hit["id"] for hit in results]
                return len(results)

            yield search


def _node(asked: Query) -> Any:
    terms = [query.Term(FIELD, word) for word in asked.words]
    kind, first = asked.kind, asked.words[0]
    if kind.startswith("and"):
        return query.And(terms)
    if kind.startswith("phrase"):
        return query.Phrase(FIELD, list(asked.words))
    patterns = {
        "prefix": lambda: query.Prefix(FIELD, first),
        "leading wildcard": lambda: query.Wildcard(FIELD, f"*{first}"),
        "fuzzy": lambda: query.FuzzyTerm(FIELD, first, maxdist=1, prefixlength=0),
    }
    return patterns[kind]() if kind in patterns else query.Or(terms) if len(terms) > 1 else terms[0]
