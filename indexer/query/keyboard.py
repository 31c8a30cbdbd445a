"""The wrong keyboard: what the same keys write on the other one.

Arabic meant, English keyboard on: hg;h/ld is الكاظمي. The reverse is ambiguous only at لا, which is one
key (b) and two (gh).
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import islice

from indexer.query.spelling import keys

MOST_READINGS = 8
"""Ways to read an Arabic text as keys: each لا doubles them."""

SIGNS = frozenset("[];',./`")
"""Keys that write an Arabic letter, but whose Latin sign stands inside no word."""


@cache
def _to_arabic() -> dict[str, str]:
    """Latin key → Arabic letters; a capital without a letter of its own is its small key."""
    written = {key.latin: key.arabic for key in keys()}
    capitals = {
        latin.upper(): arabic for latin, arabic in written.items() if latin.isalpha() and latin.islower()
    }
    return {**capitals, **written}


@cache
def _to_latin() -> dict[str, tuple[str, ...]]:
    """Arabic letters → keys that write them, the single key first."""
    found: dict[str, list[str]] = {}
    for key in keys():
        found.setdefault(key.arabic, []).append(key.latin.lower())
    return {arabic: tuple(dict.fromkeys(latin)) for arabic, latin in found.items()}


def arabic_of(text: str) -> str | None:
    """What the keys of a Latin text write on the Arabic keyboard; None where it has other letters.

    >>> arabic_of("hg;h/ld"), arabic_of("hgsghl"), arabic_of("كاظمي")
    ('الكاظمي', 'السلام', None)
    """
    table = _to_arabic()
    if not any(c in table for c in text) or not all(c in table or c.isspace() or c.isdigit() for c in text):
        return None
    return "".join(table.get(c, c) for c in text)


def latin_of(text: str) -> tuple[str, ...]:
    """What the keys of an Arabic text write on the English keyboard, each way to read لا.

    >>> latin_of("ىشيهة"), latin_of("لاشلايشي")[:2]
    (('nadim',), ('babdad', 'baghdad'))
    """
    plain = unicodedata.normalize("NFKC", text)
    return tuple(dict.fromkeys(islice(_read(plain), MOST_READINGS)))


def _read(text: str) -> Iterator[str]:
    if not text:
        yield ""
        return
    table = _to_latin()
    for length in (2, 1):
        head = text[:length]
        options = table.get(head, (head,) if head.isspace() else ())
        if len(head) == length and options:
            for rest in _read(text[length:]):
                yield options[0] + rest


def has_signs(text: str) -> bool:
    """Whether a sign stands inside or at the start of a word, as it does only on the wrong keyboard.

    >>> has_signs("hg;h/ld"), has_signs("Kadhimi, Iran")
    (True, False)
    """
    return any(c in SIGNS for word in text.split() for c in word[:-1])
