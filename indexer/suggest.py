"""Autocomplete: the words, names and frequent phrases of the headlines that begin as what was typed.

The table is made from the newest headlines of a snapshot at the first question, and kept as long as the
snapshot is open: any process makes the same one from the same generation.
"""

import bisect
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from weakref import WeakKeyDictionary

import numpy as np

from indexer.analysis import fold
from indexer.analysis import letters as at
from indexer.analysis.names import bases, proclitics
from indexer.analysis.normalize import written
from indexer.analysis.tokenize import word_list
from indexer.analysis.tokenize import words as words_in
from indexer.answer import Desk
from indexer.model import Ref
from indexer.query import plan
from indexer.query.plan import POSITION_FIELDS, All, Plan
from indexer.query.spelling import stop_forms, written_form
from indexer.query.wordlist import Wordlist, wordlist_of

MOST_TITLES = 20_000
"""Headlines that the table is made from, the newest: about a second of work."""

TITLES_AT_ONCE = 1_000
LONGEST_PHRASE = 3
FEWEST_TITLES = 3
"""Rarer words and phrases are not offered (scaled with the archive)."""

MOST = 8
MOST_WORDS = 400
"""Words of the vocabulary that are looked at where the headlines have too little."""

FEWEST_LETTERS = 2


class Phrases:
    """Words and phrases of headlines by their folded beginnings."""

    def __init__(self, titles: Iterable[str], stopwords: frozenset[str], fewest: int) -> None:
        counted = _merged(_counted(titles, stopwords, fewest), fewest)
        keys = sorted((key, number) for number, phrase in enumerate(counted) for key in _keys(phrase))
        self._phrases = [phrase for phrase, _ in counted.values()]
        self._keys = [key for key, _ in keys]
        self._numbers = np.array([number for _, number in keys], dtype=np.int64)
        self._counts = np.array([count for _, count in counted.values()], dtype=np.int64)

    def beginning(self, prefix: str, most: int = MOST) -> list[str]:
        """The phrases that begin so (folded), the most frequent first."""
        first = bisect.bisect_left(self._keys, prefix)
        end = bisect.bisect_left(self._keys, prefix + "\U0010ffff")
        numbers = np.unique(self._numbers[first:end])
        order = np.lexsort((numbers, -self._counts[numbers]))[:most]
        return [self._phrases[number] for number in numbers[order].tolist()]


def _keys(folded: str) -> tuple[str, ...]:
    """What a phrase is found by: itself, and without its article."""
    bare = folded.removeprefix(at.ARTICLE)
    return (folded, bare) if bare != folded and len(bare) > FEWEST_LETTERS else (folded,)


def _counted(titles: Iterable[str], stopwords: frozenset[str], fewest: int) -> Counter[str]:
    """How many headlines hold each written word and phrase; phrases of words that are frequent themselves."""
    lines = [[_written(word) for word in word_list(title)] for title in titles]
    singles = Counter(chain.from_iterable(dict.fromkeys(line) for line in lines))
    inner = {word for word, count in singles.items() if count >= fewest and not word[0].isdigit()}
    outer = inner - stopwords
    found: Counter[str] = Counter()
    for line in lines:
        found.update(list(dict.fromkeys(_phrases(line, inner, outer))))
    return found


@lru_cache(maxsize=1 << 15)
def _written(word: str) -> str:
    """A word without marks; numbers as they are, for they are not offered."""
    return written(word)


def _phrases(line: Sequence[str], inner: Collection[str], outer: Collection[str]) -> Iterator[str]:
    """The words and phrases of a headline that begin and end with an outer word, inner ones between."""
    for start, word in enumerate(line):
        if word not in outer or len(word) < FEWEST_LETTERS:
            continue
        yield word
        phrase = word
        for following in line[start + 1 : start + LONGEST_PHRASE]:
            if following not in inner:
                break
            phrase += " " + following
            if following in outer:
                yield phrase


def _merged(counted: Counter[str], fewest: int) -> dict[str, tuple[str, int]]:
    """Folded phrase → its commonest writing and the number of headlines with any; rare ones left out."""
    total: Counter[str] = Counter()
    best: dict[str, tuple[int, str]] = {}
    for phrase, count in counted.items():
        if count == 1 < fewest:
            continue  # most phrases come once: folding them takes longer than all else
        folded = " ".join(map(_folded, phrase.split(" ")))
        total[folded] += count
        best[folded] = max(best.get(folded, (0, "")), (count, phrase))
    kept = {folded: count for folded, count in total.items() if count >= fewest}
    return {folded: (best[folded][1], kept[folded]) for folded in sorted(kept) if not _carried(folded, kept)}


@lru_cache(maxsize=1 << 15)
def _folded(word: str) -> str:
    return fold(word)


def _carried(folded: str, counts: dict[str, int]) -> bool:
    """Whether a phrase is a likelier one with something glued before it: وترامب."""
    first = folded.split(" ", 1)[0]
    if first in bases():
        return False
    rests = (folded.removeprefix(proclitic) for proclitic in proclitics() if proclitic != at.ARTICLE)
    return any(counts.get(rest, 0) > counts[folded] for rest in rests if rest != folded)


_KEPT: WeakKeyDictionary[Wordlist, tuple[frozenset[str], Phrases]] = WeakKeyDictionary()
_LOCK = threading.Lock()


def phrases_of(desk: Desk) -> Phrases:
    """The phrases of an open snapshot; made once, and anew for other function words."""
    words, stopwords = wordlist_of(desk.engine), desk.lexicon.stopwords
    with _LOCK:
        made_for, phrases = _KEPT.get(words, (None, None))
        if phrases is None or made_for != stopwords:
            refs = desk.engine.refs(Plan(All()))[:MOST_TITLES]
            phrases = Phrases(_titles(desk, refs), stopwords, words.at_scale(FEWEST_TITLES))
            _KEPT[words] = stopwords, phrases
        return phrases


def _titles(desk: Desk, refs: Sequence[Ref]) -> Iterator[str]:
    for start in range(0, len(refs), TITLES_AT_ONCE):
        yield from desk.archive.titles(refs[start : start + TITLES_AT_ONCE])


def completions(typed: str, desk: Desk, most: int = MOST) -> tuple[tuple[str, int], ...]:
    """What a query that was typed so far could become, with the number of articles that hold it.

    The longest end of the text that begins a phrase is completed, up to three words; what stands before
    it stays as typed.
    """
    words = [word for word, _, _ in words_in(typed)]
    for length in range(min(LONGEST_PHRASE, len(words)), 0, -1):
        before = typed[: _start(typed, len(words) - length)]
        ending = " " if typed[-1:].isspace() else ""
        prefix = fold(" ".join(words[-length:])) + ending
        found = phrases_of(desk).beginning(prefix, most) or (
            _words(prefix, desk, most) if length == 1 else []
        )
        counts = ((before + phrase, _articles(before + phrase, desk)) for phrase in found)
        if told := tuple((text, count) for text, count in counts if count):
            return tuple(sorted(told, key=lambda pair: -pair[1]))
    return ()


def _start(typed: str, number: int) -> int:
    """Where a word of a text starts."""
    return [start for _, start, _ in words_in(typed)][number]


def _words(prefix: str, desk: Desk, most: int) -> list[str]:
    """Words of the archive that begin so, with the article too, in their commonest writing."""
    words = wordlist_of(desk.engine)
    spelled = (prefix, at.ARTICLE + prefix)
    held = [word for beginning in spelled for word in desk.engine.terms(beginning)[:MOST_WORDS]]
    known = [w for w in held if words.df.get(w, 0) and w not in stop_forms(desk.lexicon)]
    best = sorted(known, key=lambda word: (-words.df[word], word))[:most]
    return [written_form(word, lambda writing: desk.engine.df("written", writing)) for word in best]


def _articles(text: str, desk: Desk) -> int:
    """How many articles hold every word of a completion as it stands; a search finds other forms too."""
    folded = [fold(word) for word, _, _ in words_in(text)]
    if len(folded) == 1:
        return wordlist_of(desk.engine).df.get(folded[0], 0)
    held = (plan.Or(tuple(plan.Terms(field, ((word, 1.0),)) for field in POSITION_FIELDS)) for word in folded)
    return desk.engine.count(Plan(plan.And(tuple(held))))
