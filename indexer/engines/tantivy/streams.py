"""The token streams of a generation: every document's words in reading order, as numbers.

Tantivy shows no postings. What it cannot say exactly, how often each term of a plan occurs in the best
candidates and where, is read from these arrays.
"""

import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.engines.batch import REGIONS, TITLE, Batch
from indexer.engines.tantivy.files import Part
from indexer.query.plan import TEXT_FIELDS

Ints = NDArray[np.int64]
Words = NDArray[np.uint32]

LOOKED_UP = 1 << 13
"""Terms of a view whose words are remembered: a search asks for each several times."""

NO_WORDS: Words = np.zeros(0, np.uint32)


def region_and_view(field: str) -> tuple[str, str]:
    """A field's region and view.

    >>> region_and_view("title_folded"), region_and_view("stem")
    (('title_', 'folded'), ('', 'stem'))
    """
    return (TITLE, field.removeprefix(TITLE)) if field.startswith(TITLE) else ("", field)


def write_streams(folder: Path, part: str, batch: Batch) -> None:
    """Writes a part's streams, and for each view which of the streams' words have which term."""
    for region in REGIONS:
        np.save(folder / f"{part}.{region}words.npy", np.frombuffer(batch.streams[region], np.uint32))
        np.save(folder / f"{part}.{region}lengths.npy", np.array(batch.lengths[region], np.uint32))
    for view in TEXT_FIELDS:
        of_word = [getattr(term, view) for term in batch.terms]
        terms = sorted(set(of_word))
        numbers = {term: number for number, term in enumerate(terms)}
        owners = np.fromiter(map(numbers.__getitem__, of_word), np.int64, len(of_word))
        encoded = [term.encode() for term in terms]
        np.savez(
            folder / f"{part}.{view}.npz",
            letters=np.frombuffer(b"".join(encoded), np.uint8),
            ends=np.cumsum([0, *map(len, encoded)]),
            words=np.argsort(owners, kind="stable").astype(np.uint32),
            spans=np.cumsum([0, *np.bincount(owners, minlength=len(terms))]),
        )


class View:
    """One view of a part's words: its terms in order, and the words that each stands for."""

    def __init__(self, file: Path) -> None:
        with np.load(file) as arrays:
            self._letters: bytes = arrays["letters"].tobytes()
            self._ends = memoryview(arrays["ends"])
            self._words: Words = arrays["words"]
            self.spans: Ints = arrays["spans"]
        self.words = lru_cache(LOOKED_UP)(self._words_of)

    def words_and_places(self, terms: Sequence[str]) -> tuple[Words, Ints]:
        """The words that have one of some terms, and for each the place of its term among them."""
        found = [self.words(term) for term in terms]
        return np.concatenate(found), np.repeat(np.arange(len(found)), list(map(len, found)))

    def _words_of(self, term: str) -> Words:
        """The numbers of the words that have a term."""
        number = self.number(term)
        return NO_WORDS if number is None else self._words[self.spans[number] : self.spans[number + 1]]

    def number(self, term: str) -> int | None:
        wanted = term.encode()
        found = bisect.bisect_left(range(len(self)), wanted, key=self._term)
        return found if found < len(self) and self._term(found) == wanted else None

    def __len__(self) -> int:
        return len(self._ends) - 1

    def _term(self, number: int) -> bytes:
        return self._letters[self._ends[number] : self._ends[number + 1]]

    def terms(self) -> list[str]:
        return [self._term(number).decode() for number in range(len(self))]

    @cached_property
    def of_word(self) -> Ints:
        """The number of each word's term."""
        numbers = np.empty(len(self._words), np.int64)
        numbers[self._words] = np.repeat(np.arange(len(self)), np.diff(self.spans))
        return numbers


@dataclass(frozen=True)
class PartStreams:
    """The streams of one part. `base` is the snapshot's number of its first document."""

    folder: Path
    part: Part
    base: int

    @cached_property
    def streams(self) -> dict[str, Words]:
        """For each region its words; mapped into memory."""
        files = {region: self.folder / f"{self.part.name}.{region}words.npy" for region in REGIONS}
        return {region: np.asarray(np.load(file, mmap_mode="r")) for region, file in files.items()}

    @cached_property
    def bounds(self) -> dict[str, Ints]:
        """For each region where each document's words begin, and one end more."""
        files = {region: self.folder / f"{self.part.name}.{region}lengths.npy" for region in REGIONS}
        return {region: np.cumsum([0, *np.load(file)]) for region, file in files.items()}

    @cached_property
    def views(self) -> dict[str, View]:
        return {view: View(self.folder / f"{self.part.name}.{view}.npz") for view in TEXT_FIELDS}

    def __len__(self) -> int:
        return self.part.size

    @cached_property
    def vocabulary(self) -> int:
        """How many distinct words the part has."""
        return len(self.views[TEXT_FIELDS[0]].of_word)

    def words_of(self, region: str, documents: Ints) -> tuple[Words, Ints]:
        """The words of some documents that are in this part, one after the other; where each one's begin.

        Args:
            documents: the snapshot's numbers.
        """
        stream, bounds = self.streams[region], self.bounds[region]
        local = documents - self.base
        first, end = bounds[local], bounds[local + 1]
        lengths = end - first
        words = [stream[start:stop] for start, stop in zip(first.tolist(), end.tolist(), strict=True)]
        return np.concatenate(words), lengths.cumsum() - lengths

    def sums(self, field: str, mark: Callable[[str], int]) -> NDArray[np.uint64]:
        """For each document the sum over its words in a field of a number for each, modulo 2⁶⁴."""
        region, view = region_and_view(field)
        terms = self.views[view]
        marks = np.array([mark(term) for term in terms.terms()], np.uint64)[terms.of_word]
        ends = np.concatenate((np.zeros(1, np.uint64), np.cumsum(marks[self.streams[region]])))
        return np.diff(ends[self.bounds[region]])
