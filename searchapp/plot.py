"""The drawing of a comparison and its table: for each query a line, its share of the articles over time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from indexer.messages import Language
from indexer.model import SearchRequest
from indexer.series import Attention, Interval
from searchapp import i18n
from searchapp.frame import Dir, Reader
from searchapp.i18n import Bit, Bits
from searchapp.timeline import Axis, Post, axis

PER = 1000
"""Shares are told of so many articles."""

HEIGHT, LINES = 280, 4
"""Of the drawing in px, and of its grid."""

MARK_EVERY = 4
"""On long lines every so many points have a mark; those of four lines stand apart."""

NICE = (1, 2, 4, 8, 12, 20, 40, 80, 120, 200, 400, 800, 1000)
"""Tops of the scale that give whole grid lines."""

Narrowed = Callable[[SearchRequest], str]
"""The address of the comparison under the filters of a request."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A point that is marked, in % and px."""

    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Line:
    """One query: its number chooses colour, dash and shape; a line breaks where there are no articles."""

    number: int
    q: str
    dir: Dir
    href: str
    count: str
    strokes: tuple[str, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A share and the articles that it stands for."""

    share: str
    count: str


@dataclass(frozen=True, slots=True)
class Row:
    """One span of the table; `of` is all its articles."""

    label: str
    cells: tuple[Cell, ...]
    of: str


@dataclass(frozen=True, slots=True)
class Plot:
    """The drawing and its table."""

    height: int
    grid: tuple[int, ...]
    scale: tuple[str, ...]
    posts: tuple[Post, ...]
    ticks: int
    unit_head: str
    caption: Bits
    lines: tuple[Line, ...]
    rows: tuple[Row, ...]


def plot(
    seen: Attention, requests: Sequence[SearchRequest], narrowed: Narrowed, reader: Reader
) -> Plot | None:
    """The drawing; None where no article has a date."""
    of = {_span(bucket.value): bucket.count for bucket in seen.of}
    if not of:
        return None
    per_year = 12 if seen.interval == "month" else 1
    scale = axis(min(of).year, max(of).year, per_year)
    shares = [_shares({_span(b.value): b.count for b in one.points}, of) for one in seen.series]
    top = _top(max((share for line in shares for share in line.values()), default=0))
    return Plot(
        height=HEIGHT,
        grid=tuple(HEIGHT * step // LINES for step in range(LINES)),
        scale=tuple(_number(top * (LINES - step) / LINES) for step in range(LINES)),
        posts=_posts(scale, of, requests[0], narrowed, reader.language),
        ticks=scale.ticks,
        unit_head=i18n.text(f"unit_{seen.interval}_head", reader.language),
        caption=_caption(seen.interval, reader.language),
        lines=tuple(
            _line(n, request, seen.series[n].total, shares[n], scale, top, reader)
            for n, request in enumerate(requests)
        ),
        rows=_rows(seen, of, shares, reader.language),
    )


def _span(start: str) -> date:
    return date.fromisoformat(start)


def _shares(counts: dict[date, int], of: dict[date, int]) -> dict[date, float]:
    return {span: PER * counts.get(span, 0) / all_ for span, all_ in of.items() if all_}


def _top(most: float) -> float:
    """The top of the scale: the first nice number that the highest share fits under.

    >>> _top(140.2), _top(0)
    (200, 1)
    """
    return next((nice for nice in NICE if nice >= most), PER)


def _number(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _caption(interval: Interval, language: Language) -> Bits:
    unit = Bit(i18n.text(f"unit_{interval}_the", language))
    return i18n.bits("compare_caption", language, per=Bit(f"{PER:,}", "number"), unit=unit)


def _posts(
    scale: Axis, of: dict[date, int], base: SearchRequest, narrowed: Narrowed, language: Language
) -> tuple[Post, ...]:
    posts = []
    for year in scale.starts:
        first, last = max(year, date.min.year), min(year + scale.step - 1, date.max.year)
        request = replace(base, date_from=date(first, 1, 1), date_to=date(last, 12, 31), years=())
        count = sum(count for span, count in of.items() if first <= span.year <= last)
        posts.append(Post(narrowed(request), str(year), i18n.counted(count, "articles", language)))
    return tuple(posts)


def _line(
    number: int,
    request: SearchRequest,
    total: int,
    shares: dict[date, float],
    scale: Axis,
    top: float,
    reader: Reader,
) -> Line:
    points = [
        (scale.middle(span.year, span.month), HEIGHT * (1 - share / top)) for span, share in shares.items()
    ]
    width = 100 / scale.places
    strokes = [" ".join(f"{x:.2f},{y:.1f}" for x, y in run) for run in _runs(points, width)]
    every = MARK_EVERY if len(points) > 3 * MARK_EVERY else 1
    marked = points[number % every :: every]
    return Line(
        number=number + 1,
        q=request.q,
        dir=i18n.direction(request.q, reader.language),
        href=reader.search(replace(request, rescue=True)),
        count=i18n.counted(total, "articles", reader.language),
        strokes=tuple(strokes),
        marks=tuple(Mark(f"{x:.2f}%", f"{y:.1f}") for x, y in marked),
    )


def _runs(points: Sequence[tuple[float, float]], width: float) -> Iterator[list[tuple[float, float]]]:
    """The points in runs without a gap; a span of no article is no share, not a share of 0."""
    run: list[tuple[float, float]] = []
    for point in points:
        if run and point[0] - run[-1][0] > width * 1.5:
            yield run
            run = []
        run.append(point)
    if run:
        yield run


def _rows(
    seen: Attention, of: dict[date, int], shares: Sequence[dict[date, float]], language: Language
) -> tuple[Row, ...]:
    counts = [{_span(bucket.value): bucket.count for bucket in one.points} for one in seen.series]
    return tuple(
        Row(
            i18n.month_text(span.year, span.month, language) if seen.interval == "month" else str(span.year),
            tuple(
                Cell(f"{line.get(span, 0):,.1f}", f"{own.get(span, 0):,}")
                for line, own in zip(shares, counts, strict=True)
            ),
            f"{all_:,}",
        )
        for span, all_ in of.items()
    )
