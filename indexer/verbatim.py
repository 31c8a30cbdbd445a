"""Phrases as written (``="…"``): the stored texts decide, marks and all."""

import time
import unicodedata

from indexer.analysis import letters as at
from indexer.analysis.tokenize import words
from indexer.archive import Archive
from indexer.engines.base import SearchEngine
from indexer.query import tree
from indexer.query.plan import Plan

PAGE_OF_TEXTS = 200
"""Texts read at once while a phrase is looked for as written."""

_UNWRITTEN = {ord(c): None for c in at.TATWEEL} | dict.fromkeys(
    [
        0xAD,
        0x34F,
        0x61C,
        0x180E,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x206A),
        0xFEFF,
    ]
)


class Verifier:
    """Looks for phrases as written in the stored texts of a plan's articles.

    Attributes:
        partial: the deadline cut it short.
    """

    def __init__(self, engine: SearchEngine, archive: Archive, deadline: float) -> None:
        self._engine, self._archive, self._deadline = engine, archive, deadline
        self.partial = False

    def __call__(self, phrase: tree.Phrase, candidates: Plan) -> frozenset[str]:
        wanted = as_written(" ".join(phrase.words))
        refs = self._engine.refs(candidates)
        held: list[str] = []
        for start in range(0, len(refs), PAGE_OF_TEXTS):
            for article in self._archive.fetch(refs[start : start + PAGE_OF_TEXTS]).values():
                if time.monotonic() > self._deadline:
                    self.partial = True
                    return frozenset(held)
                if wanted in as_written(article.title) or wanted in as_written(article.body):
                    held.append(article.id)
        return frozenset(held)


def as_written(text: str) -> str:
    """A text as its author spelled it, ready to be compared: words between single spaces, marks and all.

    Only what no author means to write goes: tatweel, joiners, bidi controls, punctuation, case.

    >>> as_written("قال مُحَمَّد: نعم") == as_written("قال  مُحَمَّـد، نعم")
    True
    """
    spelled = (
        unicodedata.normalize("NFC", word.translate(_UNWRITTEN)).casefold() for word, _, _ in words(text)
    )
    return f" {' '.join(spelled)} "
