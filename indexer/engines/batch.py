"""Articles as arrays: the token streams that every engine's writer inverts, a batch at a time."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import Term, term_of
from indexer.analysis.tokenize import words
from indexer.engines.documents import COLUMNS
from indexer.model import Article

Ints = NDArray[np.int64]

TITLE = "title_"
REGIONS = ("", TITLE)
"""The body and the title: the prefixes of their fields' names."""


@dataclass(slots=True)
class Batch:
    """The token streams of articles that wait to be written: word numbers in reading order."""

    articles: list[dict[str, str | int | None]] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    terms: list[Term] = field(default_factory=list)
    streams: "dict[str, array[int]]" = field(
        default_factory=lambda: {region: array("I") for region in REGIONS}
    )
    lengths: "dict[str, array[int]]" = field(
        default_factory=lambda: {region: array("I") for region in REGIONS}
    )

    def add(self, article: Article) -> None:
        for region, text in zip(REGIONS, (article.body, article.title), strict=True):
            stream = self.streams[region]
            before = len(stream)
            stream.extend(self._number(word) for word, _, _ in words(text))
            self.lengths[region].append(len(stream) - before)
        self.articles.append({name: getattr(article, name) for name in COLUMNS})

    def _number(self, word: str) -> int:
        number = self.numbers.get(word)
        if number is None:
            number = self.numbers[word] = len(self.terms)
            self.terms.append(term_of(word))
        return number

    @property
    def size(self) -> int:
        return sum(map(len, self.streams.values()))

    def forward(self) -> tuple[Sequence[str], Ints, Ints, Ints]:
        """The folded vocabulary; each article's distinct words in it, their counts; where each one's end."""
        vocabulary = sorted({term.folded for term in self.terms})
        numbers = {term: number for number, term in enumerate(vocabulary)}
        of_word = np.fromiter((numbers[term.folded] for term in self.terms), np.int64, len(self.terms))
        keys = []
        for region in REGIONS:
            lengths = np.array(self.lengths[region], dtype=np.int64)
            stream = of_word[np.frombuffer(self.streams[region], dtype=np.uint32)]
            keys.append(np.repeat(np.arange(len(lengths)), lengths) * len(vocabulary) + stream)
        distinct, counts = np.unique(np.concatenate(keys), return_counts=True)
        ends = np.searchsorted(distinct, (np.arange(len(self.articles)) + 1) * len(vocabulary))
        return vocabulary, distinct % max(1, len(vocabulary)), counts, ends
