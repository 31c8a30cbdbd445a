"""Counts over what a query selects: how many, and per value of a column."""

from collections.abc import Iterable, Sequence
from typing import Any

from indexer.engines.tantivy.library import tantivy
from indexer.model import Bucket

MOST_VALUES = 65_000
"""Distinct values of one column that tantivy counts at most: the commonest."""

PERIODS = ("year", "month")

Buckets = tuple[tuple[str, tuple[Bucket, ...]], ...]


def counted(searcher: "tantivy.Searcher", query: "tantivy.Query") -> int:
    """How many live documents a query selects."""
    answer = searcher.aggregate(query, {"n": {"value_count": {"field": "day"}}})
    return int(answer["n"]["value"])


def per_value(searcher: "tantivy.Searcher", query: "tantivy.Query", column: str) -> dict[Any, int]:
    """For each value of a column the number of documents that a query selects."""
    return _counts(searcher, query, [column])[column]


def buckets(searcher: "tantivy.Searcher", query: "tantivy.Query", fields: Sequence[str]) -> Buckets:
    """The values of some facets: periods by time, others by count, then by value."""
    columns = dict.fromkeys("month" if field in PERIODS else field for field in fields)
    counts = _counts(searcher, query, columns)
    return tuple((field, _buckets(field, counts)) for field in fields)


def _buckets(field: str, counts: dict[str, dict[Any, int]]) -> tuple[Bucket, ...]:
    if field not in PERIODS:
        ordered = sorted(counts[field].items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple(Bucket(value, count) for value, count in ordered)
    spans: dict[str, int] = {}
    for month, count in sorted(counts["month"].items()):
        if month:
            year, number = divmod(int(month), 100)
            name = f"{year:04}" if field == "year" else f"{year:04}-{number:02}"
            spans[name] = spans.get(name, 0) + count
    return tuple(Bucket(name, count) for name, count in spans.items())


def _counts(
    searcher: "tantivy.Searcher", query: "tantivy.Query", columns: Iterable[str]
) -> dict[str, dict[Any, int]]:
    asked = {column: {"terms": {"field": column, "size": MOST_VALUES}} for column in columns}
    answer = searcher.aggregate(query, asked)
    return {
        column: {bucket["key"]: bucket["doc_count"] for bucket in answer[column]["buckets"]}
        for column in asked
    }
