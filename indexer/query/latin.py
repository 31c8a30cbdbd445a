"""Names in Latin letters: which words of the archive they may be, by their sounds.

    kadhimi ─segments─▶ k·a·dh·i·m·i ─keys─▶ {KDM} ─Sounds─▶ كاظمي, قاضم … ─alignment─▶ الكاظمي first

A word is looked up by the classes of its consonants, then its letters are laid beside the Latin ones at the
least cost. Rules and figures: `docs/rescue.md`.
"""

import math
import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple
from weakref import WeakKeyDictionary

from indexer.analysis import fold
from indexer.analysis import letters as at
from indexer.analysis.lexicon import entries
from indexer.analysis.names import bases, names
from indexer.query.wordlist import Wordlist

CLASSES = {
    "B": "ب",
    "T": "تطث",
    "D": "دذظض",
    "S": "سصز",
    "K": "جقكغخ",
    "C": "ش",
    "F": "ف",
    "L": "ل",
    "M": "م",
    "N": "ن",
    "R": "ر",
    "H": "هح",
    "": "اويءع",
}
"""Sound class → its letters. Vowels and ع have none: they are left to the alignment."""

KEY_COST = 1.0
"""A segment's letters up to this cost give keys; rarer ones are met only by the alignment."""

MOST_KEYS, MOST_WORDS = 48, 250
"""Keys of a name, and words laid beside it, the most frequent first: 100 words lose 14 points of recall@5
on rare names, 600 gain 3 and double the time."""

LEFT_OVER = {"ا": 0.45, "ي": 0.7, "و": 0.9, "ع": 0.55, "ء": 0.5, "ه": 1.0}
FIRST_LEFT_OVER = {"و": 2.5, "ي": 2.0}
LOST = 2.2
"""What a letter costs that the other script does not show; a first و costs more, or وترامب is trump."""

TOO_FAR = 3.2
DF_WEIGHT, NAME_BONUS = 0.10, 0.3
"""A word ranks by DF_WEIGHT · ln(articles) + NAME_BONUS where it is a shipped name − cost."""

ARTICLE_COST = 0.15
"""For a word that hardly stands with the article, where the Latin has one."""

FEWEST_ARTICLES = 3
"""Rarer words are not looked at (scaled with the archive)."""

SHORTEST_CARRIED = 3
_CARRYING = frozenset((at.WAW, at.BEH, at.LAM, at.FEH, at.KAF))

ARTICLES = frozenset("al el il ar as ash an ad az ez at et es ul".split())
_JOINED_ARTICLE = re.compile(r"^(?:[aei]l(?=\w{3})|[ae](?=([sznrtd])\1\w{2}))")
_DOUBLED = re.compile(r"([bcdfghjklmnpqrstvwxz])\1+")
_SPECIAL = str.maketrans(
    {
        **dict.fromkeys("şš", "sh"),
        **dict.fromkeys("çč", "ch"),
        **dict.fromkeys("\u2018\u2019\u02bb\u02bf\u02be`", "'"),
        **{"ž": "j", "ğ": "g", "ı": "i", "ß": "ss", "đ": "d", "ø": "o", "ł": "l"},
    }
)
"""Letters of other Latin alphabets that lose their sound with their accent, and marks for ع and ء."""


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


def plain_latin(text: str) -> str:
    """A Latin text in lower case without accents.

    >>> plain_latin("Erdoğan"), plain_latin("Çavuşoğlu")
    ('erdogan', 'chavushoglu')
    """
    special = unicodedata.normalize("NFC", text).lower().translate(_SPECIAL)
    return "".join(c for c in unicodedata.normalize("NFKD", special) if not unicodedata.combining(c))


Options = tuple[tuple[str, float], ...]
"""Arabic letters that a segment may stand for, with costs."""


@cache
def _table() -> dict[str, Options]:
    """Segment, with its ^ or $ → options, cheapest first."""
    table: dict[str, Options] = {}
    for _, line in entries("latin.txt"):
        segments, *parts = (part.split() for part in line.split("|"))
        options = [("" if letters == "-" else fold(letters), float(cost)) for letters, cost in parts]
        for segment in segments:
            table[segment] = tuple(sorted(options, key=lambda option: option[1]))
    return table


def segments(word: str) -> tuple[Options, ...]:
    """The segments of a Latin word as what each may stand for; doubled consonants count once."""
    table, found, start = _table(), [], 0
    word = _DOUBLED.sub(r"\1", word)
    while start < len(word):
        length, options = next(_fitting(table, word, start), (1, (("", LOST),)))
        found.append(options)
        start += length
    return tuple(found)


def _fitting(table: dict[str, Options], word: str, start: int) -> Iterator[tuple[int, Options]]:
    for length in range(min(5, len(word) - start), 0, -1):
        segment = word[start : start + length]
        ends = start + length == len(word)
        for name in (f"^{segment}" if start == 0 else "", f"{segment}$" if ends else "", segment):
            if name in table:
                yield length, table[name]


_CLASS_OF = {ord(letter): name for name, letters in CLASSES.items() for letter in letters}
_REPEATED = re.compile(r"(.)\1+")
_FINAL_HA = re.compile(f"{at.HEH}$", re.MULTILINE)


def key_of(folded: str) -> str:
    """The sound classes of an Arabic word; repeated ones once, a final ه not at all.

    >>> key_of("كاظمي"), key_of("غزه")
    ('KDM', 'KS')
    """
    return _REPEATED.sub(r"\1", folded.removesuffix(at.HEH).translate(_CLASS_OF))


def _keys_at_once(words: Sequence[str]) -> list[str]:
    """`key_of` of many words: thirty times as fast as one by one."""
    text = _FINAL_HA.sub("", "\n".join(words)).translate(_CLASS_OF)
    return _REPEATED.sub(r"\1", text).split("\n")


def keys_of(parts: Sequence[Options]) -> list[str]:
    """The keys that a segmented Latin word may have, likeliest first."""
    beam: dict[str, float] = {"": 0.0}
    for options in parts:
        wider: dict[str, float] = {}
        for key, cost in beam.items():
            for sound, more in _sounds(options):
                longer = key + (sound[1:] if key[-1:] == sound[:1] else sound)
                wider[longer] = min(cost + more, wider.get(longer, math.inf))
        beam = dict(sorted(wider.items(), key=lambda item: item[1])[:MOST_KEYS])
    without_ha = {key.removesuffix("H"): cost for key, cost in beam.items()}
    return list(dict.fromkeys([*beam, *without_ha]))


@lru_cache(maxsize=1024)
def _sounds(options: Options) -> tuple[tuple[str, float], ...]:
    """The classes that a segment may have, each at its least cost."""
    least: dict[str, float] = {}
    for letters, cost in options:
        if cost <= KEY_COST:
            least.setdefault(_REPEATED.sub(r"\1", letters.translate(_CLASS_OF)), cost)
    return tuple(least.items())


def alignment_cost(parts: Sequence[Options], arabic: str, most: float = TOO_FAR) -> float:
    """The least cost of reading Latin segments as an Arabic word; infinite beyond `most`."""
    width = len(arabic)
    skips = [LEFT_OVER.get(letter, LOST) for letter in arabic]
    skips[0] = FIRST_LEFT_OVER.get(arabic[0], skips[0])
    row = [0.0, *([math.inf] * width)]
    _skip(row, skips)
    for options in parts:
        below = [cost + LOST for cost in row]
        for place, cost in enumerate(row):
            if cost > most:
                continue
            for letters, more in options:
                end = place + len(letters)
                if cost + more < (below[end] if end <= width else -1.0) and arabic.startswith(letters, place):
                    below[end] = cost + more
        _skip(below, skips)
        if min(below) > most:
            return math.inf
        row = below
    return row[width] if row[width] <= most else math.inf


def _skip(row: list[float], skips: Sequence[float]) -> None:
    for place, skip in enumerate(skips):
        if row[place] + skip < row[place + 1]:
            row[place + 1] = row[place] + skip


class Sounds:
    """The words of an archive by their sounds."""

    def __init__(self, words: Wordlist, stopwords: frozenset[str]) -> None:
        self._alone, self._all = _counted(words, stopwords)
        fewest = words.at_scale(FEWEST_ARTICLES)
        kept = sorted((w for w, df in self._all.items() if df >= fewest), key=lambda w: (-self._all[w], w))
        self._by_key: dict[str, list[str]] = {}
        for word, key in zip(kept, _keys_at_once(kept), strict=True):
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


def _counted(words: Wordlist, stopwords: frozenset[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Word → articles that hold it without the article; word → with it or without. Arabic words only."""
    alone: dict[str, int] = {}
    total: dict[str, int] = {}
    for word, df in words.df.items():
        if word in stopwords or not _is_arabic(word):
            continue
        if (name := _carried_name(word)) is not None:
            total[name] = alone[name] = total.get(name, 0) + df
            continue
        bare = word[2:] if word.startswith(at.ARTICLE) and len(word) > 4 else word
        total[bare] = total.get(bare, 0) + df
        if bare == word:
            alone[word] = df
        elif bare not in words.df:  # an alef and a lam that may be the word's own: إليوت
            total[word] = alone[word] = df
    return alone, total


_CARRIERS = tuple(at.WAW + p for p in (at.ARTICLE, at.BEH, at.LAM, "")) + (at.BEH, at.LAM, at.FEH, at.KAF)
"""What a name most often has glued before it."""


def _carried_name(word: str) -> str | None:
    """The shipped name in a word with something glued before it: a small archive may hold it only so."""
    if word[0] not in _CARRYING or word in names() or word in bases():
        return None
    for carrier in _CARRIERS:
        rest = word.removeprefix(carrier)
        if rest != word and len(rest) > SHORTEST_CARRIED and rest in names():
            return rest
    return None


_ARABIC = re.compile(f"[{''.join(CLASSES.values())}]{{2,20}}")


def _is_arabic(word: str) -> bool:
    return _ARABIC.fullmatch(word) is not None


def _with_and_without_article(word: str) -> Iterator[tuple[str, bool]]:
    """The word as it stands, and without an article that may be joined to it."""
    yield word, False
    if (joined := _JOINED_ARTICLE.match(word)) is not None:
        yield word[joined.end() :], True


_KEPT: WeakKeyDictionary[Wordlist, Sounds] = WeakKeyDictionary()
_LOCK = threading.Lock()


def sounds_of(words: Wordlist, stopwords: frozenset[str]) -> Sounds:
    """The sounds of an open snapshot's words; made once, at the first name in Latin letters."""
    with _LOCK:
        if words not in _KEPT:
            _KEPT[words] = Sounds(words, stopwords)
        return _KEPT[words]
