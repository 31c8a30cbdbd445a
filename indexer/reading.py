"""The reading room: all that a front end asks of a home, answered from one generation at a time."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Protocol, Self, TypeVar

from indexer import RELEASE, allocator
from indexer.ahead import REST, Helper, make_tables
from indexer.analysis import analysis_version
from indexer.analysis.lexicon import lexicon_of
from indexer.answer import TIME_CAP, Desk, TextsGone, answer, expanded, understood
from indexer.archive import Archive, Revision
from indexer.errors import ArticleNotFound, GenerationGone, IndexUnavailable, NoIndex
from indexer.generations import Snapshot, Snapshots
from indexer.highlight import Marker, highlights, read
from indexer.model import Answer, Article, Found, Ref, SearchRequest, Sort, Status
from indexer.query.plan import All, Plan
from indexer.series import Attention, Coverage, Interval, attention, coverage, exact_plan
from indexer.settings import Settings
from indexer.similar import similar
from indexer.suggest import completions

ATTEMPTS = 3
"""So often an answer is begun anew because texts of its generation were removed meanwhile."""

GIVEN_BACK_AFTER = 100
"""Answers after which a server returns free memory to the system: arrays of all sizes leave holes."""

TEXTS_AT_ONCE = 200
"""Texts that an export holds in memory."""

MOST_SIMILAR = 10

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Completion:
    """What a query could become, and the number of articles that it finds."""

    q: str
    total: int


class ReadingRoom(Protocol):
    """What a front end needs. Safe for any number of threads."""

    def answer(self, request: SearchRequest) -> Answer:
        """The whole answer to a request.

        Raises:
            QueryError: in strict mode, for what cannot be parsed or lies over a cap.
            GenerationGone: `request.generation` is not kept any more, or `request.lexicon` not in use.
            IndexUnavailable: no generation can be opened.
        """

    def article(self, id: str) -> tuple[Article, int]:
        """An article as the current generation names it, and the number of its revisions.

        Raises:
            ArticleNotFound: the generation does not have it.
        """

    def revisions(self, id: str) -> tuple[Revision, ...]:
        """What the archive keeps of an article's texts, oldest first."""

    def marked(self, article: Article, request: SearchRequest) -> Found:
        """The article with every match of a query, its only snippet the whole body."""

    def similar(self, id: str, limit: int = MOST_SIMILAR) -> tuple[Found, ...]:
        """The articles most like another one, its copies left out, best first.

        Raises:
            ArticleNotFound: the generation does not have it.
        """

    def attention(self, requests: Sequence[SearchRequest], interval: Interval) -> Attention:
        """How many articles answer each request over time, all of one generation."""

    def coverage(self) -> tuple[Coverage, ...]:
        """The articles of each source by month."""

    def completions(self, typed: str) -> tuple[Completion, ...]:
        """What a query that was typed so far could become, the commonest first."""

    def every(self, request: SearchRequest) -> Iterator[Article]:
        """Every article of exactly the parsed query, newest first, in constant memory.

        Raises:
            IndexUnavailable: a text was removed for good meanwhile.
        """

    def status(self) -> Status:
        """What is in the home. `generation` is None where no index was published."""

    def state(self) -> str:
        """A digest that changes whenever answers can: generation, lexicon and release."""


class HomeReadingRoom:
    """The reading room of a home on this machine."""

    def __init__(self, settings: Settings, *, ahead: bool = False) -> None:
        """`ahead`: after the first answer of a generation, what later ones need is made in the background."""
        self._settings, self._lexicon_folder = settings, settings.lexicon_folder
        self._helper = Helper(self._make_tables, REST) if ahead else None
        self._answers = count(1)
        self._snapshots = Snapshots(settings.index_folder)
        self._archive: Archive | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes archive and snapshots."""
        if self._helper:
            self._helper.close()
        self._snapshots.close()
        if self._archive:
            self._archive.close()

    def answer(self, request: SearchRequest) -> Answer:
        def ask(desk: Desk) -> Answer:
            if request.lexicon not in (None, desk.lexicon.digest):
                raise GenerationGone(
                    "the lexicon has changed since this cursor was given; start the search again"
                )
            return answer(request, desk)

        return self._asked(ask, request.generation)

    def _asked(self, ask: Callable[[Desk], Value], generation: str | None = None) -> Value:
        """The answer of a desk, asked anew where texts of its generation were removed meanwhile."""
        for attempt in range(ATTEMPTS):
            at = self._snapshots.at(generation) if generation else self._snapshots.current()
            with at as snapshot:
                try:
                    desk = self._desk(snapshot)
                    told = ask(desk)
                    if self._helper and not generation:
                        self._helper.begin((snapshot.manifest.generation, desk.lexicon.digest))
                        if not next(self._answers) % GIVEN_BACK_AFTER:
                            allocator.give_back()
                    return told
                except TextsGone:
                    if attempt == ATTEMPTS - 1:
                        raise IndexUnavailable(
                            "the archive lacks texts of its index: run `rasid rebuild`"
                        ) from None
        raise AssertionError("unreachable")

    def _make_tables(self) -> Iterator[None]:
        with self._snapshots.current() as snapshot:
            yield from make_tables(self._desk(snapshot))

    def every(self, request: SearchRequest) -> Iterator[Article]:
        """Every article of exactly the parsed query, newest first, in constant memory.

        Raises:
            IndexUnavailable: a text was removed for good meanwhile.
        """
        with self._snapshots.current() as snapshot:
            desk = self._desk(snapshot)
            refs = desk.engine.refs(exact_plan(request, desk)[0])
            for start in range(0, len(refs), TEXTS_AT_ONCE):
                page = refs[start : start + TEXTS_AT_ONCE]
                texts = desk.archive.fetch(page)
                if len(texts) < len(page):
                    raise IndexUnavailable("articles were removed during the export: start it again")
                yield from texts.values()

    def article(self, id: str) -> tuple[Article, int]:
        with self._snapshots.current() as snapshot:
            ref = snapshot.engine.ref(id)
            texts = self._open_archive().fetch([ref]) if ref else {}
        if ref not in texts:
            raise ArticleNotFound(f"there is no article {id!r}")
        return texts[ref], len(self._open_archive().revisions(id))

    def revisions(self, id: str) -> tuple[Revision, ...]:
        return self._open_archive().revisions(id)

    def marked(self, article: Article, request: SearchRequest) -> Found:
        def ask(desk: Desk) -> Found:
            query, _ = understood(request, desk)
            expansion, _ = expanded(request, query, desk, time.monotonic() + TIME_CAP)
            texts = read(article.title), read(article.body)
            return Found(article, 0.0, False, *highlights(*texts, Marker(expansion.readings, texts), True))

        return self._asked(ask)

    def similar(self, id: str, limit: int = MOST_SIMILAR) -> tuple[Found, ...]:
        article, _ = self.article(id)
        return self._asked(lambda desk: similar(article, desk, limit))

    def attention(self, requests: Sequence[SearchRequest], interval: Interval) -> Attention:
        return self._asked(lambda desk: attention(requests, interval, desk))

    def coverage(self) -> tuple[Coverage, ...]:
        sources = self.status().sources
        return self._asked(lambda desk: coverage(desk, sources))

    def completions(self, typed: str) -> tuple[Completion, ...]:
        found = self._asked(lambda desk: completions(typed, desk))
        return tuple(Completion(q, total) for q, total in found)

    def status(self) -> Status:
        try:
            with self._snapshots.current() as snapshot:
                return self._status(snapshot)
        except NoIndex:
            lexicon = lexicon_of(self._lexicon_folder)
            return Status(0, (), None, None, 0, None, None, analysis_version(), lexicon.digest, None)

    def _status(self, snapshot: Snapshot) -> Status:
        engine, manifest = snapshot.engine, snapshot.manifest
        everything = Plan(All())
        results = engine.search(everything, limit=0, facets=("source", "year"))
        facets = dict(results.facets)
        return Status(
            articles=results.total,
            sources=facets["source"],
            first_published=self._published(snapshot, "oldest"),
            last_published=self._published(snapshot, "newest"),
            undated=results.total - sum(bucket.count for bucket in facets["year"]),
            generation=manifest.generation,
            engine=manifest.kind.engine,
            analysis=manifest.kind.analysis,
            lexicon=lexicon_of(self._lexicon_folder).digest,
            built_at=manifest.built_at,
            warnings=snapshot.notices,
        )

    def _published(self, snapshot: Snapshot, sort: Sort) -> str | None:
        hits = snapshot.engine.search(Plan(All()), sort=sort, limit=1).hits
        refs: list[Ref] = [hit.ref for hit in hits]
        return next((article.published for article in self._open_archive().fetch(refs).values()), None)

    def state(self) -> str:
        try:
            with self._snapshots.current() as snapshot:
                generation = snapshot.manifest.generation
        except IndexUnavailable:
            generation = ""
        parts = (generation, lexicon_of(self._lexicon_folder).digest, RELEASE)
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]

    def _desk(self, snapshot: Snapshot) -> Desk:
        return Desk(snapshot, self._open_archive(), lexicon_of(self._lexicon_folder))

    def _open_archive(self) -> Archive:
        """The archive, opened at the first need: a server may start before the first `rasid add`."""
        if self._archive is None:
            self._archive = Archive.open(self._settings.archive_file)
        return self._archive
