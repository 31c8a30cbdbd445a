"""The words of an archive by their sounds: which of them a name in Latin letters may be."""

import math
import re
import threading
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

from indexer.analysis import letters as at
from indexer.analysis.names import bases, names
from indexer.query.latin import (
    ARABIC_LETTERS,
    LEFT_OVER,
    LOST,
    TOO_FAR,
    Options,
    alignment_cost,
    keys_at_once,
    keys_of,
    segments,
)
from indexer.query.wordlist import Wordlist

MOST_WORDS = 250
"""Words laid beside a name, the most frequent first: 100 lose 14 points of recall@5 on rare names, 600 gain 3
and double the time."""

DF_WEIGHT, NAME_BONUS = 0.10, 0.3
"""A word ranks by DF_WEIGHT · ln(articles) + NAME_BONUS where it is a shipped name − cost."""

ARTICLE_COST = 0.15
"""For a word that hardly stands with the article, where the Latin has one."""

FEWEST_ARTICLES = 3
"""Rarer words are not looked at (scaled with the archive)."""

SHORTEST_CARRIED, OUTNUMBERS = 3, 10
"""Letters, and times as many articles, of what is taken for the word itself behind a particle."""


_JOINED_ARTICLE = re.compile(r"^(?:[aei]l(?=\w{3})|[ae](?=([sznrtd])\1\w{2}))")


class Sounding(NamedTuple):
    """A word of the archive that a Latin name may be.

    Attributes:
        word: folded, with the article where it mostly stands with it.
        articles: how many articles hold it, with or without article.
        cost: how far the letters are apart.
        per_letter: the cost a Latin letter.
        score: what it ranks by.
    """

    word: str
    articles: int
    cost: float
    per_letter: float
    score: float


class Sounds:
    """The words of an archive by their sounds."""

    def __init__(self, words: Wordlist, stopwords: frozenset[str]) -> None:
        lines, total, alone = _kept(words, stopwords)
        kept = lines.split()
        self._all = dict(zip(kept, total, strict=True))
        self._alone = {word: df for word, df in zip(kept, alone, strict=True) if df}
        self._by_key: dict[str, list[str]] = {}
        for word, key in zip(kept, keys_at_once(kept), strict=True):
            self._by_key.setdefault(key, []).append(word)

    def soundings(self, word: str, most: int = 12) -> list[Sounding]:
        """The words that a Latin word may be, best first."""
        found: dict[str, Sounding] = {}
        for latin, article in _with_and_without_article(word):
            for sounding in self._matching(latin, article, len(word)):
                if sounding.word not in found or found[sounding.word].score < sounding.score:
                    found[sounding.word] = sounding
        return sorted(found.values(), key=lambda s: (-s.score, s.word))[:most]

    def _matching(self, latin: str, article: bool, letters: int) -> Iterator[Sounding]:
        parts = segments(latin)
        shipped = names()
        for word in self._near(parts):
            cost = alignment_cost(parts, word)
            if cost <= TOO_FAR:
                df = self._all[word]
                with_article = 1.0 - self._alone.get(word, 0) / df
                cost += ARTICLE_COST * (1.0 - with_article) if article else 0.0
                score = DF_WEIGHT * math.log(df) + (NAME_BONUS if word in shipped else 0.0) - cost
                shown = at.ARTICLE + word if with_article > 0.5 else word
                yield Sounding(shown, df, cost, cost / letters, score)

    def _near(self, parts: Sequence[Options]) -> list[str]:
        """The words of the same sounds that may begin and end as the Latin does, the most frequent first."""
        firsts, lasts = _first_letters(parts), _last_letters(parts)
        held = (word for key in keys_of(parts) for word in self._by_key.get(key, ()))
        near = dict.fromkeys(word for word in held if word[0] in firsts and word[-1] in lasts)
        return sorted(near, key=lambda word: -self._all[word])[:MOST_WORDS]


def _first_letters(parts: Sequence[Options]) -> frozenset[str]:
    """What a word may begin with: letters of the first segment, and of the next where it may be silent."""
    found: set[str] = set()
    for options in parts:
        found |= {letters[0] for letters, _ in options if letters}
        if all(letters for letters, cost in options if cost < LOST - 0.5):
            break
    return frozenset(found)


def _last_letters(parts: Sequence[Options]) -> frozenset[str]:
    """What a word may end with: any letter of the last segments, or a vowel that the Latin does not show."""
    found = set(LEFT_OVER)
    for options in reversed(parts):
        found |= {letters[-1] for letters, _ in options if letters}
        if all(letters for letters, _ in options):
            break
    return frozenset(found)


def _kept(words: Wordlist, stopwords: frozenset[str]) -> tuple[str, "array[int]", "array[int]"]:
    """The words that are looked at, the most frequent first, as lines; of each the articles in all and alone.

    As no more than that is left of all that is counted: a string among what lasts would keep its memory.
    """
    alone, total = _counted(words, stopwords)
    fewest = words.at_scale(FEWEST_ARTICLES)
    kept = sorted((w for w, df in total.items() if df >= fewest), key=lambda w: (-total[w], w))
    return "\n".join(kept), array("I", [total[w] for w in kept]), array("I", [alone.get(w, 0) for w in kept])


def _counted(words: Wordlist, stopwords: frozenset[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Word → articles that hold it without the article; word → with it or without. Arabic words only."""
    known = dict(words.df.items())  # looked up half a million times
    total = _carried(known, stopwords)
    alone = dict(total)
    for word in _ARABIC.findall("\n".join(known)):
        if word in stopwords or (word[0] in _PARTICLES and _carries(word, known)):
            continue
        df = known[word]
        bare = word[2:] if word.startswith(at.ARTICLE) and len(word) > 4 else word
        total[bare] = total.get(bare, 0) + df
        if bare == word:
            alone[word] = df
        elif bare not in known:  # an alef and a lam that may be the word's own: إليوت
            total[word] = alone[word] = df
    return alone, total


_PARTICLES = frozenset((at.WAW, at.BEH, at.LAM, at.FEH, at.KAF))


def _carries(word: str, known: Mapping[str, int]) -> bool:
    """Whether a word is a far likelier one with a particle before it: بأراضي, but not بولتون."""
    rest = word[1:]
    if len(rest) <= SHORTEST_CARRIED or word in names() or word in bases():
        return False
    return known.get(rest, 0) + known.get(at.ARTICLE + rest, 0) >= OUTNUMBERS * known[word]


_CARRIERS = (at.WAW + at.ARTICLE, at.WAW + at.BEH, at.WAW + at.LAM, at.WAW, at.BEH, at.LAM, at.FEH, at.KAF)
"""What a name most often has glued before it."""


def _carried(known: Mapping[str, int], stopwords: frozenset[str]) -> dict[str, int]:
    """The shipped names that the archive holds only with something glued before them: a small one may."""
    found = Counter[str]()
    for name in names():
        if len(name) > SHORTEST_CARRIED and name not in known and _ARABIC.fullmatch(name):
            for glued in {carrier + name for carrier in _CARRIERS} & known.keys():
                if not (glued in stopwords or glued in names() or glued in bases()):
                    found[name] += known[glued]
    return dict(found)


_ARABIC = re.compile(f"^[{ARABIC_LETTERS}]{{2,20}}$", re.MULTILINE)


def _with_and_without_article(word: str) -> Iterator[tuple[str, bool]]:
    """The word as it stands, and without an article that may be joined to it."""
    yield word, False
    if (joined := _JOINED_ARTICLE.match(word)) is not None:
        yield word[joined.end() :], True


_KEPT: WeakKeyDictionary[Wordlist, tuple[frozenset[str], Sounds]] = WeakKeyDictionary()
_LOCK = threading.Lock()


def sounds_of(words: Wordlist, stopwords: frozenset[str]) -> Sounds:
    """The sounds of an open snapshot's words; made once, and anew for other function words."""
    with _LOCK:
        made_for, sounds = _KEPT.get(words, (None, None))
        if sounds is None or made_for != stopwords:
            sounds = Sounds(words, stopwords)
            _KEPT[words] = stopwords, sounds
        return sounds
