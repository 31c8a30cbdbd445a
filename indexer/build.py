"""From the archive to a published generation: grown from the last one where that is possible, else anew."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
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
"""Generations that can be opened by name, so that a cursor survives updates."""

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


def first(
    settings: Settings, archive: Archive, stored: Iterator[Article], *, clock: Clock = utc_now
) -> Manifest | None:
    """Builds the first index of a home while its articles are archived; the caller holds the writer's lock.

    An article whose text is replaced meanwhile stays as it came first: `update` sees that it has changed.

    Args:
        stored: gives each article once it is in the archive. It is taken to its end, whatever fails here.

    Returns:
        The generation; None where there is an index or an archive already, or nothing came.
    """
    fresh = not archive.last_change() and not generations.published(settings.index_folder)
    head = list(islice(stored, 1)) if fresh else []
    try:
        if head:
            return _built(settings, archive, chain(head, stored), archive.first_texts, clock)
    except Exception:
        _exhaust(stored)  # that no index can be built is no reason to lose what came
        raise
    _exhaust(stored)
    return None


def _exhaust(stored: Iterator[Article]) -> None:
    for _ in stored:
        pass


def rebuild(
    settings: Settings, archive: Archive, *, progress: Progress = _silent, clock: Clock = utc_now
) -> Manifest:
    """Builds the whole index anew and switches to it; the caller holds the writer's lock."""
    articles = _counted(archive.articles(), archive.count(), progress)
    return _built(settings, archive, articles, archive.last_change, clock)


def _built(
    settings: Settings, archive: Archive, articles: Iterable[Article], seen: Callable[[], int], clock: Clock
) -> Manifest:
    """A new generation of some articles. `seen` tells afterwards how far it knows the archive."""
    engine = engine_for(settings)
    staged, writer = _begun(settings, engine, None)
    written = writer.write(articles)
    writer.finish()
    manifest = generations.publish(
        staged,
        kind_of(engine),
        release=RELEASE,
        built_at=instant(clock()),
        articles=written,
        change=seen(),
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
    staged, writer = _begun(settings, engine_named(base.kind.engine), base)
    deleted = writer.delete({*gone, *changed})
    again = writer.drop_small_segments()
    total = len(changed) + len(again)
    written = writer.write(
        _counted(chain(archive.changes(base.change), _texts(archive, again)), total, progress)
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


def _begun(settings: Settings, engine: Engine, base: Manifest | None) -> tuple[Path, IndexWriter]:
    """A staged folder and a writer into it; an error leaves a leftover for the next `tidy`."""
    staged = generations.stage(settings.index_folder)
    folder = settings.index_folder / base.generation if base else None
    return staged, engine.writer(staged, folder, settings.jobs)


def _texts(archive: Archive, refs: Sequence[Ref]) -> Iterator[Article]:
    for start in range(0, len(refs), REFS_AT_ONCE):
        yield from archive.fetch(refs[start : start + REFS_AT_ONCE]).values()


def _counted(articles: Iterable[Article], total: int, progress: Progress) -> Iterator[Article]:
    iterator, done = iter(articles), 0
    while page := list(islice(iterator, 100)):
        yield from page
        done += len(page)
        progress(done, total)
