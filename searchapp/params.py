"""What a query string asks for, read by the tables of `parameters`, alike for pages and for the API.

The API refuses what it does not know or cannot read; a page ignores the first and tells of the second.
"""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from werkzeug.datastructures import MultiDict

from indexer.errors import ParameterError, RequestTooLong
from indexer.model import VALUE_FIELDS, Notice, SearchRequest
from indexer.series import Interval
from searchapp import cursor as cursors
from searchapp.parameters import (
    DEEPEST,
    LONGEST_QUERY,
    SEARCH,
    TIMELINE,
    Parameter,
    Presentation,
    alternatives,
)


class Asked(NamedTuple):
    """What a query string asks for.

    Attributes:
        shown: how the answer is asked to be written down.
        notices: what a page says about it.
    """

    request: SearchRequest
    shown: Presentation
    notices: tuple[Notice, ...]


def search_request(args: MultiDict[str, str], *, api: bool) -> Asked:
    """The search that a query string asks for.

    Raises:
        ParameterError: for the API, an unknown parameter or a bad value; `page` there, `cursor` on a page.
        RequestTooLong: for the API, a query over the cap.
    """
    values, notices = read(args, SEARCH, api=api)
    q, cut = _query(values, api=api)
    request = SearchRequest(
        q=q,
        include=_choices(values, excluded=False),
        exclude=_choices(values, excluded=True),
        years=tuple(values.get("year", ())),
        **{field: values[name][0] for name, field in PLAIN.items() if name in values},
        facets=_flat(values, "facets"),
        without=tuple(values.get("without", ())),
    )
    request, misplaced = _dates_in_order(request, api=api)
    request, too_deep = _placed(request, values)
    return Asked(request, _presentation(values), (*cut, *notices, *misplaced, *too_deep))


PLAIN = {
    "from": "date_from",
    "to": "date_to",
    "match": "match",
    "operator": "operator",
    "sort": "sort",
    "page_size": "page_size",
    "rescue": "rescue",
    "strict": "strict",
    "forms": "forms",
}
"""Parameter → field of the request, for those whose value goes in as it is."""


def _presentation(values: dict[str, tuple[Any, ...]]) -> Presentation:
    plain = {name: values[name][0] for name in ("highlight", "format") if name in values}
    return Presentation(**plain, fields=_flat(values, "fields"))


def timeline_requests(
    args: MultiDict[str, str], *, api: bool
) -> tuple[tuple[SearchRequest, ...], Interval | None, tuple[Notice, ...]]:
    """The request of each query, the interval that was asked for, and what a page says about them.

    Raises:
        ParameterError, RequestTooLong: as in `search_request`.
    """
    values, notices = read(args, TIMELINE, api=api)
    request = SearchRequest(
        include=_choices(values, excluded=False),
        exclude=_choices(values, excluded=True),
        years=tuple(values.get("year", ())),
        **{field: values[name][0] for name, field in PLAIN.items() if name in values},
        rescue=False,
    )
    request, misplaced = _dates_in_order(request, api=api)
    queries = [_within_cap("q", q, api=api) for q in values.get("q", ())]
    cut = tuple(notice for _, notices in queries for notice in notices)
    interval: Interval | None = values.get("interval", (None,))[0]
    return tuple(replace(request, q=q) for q, _ in queries), interval, (*cut, *notices, *misplaced)


def text_of(args: MultiDict[str, str], table: tuple[Parameter, ...]) -> str:
    """The text that is the only parameter of an endpoint.

    Raises:
        RequestTooLong: it is over the cap of queries.
    """
    values, _ = read(args, table, api=True)
    name = table[0].name
    return _within_cap(name, values.get(name, ("",))[0], api=True)[0]


def value_of(args: MultiDict[str, str], table: tuple[Parameter, ...], usual: Any, *, api: bool = True) -> Any:
    """The value of the first parameter of an endpoint, else the usual one."""
    values, _ = read(args, table, api=api)
    return values.get(table[0].name, (usual,))[0]


def read(
    args: MultiDict[str, str], table: tuple[Parameter, ...], *, api: bool
) -> tuple[dict[str, tuple[Any, ...]], tuple[Notice, ...]]:
    """The parsed values by parameter, only those that were given, and a notice for each bad one on a page."""
    known = {parameter.name: parameter for parameter in table}
    if api and (unknown := next((name for name in args if name not in known), None)) is not None:
        raise ParameterError(_short(unknown), f"unknown; expected {alternatives(known)}")
    values: dict[str, tuple[Any, ...]] = {}
    notices: list[Notice] = []
    for parameter in table:
        given = [text for text in args.getlist(parameter.name) if text.strip()]
        if not given:
            continue
        _check_place(parameter, api=api)
        parsed, faults = _parsed(parameter, given)
        if faults and api:
            raise ParameterError(parameter.name, faults[0].reason) from faults[0].cause
        if parsed:
            values[parameter.name] = parsed
        notices += [_bad(parameter.name, fault.text) for fault in faults]
    return values, tuple(notices)


@dataclass(frozen=True, slots=True)
class _Fault:
    text: str
    reason: str
    cause: Exception | None = None


def _parsed(parameter: Parameter, given: list[str]) -> tuple[tuple[Any, ...], list[_Fault]]:
    """The good values of a parameter without doubles, and what is wrong with the others."""
    most = parameter.most if parameter.repeatable else 1
    faults = [_Fault(text, f"given more than {most} time{'s' * (most > 1)}") for text in given[most:]][:1]
    values: dict[Any, None] = {}
    for text in given[:most]:
        try:
            values[parameter.parse(text if parameter.name == "q" else text.strip())] = None
        except (ValueError, OverflowError) as error:
            faults.append(
                _Fault(text, f"{_short(text)!r} does not fit; expected {parameter.expected}", error)
            )
        except ParameterError as error:
            faults.append(_Fault(text, error.reason, error))
    return tuple(values), faults


def _check_place(parameter: Parameter, *, api: bool) -> None:
    if parameter.where == ("page" if api else "api"):
        other = "only for pages; go on with links.next" if api else "only for the API; pages have page="
        raise ParameterError(parameter.name, other)


def _query(values: dict[str, tuple[Any, ...]], *, api: bool) -> tuple[str, tuple[Notice, ...]]:
    """The query within its cap; a page leaves the rest out."""
    return _within_cap("q", values.get("q", ("",))[0], api=api)


def _within_cap(name: str, q: str, *, api: bool) -> tuple[str, tuple[Notice, ...]]:
    if len(q) <= LONGEST_QUERY:
        return q, ()
    if api:
        raise RequestTooLong(f"{name} has {len(q)} code points; at most {LONGEST_QUERY} are taken")
    return q[:LONGEST_QUERY], (Notice("query_cut", (("most", f"{LONGEST_QUERY:,}"),), LONGEST_QUERY),)


def _flat(values: dict[str, tuple[Any, ...]], name: str) -> tuple[str, ...]:
    """The values of a parameter that holds lists, each once."""
    return tuple(dict.fromkeys(value for several in values.get(name, ()) for value in several))


def _choices(values: dict[str, tuple[Any, ...]], *, excluded: bool) -> tuple[tuple[str, str], ...]:
    return tuple(
        (field, value) for field in VALUE_FIELDS for out, value in values.get(field, ()) if out is excluded
    )


def _dates_in_order(request: SearchRequest, *, api: bool) -> tuple[SearchRequest, tuple[Notice, ...]]:
    """The request without a `to` that ends before `from` begins."""
    first, last = request.date_from, request.date_to
    if not first or not last or first <= last:
        return request, ()
    if api:
        raise ParameterError("to", f"{last} is before from, which begins on {first}")
    return replace(request, date_to=None), (_bad("to", last.isoformat()),)


def _placed(
    request: SearchRequest, values: dict[str, tuple[Any, ...]]
) -> tuple[SearchRequest, tuple[Notice, ...]]:
    """The request at its page or cursor."""
    if "cursor" in values:
        return _continued(request, values["cursor"][0]), ()
    page: int = values.get("page", (1,))[0]
    if page * request.page_size > DEEPEST:
        return request, (_bad("page", str(page)),)
    return replace(request, offset=(page - 1) * request.page_size), ()


def _continued(request: SearchRequest, place: cursors.Cursor) -> SearchRequest:
    if place.request != cursors.digest(request):
        raise ParameterError("cursor", "made for another search; only page_size and facets may change")
    return replace(request, offset=place.offset, generation=place.generation, lexicon=place.lexicon)


def _bad(parameter: str, text: str) -> Notice:
    return Notice("bad_parameter", (("parameter", parameter), ("value", _short(text))))


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
