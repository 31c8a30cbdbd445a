"""What BM25 counts over the live articles of a snapshot, and how far tantivy's own counts are from that.

Tantivy counts deleted documents as long as their part is there, and rounds lengths down. What an update
leaves would rank otherwise than a rebuild, so its scores only choose candidates (`slack` says how far they
may fall short), and the counts here score them.
"""

from collections.abc import Sequence
from functools import cached_property, lru_cache

import numpy as np

from indexer.engines.documents import Mask, Scores
from indexer.engines.ranking import K1, B, inverse_frequency
from indexer.engines.tantivy.library import tantivy
from indexer.engines.tantivy.streams import Ints, PartStreams, region_and_view

SINGLE_PRECISION = 1e-4
"""Tantivy adds scores up in 32 bits: a sum of a thousand is not farther off."""

IDFS = 1 << 14


class Statistics:
    """Counts over the live articles of a snapshot. Immutable; safe for any number of threads."""

    def __init__(self, searcher: "tantivy.Searcher", parts: Sequence[PartStreams], live: Mask) -> None:
        self._searcher, self._parts, self._live = searcher, parts, live
        self.articles = int(live.sum())
        self.idf = lru_cache(IDFS)(self._idf)
        self._norms: dict[str, Scores] = {}
        self._dead: dict[tuple[str, str], Ints] = {}

    def df(self, field: str, term: str) -> int:
        """In how many live articles a term occurs in a field."""
        held: int = self._searcher.doc_freq(field, term)
        if held and self.articles < len(self._live):
            view = region_and_view(field)[1]
            for part in self._parts:
                if part.part.deleted and (number := part.views[view].number(term)) is not None:
                    held -= int(self._deleted_with(part, field)[number])
        return held

    def idf_of(self, df: int) -> float:
        return inverse_frequency(df, self.articles)

    def _idf(self, field: str, term: str) -> tuple[float, float]:
        """The idf of a term, and what tantivy's must be multiplied with to be that."""
        idf = self.idf_of(self.df(field, term))
        if self.articles == len(self._live):
            return idf, 1.0
        return idf, idf / inverse_frequency(self._searcher.doc_freq(field, term), len(self._live))

    def _deleted_with(self, part: PartStreams, field: str) -> Ints:
        """For each term of a part, how many of its deleted documents have it in a field."""
        key = part.part.name, field
        if key not in self._dead:
            region, view = region_and_view(field)
            terms = part.views[view]
            gone = np.array(sorted(part.part.deleted)) + part.base
            owners = np.repeat(np.arange(len(gone)), np.diff(part.bounds[region])[gone - part.base])
            pairs = np.unique(owners * len(terms) + terms.of_word[part.words_of(region, gone)[0]])
            self._dead[key] = np.bincount(pairs % max(1, len(terms)), minlength=len(terms))
        return self._dead[key]

    @cached_property
    def lengths(self) -> dict[str, Scores]:
        """For each region the words of every document."""
        regions = self._parts[0].bounds if self._parts else {}
        return {
            region: np.concatenate([np.diff(part.bounds[region]) for part in self._parts]).astype(float)
            for region in regions
        }

    def norms(self, field: str) -> Scores:
        """Per document: k1 · (1 − b + b · length / average length)."""
        region, _ = region_and_view(field)
        if region not in self._norms:
            norms: Scores = K1 * (1 - B + B * self.lengths[region] / self._average(region))
            self._norms[region] = norms
        return self._norms[region]

    def _average(self, region: str) -> float:
        return max(1.0, float(self.lengths[region][self._live].sum()) / max(1, self.articles))

    @cached_property
    def slack(self) -> float:
        """A document's exact score is not above tantivy's times this.

        Tantivy rounds lengths down, which only adds to scores; it takes a smaller average length where
        deleted documents are shorter than live ones, which takes away less than the averages' ratio.
        """
        ratios = [
            self._average(region) / (total / len(self._live))
            for region in self.lengths
            if (total := float(self.lengths[region].sum()))
        ]
        return max([1.0, *ratios]) * (1 + SINGLE_PRECISION)
