"""The page that compares: of every thousand articles of a span, how many answer each of four queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from indexer.messages import Language
from indexer.model import Notice, SearchRequest, Status
from indexer.series import Attention, Interval
from searchapp import i18n, links
from searchapp.filters import Chip, bare, chips
from searchapp.frame import Dir, Frame, Link, Reader, Told, frame
from searchapp.links import Args
from searchapp.parameters import MOST_SERIES
from searchapp.plot import Narrowed, Plot, plot
from searchapp.timeline import MOST_POSTS

INTERVALS: tuple[Interval, ...] = ("month", "year")
"""What the page draws; the API also counts by day and week."""

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

    def narrowed(request: SearchRequest) -> str:
        return reader.address(links.COMPARE, _args(queries, request, asked))

    said = [*notices, *([Notice("partial")] if seen and seen.partial else [])]
    return ComparePage(
        frame=frame(reader, f"{'، '.join(queries) or title} · {i18n.text('name', language)}", here, status),
        action=links.COMPARE,
        fields=tuple(_field(number, queries, language) for number in range(MOST_SERIES)),
        hidden=(*_args((), base, asked), *reader.kept),
        clear=reader.address(links.COMPARE),
        notices=tuple(Told(i18n.notice_bits(one, language), is_warning=True) for one in said),
        chips=_chips(base, reader, narrowed),
        plot=plot(seen, requests, narrowed, reader) if seen else None,
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


def _chips(base: SearchRequest, reader: Reader, narrowed: Narrowed) -> tuple[Chip, ...]:
    """The filters that are on; each link removes one and stays here."""
    return chips(base, reader, narrowed) if base != replace(bare(base), match=base.match) else ()


def _interval(
    interval: Interval, seen: Attention | None, queries: Sequence[str], base: SearchRequest, reader: Reader
) -> Link:
    href = reader.address(links.COMPARE, _args(queries, base, interval))
    is_here = seen is not None and seen.interval == interval
    return Link(i18n.text(f"compare_by_{interval}", reader.language), href, is_here)
