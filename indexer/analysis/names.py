"""The name shield: names that must not be stemmed, with or without what is glued before them.

Snowball cuts بوتين to وتين and merges روحاني with روح. A word that is a shipped name, or a proclitic and
a shipped name, keeps the name whole.
"""

from functools import cache

from indexer.analysis import letters as at
from indexer.analysis.lexicon import entries
from indexer.analysis.normalize import fold

SHORTEST_AFTER_LETTER = 4
"""A bare و ف ب ل ك س is only taken off a name of so many letters: shorter rests are chance."""


@cache
def names() -> frozenset[str]:
    """The shipped names, folded."""
    return frozenset(fold(entry) for _, entry in entries("names.txt"))


@cache
def bases() -> frozenset[str]:
    """Ordinary words whose first letter only looks like a proclitic, folded."""
    return frozenset(fold(entry) for _, entry in entries("bases.txt"))


@cache
def proclitics() -> tuple[str, ...]:
    """The chains of و ف ب ل ك س and the article that can be glued before a word, longest first."""
    return tuple(sorted({fold(entry) for _, entry in entries("clitics.txt")}, key=lambda p: (-len(p), p)))


@cache
def _proclitics_by_letter() -> dict[str, list[str]]:
    """The proclitics that begin with a letter, longest first."""
    by_letter: dict[str, list[str]] = {}
    for proclitic in proclitics():
        by_letter.setdefault(proclitic[0], []).append(proclitic)
    return by_letter


def name_in(folded: str) -> str | None:
    """The shipped name that a folded word is, once what is glued before it is off; else None.

    >>> name_in("بوتين"), name_in("والكاظمي"), name_in("وزير")
    ('بوتين', 'كاظمي', None)
    """
    known = names()
    if folded in known:
        return folded
    if folded in bases():
        return None
    for proclitic in _proclitics_by_letter().get(folded[:1], ()):
        rest = folded.removeprefix(proclitic)
        if rest in known and _long_enough(proclitic, rest):
            return rest
    return None


def _long_enough(proclitic: str, rest: str) -> bool:
    return len(rest) >= (3 if proclitic.endswith((at.ARTICLE, at.LAM + at.LAM)) else SHORTEST_AFTER_LETTER)
