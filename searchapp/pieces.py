"""Texts cut where their matches begin and end: the only form in which highlighted text travels.

Templates print pieces with autoescape; `html` is for the JSON documents. Joining the pieces' texts gives
the text back, letter for letter.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from markupsafe import escape


class Piece(NamedTuple):
    """A stretch of text; `via` says how a match was reached, where that is known."""

    text: str
    is_match: bool = False
    via: str | None = None


def pieces(
    text: str,
    matches: Iterable[tuple[int, int]],
    start: int = 0,
    end: int | None = None,
    vias: Mapping[str, str] | None = None,
) -> tuple[Piece, ...]:
    """The pieces of ``text[start:end]``.

    Args:
        matches: half-open offsets into `text`, in any order; what lies outside or overlaps is cut off.
        vias: the words of the text → how they were reached.

    >>> pieces("زيارة الوزير", [(6, 12)], vias={"الوزير": "stem"})
    (Piece(text='زيارة ', is_match=False, via=None), Piece(text='الوزير', is_match=True, via='stem'))
    """
    stop = len(text) if end is None else min(end, len(text))
    here, made = start, []
    for first, last in sorted(matches):
        first, last = max(first, here), min(last, stop)
        if first >= last:
            continue
        if here < first:
            made.append(Piece(text[here:first]))
        word = text[first:last]
        made.append(Piece(word, True, (vias or {}).get(word)))
        here = last
    if here < stop:
        made.append(Piece(text[here:stop]))
    return tuple(made)


def html(parts: Iterable[Piece]) -> str:
    """The pieces as escaped HTML with ``<mark>`` round the matches.

    >>> html([Piece("<b> "), Piece("بوتين", True)])
    '&lt;b&gt; <mark>بوتين</mark>'
    """
    return "".join(
        f"<mark>{escape(part.text)}</mark>" if part.is_match else str(escape(part.text)) for part in parts
    )
