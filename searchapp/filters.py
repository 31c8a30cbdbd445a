"""Facets and chips: what narrows a result, each a link that is ready to print."""

from collections.abc import Callable
from dataclasses import dataclass

from indexer.messages import Language
from indexer.model import Answer, Bucket, SearchRequest
from searchapp import i18n, links
from searchapp.frame import Reader
from searchapp.i18n import Bit, Bits

SHOWN_FACETS = ("source", "section", "author", "year")


FACET_ROWS = 8
"""Values of a facet that show at once; of the others `FACET_MORE` are a click away."""


FACET_MORE = 40


@dataclass(frozen=True, slots=True)
class FacetRow:
    """A value of a facet: the link takes it in, or out where it is chosen; `exclude` leaves it out."""

    text: str
    count: str
    href: str
    chosen: bool
    exclude: str | None


@dataclass(frozen=True, slots=True)
class Facet:
    """A field and its values, the most frequent first; `more` is a click away."""

    field: str
    title: str
    rows: tuple[FacetRow, ...]
    more: tuple[FacetRow, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on: the link removes it."""

    bits: Bits
    href: str


def bare(request: SearchRequest) -> SearchRequest:
    """The request without filters."""
    return links.restarted(request, include=(), exclude=(), years=(), date_from=None, date_to=None)


def facets(answer: Answer, request: SearchRequest, reader: Reader) -> tuple[Facet, ...]:
    """The facets that a page shows, those without any value left out."""
    return tuple(view for field in SHOWN_FACETS if (view := _facet(field, answer, request, reader)))


def _facet(field: str, answer: Answer, request: SearchRequest, reader: Reader) -> Facet | None:
    buckets = [bucket for bucket in dict(answer.facets).get(field, ()) if bucket.value]
    if not buckets:
        return None
    rows = [
        (_year_row if field == "year" else _value_row)(field, bucket, request, reader)
        for bucket in buckets[: FACET_ROWS + FACET_MORE]
    ]
    title = i18n.text(field, reader.language)
    return Facet(field, title, tuple(rows[:FACET_ROWS]), tuple(rows[FACET_ROWS:]))


def _value_row(field: str, bucket: Bucket, request: SearchRequest, reader: Reader) -> FacetRow:
    pair = (field, bucket.value)
    chosen = pair in request.include
    include = tuple(one for one in request.include if one != pair) if chosen else (*request.include, pair)
    out = links.restarted(request, include=_without(request.include, pair), exclude=(*request.exclude, pair))
    taken = links.restarted(request, include=include, exclude=_without(request.exclude, pair))
    return FacetRow(bucket.value, f"{bucket.count:,}", reader.search(taken), chosen, reader.search(out))


def _year_row(field: str, bucket: Bucket, request: SearchRequest, reader: Reader) -> FacetRow:
    year = int(bucket.value)
    chosen = year in request.years
    years = tuple(one for one in request.years if one != year) if chosen else (*request.years, year)
    href = reader.search(links.restarted(request, years=years))
    return FacetRow(bucket.value, f"{bucket.count:,}", href, chosen, None)


def _without(pairs: tuple[tuple[str, str], ...], pair: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(one for one in pairs if one != pair)


def chips(
    request: SearchRequest, reader: Reader, href: Callable[[SearchRequest], str] | None = None
) -> tuple[Chip, ...]:
    """One chip for each filter; `href` gives the page of a request, the page of results where it is None."""
    made: list[tuple[Bits, SearchRequest]] = []
    for key, name in (("chip_in", "include"), ("chip_out", "exclude")):
        pairs = getattr(request, name)
        for field, value in pairs:
            words = _chip_words(key, reader.language, i18n.text(field, reader.language), value)
            made.append((words, links.restarted(request, **{name: _without(pairs, (field, value))})))
    for year in request.years:
        words = _chip_words("chip_in", reader.language, i18n.text("year", reader.language), str(year))
        made.append(
            (words, links.restarted(request, years=tuple(one for one in request.years if one != year)))
        )
    for key, name in (("chip_from", "date_from"), ("chip_to", "date_to")):
        if found := getattr(request, name):
            words = i18n.bits(key, reader.language, value=i18n.day_text(found, reader.language))
            made.append((words, links.restarted(request, **{name: None})))
    address = href or reader.search
    return tuple(Chip(words, address(without)) for words, without in made)


def _chip_words(key: str, language: Language, field: str, value: str) -> Bits:
    return i18n.bits(key, language, field=Bit(field), value=value)
