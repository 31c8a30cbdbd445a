"""Every string one slip away from a word."""

from collections.abc import Iterator

ALPHABET = "ابتثجحخدذرزسشصضطظعغفقكلمنهويء"
"""The letters of folded words."""

LATIN = "abcdefghijklmnopqrstuvwxyz0123456789"


def edits(word: str) -> Iterator[str]:
    """Every string one deletion, swap, replacement or insertion away from a folded word.

    >>> "كاظمي" in set(edits("كاضمي"))
    True
    """
    alphabet = LATIN if word.isascii() else ALPHABET
    for n in range(len(word) + 1):
        head, tail = word[:n], word[n:]
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in alphabet)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        yield from (head + letter + tail for letter in alphabet)
