"""Looks for damage: checksums of every generation, and the index against the archive."""

from collections.abc import Iterator

from indexer import generations
from indexer.analysis import tokens
from indexer.archive import Archive
from indexer.engines import engine_named
from indexer.errors import IndexUnavailable, NoIndex
from indexer.generations import Kind, kind_of
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
    kind = kind_of(engine_named(settings.engine))
    for name in names:
        try:
            generations.verify(settings.index_folder / name)
        except IndexUnavailable as error:
            yield str(error)
    try:
        current = generations.current(settings.index_folder)
        generations.verify(settings.index_folder / current, kind)
    except IndexUnavailable as error:
        yield str(error)
        return
    if deep:
        yield from _differences(settings, current, kind)


def _differences(settings: Settings, name: str, kind: Kind) -> Iterator[str]:
    """Where the current generation and the archive do not agree, article by article."""
    snapshot = generations.open_generation(settings.index_folder / name, engine_named(settings.engine), kind)
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
    snapshot.engine.close()
    yield from (f"{id}: is in the index, but not in the archive" for id in indexed)


def fingerprint(article: Article) -> int:
    """A number over the words of an article: equal for equal words, whatever their order."""
    total = 0
    for field, text in zip(POSITION_FIELDS, (article.body, article.title), strict=True):
        total += sum(term_mark(field, token.term.folded) for token in tokens(text))
    return total & WORD_BITS
