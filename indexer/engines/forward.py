"""The forward index: for each article its distinct folded words, for what an inverted index cannot answer.

It re-ranks a page by 4-gram overlap (words that share letters but no stem), and tells how many live
articles hold each word. A segment's part is three arrays and its sorted vocabulary, written beside the
engine's own files.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.engines.mapped import Mapped
from indexer.engines.ranking import K1, inverse_frequencies
from indexer.query.vocabulary import SortedWords

GRAM = 4
"""Letters in a gram. Words no longer than this are one gram, whole."""

LETTER_BITS = 16
"""A gram is four code points packed into 64 bits; letters beyond the basic plane share codes, which only
makes two rare grams look alike."""

_DAMPED = 1 + np.log(np.maximum(np.arange(256), 1))
"""What a word counts that occurs so many times: one that stands there ten times counts three times."""

Ints = NDArray[np.int64]
Forms = NDArray[np.int32]


def write_forward(
    folder: Path, segment: str, vocabulary: Sequence[bytes], forms: Ints, counts: Ints, ends: Ints
) -> None:
    """Writes a segment's part.

    Args:
        vocabulary: its folded words in UTF-8, in code point order.
        forms: numbers of the distinct words of each document, document after document.
        counts: how often each occurs.
        ends: where each document's words end in `forms`.
    """
    (folder / f"{segment}.folded.terms").write_bytes(b"\n".join(vocabulary))
    np.save(folder / f"{segment}.forms.npy", forms.astype(np.uint32))
    np.save(folder / f"{segment}.counts.npy", np.minimum(counts, 0xFFFF).astype(np.uint16))
    np.save(folder / f"{segment}.ends.npy", ends.astype(np.int64))


def words_held(folder: Path, segment: str) -> int:
    """How many distinct words the documents of a segment hold, each its own: how large it is."""
    return len(np.load(folder / f"{segment}.forms.npy", mmap_mode="r"))


@dataclass(frozen=True, slots=True)
class _Part:
    """A segment's part: of its documents the words and how often each occurs, and where each one's end."""

    forms: Mapped
    counts: Mapped
    ends: Ints

    @classmethod
    def of(cls, folder: Path, segment: str) -> "_Part":
        forms, counts = (Mapped(folder / f"{segment}.{column}.npy") for column in ("forms", "counts"))
        return cls(forms, counts, np.load(folder / f"{segment}.ends.npy"))

    def let_go(self) -> None:
        self.forms.let_go()
        self.counts.let_go()


class Held(NamedTuple):
    """The distinct words of some documents, in no order of documents.

    Attributes:
        words: numbers into the vocabulary.
        counts: how often each occurs.
        rows: whose it is: a place among the documents asked for.
        documents: these.
    """

    words: Forms
    counts: NDArray[np.uint16]
    rows: Ints
    documents: Ints


class Forward:
    """The forward index of a snapshot. Immutable; safe for any number of threads."""

    def __init__(
        self,
        folder: Path,
        segments: Sequence[str],
        live: NDArray[np.bool_],
        before: "Forward | None" = None,
    ) -> None:
        """`before`: of another snapshot; what it has made of the same segments is used again."""
        lines, self._places = _vocabulary(folder, segments, before)
        self.vocabulary = SortedWords(lines)
        known = before._parts if before else {}
        self._parts: dict[str, _Part] = {name: known.get(name) or _Part.of(folder, name) for name in segments}
        self.articles = int(live.sum())
        base = 0
        counts = np.zeros(len(self.vocabulary), dtype=np.int32)
        starts, sizes = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for name, part in self._parts.items():
            words = self._places[name]
            counts[words] += _holding(part, len(words), live[base : base + len(part.ends)])
            base += len(part.ends)
            sizes.append(np.diff(part.ends, prepend=0))
            starts.append(part.ends - sizes[-1])
        # Of each document, in its part: where its words begin, and how many they are.
        self._starts, self._sizes = np.concatenate(starts), np.concatenate(sizes)
        self._bases = np.cumsum([len(part.ends) for part in self._parts.values()])[:-1]
        self.articles_with: Forms = counts
        """Per word of the vocabulary, how many live articles hold it in title or body."""

    def held(self, documents: Sequence[int] | NDArray[np.integer]) -> "Held":
        """The words of some documents."""
        wanted = np.asarray(documents, dtype=np.int64)
        order = wanted.argsort(kind="stable")
        rising = wanted.take(order)
        sizes = self._sizes.take(rising)
        at = _runs(self._starts.take(rising), sizes)
        ends = np.concatenate(([0], sizes.cumsum()))
        bounds = ends.take([0, *rising.searchsorted(self._bases), len(rising)]).tolist()
        words, counts = np.empty(len(at), np.int32), np.empty(len(at), np.uint16)
        for (name, part), first, end in zip(self._parts.items(), bounds, bounds[1:], strict=False):
            if first < end:
                own, places = at[first:end], self._places[name]
                places.take(part.forms.numbers.take(own), out=words[first:end], mode="clip")
                part.counts.numbers.take(own, out=counts[first:end], mode="clip")
                part.let_go()
        return Held(words, counts, order.repeat(sizes), wanted)

    def overlap(self, words: Sequence[str], held: "Held", norms: NDArray[np.float64]) -> NDArray[np.float64]:
        """How well some documents share the 4-grams of some words: BM25 over grams.

        Args:
            words: folded words of a query; a word that comes twice counts twice.
            held: the words of the documents.
            norms: per document, BM25's length norm: k1 · (1 − b + b · length / average length).

        Returns:
            One score a document.
        """
        asked, times = np.unique(np.concatenate([gram_codes(word) for word in words]), return_counts=True)
        codes, bounds, owners = self._grams
        first = bounds[np.searchsorted(codes, asked, "left")]
        spans = bounds[np.searchsorted(codes, asked, "right")] - first
        grams = np.repeat(np.arange(len(asked)), spans)
        holders = owners[_runs(first, spans)]
        df = np.minimum(self.articles, np.bincount(grams, self.articles_with[holders], len(asked)))
        weights = times * inverse_frequencies(df, self.articles)
        tf = self._frequencies(held, holders, grams, len(asked))
        scores: NDArray[np.float64] = (tf * (K1 + 1) / (tf + norms[:, None])) @ weights
        return scores

    def _frequencies(self, held: "Held", holders: Forms, grams: Ints, width: int) -> NDArray[np.float64]:
        """How often each asked gram occurs in each document: documents × grams."""
        asked = np.zeros(len(self.vocabulary), dtype=bool)
        asked[holders] = True
        order = np.argsort(holders, kind="stable")
        holders, grams = holders[order], grams[order]
        kept = asked[held.words]
        words, counts, rows = held.words[kept], held.counts[kept], held.rows[kept]
        first, end = np.searchsorted(holders, words, "left"), np.searchsorted(holders, words, "right")
        spans = end - first
        cells = np.repeat(rows * width, spans) + grams[_runs(first, spans)]
        size = len(held.documents)
        flat = np.bincount(cells, np.repeat(counts, spans), size * width)
        return flat.reshape(size, width).astype(np.float64)

    @cached_property
    def idf(self) -> NDArray[np.float64]:
        """Per word of the vocabulary, how rare it is: Lucene's inverse document frequency."""
        return inverse_frequencies(self.articles_with, self.articles)

    def weights(self, words: Forms, counts: NDArray[np.uint16]) -> NDArray[np.float64]:
        """What words that occur so many times in a document weigh there: tf · idf, the frequency damped."""
        return _DAMPED.take(counts, mode="clip") * self.idf.take(words)

    @cached_property
    def _grams(self) -> tuple[NDArray[np.uint64], Ints, Forms]:
        """Every gram of the vocabulary, rising; where the words that hold it begin, one end more; they."""
        codes, owners = _all_grams(self.vocabulary.letters(), self.vocabulary.lengths)
        order = np.argsort(codes, kind="stable")
        codes, owners = codes[order], owners[order]
        firsts = np.flatnonzero(np.diff(codes, prepend=~codes[:1]))
        return codes[firsts], np.append(firsts, len(codes)), owners


def _runs(starts: Ints, lengths: Ints) -> Ints:
    """The numbers of runs, one after the other.

    >>> _runs(np.array([7, 2]), np.array([2, 3])).tolist()
    [7, 8, 2, 3, 4]
    """
    ends = np.cumsum(lengths)
    return np.repeat(starts - ends + lengths, lengths) + np.arange(ends[-1] if len(ends) else 0)


def _vocabulary(
    folder: Path, segments: Sequence[str], before: Forward | None
) -> tuple[str, dict[str, Forms]]:
    """The words of some segments, each once, a line break between two; where each segment's stand among them.

    The words of those that another snapshot has joined already are one list. The many strings are gone before
    anything lasting is made: what is made between them keeps their memory.
    """
    known = {name: before._places[name] for name in segments if before and name in before._places}
    new = [name for name in segments if name not in known]
    texts = [(folder / f"{name}.folded.terms").read_text("utf-8") for name in new]
    lists = [text.split("\n") if text else [] for text in texts]
    if not (before and known):
        lines, places = _merged(lists)
        return lines, dict(zip(new, places, strict=True))
    held = np.zeros(len(before.vocabulary), dtype=bool)
    for places_before in known.values():
        held[places_before] = True
    old = list(before.vocabulary) if held.all() else before.vocabulary.numbered(held.nonzero()[0])
    words = sorted(chain(old, fresh := set().union(*lists).difference(old)))
    place = partial(bisect_left, words)  # of few words: to number all would take longer than all else
    moved = np.zeros(len(held), np.int32)
    moved[held] = np.delete(np.arange(len(words)), np.fromiter(map(place, fresh), np.int64, len(fresh)))
    places = [np.fromiter(map(place, own), np.int32, len(own)) for own in lists]
    made = {name: moved.take(own) for name, own in known.items()} | dict(zip(new, places, strict=True))
    return "\n".join(words), {name: made[name] for name in segments}


def _merged(lists: Sequence[Sequence[str]]) -> tuple[str, list[Forms]]:
    """The words of sorted lists, each once; and for each list where its words stand among them.

    >>> words, places = _merged([["ا", "ج"], ["ب", "ج"]])
    >>> words.split(), [of.tolist() for of in places]
    (['ا', 'ب', 'ج'], [[0, 2], [1, 2]])
    """
    words = list(dict.fromkeys(sorted(chain.from_iterable(lists))))  # sorting only merges: they are runs
    numbers = dict(zip(words, range(len(words)), strict=True))
    places = [np.fromiter(map(numbers.__getitem__, own), np.int32, len(own)) for own in lists]
    return "\n".join(words), places


def _holding(part: _Part, words: int, live: NDArray[np.bool_]) -> Forms:
    """Per word of a part, how many of its live documents hold it."""
    forms = part.forms.numbers
    if not live.all():
        forms = forms[np.repeat(live, np.diff(part.ends, prepend=0))]
    found = np.bincount(forms, minlength=words).astype(np.int32)
    part.forms.let_go()
    return found


@lru_cache(maxsize=1 << 12)
def gram_codes(word: str) -> NDArray[np.uint64]:
    """The distinct grams of a word as packed code points.

    >>> len(gram_codes("انتخابات")), len(gram_codes("في"))
    (5, 1)
    """
    letters = np.frombuffer(word.encode("utf-32-le"), dtype=np.uint32)
    return np.unique(_all_grams(letters, np.array([len(word)]))[0])


def _all_grams(letters: NDArray[np.uint32], lengths: Ints) -> tuple[NDArray[np.uint64], Forms]:
    """The grams of words, and the number of the word that each is of; in no order, repeats possible.

    Args:
        letters: the code points of all words, one after the other.
        lengths: how many are each word's.
    """
    if not len(lengths):
        return np.zeros(0, np.uint64), np.zeros(0, np.int32)
    ends = np.cumsum(lengths)
    letters = np.concatenate([letters.astype(np.uint64) & np.uint64(0xFFFF), np.zeros(GRAM - 1, np.uint64)])
    packed = np.zeros(int(ends[-1]), np.uint64)
    for place in range(GRAM):
        packed |= letters[place : place + len(packed)] << np.uint64(LETTER_BITS * (GRAM - 1 - place))
    starts = np.arange(len(packed)) - np.repeat(ends - lengths, lengths)
    left = np.repeat(lengths, lengths) - starts
    short = (starts == 0) & (left < GRAM)
    # a short word's window runs into the next word: keep only its own letters
    packed[short] &= ~np.uint64(0) << (
        np.uint64(LETTER_BITS) * (np.uint64(GRAM) - left[short].astype(np.uint64))
    )
    kept = (left >= GRAM) | short
    return packed[kept], np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)[kept]
