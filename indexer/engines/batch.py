"""Articles as arrays: the token streams that every engine's writer inverts, a batch at a time."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, compress
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
    """Distinct strings → their numbers, counted up as they come: a plain lookup for every one but the new."""

    def __missing__(self, string: str) -> int:
        number = self[string] = len(self)
        return number


class Column(NamedTuple):
    """One view of some words.

    Attributes:
        terms: its distinct terms in UTF-8, in the order of their bytes, which is that of their code points.
        sizes, sums: their lengths in bytes and their checksums.
        of_word: for each word the number of its term.
    """

    terms: list[bytes]
    sizes: Ints
    sums: Ints
    of_word: Ints


def columns_of(views: Views) -> dict[str, Column]:
    """Each view with its terms in order; strings are sorted once for all, the rest is done on numbers."""
    ordered = sorted(set().union(*views))
    places = dict(zip(ordered, range(len(ordered)), strict=True))
    terms = "\n".join(ordered).encode().split(b"\n")
    sizes, sums = (np.fromiter(map(measure, terms), np.int64, len(terms)) for measure in (len, crc32))
    columns = {}
    for name, view in views._asdict().items():
        place_of_word = np.fromiter(map(places.__getitem__, view), np.int64, len(view))
        held = np.bincount(place_of_word, minlength=len(terms)) > 0
        of_word = (np.cumsum(held) - 1)[place_of_word]
        columns[name] = Column(list(compress(terms, held.tolist())), sizes[held], sums[held], of_word)
    return columns


class _Runs(NamedTuple):
    """The words in what stands between spaces.

    Attributes:
        numbers: those of the words, run after run.
        sizes: how many words each run has: one mostly, none in a dash.
    """

    numbers: NDArray[np.uint32]
    sizes: NDArray[np.int32]

    def words_of(self, stream: NDArray[np.uint32], ends: Sequence[int]) -> tuple[NDArray[np.uint32], Ints]:
        """The words of texts, and how many each text has.

        Args:
            stream: the runs of the texts, text after text.
            ends: where each text ends in it.

        >>> runs = _Runs(np.array([7, 8, 9], np.uint32), np.array([2, 0, 1], np.int32))  # 7 8, nothing, 9
        >>> words, lengths = runs.words_of(np.array([2, 1, 0], np.uint32), [1, 3])
        >>> words.tolist(), lengths.tolist()
        ([9, 7, 8], [1, 2])
        """
        sizes = self.sizes[stream]
        after = np.concatenate(([0], np.cumsum(sizes)))
        shifts = (np.cumsum(self.sizes, dtype=np.int32) - self.sizes)[stream] - after[:-1].astype(np.int32)
        places = np.arange(after[-1], dtype=np.int32) + np.repeat(shifts, sizes)
        return self.numbers[places], np.diff(after[[0, *ends]])


@dataclass(frozen=True)
class Batch:
    """The token streams of articles that wait to be written.

    Attributes:
        articles: what an index keeps of each beside its words (`COLUMNS`).
        words: the distinct words by their numbers.
        streams: for each region the words of all articles in reading order.
        lengths: for each region how many words each article has.
    """

    articles: list[dict[str, str | int | None]]
    words: list[str]
    streams: dict[str, NDArray[np.uint32]]
    lengths: dict[str, Ints]

    @classmethod
    def of(cls, part: list[Article]) -> Self:
        """A part's articles. The list is emptied: no text is held in memory while a part is written.

        No word has a space in it, so texts are split at spaces, and each distinct run between two of them is
        taken apart once: a tenth of what comes.
        """
        articles, runs, words = [], _Numbers(), _Numbers()
        streams, ends = (
            {region: array("I") for region in REGIONS},
            {region: list[int]() for region in REGIONS},
        )
        part.reverse()
        while part:
            article = part.pop()
            articles.append({name: getattr(article, name) for name in COLUMNS})
            for region, text in zip(REGIONS, (article.body, article.title), strict=True):
                # through a list: an array that does not know how many come takes twice as long
                streams[region].extend(array("I", list(map(runs.__getitem__, text.split()))))
                ends[region].append(len(streams[region]))
        found = list(map(word_list, runs))
        numbers = np.fromiter(map(words.__getitem__, chain.from_iterable(found)), np.uint32)
        held = _Runs(numbers, np.fromiter(map(len, found), np.int32))
        texts = {r: held.words_of(np.frombuffer(streams[r], np.uint32), ends[r]) for r in REGIONS}
        return cls(
            articles, list(words), {r: texts[r][0] for r in REGIONS}, {r: texts[r][1] for r in REGIONS}
        )

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The views of the words by their numbers."""
        return columns_of(views_of(self.words))

    def by_term(self) -> "Batch":
        """The same, with words numbered so that those which have a term in common mostly stand together."""
        order = np.lexsort([self.columns[view].of_word for view in ("written", "folded", "light", "stem")])
        places = np.empty_like(order, np.uint32)
        places[order] = np.arange(len(order))
        words = list(map(self.words.__getitem__, order.tolist()))
        ordered = replace(self, words=words, streams={r: places[s] for r, s in self.streams.items()})
        views = {
            view: column._replace(of_word=column.of_word[order]) for view, column in self.columns.items()
        }
        vars(ordered)["columns"] = views  # terms do not change
        return ordered

    @property
    def size(self) -> int:
        return sum(map(len, self.streams.values()))

    @cached_property
    def held(self) -> dict[str, tuple[Ints, Ints]]:
        """For each region the distinct words of all articles: whose each is, rising, and its number."""
        return {region: self._held(region) for region in REGIONS}

    def _held(self, region: str) -> tuple[Ints, Ints]:
        lengths = self.lengths[region]
        keys = np.repeat(np.arange(len(lengths)) << WORD_BITS, lengths)
        keys += self.streams[region]
        keys.sort(kind="stable")  # which goes article by article: they are in order already
        keys = distinct(keys)
        return keys >> WORD_BITS, keys & WORD

    def forward(self) -> tuple[Sequence[bytes], Ints, Ints, Ints]:
        """The folded vocabulary; each article's distinct words in it, their counts; where each one's end."""
        vocabulary, *_, of_word = self.columns["folded"]
        keys = []
        for region in REGIONS:
            lengths, stream = self.lengths[region], of_word[self.streams[region]]
            keys.append(np.repeat(np.arange(len(lengths)), lengths) * len(vocabulary) + stream)
        every = np.sort(np.concatenate(keys), kind="stable")
        starts = np.flatnonzero(np.diff(every, prepend=-1))
        forms, counts = every[starts], np.diff(starts, append=len(every))
        ends = np.searchsorted(forms, (np.arange(len(self.articles)) + 1) * len(vocabulary))
        return vocabulary, forms % max(1, len(vocabulary)), counts, ends
