"""Rasid's own engines."""

import json
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from benchmarks.speed.corpus import Prepared
from benchmarks.speed.measure import Search
from benchmarks.speed.queries import CLASSES, PATTERNS, Query
from indexer.analysis.lexicon import lexicon_of
from indexer.answer import Desk, answer
from indexer.archive import Archive
from indexer.engines import engine_named
from indexer.errors import RasidError
from indexer.generations import open_snapshot
from indexer.model import SearchRequest
from indexer.query import plan, tree
from indexer.query.expand import Expander
from indexer.query.parser import parse
from indexer.query.plan import Node, Plan
from indexer.settings import Settings
from searchapp.document import search_document

FACETS = ("source", "month")
"""What a whole request counts: the month facet is the histogram."""

FIELD = "folded"


class Rasid:
    """One of Rasid's engines; its index is in a home, beside the archive."""

    classes = frozenset(CLASSES)
    warms = True

    def __init__(self, engine: str) -> None:
        self.engine = engine
        self.name = f"Rasid, {engine}"

    def cpu(self) -> float:
        return time.process_time()

    def absent(self) -> str | None:
        try:
            engine_named(self.engine)
        except RasidError as error:
            return str(error)
        return None

    def settings(self, folder: Path) -> Settings:
        """The home below a participant's folder."""
        return Settings(folder / "home", self.engine)

    def build(self, made: Prepared, folder: Path) -> None:
        """The writer alone: four views of bodies and titles, analysis included, no archive."""
        writer = engine_named(self.engine).writer(folder)
        writer.write(made.articles())
        writer.finish()

    @contextmanager
    def open(self, folder: Path) -> Iterator[Search]:
        settings = self.settings(folder)
        snapshot = open_snapshot(settings.index_folder)
        with Archive.open(settings.archive_file) as archive, closing(snapshot.engine):
            desk = Desk(snapshot, archive, lexicon_of(settings.lexicon_folder))
            yield lambda query: _total(query, desk)


def _total(query: Query, desk: Desk) -> int:
    if query.kind == "whole request":
        return _answered(query, desk)
    facets = FACETS if query.kind == "facets and months" else ()
    return desk.engine.search(plan_of(query, desk), facets=facets).total


def plan_of(query: Query, desk: Desk) -> Plan:
    """The question as engines get it: the body's folded terms; patterns as Rasid expands them."""
    if query.kind in PATTERNS:
        expander = Expander(desk.engine, desk.lexicon, "spelling", "and", _unverified)
        return replace(expander.expand(parse(query.text).query, plan.All()).plan, words=())
    terms: tuple[Node, ...] = tuple(plan.Terms(FIELD, ((word, 1.0),)) for word in query.words)
    if query.kind.startswith("phrase"):
        return Plan(plan.Phrase(FIELD, tuple((word,) for word in query.words)))
    return Plan(plan.And(terms) if query.kind.startswith("and") else plan.Or(terms))


def _unverified(phrase: tree.Phrase, candidates: Plan) -> frozenset[str]:
    return frozenset()


def _answered(query: Query, desk: Desk) -> int:
    """The whole way of a request but HTTP: parse, search, facets, months, ten snippets, JSON."""
    request = SearchRequest(q=query.text, facets=FACETS)
    given = answer(request, desk)
    json.dumps(search_document(given, request), ensure_ascii=False)
    return given.total + given.related_total
