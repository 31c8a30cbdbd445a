"""Where a text answers a query: matches by word, and the passages worth showing. Offsets, no HTML.

The same forms that made the plan are looked for in the text as written, so a highlight is always a whole
word with its marks and tatweel, and never a lone article.
"""

import bisect
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import reduce
from itertools import chain, compress, count, filterfalse
from operator import or_
from typing import NamedTuple

from indexer.analysis import letters, term_of
from indexer.analysis.chain import LONGEST_TERM
from indexer.analysis.tokenize import Placed, placed
from indexer.model import Matched, Snippet, Via
from indexer.query.forms import WAYS, Reading
from indexer.query.plan import TEXT_FIELDS

PASSAGE_WORDS = 34
"""Words in a snippet: two to three lines of a result."""

MOST_SNIPPETS = 2
MOST_FORMS = 6
"""Different written forms told per clause of the query."""

SENTENCE_ENDS = frozenset(".؟!?\n؛")
MOST_WEIGHED = 1_000
"""Matches that are weighed as beginnings of passages, shared out among the clauses: a book that holds every
clause of a long query on every page is not read for minutes."""

REACH_BACK_WORDS = 12
"""A passage begins with its sentence where that is at most so many words before its first match."""


_AS_INDEXED = re.compile(f"[{letters.BASIC_LETTERS}]{{1,{LONGEST_TERM}}}").fullmatch
"""Words that the index's view `written` has as they stand: without marks, and of one keyboard."""

Likely = Callable[[frozenset[tuple[str, str]]], frozenset[str]]
"""From wanted (view, term) pairs to all words that may have one (`SearchEngine.writings`)."""


class Match(NamedTuple):
    """One word of a text that answers a clause: which token, which reading, and how."""

    token: int
    reading: int
    via: Via


class Read(NamedTuple):
    """A text, or its beginning, and its words.

    Attributes:
        odd: the words that the index's view `written` may have in other letters.
    """

    text: str
    words: Placed
    odd: Collection[str]


def read(text: str, limit: int | None = None) -> Read:
    """A text and its words, or its beginning up to the last whole word within so many code points."""
    words, starts, ends = placed(text if limit is None else text[:limit])
    if limit is not None and limit < len(text):
        if ends and ends[-1] == limit:  # the cut may have gone through it
            words, starts, ends = words[:-1], starts[:-1], ends[:-1]
        text = text[: ends[-1] if ends else 0]
    return Read(text, Placed(words, starts, ends), tuple(filterfalse(_AS_INDEXED, set(words))))


class Marker:
    """Finds the words of some texts that answer some readings: one for all texts of a request."""

    def __init__(
        self, readings: Sequence[Reading], texts: Iterable[Read], likely: Likely | None = None
    ) -> None:
        """`likely` tells which words may answer, so that no other is looked at; None: each is."""
        self.readings = readings
        self._slots: dict[str, dict[str, dict[int, Via]]] = {view: {} for view in TEXT_FIELDS}
        self._sequences: list[list[range]] = []
        self._width = 0
        for reading in readings:
            self._sequences.append([self._numbered(slots) for slots in reading.ways])
        self._terms = frozenset(term for known in self._slots.values() for term in known)
        texts = tuple(texts)
        words = set(chain.from_iterable(text.words.words for text in texts))
        if likely is not None:
            wanted = frozenset[tuple[str, str]]().union(*(reading.wanted for reading in readings))
            words = words.intersection(likely(wanted)).union(*(text.odd for text in texts))
        found = ((word, self._answered(word)) for word in words)
        self._answering = {word: answered for word, answered in found if answered}

    def _numbered(self, slots: Sequence[dict[tuple[str, str], Via]]) -> range:
        """Notes the terms of a sequence's slots; the numbers that its slots got."""
        numbers = range(self._width, self._width + len(slots))
        for number, slot in zip(numbers, slots, strict=True):
            for (view, term), via in slot.items():
                self._slots[view].setdefault(term, {})[number] = via
        self._width += len(slots)
        return numbers

    def _answered(self, word: str) -> tuple[tuple[int, Via], ...]:
        """The slots that a word answers, each by its nearest way."""
        nearest: dict[int, Via] = {}
        if self._terms.isdisjoint(terms := term_of(word)):  # as most words
            return ()
        for known, term in zip(self._slots.values(), terms, strict=True):
            if term in known:
                for slot, via in known[term].items():
                    if slot not in nearest or WAYS.index(via) < WAYS.index(nearest[slot]):
                        nearest[slot] = via
        return tuple(nearest.items())

    def matches(self, text: Placed, field: str) -> list[Match]:
        """Every match in a text's words, in text order; several readings may share a word."""
        places: list[dict[int, Via]] = [{} for _ in range(self._width)]
        answering = self._answering
        for place in compress(count(), map(answering.__contains__, text.words)):
            for slot, via in answering[text.words[place]]:
                places[slot][place] = via
        found = {
            Match(place, number, via)
            for number, reading in enumerate(self.readings)
            if reading.field in (None, field)
            for slots in self._sequences[number]
            for place, via in _together([places[slot] for slot in slots], reading.slop)
        }
        return sorted(found)


def _together(places: Sequence[dict[int, Via]], slop: int | None) -> Iterator[tuple[int, Via]]:
    """The places at which the slots of a sequence stand as it asks."""
    if len(places) == 1:
        yield from places[0].items()
    elif slop is None:
        yield from _adjacent(places)
    else:
        yield from _near(places, slop)


def _adjacent(places: Sequence[dict[int, Via]]) -> Iterator[tuple[int, Via]]:
    for start in places[0]:
        if all(start + offset in found for offset, found in enumerate(places)):
            yield from ((start + offset, found[start + offset]) for offset, found in enumerate(places))


def _near(places: Sequence[dict[int, Via]], slop: int) -> Iterator[tuple[int, Via]]:
    """Words of a proximity clause that stand within `slop` words of a word of every other slot."""
    ordered = [sorted(found) for found in places]
    for number, found in enumerate(places):
        others = [slot for n, slot in enumerate(ordered) if n != number]
        for place, via in found.items():
            if all(_nearest(other, place) <= slop for other in others):
                yield place, via


def _nearest(places: Sequence[int], place: int) -> int:
    """How far the nearest other place is; very far where there is none."""
    at = bisect.bisect_left(places, place)
    around = [abs(other - place) for other in places[max(0, at - 1) : at + 2] if other != place]
    return min(around, default=1 << 30)


class Highlights(NamedTuple):
    """What to show of one article."""

    title_matches: tuple[tuple[int, int], ...]
    snippets: tuple[Snippet, ...]
    matched: tuple[Matched, ...]


def highlights(title: Read, body: Read, marker: Marker, whole: bool = False) -> Highlights:
    """The matches of a title, the best passages of a body, and why both matched.

    Args:
        marker: what is looked for; one for all the texts of a request.
        whole: one snippet that is the whole body, for the reading page.
    """
    in_title, in_body = marker.matches(title.words, "title"), marker.matches(body.words, "body")
    if whole:
        snippets: tuple[Snippet, ...] = (Snippet(0, len(body.text), _spans(body.words, in_body)),)
    else:
        windows = _windows(len(body.words.words), in_body)
        snippets = tuple(_snippet(body, in_body, window) for window in windows)
    told = [
        (text.words.words[match.token], match)
        for text, found in ((title, in_title), (body, in_body))
        for match in found
    ]
    return Highlights(_spans(title.words, in_title), snippets, _matched(told, marker.readings))


def _spans(text: Placed, found: Iterable[Match]) -> tuple[tuple[int, int], ...]:
    """The offsets of matched words, once each."""
    return tuple(dict.fromkeys((text.starts[m.token], text.ends[m.token]) for m in found))


def _windows(length: int, found: Sequence[Match]) -> list[tuple[int, int]]:
    """The passages of a text of so many words to show, as [first, end) of words, in text order.

    A passage is worth the different clauses it answers, then the number of matches; of two alike the first is
    better. The next one is worth what it adds.
    """
    if not found:
        return [(0, min(PASSAGE_WORDS, length))] if length else []
    tokens, clauses = [match.token for match in found], [1 << match.reading for match in found]

    def answered_from(at: int, words: int) -> tuple[int, int]:
        """The clauses, as bits, that are answered within some words from a match on; how many matches."""
        stop = bisect.bisect_left(tokens, tokens[at] + words, at)
        return reduce(or_, clauses[at:stop]), stop - at

    passages = [(at, *answered_from(at, PASSAGE_WORDS // 2)) for at in _weighed(found)]
    chosen: list[tuple[int, int]] = []
    answered = 0
    while len(chosen) < MOST_SNIPPETS and passages:
        worths = [((bits & ~answered).bit_count(), min(count, 4), -at) for at, bits, count in passages]
        added, _, place = max(worths)
        if not added:
            break
        best = -place
        first, end = tokens[best], min(tokens[best] + PASSAGE_WORDS, length)
        chosen.append((first, end))
        answered |= answered_from(best, PASSAGE_WORDS)[0]
        passages = [passage for passage in passages if not first <= tokens[passage[0]] < end]
    return sorted(chosen)


def _weighed(found: Sequence[Match]) -> Sequence[int]:
    """Places in `found` where a passage may begin: the first matches of every clause."""
    if len(found) <= MOST_WEIGHED:
        return range(len(found))
    per_clause: dict[int, list[int]] = {}
    for place, match in enumerate(found):
        per_clause.setdefault(match.reading, []).append(place)
    share = MOST_WEIGHED // len(per_clause)
    return sorted(place for places in per_clause.values() for place in places[:share])


def _snippet(body: Read, found: Sequence[Match], window: tuple[int, int]) -> Snippet:
    """A passage from words [first, end), begun at its sentence where that is near."""
    text = body.words
    length = len(text.words)
    first = _sentence_start(body.text, text, window[0])
    end = min(first + PASSAGE_WORDS, length)
    start_offset = text.starts[first] if first else 0
    end_offset = len(body.text) if end == length else text.ends[end - 1]
    inside = [match for match in found if first <= match.token < end]
    return Snippet(start_offset, end_offset, _spans(text, inside))


def _sentence_start(body: str, text: Placed, at: int) -> int:
    for n in range(at, max(0, at - REACH_BACK_WORDS), -1):
        if not SENTENCE_ENDS.isdisjoint(body[text.ends[n - 1] : text.starts[n]]):
            return n
    return 0 if at <= REACH_BACK_WORDS else max(0, at - 4)


def _matched(told: Iterable[tuple[str, Match]], readings: Sequence[Reading]) -> tuple[Matched, ...]:
    """The written forms that answered each clause, the nearest ways first."""
    per_clause: dict[int, dict[str, Via]] = {}
    for text, match in told:
        per_clause.setdefault(match.reading, {}).setdefault(text, match.via)
    return tuple(
        Matched(readings[number].query, text, via)
        for number, forms in sorted(per_clause.items())
        for text, via in list(forms.items())[:MOST_FORMS]
    )
