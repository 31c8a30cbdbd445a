"""The plots as SVG: lines, dots and words are all they need."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from benchmarks.speed.growth import Grown
from benchmarks.speed.searching import FIRST, Searched

COLOURS = ("#0072b2", "#009e73", "#d55e00", "#e69f00", "#cc79a7", "#888888", "#000000", "#56b4e9")
"""Okabe and Ito's, told apart by the colour-blind."""

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 900, 150, 50, 64, 36
ROW, PANEL = 26, 300


@dataclass(frozen=True, slots=True)
class Axis:
    """A logarithmic axis from `low` to `high`, drawn from pixel `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The pixel of a value; beyond the ends, the end.

        >>> Axis(1, 100, 0, 200).at(10)
        100.0
        """
        share = math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        return round(self.start + min(share, 1.0) * (self.end - self.start), 1)

    def ticks(self) -> Iterator[float]:
        """Its powers of ten."""
        for power in range(math.ceil(math.log10(self.low)), math.floor(math.log10(self.high)) + 1):
            yield 10.0**power


def axis(values: Iterable[float], start: float, end: float) -> Axis:
    """The axis of whole powers of ten that holds some values."""
    found = [value for value in values if value > 0] or [1.0]
    low, high = math.floor(math.log10(min(found))), math.ceil(math.log10(max(found)))
    return Axis(10.0**low, 10.0 ** max(high, low + 1), start, end)


def queries(searched: Sequence[Searched]) -> str:
    """For each class a row: a dot at each participant's median, a line to its 95th percentile; warm."""
    searched = [each for each in searched if not each.participant.endswith(FIRST)]
    kinds = list(dict.fromkeys(each.kind for each in searched))
    names = list(dict.fromkeys(each.participant for each in searched))
    height = TOP + ROW * len(kinds)
    across = axis([value for each in searched for value in (each.p50, each.p95)], LEFT, WIDTH - RIGHT)
    parts = [*_legend(names), *_upright(across, TOP, height, "ms")]
    for row, kind in enumerate(kinds):
        middle = TOP + ROW * row + ROW / 2
        parts.append(_words(LEFT - 8, middle + 4, kind, "end"))
        parts.append(_line(LEFT, middle + ROW / 2, WIDTH - RIGHT, middle + ROW / 2, "#eeeeee"))
        for each in searched:
            if each.kind == kind:
                number = names.index(each.participant)
                y = round(middle + (number - (len(names) - 1) / 2) * 3, 1)
                parts.append(
                    _line(across.at(each.p50), y, across.at(each.p95), y, COLOURS[number % len(COLOURS)])
                )
                parts.append(_dot(across.at(each.p50), y, COLOURS[number % len(COLOURS)], 3))
    return _drawing(height + BOTTOM, "Milliseconds of a query, median and 95th percentile", parts)


def growth(grown: Sequence[Grown]) -> str:
    """For each engine a panel: every query's time against the postings of its words, by size."""
    engines = list(dict.fromkeys(each.engine for each in grown))
    sizes = sorted({each.articles for each in grown})
    points = [point for each in grown for point in each.points]
    across = axis([count for count, _ in points], LEFT, WIDTH - RIGHT)
    parts = list(_legend([f"{size:,} articles" for size in sizes]))
    for panel, engine in enumerate(engines):
        top = TOP + PANEL * panel
        up = axis([time for _, time in points], top + PANEL - BOTTOM, top + 8)
        parts += _upright(across, top, top + PANEL - BOTTOM, "postings")
        for tick in up.ticks():
            parts.append(_line(LEFT, up.at(tick), WIDTH - RIGHT, up.at(tick), "#dddddd"))
            parts.append(_words(LEFT - 8, up.at(tick) + 4, f"{tick:g} ms", "end"))
        parts.append(_words(8, top + 20, engine, "start"))
        for each in grown:
            if each.engine == engine:
                colour = COLOURS[sizes.index(each.articles) % len(COLOURS)]
                parts += [_dot(across.at(count), up.at(time), colour, 2.5) for count, time in each.points]
    return _drawing(TOP + PANEL * len(engines), "Milliseconds of a whole request against postings", parts)


# --- pieces -----------------------------------------------------------------------------------------------


def _legend(names: Sequence[str]) -> Iterator[str]:
    for number, name in enumerate(names):
        x, y = LEFT + 185 * (number % 4), 16 + 16 * (number // 4)
        yield _dot(x, y - 4, COLOURS[number % len(COLOURS)], 4)
        yield _words(x + 8, y, name, "start")


def _upright(across: Axis, top: float, bottom: float, unit: str) -> Iterator[str]:
    for tick in across.ticks():
        x = across.at(tick)
        yield _line(x, top, x, bottom, "#dddddd")
        yield _words(x, bottom + 16, f"{tick:,g} {unit}", "middle")


def _line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return f'<path d="M{x1} {y1}L{x2} {y2}" stroke="{colour}"/>'


def _dot(x: float, y: float, colour: str, radius: float) -> str:
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{colour}"/>'


def _words(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'


def _drawing(height: float, title: str, parts: Iterable[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" font-family="sans-serif"'
    )
    back = f'<rect width="{WIDTH}" height="{height:g}" fill="#ffffff"/>'
    body = "\n".join(parts)
    return f'{head} font-size="12">\n<title>{escape(title)}</title>\n{back}\n{body}\n</svg>\n'
