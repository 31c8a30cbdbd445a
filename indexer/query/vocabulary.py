"""The words of a snapshot in one string: a tenth of the memory of a list, and as quick to look through.

A word stands between two line breaks, so a word, a beginning, an ending or letters inside are all found by
the string's own search.
"""

import bisect
import fnmatch
import re
from collections.abc import ItemsView, Iterator, Mapping, Sequence
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

STEP = 32
"""Every so manieth word is kept apart to begin a search at: fewer make it slower, more take memory."""

LAST = "\U0010ffff"

Ints = NDArray[np.int32]


class SortedWords(Sequence[str]):
    """Distinct words in code point order. Immutable."""

    def __init__(self, lines: str) -> None:
        """`lines` are the words, a line break between two."""
        self._text = f"\n{lines}\n" if lines else "\n"
        letters = np.frombuffer(self._text.encode("utf-32-le"), dtype=np.uint32)
        self._breaks: Ints = np.flatnonzero(letters == ord("\n")).astype(np.int32)
        self._at = self._breaks.data
        self._some = self[::STEP]

    def __len__(self) -> int:
        return len(self._breaks) - 1

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        if isinstance(at, slice):
            every = at.indices(len(self)) == (0, len(self), 1)
            return self if every else self.numbered(np.arange(len(self))[at])
        number = range(len(self))[at]
        return self._text[self._at[number] + 1 : self._at[number + 1]]

    def numbered(self, numbers: NDArray[np.integer]) -> list[str]:
        """The words at some places."""
        starts, ends = self._breaks.take(numbers) + 1, self._breaks.take(numbers + 1)
        return [self._text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._text.split("\n")[1:-1])

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self.number(word) is not None

    @property
    def lengths(self) -> NDArray[np.int64]:
        """The number of letters of each word."""
        return np.diff(self._breaks).astype(np.int64) - 1

    def letters(self) -> NDArray[np.uint32]:
        """The code points of all words, one after the other."""
        return np.frombuffer(self._text.replace("\n", "").encode("utf-32-le"), dtype=np.uint32)

    def number(self, word: str) -> int | None:
        """The place of a word; None where it is none of these.

        >>> SortedWords("بغداد\\nطهران").number("طهران")
        1
        """
        block = bisect.bisect_right(self._some, word) - 1
        if block < 0 or not word:
            return None
        first, end = self._span(block)
        at = self._text.find("\n" + word, first, end)  # a word stands before those that it begins
        if at < 0 or self._text[at + len(word) + 1] != "\n" or "\n" in word:
            return None
        return block * STEP + self._text.count("\n", first, at)

    def _span(self, block: int) -> tuple[int, int]:
        """Where a block of `STEP` words begins and ends, both breaks included."""
        end = min((block + 1) * STEP, len(self))
        return self._at[block * STEP], self._at[end] + 1

    def beginning(self, prefix: str) -> Sequence[str]:
        """The words that begin so."""
        if not prefix:
            return self
        last = bisect.bisect_left(self._some, prefix + LAST) - 1
        if last < 0:
            return []
        first = max(0, bisect.bisect_left(self._some, prefix) - 1)
        end = self._span(last)[1]
        start = self._text.find("\n" + prefix, self._span(first)[0], end)
        if start < 0:
            return []
        final = self._text.rfind("\n" + prefix, start, end)
        return self._text[start + 1 : self._text.index("\n", final + 1)].split("\n")

    def like(self, pattern: str) -> list[str]:
        """The words of a pattern with ``*`` and ``?``, in order.

        They are looked for by the pattern's longest part without either.

        >>> SortedWords("الكاظمي\\nكاظم\\nكاظمي").like("*اظمي")
        ['الكاظمي', 'كاظمي']
        """
        part = max(re.split(r"[*?]", f"\n{pattern}\n"), key=len)
        matches = re.compile(fnmatch.translate(pattern)).match
        if part.startswith("\n"):
            return [word for word in self.beginning(part.strip("\n")) if matches(word)]
        return [word for word in self._holding(part) if matches(word)]

    def _holding(self, part: str) -> Iterator[str]:
        """The words with some letters in them; a line break stands for the end of a word."""
        text, size = self._text, len(part.rstrip("\n"))
        at = text.find(part)
        while at >= 0:
            end = text.index("\n", at + size)
            yield text[text.rindex("\n", 0, at + 1) + 1 : end]
            at = text.find(part, end)

    def near(self, word: str, distance: int) -> list[tuple[str, int]]:
        """The words at most so many edits away (a swap of neighbours is one), and how many.

        >>> SortedWords("قاسم\\nكاظم\\nكاظمي").near("كاضمي", 1)
        [('كاظمي', 1)]
        """
        lengths, letters = self._shapes
        own, least = _letters_of(word), max(0, min(len(word), LONGEST) - distance)
        likely = np.bitwise_count(letters ^ own) <= 2 * distance
        likely &= lengths - np.uint8(least) <= 2 * distance  # a shorter one counts down from 255
        numbers = likely.nonzero()[0]
        held = letters.take(numbers)
        gained, lost = np.bitwise_count(held & ~own), np.bitwise_count(own & ~held)
        candidates = self.numbered(numbers[(gained <= distance) & (lost <= distance)])
        found = process.extract(word, candidates, scorer=OSA.distance, score_cutoff=distance, limit=None)
        return [(other, int(edits)) for other, edits, _ in found]

    @cached_property
    def _shapes(self) -> tuple[NDArray[np.uint8], NDArray[np.uint64]]:
        """Of each word its length and its set of letters: an edit takes at most one away and adds one."""
        codes = np.frombuffer(self._text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
        bits = np.uint64(1) << (codes % LETTER_SETS)
        bits[self._breaks] = 0
        lengths = np.minimum(np.diff(self._breaks) - 1, LONGEST).astype(np.uint8)
        return lengths, np.bitwise_or.reduceat(bits, self._breaks[:-1]) if len(self) else bits[:0]


LETTER_SETS = np.uint64(64)
"""Letters share a bit where they are so far apart: the Arabic ones do not."""

LONGEST = 250


def _letters_of(word: str) -> np.uint64:
    return np.uint64(sum({1 << (ord(letter) % int(LETTER_SETS)) for letter in word}))


def sorted_words(words: Sequence[str]) -> SortedWords:
    """Sorted words as one string, where they are not yet."""
    return words if isinstance(words, SortedWords) else SortedWords("\n".join(words))


class Counts(Mapping[str, int]):
    """Word → number, for the words whose number is not 0."""

    def __init__(self, words: SortedWords, counts: Sequence[int]) -> None:
        self._words = words
        self._counts = np.ascontiguousarray(counts, dtype=np.int32).data

    def __getitem__(self, word: str) -> int:
        if count := self.get(word):
            return count
        raise KeyError(word)

    def get(self, word: str, default: int = 0) -> int:  # type: ignore[override]
        """The number of a word, or the default."""
        number = self._words.number(word)
        return default if number is None else self._counts[number] or default

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self.get(word) > 0

    def __iter__(self) -> Iterator[str]:
        return (word for word, _ in self.pairs())

    def __len__(self) -> int:
        return int(np.count_nonzero(self._counts))

    def items(self) -> ItemsView[str, int]:
        """The pairs; a walk through them looks nothing up."""
        return _Pairs(self)

    def pairs(self) -> Iterator[tuple[str, int]]:
        return (pair for pair in zip(self._words, self._counts, strict=True) if pair[1])


class _Pairs(ItemsView[str, int]):
    _mapping: Counts

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return self._mapping.pairs()
