"""One search, from request to answer: parse, expand, search, fetch, highlight. All front ends use this."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from itertools import chain

from indexer.analysis import fold, term_of
from indexer.analysis.lexicon import Lexicon
from indexer.analysis.tokenize import words
from indexer.archive import Archive
from indexer.census import audited, forms_of
from indexer.drafts import clauses_of
from indexer.engines.base import SearchEngine
from indexer.generations import Snapshot
from indexer.highlight import Marker, highlights, read
from indexer.means import Means
from indexer.model import (
    Answer,
    Audited,
    Found,
    Hit,
    Notice,
    Results,
    SearchRequest,
    Suggestion,
)
from indexer.query import plan, tree
from indexer.query.canonical import canonical
from indexer.query.caps import capped
from indexer.query.expand import Expander, Expansion
from indexer.query.forms import Reading
from indexer.query.parser import parse
from indexer.query.plan import Node, Plan
from indexer.query.spelling import spelling_over
from indexer.query.wordlist import wordlist_of
from indexer.rescue import Offer, latin_offers, offers
from indexer.shelf import shelf_of
from indexer.verbatim import Verifier

TIME_CAP = 2.0
"""Seconds that an answer may take; what is not done by then is left out and said."""

SEARCH_SHARE = 0.75
"""The part of the cap that search may use, so that snippets still fit."""

MOST_AUDITED = 6
"""A query of more clauses is only audited when asked for: each is counted alone and left out once."""

SHOWN_CHARACTERS = 400_000
SHORTEST_SHOWN = 5_000
"""Of the bodies of one page of results so much is read for passages, and of each at least so much: articles
are read whole, but not a page of books."""


class TextsGone(Exception):
    """Texts that a generation names were removed for good while it answered: ask the current one."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What one answer is made from."""

    snapshot: Snapshot
    archive: Archive
    lexicon: Lexicon

    @property
    def engine(self) -> SearchEngine:
        return self.snapshot.engine


def answer(request: SearchRequest, desk: Desk, clock: Callable[[], float] = time.monotonic) -> Answer:
    """The whole answer to a request from one generation.

    Raises:
        QueryError: strict mode refuses the query.
        TextsGone: see there.
    """
    started = clock()
    deadline = started + TIME_CAP * SEARCH_SHARE
    query, notices = understood(request, desk)
    reader = Reader(request, desk, deadline)
    made = _searched(query, reader)
    means = _means(reader, clock)
    offers = _offers(request, query, made, means)
    rescued = next((offer for offer in offers if offer.clear and not made.results.total), None)
    shown_query = query
    if rescued:
        shown_query = parse(rescued.q).query
        made = _searched(shown_query, reader)
    results, expansion = made.results, made.expansion
    found = shown(results.hits, expansion.readings, desk)
    partial = reader.partial or results.partial or (not results.total and means.late())
    relaxed = not results.total and bool(results.related_total)
    return Answer(
        q=request.q,
        canonical=canonical(query),
        match=request.match,
        relaxed=relaxed,
        searched=rescued.q if rescued else request.q,
        rescued=rescued.why if rescued else None,
        total=results.related_total if relaxed else results.total,
        related_total=0 if relaxed else results.related_total,
        partial=partial,
        took_ms=round((clock() - started) * 1000, 2),
        generation=desk.snapshot.manifest.generation,
        lexicon=desk.lexicon.digest,
        found=found,
        facets=results.facets,
        suggestions=tuple(Suggestion(o.q, o.why, o.total) for o in offers if o is not rescued),
        warnings=(
            *desk.snapshot.notices,
            *notices,
            *expansion.notices,
            *([Notice("partial")] if partial else []),
        ),
        audit=_audit(shown_query, results, means, reader),
    )


class Reader:
    """How one request reads queries over one generation: each word once, however many drafts share it."""

    def __init__(self, request: SearchRequest, desk: Desk, deadline: float) -> None:
        self.request, self.desk, self.deadline = request, desk, deadline
        self.filters = filters_of(request, desk.engine)
        self._verifier = Verifier(desk.engine, desk.archive, deadline)
        self._expander = Expander(
            desk.engine,
            desk.lexicon,
            request.match,
            request.operator,
            self._verifier,
            spelling_over(desk.engine, desk.lexicon),
            deadline,
            frozenset(map(fold, request.without)),
        )

    @property
    def partial(self) -> bool:
        """Whether the cap cut the check of texts short."""
        return self._verifier.partial

    def expanded(self, query: tree.Query) -> Expansion:
        """A query as a plan over this generation."""
        return self._expander.expand(query, self.filters)

    def countable(self, query: tree.Query, filters: Node) -> Plan:
        """What a query is counted by, under other filters too."""
        return self._expander.countable(query, filters)


@dataclass(frozen=True, slots=True)
class _Made:
    """One query expanded and searched."""

    expansion: Expansion
    results: Results


def _searched(query: tree.Query, reader: Reader) -> _Made:
    expansion, request = reader.expanded(query), reader.request
    results = reader.desk.engine.search(
        expansion.plan,
        sort=request.sort,
        offset=request.offset,
        limit=request.page_size,
        facets=request.facets,
        deadline=reader.deadline,
    )
    return _Made(expansion, results)


def _offers(request: SearchRequest, query: tree.Query, made: _Made, means: Means) -> tuple[Offer, ...]:
    """Other queries for one that finds nothing with all its words; for one in Latin letters its readings."""
    if isinstance(query, tree.Everything):
        return ()
    if made.results.total:
        return latin_offers(request.q, query, means)
    found = offers(request.q, query, means)
    asked = request.rescue and (request.match != "exact")
    return found if asked else tuple(replace(offer, clear=False) for offer in found)


def _means(reader: Reader, clock: Callable[[], float]) -> Means:
    request, desk = reader.request, reader.desk
    dated = request.date_from or request.date_to or request.years
    counted = desk.engine.counting()

    @cache
    def count(query: tree.Query, filters: Node = reader.filters) -> int:
        return counted(reader.countable(query, filters))

    def count_any(query: tree.Query) -> int:
        reached = reader.expanded(query).plan
        return counted(Plan(reached.rest or reached.first, None, reached.filters))

    undated = replace(request, date_from=None, date_to=None, years=())
    return Means(
        wordlist_of(desk.engine),
        desk.lexicon,
        desk.engine.df,
        count,
        count_any,
        (lambda query: count(query, filters_of(undated, desk.engine))) if dated else None,
        lambda: clock() > reader.deadline,
        desk.engine.terms,
        lambda first, then: counted(Plan(plan.Phrase("folded", (tuple(first), tuple(then))))),
    )


def _audit(query: tree.Query, results: Results, means: Means, reader: Reader) -> tuple[Audited, ...]:
    """What each clause does, where it is asked for or nothing has them all."""
    request = reader.request
    if isinstance(query, tree.Everything):
        return ()
    if not request.forms and (results.total or len(clauses_of(query)) > MOST_AUDITED):
        return ()
    if not request.forms:
        return audited(query, means)
    all_forms = Reader(replace(request, without=()), reader.desk, reader.deadline)
    readings = all_forms.expanded(query).readings
    return audited(query, means, forms_of(readings, means.words, reader.desk.engine, request.without))


def understood(request: SearchRequest, desk: Desk) -> tuple[tree.Query, tuple[Notice, ...]]:
    """The query within its caps, and what there is to say about it."""
    parsed = parse(request.q, strict=request.strict)
    query, cut = capped(parsed.query, lambda word: _df(desk.engine, word), strict=request.strict)
    return query, (*parsed.notices, *cut)


def expanded(
    request: SearchRequest, query: tree.Query, desk: Desk, deadline: float
) -> tuple[Expansion, bool]:
    """The query as a plan over this generation; true where the cap cut the check of texts short."""
    reader = Reader(request, desk, deadline)
    return reader.expanded(query), reader.partial


def filters_of(request: SearchRequest, engine: SearchEngine) -> Node:
    """The request's filters; names of sources, sections and authors are met in any spelling."""
    nodes: list[Node] = []
    for field in dict.fromkeys(name for name, _ in request.include):
        nodes.append(_values(engine, field, [value for name, value in request.include if name == field]))
    nodes += [plan.Not(_values(engine, field, [value])) for field, value in request.exclude]
    if request.years:
        spans = tuple(plan.days(date(year, 1, 1), date(year, 12, 31)) for year in request.years)
        nodes.append(plan.Or(spans))
    if request.date_from or request.date_to:
        nodes.append(plan.days(request.date_from, request.date_to))
    return plan.And(tuple(nodes)) if nodes else plan.All()


def _values(engine: SearchEngine, field: str, wanted: Sequence[str]) -> Node:
    keys = {_key(value) for value in wanted}
    held = [value for value in engine.values(field) if value in wanted or _key(value) in keys]
    return plan.Values(field, tuple(held)) if held else plan.Nothing()


@lru_cache(maxsize=1 << 16)
def _key(value: str) -> tuple[str, ...]:
    """What two spellings of a source, section or author share."""
    return tuple(term_of(word).folded for word, _, _ in words(value))


def _df(engine: SearchEngine, word: str) -> int:
    return engine.df("folded", term_of(word).folded)


def shown(hits: Sequence[Hit], readings: Sequence[Reading], desk: Desk) -> tuple[Found, ...]:
    """The hits with their texts and highlights.

    Raises:
        TextsGone: a text was removed for good since.
    """
    texts = shelf_of(desk.engine).take([hit.ref for hit in hits], desk.archive.fetch)
    if len(texts) < len({hit.ref for hit in hits}):
        raise TextsGone
    pages, left = [], SHOWN_CHARACTERS // (1 + len(readings) // 4)  # each clause is looked for
    for hit in hits:
        article, title, body = texts[hit.ref]
        limit = max(left, SHORTEST_SHOWN)
        if body is None or limit < len(article.body):
            body = read(article.body, limit)
        pages.append((title, body))
        left -= len(article.body)
    marker = Marker(readings, chain.from_iterable(pages), desk.engine.writings)
    return tuple(
        Found(texts[hit.ref].article, hit.score, hit.related, *highlights(*page, marker))
        for hit, page in zip(hits, pages, strict=True)
    )
