"""The tantivy engine's open snapshot: answers plans from one generation."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, partial
from pathlib import Path

import numpy as np

from indexer.engines.documents import COLUMNS, Documents, Mask, read_documents
from indexer.engines.forward import Forward
from indexer.engines.ranking import INTERVALS, SCORE_DIGITS
from indexer.engines.tantivy import files
from indexer.engines.tantivy.counts import buckets, counted, per_value
from indexer.engines.tantivy.search import Search, Searched
from indexer.engines.tantivy.statistics import Statistics
from indexer.engines.tantivy.streams import PartStreams
from indexer.model import Bucket, Hit, Ref, Results, Sort
from indexer.query.plan import POSITION_FIELDS, Plan, term_mark


class TantivySnapshot:
    """One generation, open. Immutable but for what it reads at first use; safe for any number of threads."""

    def __init__(self, folder: Path) -> None:
        parts = files.read_table(folder)
        columns: dict[str, list[str]] = {name: [] for name in COLUMNS}
        for part in parts:
            for name, column in read_documents(folder, part.name).items():
                columns[name].extend(column)
        bases = np.cumsum([0, *(part.size for part in parts)]).tolist()
        streams = [PartStreams(folder, part, base) for part, base in zip(parts, bases, strict=False)]
        live = _live(streams)
        searcher = files.searcher_of(folder)
        self._documents = Documents(columns, live)
        self._forward = Forward(folder, [part.name for part in parts], live)
        self._folded = self._forward.vocabulary
        self._parts = streams
        self._searched = Searched(
            searcher, streams, self._documents, Statistics(searcher, streams, live), self._forward
        )

    @property
    def articles(self) -> int:
        return self._documents.articles

    def df(self, field: str, term: str) -> int:
        return self._searched.statistics.df(field, term)

    def terms(self, prefix: str = "") -> Sequence[str]:
        return self._folded.beginning(prefix)

    def form_counts(self) -> Sequence[int]:
        counts: list[int] = self._forward.articles_with.tolist()
        return counts

    def values(self, field: str) -> Sequence[str]:
        return self._documents.held_values(field)

    def search(
        self,
        plan: Plan,
        *,
        sort: Sort = "relevance",
        offset: int = 0,
        limit: int = 10,
        facets: Sequence[str] = (),
        deadline: float | None = None,
    ) -> Results:
        search = Search(self._searched, deadline)
        ranked = search.ranked(plan, sort, offset + limit)
        facet_query = ranked.first if ranked.total else ranked.rest
        return Results(
            hits=tuple(
                Hit(self._documents.ref(hit.number), round(hit.score, SCORE_DIGITS), hit.related)
                for hit in ranked.hits[offset : offset + limit]
            ),
            total=ranked.total,
            related_total=ranked.related_total,
            facets=buckets(self._searched.searcher, facet_query, facets) if facets else (),
            partial=search.partial,
        )

    def count(self, plan: Plan) -> int:
        return counted(self._searched.searcher, Search(self._searched).first(plan))

    def counting(self) -> Callable[[Plan], int]:
        return cache(self.count)

    def refs(self, plan: Plan) -> Sequence[Ref]:
        rows = self._searched.rows(Search(self._searched).first(plan))
        order = self._documents.newest_first[rows].argsort()
        return [self._documents.ref(number) for number in rows[order].tolist()]

    def ref(self, id: str) -> Ref | None:
        number = self._documents.numbers.get(id)
        return None if number is None else self._documents.ref(number)

    def writings(self, refs: Sequence[Ref], wanted: Mapping[str, Collection[str]]) -> frozenset[str]:
        return self._forward.writings([self._documents.numbers[ref.id] for ref in refs], wanted)

    def histogram(self, plan: Plan, interval: str) -> Sequence[Bucket]:
        days = per_value(self._searched.searcher, Search(self._searched).first(plan), "day")
        spans: dict[date, int] = {}
        for day, count in days.items():
            if day:
                start = INTERVALS[interval](date.fromordinal(int(day)))
                spans[start] = spans.get(start, 0) + count
        return [Bucket(start.isoformat(), count) for start, count in sorted(spans.items())]

    def fingerprints(self) -> Iterator[tuple[str, tuple[int, int]]]:
        marks = np.zeros(self._documents.size, dtype=np.uint64)
        for part in self._parts:
            for field in POSITION_FIELDS:
                marks[part.base : part.base + len(part)] += part.sums(field, partial(term_mark, field))
        for id_, number in self._documents.numbers.items():
            yield id_, (self._documents.revisions[number], int(marks[number]))

    def warm(self, terms: Iterable[tuple[str, str]]) -> None:
        """Nothing: what is read stays with the system's own cache of files."""

    def close(self) -> None:
        """Maps are let go of with the last answer that reads them."""


def _live(parts: Sequence[PartStreams]) -> Mask:
    live = np.ones(sum(map(len, parts)), dtype=bool)
    for part in parts:
        live[[part.base + number for number in part.part.deleted]] = False
    return live
