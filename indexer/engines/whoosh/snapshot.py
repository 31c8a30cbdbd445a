"""The Whoosh engine's open snapshot: answers plans from one generation."""

import bisect
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.engines.documents import COLUMNS, NO_DAY, Documents, Mask, Scores, read_documents
from indexer.engines.forward import Forward
from indexer.engines.whoosh import files
from indexer.engines.whoosh.evaluate import Evaluation
from indexer.engines.whoosh.neighbours import neighbours
from indexer.engines.whoosh.postings import PostingsReader
from indexer.model import Bucket, Hit, Ref, Results, Sort
from indexer.query.plan import POSITION_FIELDS, Plan, term_mark

SCORE_DIGITS = 6
"""Scores are compared so rounded: sums of the same numbers in another order still tie."""

RERANK_DEPTH, RERANK_WORDS = 100, 32
GRAM_WEIGHT = 0.45
"""Share of the 4-gram overlap in the score of the first hits (`docs/relevance.md`)."""
PAIR_WEIGHT = 0.3
"""Share of words that stand next to each other as they do in the query."""

INTERVALS: dict[str, Callable[[date], date]] = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
    "year": lambda day: day.replace(month=1, day=1),
}
"""The first day of the span that a day belongs to."""


class WhooshSnapshot:
    """One generation, open. Immutable but for its cache of postings; safe for any number of threads."""

    def __init__(self, folder: Path) -> None:
        self._segments = files.open_segments(folder)
        columns: dict[str, list[str]] = {}
        for segment in self._segments:
            for name, column in read_documents(folder, segment.name).items():
                columns.setdefault(name, []).extend(column)
        if not columns:
            columns = {name: [] for name in COLUMNS}
        self._documents = Documents(columns, _live(self._segments))
        self._postings = PostingsReader(self._segments, self._documents.live)
        self._forward = Forward(folder, [segment.name for segment in self._segments], self._documents.live)
        self._folded = self._forward.vocabulary

    @property
    def articles(self) -> int:
        return self._documents.articles

    def df(self, field: str, term: str) -> int:
        found = self._postings(field, term)
        return len(found.docs) if found else 0

    def terms(self, prefix: str = "") -> Sequence[str]:
        first = bisect.bisect_left(self._folded, prefix)
        return self._folded[first : bisect.bisect_left(self._folded, prefix + "\U0010ffff")]

    def form_counts(self) -> Sequence[int]:
        counts: list[int] = self._forward.articles_with.tolist()
        return counts

    def values(self, field: str) -> Sequence[str]:
        codes = self._documents.codes[field]
        held = set(codes.of[self._documents.live].tolist())
        return [value for number, value in enumerate(codes.values) if number in held]

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
        evaluation = Evaluation(self._documents, self._postings, deadline)
        first, rest, scores = self._groups(evaluation, plan)
        total, related_total = int(first.sum()), int(rest.sum())
        wanted = offset + limit
        deep = max(wanted, RERANK_DEPTH) if plan.words and sort == "relevance" else wanted
        ranked = [(number, False) for number in self._ranked(first, scores, sort, deep)]
        if len(ranked) < deep:
            ranked += [(number, True) for number in self._ranked(rest, scores, sort, deep - len(ranked))]
        if plan.words and sort == "relevance" and not evaluation.partial:
            ranked, scores = self._reranked(ranked, scores, plan.words[:RERANK_WORDS])
        counted = first if total else rest
        return Results(
            hits=tuple(
                Hit(self._documents.ref(number), round(float(scores[number]), SCORE_DIGITS), related)
                for number, related in ranked[offset:wanted]
            ),
            total=total,
            related_total=related_total,
            facets=tuple((field, self._documents.buckets(field, counted)) for field in facets),
            partial=evaluation.partial,
        )

    def _reranked(
        self, ranked: list[tuple[int, bool]], scores: Scores, words: Sequence[Sequence[str]]
    ) -> tuple[list[tuple[int, bool]], Scores]:
        """The first `RERANK_DEPTH` hits in the order of their scores with 4-gram overlap, group by group."""
        head = [number for number, _ in ranked[:RERANK_DEPTH]]
        if not head:
            return ranked, scores
        scores = scores.copy()
        norms = self._postings.length_norms("folded")[head]
        scores[head] += GRAM_WEIGHT * self._forward.overlap([forms[0] for forms in words], head, norms)
        scores[head] += PAIR_WEIGHT * neighbours(self._postings, words, np.array(head), norms)
        newest = self._documents.newest_first
        best = sorted(
            ranked[:RERANK_DEPTH],
            key=lambda hit: (hit[1], -round(float(scores[hit[0]]), SCORE_DIGITS), newest[hit[0]]),
        )
        return best + ranked[RERANK_DEPTH:], scores

    def _groups(self, evaluation: Evaluation, plan: Plan) -> tuple[Mask, Mask, Scores]:
        """The first group, the second, and the scores of both."""
        allowed = evaluation.of(plan.filters).mask
        selected = evaluation.of(plan.first)
        first = selected.mask & allowed
        if plan.rest is None:
            return first, np.zeros_like(first), selected.scores
        wider = evaluation.of(plan.rest)
        return first, wider.mask & allowed & ~first, wider.scores

    def _ranked(self, selected: Mask, scores: Scores, sort: Sort, limit: int) -> list[int]:
        """The best `limit` of some documents, best first."""
        numbers = np.flatnonzero(selected)
        if limit <= 0 or not len(numbers):
            return []
        if sort == "relevance":
            keys = -np.round(scores[numbers], SCORE_DIGITS)
        else:
            order = self._documents.newest_first if sort == "newest" else self._documents.oldest_first
            keys = order[numbers].astype(np.float64)
        if limit < len(numbers):
            numbers, keys = _at_most(numbers, keys, limit)
        order = np.lexsort((self._documents.newest_first[numbers], keys))
        best: list[int] = numbers[order[:limit]].tolist()
        return best

    def _first_group(self, plan: Plan) -> Mask:
        return self._groups(
            Evaluation(self._documents, self._postings), Plan(plan.first, None, plan.filters)
        )[0]

    def count(self, plan: Plan) -> int:
        return int(self._first_group(plan).sum())

    def counting(self) -> Callable[[Plan], int]:
        evaluation = Evaluation(self._documents, self._postings)

        def count(plan: Plan) -> int:
            return int(self._groups(evaluation, Plan(plan.first, None, plan.filters))[0].sum())

        return count

    def refs(self, plan: Plan) -> Sequence[Ref]:
        selected = self._first_group(plan)
        zeros = self._documents.zeros
        return [self._documents.ref(n) for n in self._ranked(selected, zeros, "newest", int(selected.sum()))]

    def ref(self, id: str) -> Ref | None:
        number = self._documents.numbers.get(id)
        return None if number is None else self._documents.ref(number)

    def histogram(self, plan: Plan, interval: str) -> Sequence[Bucket]:
        days = self._documents.days[self._first_group(plan)]
        distinct, counts = np.unique(days[days != NO_DAY], return_counts=True)
        spans: dict[date, int] = {}
        for day, count in zip(distinct.tolist(), counts.tolist(), strict=True):
            start = INTERVALS[interval](date.fromordinal(day))
            spans[start] = spans.get(start, 0) + count
        return [Bucket(start.isoformat(), count) for start, count in sorted(spans.items())]

    def fingerprints(self) -> Iterator[tuple[str, tuple[int, int]]]:
        marks = np.zeros(self._documents.size, dtype=np.uint64)
        for field in POSITION_FIELDS:
            for term in self._folded:
                found = self._postings.read(field, term)
                if found is not None and found.starts is not None:
                    marks[found.docs] += np.uint64(term_mark(field, term)) * np.diff(found.starts).astype(
                        np.uint64
                    )
        for id_, number in self._documents.numbers.items():
            yield id_, (self._documents.revisions[number], int(marks[number]))

    def close(self) -> None:
        for segment in self._segments:
            segment.close()


def _live(segments: Sequence[files.Segment]) -> Mask:
    live = np.ones(sum(segment.size for segment in segments), dtype=bool)
    base = 0
    for segment in segments:
        live[[base + number for number in segment.deleted]] = False
        base += segment.size
    return live


def _at_most(
    numbers: NDArray[np.int64], keys: NDArray[np.float64], limit: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The documents whose key is among the `limit` smallest, ties at the edge included."""
    edge = np.partition(keys, limit - 1)[limit - 1]
    kept = keys <= edge
    return numbers[kept], keys[kept]
