"""One search, from request to answer: parse, expand, search, fetch, highlight. All front ends use this."""

import math
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from indexer.analysis import letters as at
from indexer.analysis import term_of
from indexer.analysis.lexicon import Lexicon
from indexer.analysis.tokenize import words
from indexer.archive import Archive
from indexer.engines.base import SearchEngine
from indexer.generations import Snapshot
from indexer.highlight import highlights
from indexer.model import Answer, Article, Found, Hit, Notice, Ref, SearchRequest
from indexer.query import plan, tree
from indexer.query.canonical import canonical
from indexer.query.caps import capped
from indexer.query.expand import Expander, Expansion, Reading, same_value
from indexer.query.parser import parse
from indexer.query.plan import Node, Plan

TIME_CAP = 2.0
"""Seconds that an answer may take; what is not done by then is left out and said."""

SEARCH_SHARE = 0.75
"""The part of the cap that search may use, so that snippets still fit."""

PAGE_OF_TEXTS = 200
"""Texts read at once while a phrase is looked for as written."""

_UNWRITTEN = {ord(c): None for c in at.TATWEEL} | dict.fromkeys(
    [0xAD, 0x34F, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF]
)


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
    expansion, partial = expanded(request, query, desk, deadline)
    results = desk.engine.search(
        expansion.plan,
        sort=request.sort,
        offset=request.offset,
        limit=request.page_size,
        facets=request.facets,
        deadline=deadline,
    )
    found = shown(results.hits, expansion.readings, desk)
    partial = partial or results.partial
    relaxed = not results.total and bool(results.related_total)
    return Answer(
        q=request.q,
        canonical=canonical(query),
        match=request.match,
        relaxed=relaxed,
        searched=request.q,
        rescued=None,
        total=results.related_total if relaxed else results.total,
        related_total=0 if relaxed else results.related_total,
        partial=partial,
        took_ms=round((clock() - started) * 1000, 2),
        generation=desk.snapshot.manifest.generation,
        found=found,
        facets=results.facets,
        warnings=(*desk.snapshot.notices, *notices, *expansion.notices, *([Notice("partial")] if partial else [])),
    )


def understood(request: SearchRequest, desk: Desk) -> tuple[tree.Query, tuple[Notice, ...]]:
    """The query within its caps, and what there is to say about it."""
    parsed = parse(request.q, strict=request.strict)
    query, cut = capped(parsed.query, lambda word: _df(desk.engine, word), strict=request.strict)
    return query, (*parsed.notices, *cut)


def expanded(
    request: SearchRequest, query: tree.Query, desk: Desk, deadline: float
) -> tuple[Expansion, bool]:
    """The query as a plan over this generation; true where the cap cut the check of texts short."""
    verifier = _Verifier(desk, deadline)
    expander = Expander(desk.engine, desk.lexicon, request.match, request.operator, verifier)
    expansion = expander.expand(query, filters_of(request, desk.engine))
    return expansion, verifier.partial


def filters_of(request: SearchRequest, engine: SearchEngine) -> Node:
    """The request's filters; names of sources, sections and authors are met in any spelling."""
    nodes: list[Node] = []
    for field in dict.fromkeys(name for name, _ in request.include):
        nodes.append(_values(engine, field, [value for name, value in request.include if name == field]))
    nodes += [plan.Not(_values(engine, field, [value])) for field, value in request.exclude]
    if request.years:
        spans = tuple(
            plan.Days(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()) for year in request.years
        )
        nodes.append(plan.Or(spans))
    if request.date_from or request.date_to:
        first, last = (day and day.toordinal() for day in (request.date_from, request.date_to))
        nodes.append(plan.Days(first, last))
    return plan.And(tuple(nodes)) if nodes else plan.All()


def _values(engine: SearchEngine, field: str, wanted: Sequence[str]) -> Node:
    held = [value for value in engine.values(field) if any(value == w or same_value(value, w) for w in wanted)]
    return plan.Values(field, tuple(held)) if held else plan.Nothing()


def _df(engine: SearchEngine, word: str) -> int:
    return engine.df("folded", term_of(word).folded)


def shown(hits: Sequence[Hit], readings: Sequence[Reading], desk: Desk) -> tuple[Found, ...]:
    """The hits with their texts and highlights.

    Raises:
        TextsGone: a text was removed for good since.
    """
    texts = desk.archive.fetch([hit.ref for hit in hits])
    if len(texts) < len({hit.ref for hit in hits}):
        raise TextsGone
    return tuple(_found(hit, texts[hit.ref], readings) for hit in hits)


def _found(hit: Hit, article: Article, readings: Sequence[Reading]) -> Found:
    marks = highlights(article.title, article.body, readings)
    return Found(article, hit.score, hit.related, marks.title_matches, marks.snippets, marks.matched)


class _Verifier:
    """Looks for phrases as written in the stored texts of a plan's articles."""

    def __init__(self, desk: Desk, deadline: float) -> None:
        self._desk, self._deadline = desk, deadline
        self.partial = False

    def __call__(self, phrase: tree.Phrase, candidates: Plan) -> frozenset[str]:
        wanted = as_written(" ".join(phrase.words))
        refs = self._desk.engine.refs(candidates)
        held: list[str] = []
        for start in range(0, len(refs), PAGE_OF_TEXTS):
            if time.monotonic() > self._deadline:
                self.partial = True
                break
            held += self._holding(wanted, refs[start : start + PAGE_OF_TEXTS])
        return frozenset(held)

    def _holding(self, wanted: str, refs: Sequence[Ref]) -> list[str]:
        texts = self._desk.archive.fetch(refs).values()
        return [a.id for a in texts if wanted in as_written(a.title) or wanted in as_written(a.body)]


def as_written(text: str) -> str:
    """A text as its author spelled it, ready to be compared: words between single spaces, marks and all.

    Only what no author means to write goes: tatweel, joiners, bidi controls, punctuation, case.

    >>> as_written("قال مُحَمَّد: نعم") == as_written("قال  مُحَمَّـد، نعم")
    True
    """
    spelled = (unicodedata.normalize("NFC", word.translate(_UNWRITTEN)).casefold() for word, _, _ in words(text))
    return f" {' '.join(spelled)} "


def matching(request: SearchRequest, desk: Desk) -> Sequence[Ref]:
    """Every article that answers exactly the parsed query, newest first: nothing relaxed, nothing rescued."""
    query, _ = understood(request, desk)
    expansion, _ = expanded(request, query, desk, deadline=math.inf)
    return desk.engine.refs(Plan(expansion.plan.first, None, expansion.plan.filters))
