"""The page that compares: of every thousand articles of a span, how many answer each of four queries."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from indexer.messages import Language
from indexer.model import Notice, SearchRequest, Status
from indexer.series import Attention, Interval
from searchapp import i18n, links
from searchapp.filters import Chip, bare, chips
from searchapp.frame import Dir, Frame, Link, Reader, Told, frame
from searchapp.i18n import Bit, Bits
from searchapp.links import Args
from searchapp.params import MOST_SERIES
from searchapp.timeline import MOST_POSTS, Axis, Post, axis

INTERVALS: tuple[Interval, ...] = ("month", "year")
"""What the page draws; the API also counts by day and week."""

PER = 1000
"""Shares are told of so many articles."""

HEIGHT, LINES = 280, 4
"""Of the drawing in px, and of its grid."""

MARK_EVERY = 4
"""On long lines every so many points have a mark; those of four lines stand apart."""

NICE = (1, 2, 4, 8, 12, 20, 40, 80, 120, 200, 400, 800, 1000)
"""Tops of the scale that give whole grid lines."""

EXAMPLES = ("الحرب", "السلام", "النفط", "الانتخابات")
"""Words that any political archive has."""


@dataclass(frozen=True, slots=True)
class Field:
    """One input of the form."""

    id: str
    label: str
    q: str
    dir: Dir


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


@dataclass(frozen=True, slots=True)
class ComparePage:
    """Form, drawing, table, and ways on; without a query only the form."""

    frame: Frame
    action: str
    fields: tuple[Field, ...]
    hidden: Args
    clear: str
    notices: tuple[Told, ...]
    chips: tuple[Chip, ...]
    plot: Plot | None
    lines_wanted: bool
    csv: str
    intervals: tuple[Link, ...]
    example: Link


def compare_page(
    seen: Attention | None,
    requests: Sequence[SearchRequest],
    asked: Interval | None,
    reader: Reader,
    notices: Iterable[Notice] = (),
    status: Status | None = None,
) -> ComparePage:
    """The page of some requests.

    Args:
        seen: their counts; None where there is no query yet.
        asked: the interval that the address names.
    """
    language = reader.language
    base = requests[0] if requests else SearchRequest()
    queries = tuple(request.q for request in requests)
    title = i18n.text("compare_title", language)
    here = (links.COMPARE, _args(queries, base, asked))
    said = [*notices, *([Notice("partial")] if seen and seen.partial else [])]
    return ComparePage(
        frame=frame(reader, f"{'، '.join(queries) or title} · {i18n.text('name', language)}", here, status),
        action=links.COMPARE,
        fields=tuple(_field(number, queries, language) for number in range(MOST_SERIES)),
        hidden=(*_args((), base, asked), *reader.kept),
        clear=reader.address(links.COMPARE),
        notices=tuple(Told(i18n.notice_bits(one, language), is_warning=True) for one in said),
        chips=_chips(queries, base, asked, reader),
        plot=_plot(seen, requests, asked, reader) if seen else None,
        lines_wanted=seen is not None,
        csv=links.readable(f"{links.API}/timeline", (*_args(queries, base, asked), ("format", "csv"))),
        intervals=tuple(_interval(one, seen, queries, base, reader) for one in INTERVALS),
        example=Link(" · ".join(EXAMPLES), reader.address(links.COMPARE, tuple(("q", q) for q in EXAMPLES))),
    )


def usual_interval(first: str | None, last: str | None) -> Interval:
    """Months, or years where there are too many months to tell apart.

    >>> usual_interval("2013-12-26", "2018-10-20"), usual_interval("1988", "2023"), usual_interval(None, None)
    ('month', 'year', 'month')
    """
    years = int((last or "0")[:4]) - int((first or last or "0")[:4])
    return "month" if years < MOST_POSTS else "year"


def _args(queries: Iterable[str], base: SearchRequest, interval: Interval | None) -> Args:
    filters = links.search_args(replace(base, q="", rescue=True))
    return (*(("q", q) for q in queries), *filters, *((("interval", interval),) if interval else ()))


def _field(number: int, queries: Sequence[str], language: Language) -> Field:
    q = queries[number] if number < len(queries) else ""
    return Field(
        f"q{number + 1}", i18n.text(f"compare_q{number + 1}", language), q, i18n.direction(q, language)
    )


def _chips(
    queries: Sequence[str], base: SearchRequest, asked: Interval | None, reader: Reader
) -> tuple[Chip, ...]:
    """The filters that are on; each link removes one and stays here."""

    def href(request: SearchRequest) -> str:
        return reader.address(links.COMPARE, _args(queries, request, asked))

    return chips(base, reader, href) if base != replace(bare(base), match=base.match) else ()


def _interval(
    interval: Interval, seen: Attention | None, queries: Sequence[str], base: SearchRequest, reader: Reader
) -> Link:
    href = reader.address(links.COMPARE, _args(queries, base, interval))
    is_here = seen is not None and seen.interval == interval
    return Link(i18n.text(f"compare_by_{interval}", reader.language), href, is_here)


# --- the drawing ------------------------------------------------------------------------------------------


def _plot(
    seen: Attention, requests: Sequence[SearchRequest], asked: Interval | None, reader: Reader
) -> Plot | None:
    """The drawing; None where no article has a date."""
    of = {_span(bucket.value): bucket.count for bucket in seen.of}
    if not of:
        return None
    per_year = 12 if seen.interval == "month" else 1
    scale = axis(min(of).year, max(of).year, per_year)
    shares = [_shares({_span(b.value): b.count for b in one.points}, of) for one in seen.series]
    top = _top(max((share for line in shares for share in line.values()), default=0))
    queries = tuple(request.q for request in requests)
    return Plot(
        height=HEIGHT,
        grid=tuple(HEIGHT * step // LINES for step in range(LINES)),
        scale=tuple(_number(top * (LINES - step) / LINES) for step in range(LINES)),
        posts=_posts(scale, of, queries, requests[0], asked, reader),
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
    scale: Axis,
    of: dict[date, int],
    queries: Sequence[str],
    base: SearchRequest,
    asked: Interval | None,
    reader: Reader,
) -> tuple[Post, ...]:
    posts = []
    for year in scale.starts:
        last = min(year + scale.step - 1, date.max.year)
        narrowed = replace(base, date_from=date(max(year, 1), 1, 1), date_to=date(last, 12, 31), years=())
        count = sum(count for span, count in of.items() if year <= span.year <= last)
        href = reader.address(links.COMPARE, _args(queries, narrowed, asked))
        posts.append(Post(href, str(year), i18n.counted(count, "articles", reader.language)))
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
