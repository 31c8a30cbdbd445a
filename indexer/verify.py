"""Looks for damage: checksums of every generation, and the index against the archive."""

from collections.abc import Iterator
from contextlib import closing

from indexer import generations
from indexer.analysis import tokens
from indexer.archive import Archive
from indexer.errors import IndexUnavailable, NoIndex
from indexer.generations import Snapshot
from indexer.model import Article
from indexer.query.plan import POSITION_FIELDS, WORD_BITS, term_mark
from indexer.settings import Settings


def faults(settings: Settings, deep: bool = False) -> Iterator[str]:
    """One line for every fault that is found; nothing where all is well.

    Raises:
        NoIndex: there is nothing to verify.
    """
    names = generations.published(settings.index_folder)
    if not names:
        raise NoIndex(f"there is no index in {settings.home}: run `rasid add PATH`")
    for name in names:
        try:
            generations.verify(settings.index_folder / name)
        except IndexUnavailable as error:
            yield str(error)
    try:
        current = generations.current(settings.index_folder)
        snapshot = generations.open_generation(settings.index_folder / current)
    except IndexUnavailable as error:
        yield str(error)
        return
    with closing(snapshot.engine):
        if deep:
            yield from _differences(settings, snapshot)


def _differences(settings: Settings, snapshot: Snapshot) -> Iterator[str]:
    """Where the current generation and the archive do not agree, article by article."""
    with Archive.open(settings.archive_file) as archive:
        indexed = dict(snapshot.engine.fingerprints())
        if archive.last_change() != snapshot.manifest.change:
            yield "the index is behind the archive: run `rasid add` or `rasid rebuild`"
        for article in archive.articles():
            found = indexed.pop(article.id, None)
            if found is None:
                yield f"{article.id}: is not in the index"
            elif found != (article.revision, fingerprint(article)):
                yield f"{article.id}: the index holds another text than the archive"
    yield from (f"{id}: is in the index, but not in the archive" for id in indexed)


def fingerprint(article: Article) -> int:
    """A number over the words of an article: equal for equal words, whatever their order."""
    total = 0
    for field, text in zip(POSITION_FIELDS, (article.body, article.title), strict=True):
        total += sum(term_mark(field, token.term.folded) for token in tokens(text))
    return total & WORD_BITS
