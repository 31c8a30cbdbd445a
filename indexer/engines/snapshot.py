"""An open snapshot that evaluates plans over arrays, whatever files the postings come from."""

from collections.abc import Callable, Iterable, Sequence, Set
from datetime import date
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.engines.base import SearchEngine
from indexer.engines.documents import COLUMNS, NO_DAY, Documents, Mask, Scores, read_documents
from indexer.engines.evaluate import Evaluation, Selection, kept_bytes
from indexer.engines.forward import Forward
from indexer.engines.neighbours import neighbours
from indexer.engines.postings import Inverted, PostingsReader
from indexer.engines.ranking import (
    INTERVALS,
    RERANK_DEPTH,
    RERANK_WORDS,
    ROUNDING,
    SCORE_DIGITS,
)
from indexer.engines.reranking import best_first, reranked
from indexer.engines.sets import NO_DOCS, Docs, Ints, common, floor_of, members
from indexer.engines.writings import Wanted, Writings
from indexer.lru import Lru
from indexer.model import Bucket, Hit, Ref, Results, Sort
from indexer.query.plan import All, Node, Plan

Words = tuple[tuple[str, ...], ...]
"""The content words of a query: of each its folded form, and others that count as it."""

SELECTIONS_BYTES = 34 << 20
"""Of selections of words, all forms together."""

MOST_ORDERS = 1_000
"""Searches whose order of the first hits is kept for their other pages: some four megabytes."""

WARMED = 0.5
"""The share of the cache that may be filled before anything is asked: questions need room for their own."""


class Part(Protocol):
    """Some of a snapshot's documents, written at once."""

    @property
    def name(self) -> str:
        """How the names of its files begin."""

    @property
    def size(self) -> int:
        """Its documents, deleted ones too."""

    @property
    def deleted(self) -> Set[int]:
        """The numbers of its deleted documents."""


class ArraySnapshot:
    """One generation, open. Immutable but for its cache of postings; safe for any number of threads."""

    def __init__(
        self, folder: Path, parts: Sequence[Part], inverted: Inverted, before: SearchEngine | None
    ) -> None:
        """`before`: see `Engine.open`."""
        live = _live(parts)
        columns: dict[str, list[str]] = {name: [] for name in COLUMNS}
        for part in parts:
            for name, column in read_documents(folder, part.name).items():
                columns[name].extend(column)
        self._documents = Documents(columns, live)
        names = [part.name for part in parts]
        known = before._forward if isinstance(before, ArraySnapshot) else None
        self._forward, self._writings = Forward(folder, names, live, known), Writings(folder, names)
        self._selections: Lru[Node, Selection] = Lru(SELECTIONS_BYTES, kept_bytes)
        self._orders: Lru[tuple[object, ...], tuple[Ints, Scores]] = Lru(MOST_ORDERS, lambda *_: 1)
        self._folded = self._forward.vocabulary
        self._postings = PostingsReader(inverted, live)

    @property
    def articles(self) -> int:
        return self._documents.articles

    def df(self, field: str, term: str) -> int:
        return self._postings.df(field, term)

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
        evaluation = self._evaluation(deadline)
        first, rest = self._groups(evaluation, plan)
        total, related_total = len(first.docs), len(rest.docs)
        wanted = offset + limit
        reranked = bool(plan.words) and sort == "relevance"
        deep = max(wanted, RERANK_DEPTH) if reranked else wanted
        ranked = self._ranked(first, sort, deep)
        related = len(ranked.docs)
        if related < deep and len(rest.docs):
            ranked = ranked.followed_by(self._ranked(rest, sort, deep - related))
        if reranked and not evaluation.partial:
            ranked = self._reranked(ranked, related, plan.words[:RERANK_WORDS])
        counted = first.docs if total else rest.docs
        return Results(
            hits=self._hits(ranked, offset, wanted, related),
            total=total,
            related_total=related_total,
            facets=tuple((field, self._documents.buckets(field, counted)) for field in facets),
            partial=evaluation.partial,
        )

    def _evaluation(self, deadline: float | None = None) -> Evaluation:
        return Evaluation(self._documents, self._postings, self._selections, deadline)

    def _hits(self, ranked: Selection, offset: int, end: int, related: int) -> tuple[Hit, ...]:
        """The hits of a page; those from the place `related` on are of the second group."""
        docs = ranked.docs[offset:end].tolist()
        scores = ranked.all_scores()[offset:end].round(SCORE_DIGITS).tolist()
        seconds = [place >= related for place in range(offset, offset + len(docs))]
        return tuple(map(Hit, map(self._documents.ref, docs), scores, seconds))

    def _reranked(self, ranked: Selection, related: int, words: Words) -> Selection:
        """The first `RERANK_DEPTH` hits in their new order, group by group; pages of one search share it."""
        if not len(ranked.docs):
            return ranked
        docs, scores = ranked.docs.copy(), ranked.all_scores().copy()
        head, own = docs[:RERANK_DEPTH], scores[:RERANK_DEPTH]
        key = (head.tobytes(), own.tobytes(), related, words)
        if (found := self._orders.get(key)) is None:
            found = self._orders.put(key, self._order(head, own, related, words))
        order, best = found
        docs[:RERANK_DEPTH], scores[:RERANK_DEPTH] = head.take(order), best.take(order)
        return Selection(docs, scores)

    def _order(self, head: Docs, scores: Scores, related: int, words: Words) -> tuple[Ints, Scores]:
        norms = self._postings.length_norms("folded").take(head)
        return reranked(
            self._forward,
            head,
            [forms[0] for forms in words],
            scores,
            pairs=neighbours(self._postings, words, head, norms),
            norms=norms,
            newest=self._documents.newest_first.take(head),
            seconds=np.arange(len(head)) >= related,
        )

    def _groups(self, evaluation: Evaluation, plan: Plan) -> tuple[Selection, Selection]:
        """The first group and the second."""
        size = self._documents.size
        evaluation.fetch([plan.first, plan.filters, *([plan.rest] if plan.rest else [])])
        allowed = None if isinstance(plan.filters, All) else evaluation.of(plan.filters).docs

        def filtered(selection: Selection) -> Selection:
            if allowed is None:
                return selection
            return selection.among(common([selection.docs, allowed], size), size)

        first = filtered(evaluation.of(plan.first))
        if plan.rest is None:
            return first, Selection(NO_DOCS)
        wider = evaluation.of(plan.rest)
        reached = filtered(wider)
        rest = reached.docs[~members(reached.docs, first.docs, size)]
        return wider.among(first.docs, size), wider.among(rest, size)

    def _ranked(self, selected: Selection, sort: Sort, limit: int) -> Selection:
        """The best `limit` of some documents, best first."""
        docs, scores = selected.docs, selected.scores
        if scores is not None and sort == "relevance":
            if 0 < limit < len(docs):
                kept = (scores >= floor_of(scores, limit) - ROUNDING).nonzero()[0]
                docs, scores = docs.take(kept), scores.take(kept)
            order = best_first(self._documents.newest_first.take(docs), scores)[:limit]
        else:
            places = self._documents.oldest_first if sort == "oldest" else self._documents.newest_first
            order = _smallest(places.take(docs), limit)
        return Selection(docs.take(order), None if scores is None else scores.take(order))

    def _first_group(self, plan: Plan) -> Docs:
        evaluation = self._evaluation()
        return self._groups(evaluation, Plan(plan.first, None, plan.filters))[0].docs

    def warm(self, terms: Iterable[tuple[str, str]]) -> None:
        """Reads the postings of terms ahead of questions, until `WARMED` of the cache is taken."""
        for field, term in terms:
            if self._postings.filled >= WARMED:
                break
            self._postings(field, term)

    def count(self, plan: Plan) -> int:
        return len(self._first_group(plan))

    def counting(self) -> Callable[[Plan], int]:
        evaluation = self._evaluation()

        def count(plan: Plan) -> int:
            return len(self._groups(evaluation, Plan(plan.first, None, plan.filters))[0].docs)

        return count

    def refs(self, plan: Plan) -> Sequence[Ref]:
        selected = self._first_group(plan)
        order = self._documents.newest_first.take(selected).argsort()
        return [self._documents.ref(number) for number in selected.take(order).tolist()]

    def ref(self, id: str) -> Ref | None:
        number = self._documents.numbers.get(id)
        return None if number is None else self._documents.ref(number)

    def writings(self, wanted: Wanted) -> frozenset[str]:
        return self._writings.of(wanted)

    def histogram(self, plan: Plan, interval: str) -> Sequence[Bucket]:
        days = self._documents.days[self._first_group(plan)]
        distinct, counts = np.unique(days[days != NO_DAY], return_counts=True)
        spans: dict[date, int] = {}
        for day, count in zip(distinct.tolist(), counts.tolist(), strict=True):
            start = INTERVALS[interval](date.fromordinal(day))
            spans[start] = spans.get(start, 0) + count
        return [Bucket(start.isoformat(), count) for start, count in sorted(spans.items())]


def _live(parts: Sequence[Part]) -> Mask:
    live = np.ones(sum(part.size for part in parts), dtype=bool)
    base = 0
    for part in parts:
        live[[base + number for number in part.deleted]] = False
        base += part.size
    return live


def _smallest(keys: NDArray[np.int64], limit: int) -> NDArray[np.int64]:
    """Where the `limit` smallest of distinct keys stand, the smallest first."""
    if not 0 < limit < len(keys):
        return keys.argsort()[:limit]
    least = keys.argpartition(limit - 1)[:limit]
    return least.take(keys.take(least).argsort())
