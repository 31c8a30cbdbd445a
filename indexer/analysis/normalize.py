"""Character normalization: the letters of a word as written, and folded so that spelling does not count.

Both drop what is invisible or optional (marks, tatweel, joiners, bidi controls) and read every keyboard
alike. `fold` goes on where the press itself wavers: hamza seats, ya and alef maqsura, ta marbuta and ha.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from indexer.analysis import letters as at

KEYBOARDS = {
    at.FARSI_YEH: at.YEH,
    at.YEH_BARREE: at.YEH,
    at.KASHMIRI_YEH: at.YEH,
    at.KEHEH: at.KAF,
    at.SWASH_KAF: at.KAF,
    at.HEH_GOAL: at.HEH,
    at.HEH_DOACHASHMEE: at.HEH,
    at.AE: at.HEH,
    at.TEH_MARBUTA_GOAL: at.TEH_MARBUTA,
}
"""Letters of Persian, Urdu, Kurdish and Pashto keyboards, each the Arabic letter it stands for."""

SPELLINGS = {
    at.ALEF_WASLA: at.ALEF,
    at.ALEF_MAKSURA: at.YEH,
    at.TEH_MARBUTA: at.HEH,
    at.TEH_MARBUTA_GOAL: at.HEH,
}
"""What the press writes either way. Alef, waw and ya with hamza or madda are not listed: they decompose
into a letter and a mark, and marks go. So a text typed without hamza, or in decomposed form, folds alike."""


def _digits() -> dict[str, str]:
    """Arabic and Persian digits → ASCII digits."""
    return {chr(start + n): str(n) for start in (0x0660, 0x06F0) for n in range(10)}


def _table(*replacements: dict[str, str], dropped: str) -> dict[int, str | None]:
    table: dict[int, str | None] = {ord(c): None for c in _members(dropped)}
    for replacement in replacements:
        table.update((ord(letter), other) for letter, other in replacement.items())
    return table


def _members(char_class: str) -> Iterable[str]:
    """The characters of a class such as ``a-cx``.

    >>> "".join(_members("a-cx"))
    'abcx'
    """
    for first, last in re.findall(r"(.)(?:-(.))?", char_class, re.DOTALL):
        yield from map(chr, range(ord(first), ord(last or first) + 1))


_INVISIBLE = at.IGNORED + at.THOUSANDS
_WRITTEN = _table(KEYBOARDS, _digits(), dropped=_INVISIBLE)
_FOLDED = _table(KEYBOARDS, SPELLINGS, _digits(), dropped=_INVISIBLE)
_UNMARKED = _table(dropped=at.MARK_FORMS)

_SETTLED = r"\u0621-\u063a\u0641-\u064a0-9a-z"
"""Letters that `written` leaves as they are, whatever stands beside them: nearly all of the press."""

_is_settled = re.compile(f"[{_SETTLED}]*").fullmatch
_UNSETTLED_LINES = re.compile(rf"^[{_SETTLED}]*+[^{_SETTLED}\n].*$", re.MULTILINE).findall


def written(text: str) -> str:
    """The letters as typed: no marks, tatweel or controls, one keyboard, lower case; hamza, ى and ة stay.

    >>> written("مُحَمَّـد"), written("إيران"), written("CNN")
    ('محمد', 'إيران', 'cnn')
    """
    if _is_settled(text):
        return text
    composed = unicodedata.normalize("NFKC", text.translate(_UNMARKED))
    return unicodedata.normalize("NFKC", composed.lower().translate(_WRITTEN))


def fold(text: str) -> str:
    """The letters in the one spelling that all spellings share.

    Idempotent, never raises; presentation forms and ligatures are taken apart.

    >>> fold("إيران") == fold("ايران"), fold("مستشفى"), fold("فی القاهرة"), fold("٢٠٢٠")
    (True, 'مستشفي', 'في القاهره', '2020')
    """
    return text.translate(_RESPELLED) if _is_settled(text) else _fold_any(text)


def _fold_any(text: str) -> str:
    letters_only = unicodedata.normalize("NFKD", text.translate(_UNMARKED)).translate(_FOLDED).casefold()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKD", letters_only).translate(_FOLDED))


FEW = 4
"""Fewer words are normalized one by one."""

_RESPELLED = {ord(letter): _fold_any(letter) for letter in "آأؤإئةى"}
"""The settled letters that `fold` changes, each the one letter it becomes."""


def each_written(words: Sequence[str]) -> list[str]:
    """`written` of each word, many times as fast as one by one; what stays as it is is the same object.

    Args:
        words: none of them holds a line end.
    """
    others = _unsettled(written, "\n".join(words))
    return list(map(others.get, words, words))


def each_folded(words: Sequence[str]) -> list[str]:
    """`fold` of each word, many times as fast as one by one.

    Args:
        words: none of them holds a line end.

    >>> each_folded(["إيران", "القاهِرة", "CNN"])
    ['ايران', 'القاهره', 'cnn']
    """
    if len(words) < FEW:
        return list(map(fold, words))
    text = "\n".join(words)
    if others := _unsettled(fold, text):
        text = "\n".join(map(others.get, words, words))
    for letter, spelled in _RESPELLED.items():  # one by one: `translate` looks at each letter of a long text
        text = text.replace(chr(letter), spelled)
    return text.split("\n")


def _unsettled(normal: Callable[[str], str], text: str) -> dict[str, str]:
    """The lines that are not settled, and each normalized. No line end changes or joins letters."""
    lines = _UNSETTLED_LINES(text)
    return dict(zip(lines, normal("\n".join(lines)).split("\n"), strict=False))
