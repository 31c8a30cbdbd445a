"""How an index is cut into parts and these are written, and which of them an update writes again."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain, groupby
from operator import itemgetter
from typing import TypeVar

from indexer.model import Article
from indexer.processes import mapped

R = TypeVar("R")

FIRST_SHARE = 2
"""The first part is full with half of what fills another: until it is read, a core stands idle."""

LAST_SHARES = (3, 2, 1)
"""How the last full part and what remains after it are shared out. Whichever core is free takes the next one:
all of them end at about the same time."""

FEW = 8
"""Articles that fill less than this part of one are written by this process: making others takes as long."""

SMALL = 400_000
"""Distinct words of all its live documents, each its own, from which a part is not written again for being
small: some two thousand articles. This bounds what an update costs; full parts of few long texts are not."""

MOST_SMALL = 7
"""An update that would leave more small parts than this merges some into its own."""


def written(
    write: Callable[[tuple[int, list[Article]]], R], articles: Iterable[Article], letters: int, jobs: int
) -> list[R]:
    """What a function makes of each part: in processes, but for few articles.

    Args:
        write: it gets the place of the part among the others, and may empty the list.
        letters: a part is full when its texts hold so many letters.
    """
    articles = iter(articles)
    few = _filled(articles, letters // FEW)
    jobs = jobs if _letters(few) >= letters // FEW else 1
    parts = _in_parts(chain(few, articles), letters)
    del few  # the texts of a part that is written are not kept
    return list(mapped(write, enumerate(parts), jobs))


def _in_parts(articles: Iterator[Article], letters: int) -> Iterator[list[Article]]:
    """The parts. The last full one is shared out together with what remains after it."""
    part = _filled(articles, letters // FIRST_SHARE)
    if part:
        yield part
    part = _filled(articles, letters)
    while _letters(following := _filled(articles, letters)) >= letters:
        yield part
        part = following
    part = part + following
    if part:
        yield from _cut(part, LAST_SHARES if _letters(part) >= letters else (1,))


def _filled(articles: Iterator[Article], letters: int) -> list[Article]:
    """The next articles that fill a part, or all that are left."""
    part: list[Article] = []
    held = 0
    while held < letters and (article := next(articles, None)):
        part.append(article)
        held += _letters((article,))
    return part


def _cut(articles: list[Article], shares: Sequence[int]) -> Iterator[list[Article]]:
    """Articles in pieces that have about such shares of the letters, by where each article ends."""
    ends = list(accumulate(_letters((article,)) for article in articles))
    bounds = [ends[-1] * share / sum(shares) for share in accumulate(shares)]
    places = [bisect_left(bounds, end) for end in ends]
    for _, piece in groupby(zip(places, articles, strict=True), key=itemgetter(0)):
        yield [article for _, article in piece]


def _letters(articles: Iterable[Article]) -> int:
    return sum(len(article.body) + len(article.title) for article in articles)


def to_merge(sizes: Mapping[str, tuple[int, float]]) -> frozenset[str]:
    """Which parts an update writes again: the mostly deleted, and small ones where there are many.

    The smaller half of the small parts goes, so that the next merge is several updates away and an
    article is written again only as often as the size of its part doubles.

    Args:
        sizes: name → words of all its documents (`forward.words_held`), which share of these is live.

    >>> sorted(to_merge({"big": (900_000, 1.0), "half dead": (9_000, 0.4), "small": (90_000, 1.0)}))
    ['half dead']
    """
    dropped = {name for name, (_, live) in sizes.items() if live < 1 / 2}
    held = sorted((words * live, name) for name, (words, live) in sizes.items() if name not in dropped)
    small = [name for words, name in held if words < SMALL]
    if len(small) >= MOST_SMALL:
        dropped.update(small[: len(small) // 2 + 1])
    return frozenset(dropped)
