"""Addresses inside Rasid: relative to the host, built from the values that travel.

A search request has one canonical list of arguments: defaults are left out, dates are ISO. Pages write Arabic
letters as they are (browsers encode them on their way), documents and headers percent-encode them.
"""

import calendar
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

from indexer.model import VALUE_FIELDS, SearchRequest

Args = tuple[tuple[str, str], ...]

HOME, SEARCH, COMPARE, HELP, STATUS = "/", "/search", "/compare", "/help", "/status"
ARTICLE = "/article/"
FEED, OPENSEARCH = "/feed.atom", "/opensearch.xml"
API = "/api/v1"

DEFAULTS = SearchRequest()

SHORT_YEARS = range(1600, 10_000)
"""Years that stand for themselves; earlier ones would be read as Hijri."""

OUTSIDE = ("http", "https")
"""Schemes of addresses that a page may link to."""

NOT_IN_URLS = re.compile(r'[\s"<>\\^`{|}\x00-\x20]')
"""What no address holds: who wrote it so did not write an address."""


def search_args(request: SearchRequest) -> Args:
    """The arguments that ask for this request again, without the place in it (see `page_args`).

    >>> search_args(SearchRequest(q="بوتين", exclude=(("source", "قناة"),), date_from=date(2020, 7, 1)))
    (('q', 'بوتين'), ('source', '-قناة'), ('from', '2020-07'))
    """
    args = [("q", request.q)] if request.q else []
    for field in VALUE_FIELDS:
        args += [(field, value) for name, value in request.include if name == field]
        args += [(field, f"-{value}") for name, value in request.exclude if name == field]
    args += [("year", f"{year:04}") for year in request.years]
    args += [("from", _first(request.date_from))] if request.date_from else []
    args += [("to", _last(request.date_to))] if request.date_to else []
    for name in ("match", "operator", "sort", "page_size"):
        if (value := getattr(request, name)) != getattr(DEFAULTS, name):
            args.append((name, str(value)))
    args += [("facets", ",".join(request.facets))] if request.facets else []
    args += [] if request.rescue else [("rescue", "0")]
    args += [("strict", "1")] if request.strict else []
    args += [("forms", "1")] if request.forms else []
    args += [("without", form) for form in request.without]
    return tuple(args)


def _first(day: date) -> str:
    """The shortest date that begins on this day.

    >>> _first(date(2020, 1, 1)), _first(date(2020, 7, 1)), _first(date(2020, 7, 2)), _first(date(1400, 1, 1))
    ('2020', '2020-07', '2020-07-02', '1400-01-01')
    """
    whole = day.isoformat()
    if day.day != 1 or day.year not in SHORT_YEARS:
        return whole
    return whole[:4] if day.month == 1 else whole[:7]


def _last(day: date) -> str:
    """The shortest date that ends on this day.

    >>> _last(date(2020, 12, 31)), _last(date(2020, 2, 29)), _last(date(2020, 2, 28))
    ('2020', '2020-02', '2020-02-28')
    """
    whole = day.isoformat()
    if day.year not in SHORT_YEARS or day.day != calendar.monthrange(day.year, day.month)[1]:
        return whole
    return whole[:4] if day.month == 12 else whole[:7]


def page_args(request: SearchRequest) -> Args:
    """The arguments of an HTML page, its number among them where it is not the first."""
    number = request.offset // request.page_size + 1
    return search_args(replace(request, facets=())) + ((("page", str(number)),) if number > 1 else ())


def restarted(request: SearchRequest, **changes: Any) -> SearchRequest:
    """The request with changes, from its first page and in the current generation."""
    return replace(request, offset=0, generation=None, lexicon=None, **changes)


def encoded(path: str, args: Iterable[tuple[str, str]] = ()) -> str:
    """An address in ASCII.

    >>> encoded("/search", [("q", "قمة")])
    '/search?q=%D9%82%D9%85%D8%A9'
    """
    query = "&".join(f"{name}={quote_plus(value)}" for name, value in args)
    return f"{path}?{query}" if query else path


def readable(path: str, args: Iterable[tuple[str, str]] = ()) -> str:
    """An address for a page: letters as they are, all else encoded.

    >>> readable("/search", [("q", "قمة & <b>")])
    '/search?q=قمة+%26+%3Cb%3E'
    """
    query = "&".join(f"{quote_plus(name)}={_with_letters(value)}" for name, value in args)
    return f"{path}?{query}" if query else path


@lru_cache(maxsize=1 << 10)
def _with_letters(value: str) -> str:
    return "".join(letter if letter.isalnum() else quote_plus(letter) for letter in value)


def article_path(id: str) -> str:
    """The page of an article."""
    return ARTICLE + quote(id, safe=":~")


def article_api(id: str, rest: str = "") -> str:
    """An article's address in the API, or of what is below it."""
    return f"{API}/articles/{quote(id, safe=':~')}{rest}"


def outside(url: str | None) -> str | None:
    """The address itself where a page may link to it, else None.

    >>> outside("https://news.example/1"), outside("javascript:alert(1)")
    ('https://news.example/1', None)
    """
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    is_whole = not NOT_IN_URLS.search(url or "")
    return url if is_whole and parts.scheme in OUTSIDE and parts.netloc else None
