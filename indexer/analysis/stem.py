"""The two stems of a word: `light` takes the article off, `stem` is Snowball's.

Neither is enough alone. Snowball finds more but merges too much and changes with the article
(وزير→زير, الوزير→وزير); the light stem is safe but finds less. Two fields beat any one on every judged set.
"""

import re
import threading
from collections.abc import Sequence

import snowballstemmer

from indexer.analysis import letters as at

ARTICLES = (
    at.WAW + at.ARTICLE,
    at.FEH + at.ARTICLE,
    at.BEH + at.ARTICLE,
    at.KAF + at.ARTICLE,
    at.WAW + at.LAM + at.LAM,
    at.LAM + at.LAM,
    at.ARTICLE,
)
"""The article with what is glued before it. The first that fits is taken off: longer ones first."""

SHORTEST_LIGHT = 3
"""An article stays where fewer letters would be left: الله, الان."""

SHORTEST_TA_MARBUTA = 3
"""A final ha of a word longer than this is read as ta marbuta, which is what Snowball knows suffixes by."""

LONGEST = 40
"""Longer words are no words: they are not stemmed (Snowball's cost grows with their length)."""

_ARTICLE = re.compile(rf"(?:{'|'.join(ARTICLES)})(?=.{{{SHORTEST_LIGHT}}})", re.DOTALL).match

_local = threading.local()


def light(folded: str) -> str:
    """A folded word without its article.

    >>> light("والوزير"), light("للعراق"), light("الله")
    ('وزير', 'عراق', 'الله')
    """
    article = _ARTICLE(folded)
    return folded[article.end() :] if article else folded


def snowballs(folded: Sequence[str]) -> list[str]:
    """Snowball's stems of folded words; fold them again before use.

    Word-final ha goes back to ta marbuta first: folding costs Snowball its feminine suffixes, and not
    folding costs whoever types ha. Restoring it loses neither (`docs/relevance.md`).

    >>> snowballs(["العلاقات", "وزاره"])
    ['علاق', 'زار']
    """
    spelled = [
        word[:-1] + at.TEH_MARBUTA if word[-1:] == at.HEH and len(word) > SHORTEST_TA_MARBUTA else word
        for word in folded
    ]
    stems = _stemmer().stemWords(["" if len(word) > LONGEST else word for word in spelled])
    return [stem or word for stem, word in zip(stems, spelled, strict=True)]


def _stemmer() -> "snowballstemmer.arabic_stemmer.ArabicStemmer":
    """This thread's stemmer: stemmers keep state while they work.

    It remembers nothing: looking a word up costs more than stemming it, and each comes once.
    """
    if not hasattr(_local, "stemmer"):
        _local.stemmer = snowballstemmer.stemmer("arabic")
        _local.stemmer.maxCacheSize = 0
    return _local.stemmer
