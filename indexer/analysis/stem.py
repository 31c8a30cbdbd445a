"""The two stems of a word: `light` takes the article off, `stem` is Snowball's.

Neither is enough alone. Snowball finds more but merges too much and changes with the article
(وزير→زير, الوزير→وزير); the light stem is safe but finds less. Two fields beat any one on every judged set.
"""

import threading

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

_local = threading.local()


def light(folded: str) -> str:
    """A folded word without its article.

    >>> light("والوزير"), light("للعراق"), light("الله")
    ('وزير', 'عراق', 'الله')
    """
    for article in ARTICLES:
        if folded.startswith(article) and len(folded) - len(article) >= SHORTEST_LIGHT:
            return folded[len(article) :]
    return folded


def snowball(folded: str) -> str:
    """Snowball's stem of a folded word; fold it again before use.

    Word-final ha goes back to ta marbuta first: folding costs Snowball its feminine suffixes, and not
    folding costs whoever types ha. Restoring it loses neither (`docs/relevance.md`).

    >>> snowball("العلاقات")
    'علاق'
    """
    if len(folded) > LONGEST:
        return folded
    if folded.endswith(at.HEH) and len(folded) > SHORTEST_TA_MARBUTA:
        folded = folded[:-1] + at.TEH_MARBUTA
    return str(_stemmer().stemWord(folded)) or folded


def _stemmer() -> "snowballstemmer.arabic_stemmer.ArabicStemmer":
    """This thread's stemmer: stemmers keep state while they work."""
    if not hasattr(_local, "stemmer"):
        _local.stemmer = snowballstemmer.stemmer("arabic")
    return _local.stemmer
