"""Dates as people and files write them: the days they mean, and their normalised text.

One grammar serves the query language, the parameters and the readers. Texts are folded first, so digits,
hamza seats, tatweel and bidi controls do not count. Hijri dates are Umm al-Qura (1343 to 1500).
"""

import calendar
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from typing import Literal, TypeVar

from hijridate import Hijri

from indexer.analysis.lexicon import entries
from indexer.analysis.normalize import fold

Calendar = Literal["gregorian", "hijri"]
Day = TypeVar("Day", bound=date)

ORDERS = ("dmy", "mdy", "ymd")
"""How numbers such as 03/04/18 may be read."""

YEARS = range(1600, 2201)
"""Years an article can be published in; others are slips of the keyboard."""

HIJRI_YEARS = range(1343, 1501)
"""Years that the Umm al-Qura tables hold."""

PIVOT = 69
"""Two-digit years from here on are of the 20th century, as POSIX reads them."""

LONGEST = 200
"""Code points a date may have: a column of bodies taken for dates is refused before any work."""

SPAN_FORMS = "2020, 2020-07, 2020/07/21, 21/07/2020, تموز 2020, 21 July 2020, 1441-12H or 10 ذو الحجة 1441"
PUBLISHED_FORMS = "2020-07-21, 2020-07-21T14:30:00+03:00, 21/07/2020, 21 تموز 2020 or 10 ذو الحجة 1441"

MONTH_FILES: tuple[tuple[Calendar, str], ...] = (("gregorian", "months.txt"), ("hijri", "hijri_months.txt"))

CALENDAR_MARKS: dict[str, Calendar] = {
    **dict.fromkeys(("هـ", "هجري", "هجرية", "للهجرة", "h", "ah"), "hijri"),
    **dict.fromkeys(("م", "ميلادي", "ميلادية", "للميلاد", "ad", "ce"), "gregorian"),
}
"""What may follow a year."""

MORNING = ("am", "a.m", "ص", "صباحا", "فجرا")
AFTERNOON = ("pm", "p.m", "م", "مساء", "ظهرا", "عصرا")
"""What may follow a time on the twelve-hour clock. «ليلا» is not among them: it may be either."""

ZONES = {
    **dict.fromkeys(("z", "ut", "utc", "gmt", "غرينتش", "جرينتش", "غرينيتش", "جرينيتش"), 0),
    **{"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7},
}
"""Zones by name: hours from UTC. The American ones are those of RFC 2822."""

WEEKDAYS = (
    *("الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"),
    *("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"),
    *("sun", "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat"),
)

ASIDES = (
    *("يوم", "اليوم", "في", "على", "عند", "الساعة", "بتوقيت", "توقيت", "الموافق"),
    *("تاريخ", "بتاريخ", "التاريخ", "نشر", "نشرت", "النشر", "آخر", "تحديث"),
    *("at", "on", "date", "time", "published", "posted", "updated", "last"),
)
"""Words that may stand around a date and say nothing about the day."""


@dataclass(frozen=True, slots=True)
class _Written:
    """A date as written: month and day may be missing."""

    calendar: Calendar
    year: int
    month: int | None
    day: int | None

    def first(self) -> date:
        month = 1 if self.month is None else self.month
        return _day(self.calendar, self.year, month, 1 if self.day is None else self.day)

    def last(self) -> date:
        if self.day is not None:
            return self.first()
        month = 12 if self.month is None else self.month
        first = _day(self.calendar, self.year, month, 1)
        return first + timedelta(days=_length(self.calendar, self.year, month) - 1)


def span(text: str) -> tuple[date, date]:
    """The first and the last day that a whole or partial date means, both included.

    Raises:
        ValueError: it is not a date; the message says which forms are.

    >>> span("2020-07")
    (datetime.date(2020, 7, 1), datetime.date(2020, 7, 31))
    >>> span("كانون الثاني ٢٠٢٠") == span("2020/01") == span("January 2020")
    True
    >>> span("1441-12H")
    (datetime.date(2020, 7, 22), datetime.date(2020, 8, 19))
    """
    with _blamed_on(text):
        found, rest = _dates(_plain(text), "dmy")
        if len(found) != 1 or _WORD.search(rest):
            raise ValueError(f"not a date; expected {SPAN_FORMS}")
        return found[0].first(), found[0].last()


def published(text: str, order: str = "dmy") -> str | None:
    """The ISO text of an article's date, or None where the text is empty.

    A time without a zone counts as UTC; a time in a zone that is named by a place only («بتوقيت بيروت»)
    is left out, so that the day stays true. Where a Hijri and a Gregorian date stand together, the
    Gregorian one counts.

    Args:
        text: a date with or without weekday, time and zone, or a Unix timestamp in (milli)seconds.
        order: which of `ORDERS` numbers such as 03/04/2018 have. A leading year of four digits is
            known by itself.

    Returns:
        ``YYYY-MM-DD`` or ``YYYY-MM-DDTHH:MM:SS±HH:MM``.

    Raises:
        ValueError: it is not a whole date, or lies outside `YEARS`.

    >>> published("الثلاثاء 21 تموز/يوليو 2020 - 14:30")
    '2020-07-21T14:30:00+00:00'
    >>> published("03/04/2018"), published("03/04/2018", "mdy")
    ('2018-04-03', '2018-03-04')
    >>> published("١٠ ذو الحجة ١٤٤١ هـ")
    '2020-07-31'
    """
    if not text.strip():
        return None
    with _blamed_on(text):
        plain = _plain(text)
        if stamp := _TIMESTAMP.fullmatch(plain):
            return _bounded(datetime.fromtimestamp(int(stamp[1]), UTC)).isoformat()
        clock, rest = _clock(plain)
        found, rest = _dates(rest, order)
        if not found or not _silent().issuperset(_WORD.findall(rest)):
            raise ValueError(f"not a date; expected {PUBLISHED_FORMS}")
        day = _bounded(_whole(found))
        return datetime.combine(day, clock).isoformat() if clock else day.isoformat()


# --- text -------------------------------------------------------------------------------------------------

_TIMESTAMP = re.compile(r"([0-9]{10})(?:[0-9]{3})?(?:\.[0-9]+)?")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:t?([0-9]{2})([0-9]{2})([0-9]{2}))?(?=z|[+-]|$)")
_WORD = re.compile(r"[^\W_]+")


@contextmanager
def _blamed_on(text: str) -> Iterator[None]:
    """Puts the text, cut where a message would drown in it, before the reason why it is no date."""
    try:
        yield
    except ValueError as error:
        shown = text if len(text) <= 60 else text[:59] + "…"
        raise ValueError(f"«{shown}»: {error}") from error


def _plain(text: str) -> str:
    """The text folded, its compact ISO forms spread out."""
    if len(text) > LONGEST:
        raise ValueError(f"not a date: longer than {LONGEST} characters")
    return _spread(" ".join(fold(text).split()))


def _spread(plain: str) -> str:
    """20200721 and 20200721T143000 with their separators; any other text as it is.

    >>> _spread("20200721t143000z")
    '2020-07-21 14:30:00z'
    """
    compact = _COMPACT.match(plain)
    if not compact:
        return plain
    year, month, day, hour, minute, second = compact.groups()
    clock = f" {hour}:{minute}:{second}" if hour else ""
    return f"{year}-{month}-{day}{clock}{plain[compact.end() :]}"


@cache
def _silent() -> frozenset[str]:
    """Words that may be left beside the date and the time."""
    return frozenset(fold(word) for word in (*WEEKDAYS, *ASIDES, *ZONES))


# --- patterns ---------------------------------------------------------------------------------------------


def _any_of(words: Iterable[str]) -> str:
    """A pattern for one of these words as folded, the longest first; spaces inside them do not count."""
    ordered = sorted({fold(word) for word in words}, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(r"\s*".join(map(re.escape, word.split())) for word in ordered) + ")"


def _key(name: str) -> str:
    return "".join(fold(name).split())


@cache
def _months() -> dict[str, tuple[Calendar, int]]:
    """Month names (several words still apart) → calendar and number."""
    months: dict[str, tuple[Calendar, int]] = {}
    for kind, file in MONTH_FILES:
        for _, entry in entries(file):
            number, *names = entry.split("|")
            months |= {fold(name.strip()): (kind, int(number)) for name in names}
    return months


@cache
def _month_keys() -> dict[str, tuple[Calendar, int]]:
    return {_key(name): month for name, month in _months().items()}


@cache
def _date_forms() -> tuple[re.Pattern[str], ...]:
    """The ways to write a date. The order matters: a bare year would be taken out of a longer form."""
    name = rf"(?<![^\W\d_]){_any_of(_months())}(?![^\W\d_])"
    months = rf"(?P<name>{name})(?:\s*[-/(،,]?\s*(?P<other>{name})\)?)?"
    day = r"(?<![\d:])(?P<day>\d{1,2})(?:st|nd|rd|th)?"
    mark = rf"(?!\d)(?:\s*\(?(?P<mark>{_any_of(CALENDAR_MARKS)})(?![^\W_])\)?)?"
    year = rf"(?<!\d)(?P<year>\d{{4}}){mark}"
    to = r"\s*[-/.]\s*"
    forms = (
        rf"(?:{day}\s*(?:من|of|[-/.,])?\s*(?:شهر\s*)?)?{months}\s*[-/.,،]?\s*(?:ل?(?:عام|سنه)\s*)?{year}",
        rf"{months}\s*{day}(?:\s*[,،]\s*|\s+){year}",
        rf"(?<!\d)(?P<year>\d{{4}})\s*[-/]?\s*{months}(?:\s*[-/]?\s*{day}(?!\d))?",
        rf"(?<![\d:])(?P<a>\d{{1,2}}){to}(?P<b>\d{{1,2}}){to}(?P<c>\d{{4}}|\d{{2}}){mark}",
        rf"(?<![\d:])(?P<year>\d{{4}})(?:{to}(?P<month>\d{{1,2}})(?:{to}(?P<day>\d{{1,2}}))?)?{mark}",
    )
    return tuple(map(re.compile, forms))


@cache
def _clock_form() -> re.Pattern[str]:
    """A time, the half of the day, and its zone: an offset, a name, or words after «بتوقيت»."""
    offset = r"[+-]\d{1,2}(?::?\d{2})?(?![\d/.-])"
    return re.compile(
        r"(?:(?<![^\W\d_])t)?(?<![\d:])(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?(?![\d:])"
        rf"(?:\s*(?:(?P<am>{_any_of(MORNING)})|(?P<pm>{_any_of(AFTERNOON)}))(?![^\W_])\.?)?"
        r"(?:\s*\(?(?:ب?توقيت\s+)?(?:"
        rf"(?P<zone>{_any_of(ZONES)})(?![^\W\d_])(?:\s*(?P<shift>{offset}))?|(?P<offset>{offset}))\)?)?"
        r"(?P<place>\s*\(?ب?توقيت\s+[^\d]+)?"
    )


# --- from text to date ------------------------------------------------------------------------------------


def _dates(text: str, order: str) -> tuple[list[_Written], str]:
    """The dates in a folded text, and the text without them."""
    found: list[_Written] = []
    for form in _date_forms():
        found.extend(_written(match.groupdict(), order) for match in form.finditer(text))
        text = form.sub(" ", text)
    return found, text


def _written(parts: dict[str, str | None], order: str) -> _Written:
    """The date of one match; `parts` are the named groups of a pattern of `_date_forms`."""
    if "a" in parts:
        year, month, day = _in_order(parts["a"] or "", parts["b"] or "", parts["c"] or "", order)
        return _Written(_calendar(None, parts["mark"], year), year, month, day)
    named, month_number = _named_month(parts) if "name" in parts else (None, _number(parts["month"]))
    year = int(parts["year"] or 0)
    return _Written(_calendar(named, parts.get("mark"), year), year, month_number, _number(parts["day"]))


def _in_order(a: str, b: str, c: str, order: str) -> tuple[int, int, int]:
    """Year, month and day of three numbers; a last number of four digits is a year in any order."""
    order = "dmy" if order == "ymd" and len(c) == 4 else order
    by_part = dict(zip(order, (a, b, c), strict=True))
    year = by_part["y"]
    century = 0 if len(year) == 4 else 1900 if int(year) >= PIVOT else 2000
    return century + int(year), int(by_part["m"]), int(by_part["d"])


def _named_month(parts: dict[str, str | None]) -> tuple[Calendar, int]:
    """The month that one name, or two names side by side («تموز يوليو»), mean."""
    months = {_month_keys()[_key(name)] for name in (parts["name"], parts["other"]) if name}
    if len(months) > 1:
        raise ValueError(f"{parts['name']} and {parts['other']} are not the same month")
    return months.pop()


def _calendar(named: Calendar | None, mark: str | None, year: int) -> Calendar:
    """The calendar that a month's name or the mark after the year tells; else Gregorian."""
    marked = _marks()[mark] if mark else None
    if named and marked and named != marked:
        raise ValueError(f"the month is {named}, the year is marked as {marked}")
    if not named and not marked and year in HIJRI_YEARS:
        raise ValueError(f"{year} looks like a Hijri year; expected {year}H")
    return named or marked or "gregorian"


@cache
def _marks() -> dict[str, Calendar]:
    return {fold(mark): kind for mark, kind in CALENDAR_MARKS.items()}


def _number(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _whole(found: list[_Written]) -> date:
    """The day of the first whole date, a Gregorian one before a Hijri one."""
    whole = [written for written in found if written.day is not None]
    if not whole:
        raise ValueError(f"it names no day; expected {PUBLISHED_FORMS}")
    return min(whole, key=lambda written: written.calendar == "hijri").first()


def _clock(text: str) -> tuple[time | None, str]:
    """The time in a folded text, if its zone can be known, and the text without it."""
    match = _clock_form().search(text)
    if not match:
        return None, text
    rest = f"{text[: match.start()]} {text[match.end() :]}"
    if match["place"]:
        return None, rest
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    if hour == 12 and match["am"]:
        hour = 0
    elif hour < 12 and match["pm"]:
        hour += 12
    try:
        zone = _zone(match["zone"], match["shift"] or match["offset"])
        return time(hour, minute, second, tzinfo=zone), rest
    except ValueError as error:
        raise ValueError(f"{match[0].strip()} is not a time: {error}") from error


def _zone(name: str | None, offset: str | None) -> timezone:
    """The zone of a name (hours from UTC), an offset such as +03:00, or both (GMT+3); else UTC."""
    minutes = 60 * _zones()[name] if name else 0
    if offset:
        hours, rest = offset[1:3].rstrip(":"), offset[3:].lstrip(":")
        minutes += (-1 if offset[0] == "-" else 1) * (60 * int(hours) + int(rest or 0))
    return timezone(timedelta(minutes=minutes)) if minutes else UTC


@cache
def _zones() -> dict[str, int]:
    return {fold(name): hours for name, hours in ZONES.items()}


# --- calendars --------------------------------------------------------------------------------------------


def _day(kind: Calendar, year: int, month: int, day: int) -> date:
    """One day of a calendar as a Gregorian date."""
    if kind == "hijri" and year not in HIJRI_YEARS:
        raise ValueError(f"{year}H is outside {HIJRI_YEARS[0]}H to {HIJRI_YEARS[-1]}H")
    if not 1 <= month <= 12:
        raise ValueError(f"there is no month {month}; day and month may stand in the other order")
    try:
        if kind == "hijri":
            return date(*Hijri(year, month, day).to_gregorian().datetuple())
        return date(year, month, day)
    except ValueError as error:
        raise ValueError(f"there is no day {day} in month {month} of {year}") from error


def _length(kind: Calendar, year: int, month: int) -> int:
    """The days of a month that `_day` knows."""
    if kind == "hijri":
        return Hijri(year, month, 1).month_length()
    return calendar.monthrange(year, month)[1]


def _bounded(day: Day) -> Day:
    """The same day, refused outside `YEARS`."""
    if day.year not in YEARS:
        raise ValueError(f"the year {day.year} is outside {YEARS[0]} to {YEARS[-1]}")
    return day
