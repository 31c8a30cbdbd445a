"""One search: tantivy gives candidates, best first; their exact scores put them in order."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from indexer.engines.documents import Documents, Scores
from indexer.engines.forward import Forward
from indexer.engines.ranking import (
    RERANK_DEPTH,
    RERANK_WORDS,
    ROUNDING,
)
from indexer.engines.reranking import best_first, reranked
from indexer.engines.tantivy.counts import counted
from indexer.engines.tantivy.library import tantivy
from indexer.engines.tantivy.queries import Queries, Query, best_of, every, unscored, without
from indexer.engines.tantivy.statistics import Statistics
from indexer.engines.tantivy.streams import Ints, PartStreams
from indexer.engines.tantivy.window import Window
from indexer.model import Sort
from indexer.query import plan
from indexer.query.plan import Node, Plan

SPARE, WIDER = 20, 4
"""Candidates beyond those wanted, and how many times as many where these do not settle the order."""

COVERED = 12
"""How many times as many at once where coverage counts: tantivy's order knows nothing of it."""

NO_ROWS: Ints = np.zeros(0, np.int64)

VERIFIED_AT_ONCE = 1_000
"""Documents that are read through for a phrase before the clock is looked at."""


class Ranked(NamedTuple):
    """A document at its place in the ranking."""

    number: int
    score: float
    related: bool = False


class Ranking(NamedTuple):
    """The best documents of a plan, how many its two groups hold, and the queries that select the groups."""

    hits: list[Ranked]
    total: int
    related_total: int
    first: Query
    rest: Query


class Found(NamedTuple):
    """Documents as tantivy puts them in order.

    Attributes:
        keys: the score or the date that each stands there by.
        total: how many the query selects in all.
    """

    rows: Ints
    keys: list[float]
    total: int


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search reads."""

    searcher: "tantivy.Searcher"
    parts: Sequence[PartStreams]
    documents: Documents
    statistics: Statistics
    forward: Forward

    def best(self, query: Query, limit: int, sort: Sort = "relevance") -> Found:
        """The first documents of a query by score, or by date."""
        found = self.searcher.search(
            query,
            limit=max(1, min(limit, self.documents.size)),
            order_by_field=None if sort == "relevance" else sort,
            order=tantivy.Order.Asc if sort == "oldest" else tantivy.Order.Desc,
        )
        hits = found.hits
        bases = [part.base for part in self.parts]
        rows = [bases[address.segment_ord] + address.doc for _, address in hits]
        total: int = found.count  # type: ignore[attr-defined]  # the package's stub lacks it
        return Found(np.array(rows, dtype=np.int64), [key for key, _ in hits], total)

    def rows(self, query: Query) -> Ints:
        """The numbers of all documents that a query selects, rising."""
        return np.sort(self.best(query, self.documents.size, "newest").rows)


class Search:
    """One search over one snapshot.

    Attributes:
        partial: the deadline passed, so that not all was looked at.
    """

    def __init__(self, searched: Searched, deadline: float | None = None) -> None:
        self._on, self._deadline = searched, deadline
        self._queries = Queries(searched.statistics, cache(self._ids_near))
        self._count = cache(self._counted)
        self.partial = False

    def first(self, plan: Plan) -> Query:
        """Selects a plan's first group."""
        return self._filtered(self._queries.selecting(plan.first), plan.filters)

    def ranked(self, asked: Plan, sort: Sort, wanted: int) -> Ranking:
        """The best `wanted` documents of a plan, and the size of its groups."""
        first = self.first(asked)
        rest = self._rest(asked, first)
        reranked = bool(asked.words) and sort == "relevance"
        deep = max(wanted, RERANK_DEPTH) if reranked else wanted
        scored = asked.first if asked.rest is None else asked.rest
        hits, total = self._best(first, scored, sort, deep, asked)
        more, related_total = (
            self._best(rest, scored, sort, deep - len(hits), asked) if asked.rest is not None else ([], 0)
        )
        hits += [hit._replace(related=True) for hit in more]
        if reranked and not self.partial:
            hits = self._reranked(hits, asked.words[:RERANK_WORDS])
        return Ranking(hits, total, related_total, first, rest)

    def _rest(self, asked: Plan, first: Query) -> Query:
        """Selects the second group."""
        if asked.rest is None:
            return Query.empty_query()
        return without(self._filtered(self._queries.selecting(asked.rest), asked.filters), [first])

    def _filtered(self, query: Query, filters: Node) -> Query:
        return query if isinstance(filters, plan.All) else every([query, self._queries.selecting(filters)])

    def _late(self) -> bool:
        if self._deadline is not None and time.monotonic() > self._deadline:
            self.partial = True
        return self.partial

    def _best(
        self, group: Query, scored: Node, sort: Sort, wanted: int, asked: Plan
    ) -> tuple[list[Ranked], int]:
        """The best documents of a group, best first, and how many there are."""
        if self._late():
            return [], 0
        if wanted <= 0:
            return [], counted(self._on.searcher, group)
        if sort != "relevance":
            return self._by_date(group, scored, sort, wanted)
        if not is_scored(scored):
            return self._by_date(group, scored, "newest", wanted)
        return self._by_score(self._scoring(group, scored, asked), scored, wanted)

    def _scoring(self, group: Query, scored: Node, asked: Plan) -> Query:
        """The group with candidates' scores; a group that is what is scored needs no second look."""
        query = self._queries.scoring(scored)
        if asked.rest is None and isinstance(asked.filters, plan.All):
            return query
        return best_of(group, [query])

    def _by_score(self, query: Query, scored: Node, wanted: int) -> tuple[list[Ranked], int]:
        """Asks for more candidates until none that was not seen could be among the best."""
        rows, scores = NO_ROWS, np.zeros(0)
        covered = isinstance(scored, plan.Or) and scored.coverage
        limit = wanted * (COVERED if covered else 1) + SPARE
        while True:
            found = self._on.best(query, limit)
            unseen = np.setdiff1d(found.rows, rows) if len(rows) else np.sort(found.rows)
            if len(unseen):
                scores = np.concatenate((scores, self._window(unseen).scores(scored)))
                rows = np.concatenate((rows, unseen))
            if len(rows) == found.total or self._late():
                break
            worst = float(np.partition(scores, -wanted)[-wanted])
            if worst - ROUNDING > found.keys[-1] * self._on.statistics.slack:
                break
            limit *= WIDER
        order = best_first(self._on.documents.newest_first[rows], scores)[:wanted]
        return list(map(Ranked, rows[order].tolist(), scores[order].tolist())), found.total

    def _by_date(self, query: Query, scored: Node, sort: Sort, wanted: int) -> tuple[list[Ranked], int]:
        """Asks for more where the last ones wanted tie with others."""
        limit = wanted + SPARE
        while True:
            found = self._on.best(query, limit, sort)
            if len(found.rows) == found.total or found.keys[wanted - 1] != found.keys[-1] or self._late():
                break
            limit *= WIDER
        documents = self._on.documents
        places = documents.oldest_first if sort == "oldest" else documents.newest_first
        rows = found.rows[places[found.rows].argsort()[:wanted]]
        return list(map(Ranked, rows.tolist(), self._scores(rows, scored).tolist())), found.total

    def _scores(self, rows: Ints, scored: Node) -> Scores:
        """The scores of some documents in any order."""
        if not len(rows) or not is_scored(scored):
            return np.zeros(len(rows))
        order = rows.argsort()
        scores = np.empty(len(rows))
        scores[order] = self._window(rows[order]).scores(scored)
        return scores

    def _reranked(self, hits: list[Ranked], words: Sequence[Sequence[str]]) -> list[Ranked]:
        """The first `RERANK_DEPTH` hits in the order of their scores with 4-gram overlap, group by group."""
        if not hits:
            return hits
        numbers, scores, related = zip(*hits[:RERANK_DEPTH], strict=True)
        rows, rising = np.array(numbers), np.argsort(numbers)
        pairs = np.empty(len(rows))
        pairs[rising] = self._window(rows[rising]).neighbours(words)
        order, best = reranked(
            self._on.forward,
            rows,
            [forms[0] for forms in words],
            np.array(scores),
            pairs=pairs,
            norms=self._on.statistics.norms("folded")[rows],
            newest=self._on.documents.newest_first[rows],
            seconds=np.array(related),
        )
        return [*map(Ranked, rows[order].tolist(), best[order].tolist(), related), *hits[RERANK_DEPTH:]]

    def _window(self, rows: Ints) -> Window:
        on = self._on
        return Window(on.parts, on.statistics, on.documents, rows, self._count)

    def _counted(self, node: Node) -> int:
        return counted(self._on.searcher, self._queries.selecting(node))

    def _ids_near(self, phrase: plan.Phrase) -> frozenset[str]:
        """The articles in which a phrase stands: those with all its slots, read through."""
        slots = [
            self._queries.selecting(plan.Terms(phrase.field, tuple((term, 1.0) for term in slot)))
            for slot in phrase.slots
        ]
        rows = self._on.rows(every(map(unscored, slots)))
        ids: set[str] = set()
        for start in range(0, len(rows), VERIFIED_AT_ONCE):
            if self._late():
                break
            page = rows[start : start + VERIFIED_AT_ONCE]
            held = page[self._window(page).holds(phrase)]
            ids.update(self._on.documents.ids[number] for number in held.tolist())
        return frozenset(ids)


def is_scored(node: Node) -> bool:
    """Whether a node gives any article a score."""
    if isinstance(node, plan.Or | plan.And):
        return any(map(is_scored, node.children))
    return isinstance(node, plan.Terms | plan.Phrase)
