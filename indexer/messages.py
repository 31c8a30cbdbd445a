"""What users are told, in Arabic and English: one line for every code of a notice or suggestion.

A code is stable; its text may change. `{name}` inserts the notice's value of that name.
"""

from typing import Literal

from indexer.model import Notice

Language = Literal["ar", "en"]

TEXTS: dict[str, tuple[str, str]] = {
    "partial": (
        "توقف البحث عند حدّ الوقت: قد تكون النتائج ناقصة.",
        "The search stopped at its time limit: results may be incomplete.",
    ),
}
"""Code → (Arabic, English)."""


def text(notice: Notice, language: Language) -> str:
    """A notice in a language.

    >>> text(Notice("partial"), "en")
    'The search stopped at its time limit: results may be incomplete.'
    """
    return TEXTS[notice.code][language == "en"].format(**dict(notice.values))
