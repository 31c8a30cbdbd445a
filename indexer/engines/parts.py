"""How an index is cut into parts and these are written, and which of them an update writes again."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import TypeVar

from indexer.model import Article
from indexer.processes import mapped

R = TypeVar("R")

SMALL = 2_000
"""A part of so many live documents is not written again for being small: this bounds what an update costs."""

MOST_SMALL = 7
"""An update that would leave more small parts than this merges some into its own."""


def written(
    write: Callable[[tuple[int, list[Article]]], R], articles: Iterable[Article], letters: int, jobs: int
) -> list[R]:
    """What a function makes of each part: in processes, but for articles that fill no part.

    Args:
        write: it gets the place of the part among the others, and takes the articles by `taken`.
        letters: a part is full when its texts hold so many letters.
    """
    parts = _in_parts(articles, letters)
    first = next(parts, [])
    full = sum(map(_letters, first)) >= letters
    return list(mapped(write, enumerate(chain([first], parts)), jobs if full else 1)) if first else []


def taken(part: list[Article]) -> Iterator[Article]:
    """The articles of a part. The list is emptied: no text is held in memory while a part is written."""
    part.reverse()
    while part:
        yield part.pop()


def _in_parts(articles: Iterable[Article], letters: int) -> Iterator[list[Article]]:
    part: list[Article] = []
    held = 0
    for article in articles:
        part.append(article)
        held += _letters(article)
        if held >= letters:
            yield part
            part, held = [], 0
    if part:
        yield part


def _letters(article: Article) -> int:
    return len(article.body) + len(article.title)


def to_merge(sizes: Mapping[str, tuple[int, int]]) -> frozenset[str]:
    """Which parts an update writes again: the mostly deleted, and small ones where there are many.

    The smaller half of the small parts goes, so that the next merge is several updates away and an
    article is written again only as often as the size of its part doubles.

    Args:
        sizes: name → documents, live documents.

    >>> sorted(to_merge({"big": (9000, 9000), "half dead": (100, 40), "small": (500, 500)}))
    ['half dead']
    """
    dropped = {name for name, (size, live) in sizes.items() if live * 2 < size}
    small = sorted((live, name) for name, (_, live) in sizes.items() if live < SMALL and name not in dropped)
    if len(small) >= MOST_SMALL:
        dropped.update(name for _, name in small[: len(small) // 2 + 1])
    return frozenset(dropped)
