"""How the words of an archive are written: from the terms of a query to the words that texts may show.

A text is highlighted by its words as they stand there. Which of them a term stands for, the chain would have
to be asked for every word of every text shown; here it is looked up. For each folded word of a segment stand
marks of its terms, and its writings where they are not the folded word itself.
"""

import zlib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import Views

VIEWS = ("folded", "light", "stem")
"""The views of a word that its folded form decides, in the order of the marks."""

APART = "\t"

Marks = NDArray[np.uint32]
Forms = NDArray[np.int32]


def write_writings(folder: Path, segment: str, vocabulary: Sequence[str], views: Views) -> None:
    """Writes a segment's part.

    Args:
        vocabulary: its folded words, in code point order.
        views: the terms of its distinct words.
    """
    written: dict[str, set[str]] = {}
    for word, folded in zip(views.written, views.folded, strict=True):
        if word != folded:
            written.setdefault(folded, set()).add(word)
    marks = []
    for name in VIEWS:
        by_folded = dict(zip(views.folded, getattr(views, name), strict=True))
        marks.append([mark_of(by_folded[word]) for word in vocabulary])
    np.save(folder / f"{segment}.marks.npy", np.array(marks, dtype=np.uint32))
    lines = "\n".join(APART.join(sorted(written.get(word, ()))) for word in vocabulary)
    (folder / f"{segment}.written.terms").write_text(lines, "utf-8")


def mark_of(term: str) -> int:
    """A number of 32 bits that stands for a term. Different terms may share one, which costs a look."""
    return zlib.crc32(term.encode())


class _Lines:
    """The writings of a segment's words, a line each."""

    def __init__(self, text: str) -> None:
        self._text = f"\n{text}\n"
        letters = np.frombuffer(self._text.encode("utf-32-le"), dtype=np.uint32)
        self._breaks = np.flatnonzero(letters == ord("\n")).astype(np.int32)

    def of(self, numbers: NDArray[np.integer]) -> list[str]:
        """The writings of some words."""
        starts, ends = self._breaks.take(numbers) + 1, self._breaks.take(numbers + 1)
        some = np.flatnonzero(starts < ends)
        lines = zip(starts.take(some).tolist(), ends.take(some).tolist(), strict=True)
        return [writing for start, end in lines for writing in self._text[start:end].split(APART)]


class Writings:
    """The writings of a snapshot's words. Immutable; safe for any number of threads."""

    def __init__(self, folder: Path, segments: Sequence[str], places: Sequence[Forms], size: int) -> None:
        """`places`: for each segment, the numbers of its words among the `size` words of the snapshot."""
        self._marks: Marks = np.zeros((len(VIEWS), size), dtype=np.uint32)
        self._parts: list[tuple[Forms, _Lines]] = []
        for name, words in zip(segments, places, strict=True):
            self._marks[:, words] = np.load(folder / f"{name}.marks.npy")
            self._parts.append((words, _Lines((folder / f"{name}.written.terms").read_text("utf-8"))))

    def likely(self, words: Forms, wanted: Mapping[str, Collection[str]]) -> Forms:
        """Those of some words that may have a wanted term.

        Args:
            words: their numbers.
            wanted: view → terms; of the view `written` folded.
        """
        found = np.zeros(len(words), dtype=bool)
        for marks, view in zip(self._marks, VIEWS, strict=True):
            asked = np.fromiter(map(mark_of, wanted.get(view, ())), np.uint32)
            if len(asked):
                found |= np.isin(marks.take(words), asked)
        return words.compress(found)

    def of(self, words: Forms) -> list[str]:
        """How some words are written where it is not as they are folded."""
        found: list[str] = []
        for own, lines in self._parts:
            at = own.searchsorted(words).clip(max=len(own) - 1)
            found += lines.of(at.compress(own.take(at) == words)) if len(own) else []
        return found
