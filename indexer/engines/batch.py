"""Articles as arrays: the token streams that every engine's writer inverts, a batch at a time."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress
from typing import NamedTuple, Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import Views, views_of
from indexer.analysis.tokenize import word_list
from indexer.engines.documents import COLUMNS
from indexer.engines.sets import distinct
from indexer.model import Article

Ints = NDArray[np.int64]

WORD_BITS = 32
"""Of a word's number, where another one stands above it."""

WORD = (1 << WORD_BITS) - 1
"""What is left of such a number when the other one is taken off."""

TITLE = "title_"
REGIONS = ("", TITLE)
"""The body and the title: the prefixes of their fields' names."""


class _Numbers(dict[str, int]):
    """Distinct words → their numbers, counted up as they come: a plain lookup for every word but the new."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class Column(NamedTuple):
    """One view of some words.

    Attributes:
        terms: its distinct terms in UTF-8, in the order of their bytes, which is that of their code points.
        sums: their checksums.
        of_word: for each word the number of its term.
    """

    terms: list[bytes]
    sums: Ints
    of_word: Ints


def columns_of(views: Views) -> dict[str, Column]:
    """Each view with its terms in order; strings are sorted once for all, the rest is done on numbers."""
    ordered = sorted(set().union(*views))
    places = dict(zip(ordered, range(len(ordered)), strict=True))
    terms = "\n".join(ordered).encode().split(b"\n")
    sums = np.fromiter(map(crc32, terms), np.int64, len(terms))
    columns = {}
    for name, view in views._asdict().items():
        place_of_word = np.fromiter(map(places.__getitem__, view), np.int64, len(view))
        held = np.bincount(place_of_word, minlength=len(terms)) > 0
        of_word = (np.cumsum(held) - 1)[place_of_word]
        columns[name] = Column(list(compress(terms, held.tolist())), sums[held], of_word)
    return columns


@dataclass
class Batch:
    """The token streams of articles that wait to be written: word numbers in reading order."""

    articles: list[dict[str, str | int | None]] = field(default_factory=list)
    words: _Numbers = field(default_factory=_Numbers)
    streams: "dict[str, array[int]]" = field(
        default_factory=lambda: {region: array("I") for region in REGIONS}
    )
    lengths: "dict[str, array[int]]" = field(
        default_factory=lambda: {region: array("I") for region in REGIONS}
    )

    @classmethod
    def of(cls, part: list[Article]) -> Self:
        """A part's articles. The list is emptied: no text is held in memory while a part is written."""
        batch = cls()
        part.reverse()
        while part:
            batch.add(part.pop())
        return batch

    def add(self, article: Article) -> None:
        number = self.words.__getitem__
        for region, text in zip(REGIONS, (article.body, article.title), strict=True):
            words = word_list(text)
            # through a list: an array that does not know how many come takes twice as long
            self.streams[region].extend(array("I", list(map(number, words))))
            self.lengths[region].append(len(words))
        self.articles.append({name: getattr(article, name) for name in COLUMNS})

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The views of the words by their numbers; ask when every article is in."""
        return columns_of(views_of(list(self.words)))

    @property
    def size(self) -> int:
        return sum(map(len, self.streams.values()))

    @cached_property
    def held(self) -> dict[str, tuple[Ints, Ints]]:
        """For each region the distinct words of all articles: whose each is, rising, and its number."""
        return {region: self._held(region) for region in REGIONS}

    def _held(self, region: str) -> tuple[Ints, Ints]:
        lengths = np.array(self.lengths[region], dtype=np.int64)
        keys = np.repeat(np.arange(len(lengths)) << WORD_BITS, lengths)
        keys += np.frombuffer(self.streams[region], dtype=np.uint32)
        keys.sort(kind="stable")  # which goes article by article: they are in order already
        keys = distinct(keys)
        return keys >> WORD_BITS, keys & WORD

    def forward(self) -> tuple[Sequence[bytes], Ints, Ints, Ints]:
        """The folded vocabulary; each article's distinct words in it, their counts; where each one's end."""
        vocabulary, _, of_word = self.columns["folded"]
        keys = []
        for region in REGIONS:
            lengths = np.array(self.lengths[region], dtype=np.int64)
            stream = of_word[np.frombuffer(self.streams[region], dtype=np.uint32)]
            keys.append(np.repeat(np.arange(len(lengths)), lengths) * len(vocabulary) + stream)
        every = np.sort(np.concatenate(keys), kind="stable")
        starts = np.flatnonzero(np.diff(every, prepend=-1))
        forms, counts = every[starts], np.diff(starts, append=len(every))
        ends = np.searchsorted(forms, (np.arange(len(self.articles)) + 1) * len(vocabulary))
        return vocabulary, forms % max(1, len(vocabulary)), counts, ends
