"""Evaluates a plan's tree over arrays: each node becomes a mask of articles and their scores."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.engines.documents import Documents, Mask, Scores
from indexer.engines.whoosh.postings import PostingsReader, TermPostings
from indexer.query import plan
from indexer.query.plan import Node

POSITION_BITS = 24
"""A place in a document is (document << POSITION_BITS) + position; articles are far shorter than this."""

LONGEST_SLOP = 1_000

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Selection:
    """The articles a node selects and their scores; a score is 0 outside the mask. Never written to."""

    mask: Mask
    scores: Scores


class Evaluation:
    """One evaluation of nodes over one snapshot; equal nodes are evaluated once.

    Attributes:
        partial: the deadline passed, so that clauses were left out.
    """

    def __init__(self, documents: Documents, postings: PostingsReader, deadline: float | None = None) -> None:
        self._documents, self._postings, self._deadline = documents, postings, deadline
        self._known: dict[Node, Selection] = {}
        self.partial = False

    def of(self, node: Node) -> Selection:
        """The selection of a node."""
        found = self._known.get(node)
        if found is None:
            found = self._known[node] = self._selection(node)
        return found

    def _late(self) -> bool:
        if self._deadline is not None and time.monotonic() > self._deadline:
            self.partial = True
        return self.partial

    def _selection(self, node: Node) -> Selection:
        match node:
            case plan.Terms():
                return self._terms(node)
            case plan.Phrase():
                return self._phrase(node)
            case plan.Or():
                return self._any(node)
            case plan.And():
                return self._every(node.children)
            case plan.Not():
                return self._unscored(self._documents.live & ~self.of(node.child).mask)
            case plan.Days():
                return self._unscored(self._documents.in_days(node.first, node.last))
            case plan.Values():
                return self._unscored(self._documents.with_values(node.field, node.values))
            case plan.Ids():
                return self._unscored(self._documents.with_ids(node.ids))
            case plan.All():
                return self._unscored(self._documents.live)
            case plan.Nothing():
                return self._unscored(np.zeros(self._documents.size, dtype=bool))

    def _unscored(self, mask: Mask) -> Selection:
        return Selection(mask, self._documents.zeros)

    def _terms(self, node: plan.Terms) -> Selection:
        mask, scores = np.zeros(self._documents.size, dtype=bool), np.zeros(self._documents.size)
        for term, weight in node.terms:
            if self._late():
                break
            found = self._postings(node.field, term)
            if found is None:
                continue
            mask[found.docs] = True
            if node.combine == "sum":
                scores[found.docs] += weight * found.scores
            else:
                scores[found.docs] = np.maximum(scores[found.docs], weight * found.scores)
        return Selection(mask, scores)

    def _any(self, node: plan.Or) -> Selection:
        mask, scores = np.zeros(self._documents.size, dtype=bool), np.zeros(self._documents.size)
        covered, whole = np.zeros(self._documents.size), 0.0
        for child in node.children:
            selection = self.of(child)
            mask |= selection.mask
            scores += selection.scores
            if node.coverage:
                rarity = self._postings.idf(int(selection.mask.sum()))
                covered[selection.mask] += rarity
                whole += rarity
        if whole:
            scores *= (covered / whole) ** node.coverage
        return Selection(mask, scores)

    def _every(self, children: Sequence[Node]) -> Selection:
        mask, scores = self._documents.live.copy(), np.zeros(self._documents.size)
        for child in children:
            selection = self.of(child)
            mask &= selection.mask
            scores += selection.scores
        scores[~mask] = 0.0
        return Selection(mask, scores)

    def _phrase(self, node: plan.Phrase) -> Selection:
        mask, scores = np.zeros(self._documents.size, dtype=bool), np.zeros(self._documents.size)
        slots = [self._alternatives(node.field, terms) for terms in node.slots]
        if not self._late() and all(slots):
            docs = self._together(node, slots)
            mask[docs] = True
            for slot in slots:
                best = np.zeros(self._documents.size)
                for found in slot:
                    best[found.docs] = np.maximum(best[found.docs], found.scores)
                scores[docs] += node.weight * best[docs]
        return Selection(mask, scores)

    def _alternatives(self, field: str, terms: Sequence[str]) -> list[TermPostings]:
        return [found for term in dict.fromkeys(terms) if (found := self._postings(field, term)) is not None]

    def _together(self, node: plan.Phrase, slots: Sequence[Sequence[TermPostings]]) -> NDArray[np.int64]:
        """The documents in which the slots stand together as the phrase asks."""
        common = self._documents.live.copy()
        for slot in slots:
            here = np.zeros(self._documents.size, dtype=bool)
            for found in slot:
                here[found.docs] = True
            common &= here
        if not common.any():
            return np.zeros(0, dtype=np.int64)
        places = [_places(slot, common) for slot in slots]
        if node.slop is None:
            starts = _adjacent(places)
        else:
            starts = _within(places, [frozenset(terms) for terms in node.slots], min(node.slop, LONGEST_SLOP))
        return np.unique(starts >> POSITION_BITS)


def _places(slot: Sequence[TermPostings], common: Mask) -> Places:
    """All places of a slot's terms in some documents, rising."""
    found = []
    for term in slot:
        assert term.starts is not None and term.positions is not None
        kept = common[term.docs]
        counts = np.diff(term.starts)
        docs = np.repeat(term.docs[kept].astype(np.int64), counts[kept])
        found.append((docs << POSITION_BITS) + term.positions[np.repeat(kept, counts)])
    return found[0] if len(found) == 1 else np.unique(np.concatenate(found))


def _adjacent(places: Sequence[Places]) -> Places:
    """The places at which all slots stand next to each other in order.

    >>> _adjacent([np.array([3, 9]), np.array([4, 7]), np.array([5])]).tolist()
    [3]
    """
    starts = places[0]
    for number, slot in enumerate(places[1:], 1):
        starts = starts[np.isin(starts, slot - number, assume_unique=True)]
    return starts


def _within(places: Sequence[Places], terms: Sequence[frozenset[str]], slop: int) -> Places:
    """The places from which every slot is met within `slop` words, in any order.

    A word counts once: where two slots share a term, the second needs another occurrence.

    >>> _within([np.array([10]), np.array([7, 40])], [frozenset("a"), frozenset("b")], 3).tolist()
    [7]
    """
    met = []
    for first, starts in enumerate(places):
        kept = np.ones(len(starts), dtype=bool)
        for other, slot in enumerate(places):
            if other == first:
                continue
            same = sum(bool(terms[other] & terms[i]) for i in {*range(other), first} - {other})
            at = np.searchsorted(slot, starts, side="left") + (same if terms[other] & terms[first] else 0)
            inside = at < len(slot)
            nearest = slot[np.minimum(at, len(slot) - 1)]
            kept &= inside & (nearest <= starts + slop)
        met.append(starts[kept])
    return np.concatenate(met)
