"""The front page and the page of the archive: what there is, and what there is not."""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from indexer.messages import Language
from indexer.model import Bucket, SearchRequest, Status
from indexer.series import Coverage
from searchapp import guide, i18n, links
from searchapp.filters import FacetRow
from searchapp.frame import Form, Frame, Link, Reader, Told, day, form, frame
from searchapp.i18n import Bits
from searchapp.timeline import Timeline, timeline


@dataclass(frozen=True, slots=True)
class HomePage:
    """The front page."""

    frame: Frame
    form: Form
    articles: str
    sources: str
    span: Bits
    time: Timeline | None
    examples: tuple[guide.Example, ...]


def home_page(
    status: Status,
    reader: Reader,
    months: Iterable[Bucket] = (),
) -> HomePage:
    """The front page of an archive; `months` counts its articles."""
    language = reader.language

    def link(first: date, last: date) -> str:
        return reader.search(SearchRequest(date_from=first, date_to=last))

    title = f"{i18n.text('name', language)}: {i18n.text('tagline', language)}"
    return HomePage(
        frame=frame(reader, title, (links.HOME, ()), status, front=True),
        form=form(reader),
        articles=i18n.counted(status.articles, "articles", language),
        sources=i18n.counted(len(status.sources), "sources", language),
        span=_span(status, language),
        time=timeline(months, link, language, height=96, matching=False),
        examples=guide.examples(reader),
    )


def _span(status: Status, language: Language) -> Bits:
    first, last = day(status.first_published, language), day(status.last_published, language)
    return i18n.bits("coverage_span", language, first=first.text, last=last.text) if first and last else ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the status page; `is_code` for digests and names of machines."""

    label: str
    value: str
    is_code: bool = False


MONTHS = 12

MOST_YEARS = 60
"""Years that are all listed; of longer archives only those with articles."""


@dataclass(frozen=True, slots=True)
class Month:
    """The head of a column."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Cell:
    """Articles of a source in a month; no link where there are none."""

    count: str
    href: str | None


@dataclass(frozen=True, slots=True)
class GridRow:
    """A source through a year."""

    name: str
    cells: tuple[Cell, ...]
    total: str


@dataclass(frozen=True, slots=True)
class Grid:
    """What the archive has of each source and month of a year, and what it has not."""

    year: str
    years: tuple[Link, ...]
    months: tuple[Month, ...]
    rows: tuple[GridRow, ...]


@dataclass(frozen=True, slots=True)
class StatusPage:
    """What the archive holds and what serves it."""

    frame: Frame
    facts: tuple[Fact, ...]
    sources: tuple[FacetRow, ...]
    notices: tuple[Told, ...]
    time: Timeline | None
    grid: Grid | None


def status_page(
    status: Status,
    reader: Reader,
    release: str,
    months: Iterable[Bucket] = (),
    coverage: Sequence[Coverage] = (),
    year: int | None = None,
) -> StatusPage:
    """The page of an archive's status.

    Args:
        year: whose months the grid shows; None: the last one that has articles.
    """
    language = reader.language

    def link(first: date, last: date) -> str:
        return reader.search(SearchRequest(date_from=first, date_to=last))

    title = f"{i18n.text('status_title', language)} · {i18n.text('name', language)}"
    return StatusPage(
        frame=frame(reader, title, (links.STATUS, ()), status),
        facts=_facts(status, language, release),
        sources=tuple(_source_row(bucket, reader) for bucket in status.sources if bucket.value),
        notices=tuple(
            Told(i18n.notice_bits(notice, language), is_warning=True) for notice in status.warnings
        ),
        time=timeline(months, link, language, matching=False),
        grid=_grid(coverage, year, reader),
    )


def _grid(coverage: Sequence[Coverage], asked: int | None, reader: Reader) -> Grid | None:
    """The articles of each source in each month of a year; None where nothing has a date."""
    of_years: dict[int, int] = {}
    for row in coverage:
        for month in row.months:
            year = int(month.value[:4])
            of_years[year] = of_years.get(year, 0) + month.count
    if not of_years:
        return None
    year = asked if asked is not None else max(of_years)
    heads = tuple(
        Month(str(month), i18n.month_text(year, month, reader.language)) for month in range(1, MONTHS + 1)
    )
    rows = tuple(_grid_row(row, year, reader) for row in coverage)
    return Grid(str(year), _years(of_years, year, reader), heads, rows)


def _years(of_years: dict[int, int], year: int, reader: Reader) -> tuple[Link, ...]:
    """Every year from the first to the last, those without articles among them."""
    return tuple(
        Link(str(one), f"{reader.address(links.STATUS, (('year', f'{one:04}'),))}#grid", one == year)
        for one in range(min(of_years), max(of_years) + 1)
        if one in of_years or max(of_years) - min(of_years) <= MOST_YEARS
    )


def _grid_row(row: Coverage, year: int, reader: Reader) -> GridRow:
    counts = {month.value: month.count for month in row.months}
    include = (("source", row.source),) if row.source else ()
    cells = []
    for month in range(1, MONTHS + 1):
        count = counts.get(f"{year:04}-{month:02}", 0)
        days = date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        request = SearchRequest(include=include, date_from=days[0], date_to=days[1], sort="newest")
        cells.append(Cell(f"{count:,}", reader.search(request) if count and row.source else None))
    name = row.source or i18n.text("no_source", reader.language)
    total = sum(count for month, count in counts.items() if month.startswith(f"{year:04}-"))
    return GridRow(name, tuple(cells), f"{total:,}")


def _facts(status: Status, language: Language, release: str) -> tuple[Fact, ...]:
    span = "".join(bit.text for bit in _span(status, language))
    built = day(status.built_at, language)
    facts = (
        ("articles", f"{status.articles:,}", False),
        ("sources", f"{len(status.sources):,}", False),
        ("span", span, False),
        ("undated", f"{status.undated:,}", False),
        ("built", f"{built.text} {(status.built_at or '')[11:16]} UTC" if built else "", False),
        ("generation", status.generation or "", True),
        ("engine", status.engine or "", True),
        ("analysis", status.analysis, True),
        ("lexicon", status.lexicon, True),
        ("release", release, True),
    )
    return tuple(
        Fact(i18n.text(f"status_{key}", language), value, code) for key, value, code in facts if value
    )


def _source_row(bucket: Bucket, reader: Reader) -> FacetRow:
    href = reader.search(SearchRequest(include=(("source", bucket.value),), sort="newest"))
    return FacetRow(bucket.value, f"{bucket.count:,}", href, False, None)
