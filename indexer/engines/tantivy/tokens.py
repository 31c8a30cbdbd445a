"""Where some terms stand in a few documents, read from their token streams."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from indexer.engines.nearness import POSITION_BITS, Places
from indexer.engines.tantivy.streams import Ints, PartStreams, View, Words, region_and_view


class Occurrences(NamedTuple):
    """Where some terms stand: for each occurrence the number of its term, its document and its place."""

    numbers: dict[str, int]
    terms: Ints
    owners: Ints
    places: Places

    def of(self, terms: Sequence[str]) -> Places:
        """The places of any of these terms, rising."""
        wanted = np.zeros(len(self.numbers) + 1, dtype=bool)
        wanted[[self.numbers[term] for term in terms]] = True
        return self.places[wanted[self.terms]]


class _Kept(NamedTuple):
    """The words of one region that matter.

    Attributes:
        known: part by part the words that are asked for, rising.
        numbers: part by part the places in `known`, from 1, of the words that stand in the documents.
        owners, places: for each of those, in all parts, the document it is in and its place.
    """

    known: list[Words]
    numbers: list[Ints]
    owners: Ints
    places: Places


class Tokens:
    """What some documents hold of some terms.

    Args:
        documents: their numbers, rising.
        wanted: for each field its terms; all others are passed over in one go.
    """

    def __init__(
        self, parts: Sequence[PartStreams], documents: Ints, wanted: Mapping[str, Iterable[str]]
    ) -> None:
        bounds = [*documents.searchsorted([part.base for part in parts]).tolist(), len(documents)]
        self._parts = [
            (part, documents[start:end])
            for part, (start, end) in zip(parts, pairwise(bounds), strict=True)
            if start < end
        ]
        self._wanted: dict[str, dict[str, list[str]]] = {}
        for field, terms in wanted.items():
            region, view = region_and_view(field)
            self._wanted.setdefault(region, {})[view] = list(dict.fromkeys(terms))
        self._kept: dict[str, _Kept] = {}

    def occurrences(self, field: str) -> Occurrences:
        region, view = region_and_view(field)
        if region not in self._kept:
            self._kept[region] = self._region(region)
        kept = self._kept[region]
        terms = self._wanted[region][view]
        codes = np.concatenate(
            [
                _codes(part.views[view], terms, known)[numbers]
                for (part, _), known, numbers in zip(self._parts, kept.known, kept.numbers, strict=True)
            ]
        )
        held = np.flatnonzero(codes)
        numbers = {term: number for number, term in enumerate(terms, 1)}
        return Occurrences(numbers, codes[held], kept.owners[held], kept.places[held])

    def _region(self, region: str) -> _Kept:
        asked, kept, owners, places, base = [], [], [], [], 0
        for part, documents in self._parts:
            words, starts = part.words_of(region, documents)
            known = self._known(part, region)
            table = np.zeros(part.vocabulary, dtype=np.min_scalar_type(len(known)))
            table[known] = np.arange(1, len(known) + 1)
            numbers = table[words]
            at = np.flatnonzero(numbers)
            owner = starts.searchsorted(at, side="right") - 1
            asked.append(known)
            kept.append(numbers[at])
            owners.append(owner + base)
            places.append((owner + base << POSITION_BITS) + at - starts[owner])
            base += len(documents)
        return _Kept(asked, kept, np.concatenate(owners), np.concatenate(places))

    def _known(self, part: PartStreams, region: str) -> Words:
        """The words of a part that are asked for by any view."""
        views = self._wanted[region].items()
        return np.unique(
            np.concatenate([part.views[view].words_and_places(terms)[0] for view, terms in views])
        )


def _codes(view: View, terms: Sequence[str], known: Words) -> Ints:
    """For each of the asked words the number of its term, both from 1; 0 for words of other terms."""
    words, places = view.words_and_places(terms)
    codes = np.zeros(len(known) + 1, np.int64)
    codes[known.searchsorted(words) + 1] = places + 1
    return codes
