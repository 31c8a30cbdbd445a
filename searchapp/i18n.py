"""The interface in Arabic and English: one table of texts, plurals, dates and directions.

Sentences with something inserted become *bits*, so that a template can isolate every inserted value
(``<bdi>``) and no value ever garbles the words round it.
"""

import string
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import cache
from types import SimpleNamespace
from typing import Literal, NamedTuple

from babel import Locale
from hijridate import Gregorian
from werkzeug.datastructures import LanguageAccept

from indexer import messages
from indexer.messages import Language
from indexer.model import Notice
from searchapp.texts import COUNTS, HIJRI_MONTHS, HIJRI_YEAR, MONTHS, TEXTS

LANGUAGES: tuple[Language, ...] = ("ar", "en")
"""The first is the default."""

NAMES: dict[Language, str] = {"ar": "العربية", "en": "English"}

Kind = Literal["text", "value", "query", "number", "strong", "code"]


class Bit(NamedTuple):
    """A stretch of a sentence: fixed words, or a value to be isolated; `href` makes a link of it."""

    text: str
    kind: Kind = "text"
    href: str | None = None


Bits = tuple[Bit, ...]

# --- texts ------------------------------------------------------------------------------------------------


def _side(language: Language) -> int:
    return LANGUAGES.index(language)


@cache
def texts(language: Language) -> SimpleNamespace:
    """All texts of a language by name, for templates.

    >>> texts("en").search
    'Search'
    """
    return SimpleNamespace(**{key: pair[_side(language)] for key, pair in TEXTS.items()})


def text(key: str, language: Language) -> str:
    """One text."""
    return TEXTS[key][_side(language)]


def bits(key: str, language: Language, **inserted: str | Bit) -> Bits:
    """A text with values inserted, every value its own bit.

    >>> bits("coverage_span", "en", first="1 May", last=Bit("2 May", "strong"))
    (Bit(text='1 May', kind='value', href=None), Bit(text=' to ', kind='text', href=None), \
Bit(text='2 May', kind='strong', href=None))
    """
    return filled(text(key, language), inserted)


def filled(template: str, inserted: Mapping[str, str | Bit]) -> Bits:
    """A template's words and its values, in order."""
    made: list[Bit] = []
    for words, name, _, _ in string.Formatter().parse(template):
        if words:
            made.append(Bit(words))
        if name is not None:
            value = inserted.get(name, "")
            made.append(value if isinstance(value, Bit) else Bit(value, "value"))
    return tuple(made)


def notice_bits(notice: Notice, language: Language) -> Bits:
    """A notice with its values isolated; a code without a text shows itself."""
    pair = TEXTS.get(notice.code) or messages.TEXTS.get(notice.code) or (notice.code, notice.code)
    return filled(pair[_side(language)], dict(notice.values))


def notice_text(notice: Notice, language: Language) -> str:
    """A notice as plain text, for documents.

    >>> notice_text(Notice("query_cut", (("most", "1,024"),)), "en")
    'The query is longer than 1,024 characters: the rest was left out.'
    """
    return "".join(bit.text for bit in notice_bits(notice, language))


# --- numbers ----------------------------------------------------------------------------------------------


def counted(count: int, noun: str, language: Language) -> str:
    """A number with its noun in the plural form that it asks for.

    >>> [counted(n, "articles", "ar") for n in (1, 2, 3, 11, 100, 103)]
    ['مقال واحد', 'مقالان', '3 مقالات', '11 مقالًا', '100 مقال', '103 مقالات']
    """
    forms = COUNTS[noun][language]
    form = "zero" if count == 0 and "zero" in forms else Locale(language).plural_form(count)
    return forms[form].format(n=f"{count:,}")


# --- dates ------------------------------------------------------------------------------------------------


def day_of(published: str | None) -> date | None:
    """The day of an article's date, None where there is none."""
    try:
        return date.fromisoformat((published or "")[:10])
    except ValueError:
        return None


def day_text(day: date, language: Language) -> str:
    """A day in words.

    >>> day_text(date(2026, 10, 14), "ar"), day_text(date(2026, 10, 14), "en")
    ('14 أكتوبر/تشرين الأول 2026', '14 October 2026')
    """
    return f"{day.day} {month_text(day.year, day.month, language)}"


def month_text(year: int, month: int, language: Language) -> str:
    """A month in words."""
    return f"{MONTHS[month - 1][_side(language)]} {year}"


def hijri_text(day: date, language: Language) -> str | None:
    """The day in the Umm al-Qura calendar, None outside its tables.

    >>> hijri_text(date(2026, 10, 14), "ar")
    '3 جمادى الأولى 1448 هـ'
    """
    try:
        year, month, number = Gregorian(day.year, day.month, day.day).to_hijri().datetuple()
    except OverflowError:
        return None
    side = _side(language)
    return HIJRI_YEAR[side].format(day=number, month=HIJRI_MONTHS[month - 1][side], year=year)


def short_day(day: date, language: Language) -> str:
    """A day as typed: with slashes in Arabic, where hyphens would show in the wrong order."""
    return day.isoformat().replace("-", "/") if language == "ar" else day.isoformat()


# --- language and direction -------------------------------------------------------------------------------


def preferred(asked: str | None, accepted: LanguageAccept) -> Language:
    """The language that was asked for by name, else the accepted one, else Arabic."""
    best = accepted.best_match(LANGUAGES)
    return next(
        (language for language in LANGUAGES if language in (asked, None if asked in LANGUAGES else best)),
        "ar",
    )


def direction(words: str, language: Language = "ar") -> Literal["rtl", "ltr"]:
    """Right to left as soon as there is one Arabic letter; where there is no letter at all, as the page.

    >>> direction("title:الهدنة"), direction("JCPOA"), direction("")
    ('rtl', 'ltr', 'rtl')
    """
    letters = [letter for letter in words if letter.isalpha()]
    if any(unicodedata.bidirectional(letter) in ("AL", "R") for letter in letters):
        return "rtl"
    return "ltr" if letters or language == "en" else "rtl"
