"""The graduated scale: articles per month, or per year where there are many, old to new from the left.

Everything is laid out in whole years, so that the columns of the axis are equal. An rtl page mirrors the
drawing in its style sheet.
"""

import calendar
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from indexer.messages import Language
from indexer.model import Bucket
from searchapp import i18n
from searchapp.i18n import Bit, Bits

MOST_POSTS = 9
"""So many labelled years fit on a phone; up to there each month has its bar."""

STEPS = (1, 5, 10, 50, 100, 500, 1000)
"""Years between two posts of the axis: the first with which `MOST_POSTS` are enough. The style sheet knows
them by name, as a page may hold no style."""

Link = Callable[[date, date], str]
"""The address that shows the articles of these days, both included."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: a link, its words, its place among `Timeline.places`, and its upper end and height in px."""

    href: str
    label: str
    count: str
    place: int
    y: int
    height: int
    is_peak: bool


@dataclass(frozen=True, slots=True)
class Post:
    """One labelled column of the axis."""

    href: str
    label: str
    count: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The drawing, its axis and its caption; an axis has so many `ticks` between two posts."""

    bars: tuple[Bar, ...]
    posts: tuple[Post, ...]
    places: int
    height: int
    ticks: int
    unit_head: str
    caption: Bits


class _Slot(NamedTuple):
    """What one bar counts: a year, and a month where there is a bar for each."""

    year: int
    month: int | None

    def days(self) -> tuple[date, date]:
        """Its first and last day."""
        first, last = self.month or 1, self.month or 12
        return date(self.year, first, 1), date(self.year, last, calendar.monthrange(self.year, last)[1])


class _Top(NamedTuple):
    """The highest bar: what it counts, and its height in px."""

    most: int
    height: int


class Axis(NamedTuple):
    """Whole years side by side: a labelled post every `step` years, `per_year` places in each."""

    starts: range
    step: int
    per_year: int

    @property
    def places(self) -> int:
        """How many bars or points fit."""
        return len(self.starts) * self.step * self.per_year

    @property
    def ticks(self) -> int:
        """Ticks between two posts."""
        return 12 if self.step == 1 else self.step

    def place(self, year: int, month: int | None) -> int:
        """Places before this year's or month's."""
        inside = (month or 1) - 1 if self.per_year > 1 else 0
        return (year - self.starts[0]) * self.per_year + inside

    def middle(self, year: int, month: int | None) -> float:
        """The middle of a place, in %."""
        return (self.place(year, month) + 0.5) * 100 / self.places


def axis(first: int, last: int, per_year: int | None = None) -> Axis:
    """The axis of some years; it has months where there are few enough years, or as `per_year` says."""
    step = next((step for step in STEPS if last // step - first // step < MOST_POSTS), STEPS[-1])
    return Axis(range(first - first % step, last + 1, step), step, per_year or (12 if step == 1 else 1))


def timeline(
    buckets: Iterable[Bucket], link: Link, language: Language, *, height: int = 88, matching: bool = True
) -> Timeline | None:
    """The scale of a month facet; None where it counts no article.

    Args:
        buckets: months as ``YYYY-MM`` in any order.
        link: see `Link`.
        height: of the highest bar, in px.
        matching: the articles are those of a query; else all of the archive.
    """
    months = _months(buckets)
    if not months:
        return None
    scale = axis(min(months).year, max(months).year)
    unit = "month" if scale.per_year > 1 else "year"
    counts = months if unit == "month" else _by_year(months)
    top = _Top(max(counts.values()), height)
    bars = tuple(_bar(slot, counts[slot], scale, top, link, language) for slot in sorted(counts))
    return Timeline(
        bars=bars,
        posts=tuple(_post(year, scale.step, months, link, language) for year in scale.starts),
        places=scale.places,
        height=height,
        ticks=scale.ticks,
        unit_head=i18n.text(f"unit_{unit}_head", language),
        caption=_caption(bars, unit, language, matching=matching),
    )


def _months(buckets: Iterable[Bucket]) -> Counter[_Slot]:
    """Articles by month."""
    months: Counter[_Slot] = Counter()
    for bucket in buckets:
        if bucket.count > 0 and (day := i18n.day_of(f"{bucket.value}-01")):
            months[_Slot(day.year, day.month)] += bucket.count
    return months


def _by_year(months: Counter[_Slot]) -> Counter[_Slot]:
    years: Counter[_Slot] = Counter()
    for slot, count in months.items():
        years[_Slot(slot.year, None)] += count
    return years


def _bar(slot: _Slot, count: int, scale: Axis, top: _Top, link: Link, language: Language) -> Bar:
    high = max(1, round(top.height * count / top.most))
    return Bar(
        href=link(*slot.days()),
        label=i18n.month_text(slot.year, slot.month, language) if slot.month else str(slot.year),
        count=f"{count:,}",
        place=scale.place(slot.year, slot.month),
        y=top.height - high,
        height=high,
        is_peak=count == top.most,
    )


def _post(year: int, step: int, months: Counter[_Slot], link: Link, language: Language) -> Post:
    first, last = max(year, date.min.year), min(year + step - 1, date.max.year)
    count = sum(count for slot, count in months.items() if first <= slot.year <= last)
    href = link(date(first, 1, 1), date(last, 12, 31))
    return Post(href, str(first), i18n.counted(count, "articles", language))


def _caption(bars: tuple[Bar, ...], unit: str, language: Language, *, matching: bool) -> Bits:
    unit_text = Bit(i18n.text(f"unit_{unit}", language))
    if not matching:
        return i18n.bits("time_all", language, unit=unit_text)
    peak = next(bar for bar in bars if bar.is_peak)
    return i18n.bits(
        "time_matching", language, unit=unit_text, peak=peak.label, count=Bit(peak.count, "number")
    )
