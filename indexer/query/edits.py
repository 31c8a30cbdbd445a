"""Edit distance: every string one slip away from a word, and the words of a list within some slips."""

from collections.abc import Iterator, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

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


def within(word: str, known: Sequence[str], distance: int) -> list[tuple[str, int]]:
    """The known words at most so many edits away (a swap of neighbours is one), and how many.

    >>> within("كاضمي", ["كاظمي", "كاظم", "قاسم"], 1)
    [('كاظمي', 1)]
    """
    near = (other for other in known if abs(len(other) - len(word)) <= distance)
    found = process.extract_iter(word, near, scorer=OSA.distance, score_cutoff=distance)
    return [(other, int(edits_needed)) for other, edits_needed, _ in found]
