"""A window on a few documents: what a plan's tree scores them exactly, from their token streams."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from indexer.engines.documents import Documents, Mask, Scores
from indexer.engines.nearness import LONGEST_SLOP, POSITION_BITS, adjacent, pair_scores, within
from indexer.engines.ranking import K1
from indexer.engines.tantivy.statistics import Statistics
from indexer.engines.tantivy.streams import Ints, PartStreams
from indexer.engines.tantivy.tokens import Occurrences, Tokens
from indexer.query import plan
from indexer.query.plan import Node


class Selection(NamedTuple):
    """Which documents of the window a node selects, and their scores: 0 outside the mask."""

    mask: Mask
    scores: Scores


class _Field(NamedTuple):
    """The terms of a plan in one field, over the window's documents.

    Attributes:
        found: where they stand.
        frequencies: how often, documents × terms.
        scores: their BM25 scores, documents × terms.
    """

    found: Occurrences
    frequencies: Ints
    scores: Scores


class Window:
    """Exact answers about a few documents of a snapshot.

    Args:
        rows: their numbers, rising.
        count: how many live articles a node selects.
    """

    def __init__(
        self,
        parts: Sequence[PartStreams],
        statistics: Statistics,
        documents: Documents,
        rows: Ints,
        count: Callable[[Node], int],
    ) -> None:
        self._parts, self._statistics, self._documents, self._count = parts, statistics, documents, count
        self.rows, self.size = rows, len(rows)
        self._fields: dict[str, _Field] = {}

    def scores(self, node: Node) -> Scores:
        """The score that a node gives each document."""
        wanted: dict[str, dict[str, None]] = {}
        for field, term in _terms_of(node):
            wanted.setdefault(field, {})[term] = None
        tokens = Tokens(self._parts, self.rows, wanted)
        self._fields = {field: self._field(field, tokens.occurrences(field)) for field in wanted}
        return self._of(node).scores

    def holds(self, phrase: plan.Phrase) -> Mask:
        """In which documents a phrase stands."""
        return self._holds(phrase, self._occurrences(phrase.field, phrase.slots))

    def _holds(self, phrase: plan.Phrase, found: Occurrences) -> Mask:
        places = [found.of(slot) for slot in phrase.slots]
        mask = np.zeros(self.size, dtype=bool)
        if all(map(len, places)):
            if phrase.slop is None:
                starts = adjacent(places)
            else:
                starts = within(places, [frozenset(s) for s in phrase.slots], min(phrase.slop, LONGEST_SLOP))
            mask[starts >> POSITION_BITS] = True
        return mask

    def neighbours(self, words: Sequence[Sequence[str]]) -> Scores:
        """Per document what neighbouring words of the query add (`pair_scores`).

        Args:
            words: per query word its folded forms; a word is as rare as the commonest of them.
        """
        found = self._occurrences("folded", words)
        placed = [(found.of(forms), min(self._idf("folded", form) for form in forms)) for forms in words]
        return pair_scores(placed, self._statistics.norms("folded")[self.rows])

    def _occurrences(self, field: str, slots: Sequence[Sequence[str]]) -> Occurrences:
        return Tokens(self._parts, self.rows, {field: chain.from_iterable(slots)}).occurrences(field)

    def _idf(self, field: str, term: str) -> float:
        return self._statistics.idf(field, term)[0]

    def _field(self, field: str, found: Occurrences) -> _Field:
        terms = list(found.numbers)
        width = len(terms) + 1
        counts = np.bincount(found.owners * width + found.terms, minlength=self.size * width)
        frequencies = counts.reshape(self.size, width)[:, 1:]
        norms = self._statistics.norms(field)[self.rows]
        idfs = np.array([self._idf(field, term) for term in terms])
        scores = idfs * frequencies * (K1 + 1) / (frequencies + norms[:, None])
        return _Field(found, frequencies, scores)

    def _of(self, node: Node) -> Selection:
        match node:
            case plan.Terms():
                return self._terms(node)
            case plan.Phrase():
                return self._phrase(node)
            case plan.Or():
                return self._any(node)
            case plan.And():
                children = [self._of(child) for child in node.children]
                mask = np.all([child.mask for child in children], axis=0) if children else self._all()
                return Selection(mask, np.where(mask, sum(child.scores for child in children), 0.0))
            case plan.Not():
                return self._unscored(~self._of(node.child).mask)
            case plan.Days():
                return self._unscored(self._documents.in_days(node.first, node.last)[self.rows])
            case plan.Values():
                return self._unscored(self._documents.with_values(node.field, node.values)[self.rows])
            case plan.Ids():
                return self._unscored(self._documents.with_ids(node.ids)[self.rows])
            case plan.All():
                return self._unscored(self._all())
            case plan.Nothing():
                return self._unscored(~self._all())

    def _all(self) -> Mask:
        return np.ones(self.size, dtype=bool)

    def _unscored(self, mask: Mask) -> Selection:
        return Selection(mask, np.zeros(self.size))

    def _terms(self, node: plan.Terms) -> Selection:
        if not node.terms:
            return self._unscored(~self._all())
        field = self._fields[node.field]
        columns = [field.found.numbers[term] - 1 for term, _ in node.terms]
        scores = field.scores[:, columns] * np.array([weight for _, weight in node.terms])
        combined = scores.sum(axis=1) if node.combine == "sum" else scores.max(axis=1)
        mask: Mask = np.any(field.frequencies[:, columns], axis=1)
        return Selection(mask, combined)

    def _phrase(self, node: plan.Phrase) -> Selection:
        field = self._fields[node.field]
        mask, scores = self._holds(node, field.found), np.zeros(self.size)
        for slot in node.slots:
            scores += field.scores[:, [field.found.numbers[term] - 1 for term in slot]].max(axis=1)
        return Selection(mask, np.where(mask, node.weight * scores, 0.0))

    def _any(self, node: plan.Or) -> Selection:
        mask, scores = ~self._all(), np.zeros(self.size)
        covered, whole = np.zeros(self.size), 0.0
        for child in node.children:
            selected = self._of(child)
            mask |= selected.mask
            scores += selected.scores
            if node.coverage:
                rarity = self._statistics.idf_of(self._count(child))
                covered += rarity * selected.mask
                whole += rarity
        if whole:
            scores *= (covered / whole) ** node.coverage
        return Selection(mask, scores)


def _terms_of(node: Node) -> Iterator[tuple[str, str]]:
    """Every (field, term) that a node's score is made of."""
    match node:
        case plan.Terms():
            yield from ((node.field, term) for term, _ in node.terms)
        case plan.Phrase():
            yield from ((node.field, term) for slot in node.slots for term in slot)
        case plan.Or() | plan.And():
            for child in node.children:
                yield from _terms_of(child)
        case plan.Not():
            yield from _terms_of(node.child)
        case _:
            return
