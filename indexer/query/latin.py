"""Names in Latin letters: which words of the archive they may be, by their sounds.

    kadhimi ─segments─▶ k·a·dh·i·m·i ─keys─▶ {KDM} ─Sounds─▶ كاظمي, قاضم … ─alignment─▶ الكاظمي first

A word is looked up by the classes of its consonants, then its letters are laid beside the Latin ones at the
least cost. Rules and figures: `docs/rescue.md`.
"""

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from indexer.analysis import fold
from indexer.analysis import letters as at
from indexer.analysis.lexicon import entries

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

ARABIC_LETTERS = "".join(CLASSES.values())

KEY_COST = 1.0
"""A segment's letters up to this cost give keys; rarer ones are met only by the alignment."""

MOST_KEYS = 48

LEFT_OVER = {"ا": 0.45, "ي": 0.7, "و": 0.9, "ع": 0.55, "ء": 0.5, "ه": 1.0}
FIRST_LEFT_OVER = {"و": 2.5, "ي": 2.0}
LOST = 2.2
"""What a letter costs that the other script does not show; a first و costs more, or وترامب is trump."""

TOO_FAR = 3.2
ARTICLES = frozenset("al el il ar as ash an ad az ez at et es ul".split())
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


def keys_at_once(words: Sequence[str]) -> list[str]:
    """`key_of` of many words: thirty times as fast as one by one."""
    if not words:
        return []
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
