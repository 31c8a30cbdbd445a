"""How the words of an archive are written: from the terms of a query to the words that texts may show.

A text is highlighted by its words as they stand there. Which of them a term stands for, the chain would have
to be asked for every word of every text shown; here it is looked up.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from indexer.engines.batch import Column
from indexer.engines.mapped import Mapped
from indexer.lru import Lru

SALTS = {view: crc32(view.encode()) for view in ("folded", "light", "stem")}
"""The views by which written words are looked up, and what tells the marks of their terms apart."""

KEPT = 80_000
"""Terms and words of late answers that are kept: some eight megabytes."""

LEAST = 20
"""What an answer of few terms and words counts beside them."""

Wanted = frozenset[tuple[str, str]]
"""Terms that are looked for: (view, term) pairs."""

Numbers = NDArray[np.uint32]


class _Columns(NamedTuple):
    """What is kept of a segment.

    Attributes:
        marks: of each written word the marks of its terms, all of them rising.
        words: the number of the word that has each.
        ends: where each word's letters end; a zero before.
        letters: the words in UTF-8.
    """

    marks: Numbers
    words: Numbers
    ends: Numbers
    letters: NDArray[np.uint8]


def write_writings(folder: Path, segment: str, columns: Mapping[str, Column]) -> None:
    """Writes a segment's part. `columns` are the views of its words."""
    written, sizes, _, of_word = columns["written"]
    word_of = np.empty(len(written), np.int64)  # any that is written so: all of them have the same terms
    word_of[of_word] = np.arange(len(of_word))
    views = ((columns[view], salt) for view, salt in SALTS.items())
    sums = np.concatenate([view.sums[view.of_word[word_of]] ^ salt for view, salt in views])
    marks = sums.astype(np.uint32)
    order = marks.argsort(kind="stable")
    made = _Columns(
        marks[order],
        (order % max(1, len(written))).astype(np.uint32),
        np.append(0, sizes.cumsum()).astype(np.uint32),
        np.frombuffer(b"".join(written), np.uint8),
    )
    for name, column in made._asdict().items():
        np.save(_file(folder, segment, name), column)


def _file(folder: Path, segment: str, column: str) -> Path:
    return folder / f"{segment}.written.{column}.npy"


def _mark(view: str, term: str) -> int:
    """A number for a term. Different terms may share one, which costs a look."""
    return crc32(term.encode()) ^ SALTS[view]


class _Segment:
    """The written words of one segment, in mapped files."""

    def __init__(self, folder: Path, name: str) -> None:
        self._files = [Mapped(_file(folder, name, column)) for column in _Columns._fields]
        self._columns = _Columns(*(file.numbers for file in self._files))
        self._letters = self._columns.letters.data

    def of(self, marks: Numbers) -> list[str]:
        """The words that have a term of one of some marks."""
        columns = self._columns
        first, end = (columns.marks.searchsorted(marks, side).tolist() for side in ("left", "right"))
        runs = zip(first, end, strict=True)
        numbers = np.concatenate([columns.words[:0], *(columns.words[i:j] for i, j in runs if i < j)])
        starts, ends = columns.ends.take(numbers), columns.ends.take(numbers + 1)
        spans = zip(starts.tolist(), ends.tolist(), strict=True)
        found = [str(self._letters[start:stop], "utf-8") for start, stop in spans]
        for file in self._files:
            file.let_go()
        return found


class Writings:
    """The written words of a snapshot. Safe for any number of threads."""

    def __init__(self, folder: Path, segments: Sequence[str]) -> None:
        self._segments = [_Segment(folder, name) for name in segments]
        self._kept: Lru[Wanted, frozenset[str]] = Lru(
            KEPT, lambda wanted, words: LEAST + len(wanted) + len(words)
        )

    def of(self, wanted: Wanted) -> frozenset[str]:
        """All words that have a wanted term; words that have none may be among them."""
        found = self._kept.get(wanted)
        return self._kept.put(wanted, self._looked_up(wanted)) if found is None else found

    def _looked_up(self, wanted: Wanted) -> frozenset[str]:
        marks = np.array(sorted(_mark(view, term) for view, term in wanted), np.uint32)
        return frozenset(chain.from_iterable(segment.of(marks) for segment in self._segments))
