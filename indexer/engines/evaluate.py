"""Evaluates a plan's tree over arrays: each node becomes the articles that it selects and their scores."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TypeVar

import numpy as np

from indexer.engines.documents import Documents, Scores
from indexer.engines.nearness import LONGEST_SLOP, POSITION_BITS, Places, adjacent, within
from indexer.engines.postings import PostingsReader, TermPostings
from indexer.engines.sets import (
    MANY,
    NO_DOCS,
    Docs,
    common,
    distinct,
    mask_of,
    maxima,
    members,
    merged,
    numbers_of,
    places_in,
    sums,
    union,
)
from indexer.lru import Lru
from indexer.query import plan
from indexer.query.plan import Node

T = TypeVar("T")

TERMS_AT_ONCE = 200
"""Terms that are read between two looks at the clock."""

NODE_BYTES, TERM_BYTES = 2_000, 250
"""What a kept selection takes beside its numbers: node and arrays, and each term of the node."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The articles a node selects. Never written to.

    Attributes:
        docs: their document numbers, rising.
        scores: the score of each; None: all are 0.
    """

    docs: Docs
    scores: Scores | None = None

    def among(self, docs: Docs, size: int) -> "Selection":
        """Some of the `size` documents with the scores that they have here."""
        if docs is self.docs or self.scores is None:
            return Selection(docs, self.scores)
        return Selection(docs, self.scores_of(docs, size))

    def followed_by(self, other: "Selection") -> "Selection":
        """Two rankings one after the other."""
        both_scores = np.concatenate((self.all_scores(), other.all_scores()))
        return Selection(np.concatenate((self.docs, other.docs)), both_scores)

    def all_scores(self) -> Scores:
        """The score of each, zeros written out."""
        return np.zeros(len(self.docs)) if self.scores is None else self.scores

    def scores_of(self, docs: Docs, size: int) -> Scores:
        """The scores of some of the `size` documents; 0 where they are not selected."""
        if self.scores is None:
            return np.zeros(len(docs))
        if len(docs) * MANY >= len(self.docs):
            return sums([(self.docs, self.scores)], size).take(docs)
        scores: Scores = np.where(
            members(docs, self.docs, size), self.scores.take(self.docs.searchsorted(docs), mode="clip"), 0.0
        )
        return scores


class Evaluation:
    """One evaluation of nodes over one snapshot; equal nodes are evaluated once.

    Attributes:
        partial: the deadline passed, so that clauses were left out.
    """

    def __init__(
        self,
        documents: Documents,
        postings: PostingsReader,
        lasting: Lru[Node, Selection],
        deadline: float | None = None,
    ) -> None:
        """`lasting` keeps selections of words for later evaluations."""
        self._documents, self._postings, self._deadline = documents, postings, deadline
        self._lasting = lasting
        self._size = documents.size
        self._known: dict[Node, Selection] = {}
        self.partial = False

    def fetch(self, nodes: Sequence[Node]) -> None:
        """Reads ahead the postings that some nodes lack, all together."""
        wanted = dict.fromkeys(term for node in nodes for term in self._terms_of(node))
        for some in batches(sorted(wanted, key=itemgetter(0))):  # a field's together
            if self._late():
                return
            self._postings.some(some)

    def reads(self, node: Node) -> bool:
        """Whether postings must be looked at to evaluate a node, not only selections that are kept."""
        return any(True for _ in self._terms_of(node))

    def _terms_of(self, node: Node) -> Iterator[tuple[str, str]]:
        """Every (field, term) that must be looked at to evaluate a node."""
        match node:
            case plan.Terms():
                yield from ((node.field, term) for term, _ in node.terms)
            case plan.Phrase():
                yield from ((node.field, term) for slot in node.slots for term in slot)
            case plan.Or() if kept := self._lasting.get(node):
                self._known[node] = kept
            case plan.Or() | plan.And():
                for child in node.children:
                    yield from self._terms_of(child)
            case plan.Not():
                yield from self._terms_of(node.child)

    def of(self, node: Node) -> Selection:
        """The selection of a node."""
        found = self._known.get(node)
        if found is None:
            found = self._known[node] = self._lasting.get(node) or self._made(node)
        return found

    def _made(self, node: Node) -> Selection:
        found = self._selection(node)
        # All forms of one word: the same word comes again. A whole query seldom does.
        if isinstance(node, plan.Or) and not node.coverage and not self.partial:
            self._lasting.put(node, found)
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
                without = self._documents.live & ~mask_of([self.of(node.child).docs], self._size)
                return Selection(numbers_of(without))
            case plan.Days():
                return Selection(numbers_of(self._documents.in_days(node.first, node.last)))
            case plan.Values():
                return Selection(numbers_of(self._documents.with_values(node.field, node.values)))
            case plan.Ids():
                return Selection(numbers_of(self._documents.with_ids(node.ids)))
            case plan.All():
                return Selection(numbers_of(self._documents.live))
            case plan.Nothing():
                return Selection(NO_DOCS)

    def _terms(self, node: plan.Terms) -> Selection:
        parts: list[tuple[Docs, Scores]] = []
        for some in batches(node.terms):
            if self._late():
                break
            read = self._postings.some([(node.field, term) for term, _ in some])
            for (_, weight), found in zip(some, read, strict=True):
                if found is not None:
                    parts.append((found.docs, found.scores if weight == 1.0 else weight * found.scores))
        if len(parts) < 2:
            return Selection(*parts[0]) if parts else Selection(NO_DOCS)
        docs = union([docs for docs, _ in parts], self._size)
        combined = sums if node.combine == "sum" else maxima
        return Selection(docs, combined(parts, self._size).take(docs))

    def _any(self, node: plan.Or) -> Selection:
        children = [self.of(child) for child in node.children]
        docs = union([child.docs for child in children], self._size)
        scored = [(child.docs, child.scores) for child in children if child.scores is not None]
        if not scored:
            return Selection(docs)
        scores = sums(scored, self._size).take(docs)
        if node.coverage:
            rarities = [self._postings.idf(len(child.docs)) for child in children]
            shares = [
                (child.docs, np.full(len(child.docs), rarity))
                for child, rarity in zip(children, rarities, strict=True)
            ]
            scores *= (sums(shares, self._size).take(docs) / sum(rarities)) ** node.coverage
        return Selection(docs, scores)

    def _every(self, nodes: Sequence[Node]) -> Selection:
        if not nodes:
            return self.of(plan.All())
        children = [self.of(node) for node in nodes]
        docs = common([child.docs for child in children], self._size)
        scored = [child.scores_of(docs, self._size) for child in children if child.scores is not None]
        return Selection(docs, sum(scored[1:], scored[0]) if scored else None)

    def _phrase(self, node: plan.Phrase) -> Selection:
        slots = [self._alternatives(node.field, terms) for terms in node.slots]
        if self._late() or not all(slots):
            return Selection(NO_DOCS)
        docs = common([union([term.docs for term in slot], self._size) for slot in slots], self._size)
        if not len(docs):
            return Selection(NO_DOCS)
        places, bests = zip(*(self._places(slot, docs) for slot in slots), strict=True)
        if node.slop is None:
            starts = adjacent(places)
        else:
            slop = min(node.slop, LONGEST_SLOP)
            starts = np.sort(within(places, [frozenset(terms) for terms in node.slots], slop))
        rows = distinct(starts >> POSITION_BITS)
        scores = sum(node.weight * best.take(rows) for best in bests)
        return Selection(docs.take(rows), np.asarray(scores))

    def _alternatives(self, field: str, terms: Sequence[str]) -> list[TermPostings]:
        wanted = [(field, term) for term in dict.fromkeys(terms)]
        return [found for found in self._postings.some(wanted) if found is not None]

    def _places(self, slot: Sequence[TermPostings], docs: Docs) -> tuple[Places, Scores]:
        """All places of a slot's terms in documents, which count from 0 there; the best score in each."""
        if len(slot) == 1:
            rows = places_in(slot[0].docs, docs, self._size)
            return slot[0].places(rows, np.arange(len(docs))), slot[0].scores.take(rows)
        found, best = [], np.zeros(len(docs))
        for term in slot:
            held = members(docs, term.docs, self._size).nonzero()[0]
            rows = places_in(term.docs, docs.take(held), self._size)
            found.append(term.places(rows, held))
            best[held] = np.maximum(best[held], term.scores.take(rows))
        return merged(found), best


def kept_bytes(node: Node, selection: Selection) -> int:
    """What a node and its selection take in memory: a pattern has a thousand terms."""
    numbers = selection.docs.nbytes + (0 if selection.scores is None else selection.scores.nbytes)
    return NODE_BYTES + TERM_BYTES * _terms_in(node) + numbers


def _terms_in(node: Node) -> int:
    match node:
        case plan.Terms():
            return len(node.terms)
        case plan.Phrase():
            return sum(map(len, node.slots))
        case plan.Or() | plan.And():
            return sum(map(_terms_in, node.children))
        case plan.Not():
            return _terms_in(node.child)
        case plan.Ids():
            return len(node.ids)
        case plan.Values():
            return len(node.values)
        case _:
            return 0


def batches(terms: Sequence[T]) -> Iterator[Sequence[T]]:
    """The terms in lists of `TERMS_AT_ONCE`."""
    return (terms[first : first + TERMS_AT_ONCE] for first in range(0, len(terms), TERMS_AT_ONCE))
