"""From the archive to a published generation: grown from the last one where that is possible, else anew."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from indexer import RELEASE, generations
from indexer.archive import Archive, Clock, instant, utc_now
from indexer.engines import DEFAULT_ENGINE, engine_named
from indexer.engines.base import Engine, IndexWriter
from indexer.errors import IndexUnavailable
from indexer.generations import Manifest, kind_of
from indexer.model import Article, Ref
from indexer.settings import Settings

KEPT_GENERATIONS = 3
"""Generations that stay open by name, so that a cursor survives updates."""

REFS_AT_ONCE = 500

Progress = Callable[[int, int], None]
"""Told (articles indexed, articles in all) now and then."""


def _silent(done: int, total: int) -> None:
    """No progress wanted."""


def engine_for(settings: Settings) -> Engine:
    """The engine of new generations: the one that was asked for, else that of the home.

    Raises:
        MissingExtra: its package is not installed.
    """
    own = generations.engine_of(settings.index_folder)
    return engine_named(settings.engine or own or DEFAULT_ENGINE)


def update(
    settings: Settings, archive: Archive, *, progress: Progress = _silent, clock: Clock = utc_now
) -> Manifest | None:
    """Brings the index up to the archive; the caller holds the writer's lock.

    Returns:
        The generation that is current afterwards; None where there is neither article nor index.
    """
    kind = kind_of(engine_for(settings))
    try:
        base = generations.verify(settings.index_folder / generations.current(settings.index_folder), kind)
    except IndexUnavailable:
        return rebuild(settings, archive, progress=progress, clock=clock) if archive.last_change() else None
    if not archive.tells_since(base.change):
        return rebuild(settings, archive, progress=progress, clock=clock)
    if archive.last_change() == base.change:
        tidy(settings, archive)
        return base
    manifest = _grown(settings, archive, base, progress, clock)
    tidy(settings, archive)
    return manifest


def rebuild(
    settings: Settings, archive: Archive, *, progress: Progress = _silent, clock: Clock = utc_now
) -> Manifest:
    """Builds the whole index anew and switches to it; the caller holds the writer's lock."""
    change, total = archive.last_change(), archive.count()
    engine = engine_for(settings)
    with _building(settings, engine, None) as (staged, writer):
        articles = writer.write(_counted(archive.articles(), total, progress))
        writer.finish()
        manifest = generations.publish(
            staged,
            kind_of(engine),
            release=RELEASE,
            built_at=instant(clock()),
            articles=articles,
            change=change,
        )
    tidy(settings, archive)
    return manifest


def tidy(settings: Settings, archive: Archive, keep: int = KEPT_GENERATIONS) -> None:
    """Collects old generations and leftovers, and texts that no kept generation names."""
    generations.collect(settings.index_folder, keep)
    seen = [
        change
        for name in generations.published(settings.index_folder)
        if (change := _change(settings, name)) is not None
    ]
    archive.purge(min(seen, default=0))


def _change(settings: Settings, name: str) -> int | None:
    """What a published generation has seen of the archive; a damaged one answers nobody."""
    with contextlib.suppress(IndexUnavailable):
        return generations.manifest_at(settings.index_folder / name).change
    return None


def _grown(
    settings: Settings, archive: Archive, base: Manifest, progress: Progress, clock: Clock
) -> Manifest:
    change = archive.last_change()
    changed = [article.id for article in archive.changes(base.change)]
    gone = list(archive.removed_since(base.change))
    with _building(settings, engine_named(base.kind.engine), base) as (staged, writer):
        deleted = writer.delete({*gone, *changed})
        again = writer.drop_small_segments()
        total = len(changed) + len(again)
        written = writer.write(
            _counted(_chained(archive.changes(base.change), _texts(archive, again)), total, progress)
        )
        writer.finish()
        return generations.publish(
            staged,
            base.kind,
            release=RELEASE,
            built_at=instant(clock()),
            articles=base.articles - deleted + written - len(again),
            change=change,
            parent=base,
        )


@contextlib.contextmanager
def _building(
    settings: Settings, engine: Engine, base: Manifest | None
) -> Iterator[tuple[Path, IndexWriter]]:
    """A staged folder and a writer into it; an error leaves a leftover for the next `tidy`."""
    staged = generations.stage(settings.index_folder)
    folder = settings.index_folder / base.generation if base else None
    writer = engine.writer(staged, folder, settings.jobs)
    try:
        yield staged, writer
    finally:
        writer.close()


def _texts(archive: Archive, refs: Sequence[Ref]) -> Iterator[Article]:
    for start in range(0, len(refs), REFS_AT_ONCE):
        yield from archive.fetch(refs[start : start + REFS_AT_ONCE]).values()


def _chained(*parts: Iterable[Article]) -> Iterator[Article]:
    for part in parts:
        yield from part


def _counted(articles: Iterable[Article], total: int, progress: Progress) -> Iterator[Article]:
    iterator, done = iter(articles), 0
    while page := list(islice(iterator, 100)):
        yield from page
        done += len(page)
        progress(done, total)
