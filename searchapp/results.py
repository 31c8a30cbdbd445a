"""The page of an answer, also of one without results: a frozen view model that the template prints."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, get_args

from indexer.messages import Language
from indexer.model import Answer, Notice, SearchRequest, Sort, Status, Suggestion
from searchapp import i18n, links, parameters
from searchapp.filters import Chip, Facet, bare, chips, facets
from searchapp.frame import Dir, Form, Frame, Link, Reader, Told, form, frame
from searchapp.hits import HitView, hits
from searchapp.i18n import Bit, Bits
from searchapp.timeline import Timeline, timeline
from searchapp.wordwise import WordView, forms_link, words

PAGE_FACETS = ("source", "section", "author", "year", "month")
"""Facets that a page of results asks for."""


PAGER_REACH = 2
"""Pages that the pager shows on either side of the current one."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A suggested query with the number of its articles, and why."""

    q: str
    dir: Dir
    href: str
    count: str
    why: str


@dataclass(frozen=True, slots=True)
class Pager:
    """Pages round the current one; None among them is a gap."""

    previous: str | None
    next: str | None
    pages: tuple[Link | None, ...]


@dataclass(frozen=True, slots=True)
class ResultPage:
    """The page of an answer, also of one without results."""

    frame: Frame
    form: Form
    q: str
    heading: str
    read: Bits
    other_way: Link | None
    notices: tuple[Told, ...]
    offers: tuple[Offer, ...]
    time: Timeline | None
    took: Bits
    sorts: tuple[Link, ...]
    hits: tuple[HitView, ...]
    related: Bits
    chips: tuple[Chip, ...]
    without_filters: str
    facets: tuple[Facet, ...]
    pager: Pager | None
    exports: tuple[Link, ...]
    compare: str
    words: tuple[WordView, ...]
    forms: Link | None
    lists_forms: bool


def result_page(
    answer: Answer,
    request: SearchRequest,
    reader: Reader,
    notices: Iterable[Notice] = (),
    status: Status | None = None,
) -> ResultPage:
    """The page of an answer to a request.

    Args:
        notices: what the page says about the request's parameters.

    Links that narrow, turn or export lead on with the query whose results these are; the form and the way
    back keep the one that was typed.
    """
    language = reader.language
    heading = i18n.counted(answer.total, "results", language)
    shown = replace(request, q=answer.searched) if answer.rescued else request
    return ResultPage(
        frame=_frame(answer, request, shown, reader, status),
        form=form(reader, request),
        q=request.q,
        heading=heading if answer.found or answer.total else _zero_heading(request, language),
        read=_read(answer, language),
        other_way=_other_way(request, reader),
        notices=(*_rescued(answer, request, reader), *_told(answer, request, reader, notices)),
        offers=tuple(_offer(offer, request, reader) for offer in answer.suggestions),
        time=_time(answer, shown, reader),
        took=i18n.bits("took", language, ms=Bit(_ms(answer.took_ms), "number")),
        sorts=_sorts(shown, reader),
        hits=hits(answer, shown, reader),
        related=_related(answer, language),
        chips=chips(request, reader),
        without_filters=reader.search(bare(request)),
        facets=facets(answer, shown, reader),
        pager=_pager(answer, shown, reader),
        exports=_exports(shown),
        words=words(answer, shown, reader),
        forms=forms_link(shown, reader),
        lists_forms=any(clause.forms for clause in answer.audit),
        compare=reader.address(links.COMPARE, (("q", shown.q),) if shown.q.strip() else ()),
    )


def _frame(
    answer: Answer, request: SearchRequest, shown: SearchRequest, reader: Reader, status: Status | None
) -> Frame:
    """The frame; its feed follows what is shown, from its first entry on."""
    heading = i18n.counted(answer.total, "results", reader.language)
    title = _title(answer, heading, reader.language)
    made = frame(reader, title, (links.SEARCH, links.page_args(request)), status)
    return replace(made, feed=links.encoded(links.FEED, links.search_args(links.restarted(shown, facets=()))))


def _ms(took: float) -> str:
    return f"{took:.0f}" if took >= 1 else f"{took:.1f}"


def _related(answer: Answer, language: Language) -> Bits:
    articles = i18n.counted(answer.related_total, "articles", language)
    return i18n.bits("related", language, articles=Bit(articles, "number"))


def _title(answer: Answer, heading: str, language: Language) -> str:
    q = answer.q if len(answer.q) <= 80 else answer.q[:79] + "…"
    return (
        f"{q}: {heading} · {i18n.text('name', language)}"
        if q.strip()
        else f"{heading} · {i18n.text('name', language)}"
    )


def _zero_heading(request: SearchRequest, language: Language) -> str:
    filtered = request != bare(request) and bool(chips(request, Reader(language)))
    key = "zero_filtered" if filtered else "zero_title"
    return i18n.text("zero_empty" if filtered and not request.q.strip() else key, language)


def _read(answer: Answer, language: Language) -> Bits:
    """How the query was understood, in a sentence."""
    if answer.searched.strip() in ("", "*"):
        return i18n.bits("read_all", language)
    level = Bit(i18n.text(f"level_{answer.match}", language))
    typed = " ".join(answer.searched.split())
    understood = typed if answer.rescued else answer.canonical or typed
    key = "read_words" if typed == understood else "read_tree"
    return i18n.bits(key, language, q=Bit(understood, "query"), level=level)


def _other_way(request: SearchRequest, reader: Reader) -> Link | None:
    """The exact search from any other, and back."""
    if not request.q.strip():
        return None
    key, match = ("ask_stem", "stem") if request.match == "exact" else ("ask_exact", "exact")
    return Link(i18n.text(key, reader.language), reader.search(links.restarted(request, match=match)))


def _rescued(answer: Answer, request: SearchRequest, reader: Reader) -> tuple[Told, ...]:
    """That the results are for another query, or for fewer words, than asked."""
    language = reader.language
    told: list[Told] = []
    if answer.rescued:
        queries = {"q": Bit(answer.q, "query"), "searched": Bit(answer.searched, "query")}
        back = Link(i18n.text("rescue_undo", language), reader.search(links.restarted(request, rescue=False)))
        told.append(Told(i18n.bits(f"rescued_{answer.rescued}", language, **queries), link=back))
    if answer.relaxed:
        all_words = Link(
            i18n.text("relaxed_undo", language), reader.search(links.restarted(request, operator="and"))
        )
        told.append(Told(i18n.bits("relaxed", language), link=all_words))
    return tuple(told)


def _told(
    answer: Answer, request: SearchRequest, reader: Reader, notices: Iterable[Notice]
) -> tuple[Told, ...]:
    """The warnings, the time cap among them, and that this page lies behind the last."""
    said = [*notices, *answer.warnings]
    if answer.partial and not any(notice.code == "partial" for notice in said):
        said.append(Notice("partial"))
    told = [Told(i18n.notice_bits(notice, reader.language), is_warning=True) for notice in said]
    if answer.total and not answer.found:
        first = Link(i18n.text("page_first", reader.language), reader.search(links.restarted(request)))
        told.append(Told(i18n.bits("page_beyond", reader.language), link=first))
    return tuple(told)


def _offer(offer: Suggestion, request: SearchRequest, reader: Reader) -> Offer:
    changes: dict[str, Any] = {"q": offer.q}
    if offer.why == "wider_dates":
        changes |= {"date_from": None, "date_to": None, "years": ()}
    return Offer(
        offer.q,
        i18n.direction(offer.q, reader.language),
        reader.search(links.restarted(request, **changes)),
        i18n.counted(offer.total, "articles", reader.language),
        i18n.text(f"why_{offer.why}", reader.language),
    )


def _time(answer: Answer, request: SearchRequest, reader: Reader) -> Timeline | None:
    """The results over time; one bar alone tells nothing."""

    def link(first: date, last: date) -> str:
        return reader.search(links.restarted(request, date_from=first, date_to=last, years=()))

    time = timeline(dict(answer.facets).get("month", ()), link, reader.language)
    return time if time and len(time.bars) > 1 else None


def _sorts(request: SearchRequest, reader: Reader) -> tuple[Link, ...]:
    return tuple(
        Link(
            i18n.text(f"sort_{sort}", reader.language),
            reader.search(links.restarted(request, sort=sort)),
            sort == request.sort,
        )
        for sort in get_args(Sort)
    )


def _pager(answer: Answer, request: SearchRequest, reader: Reader) -> Pager | None:
    reach = min(answer.total + answer.related_total, parameters.DEEPEST)
    last = min(-(-reach // request.page_size), parameters.DEEPEST // request.page_size)
    here = request.offset // request.page_size + 1
    if last <= 1 and here == 1:
        return None

    def at(number: int) -> str:
        return reader.search(replace(request, offset=(number - 1) * request.page_size))

    near = {1, last, *range(here - PAGER_REACH, here + PAGER_REACH + 1)}
    pages: list[Link | None] = []
    before = 0
    for number in sorted(number for number in near if 1 <= number <= last):
        pages += [None] if number > before + 1 else []
        pages.append(Link(str(number), at(number), number == here))
        before = number
    previous = at(min(here - 1, last)) if here > 1 and last else None
    return Pager(previous, at(here + 1) if here < last else None, tuple(pages))


def _exports(request: SearchRequest) -> tuple[Link, ...]:
    """The same search from the API: the first page of its document, and all results as files."""
    args = links.search_args(links.restarted(request, facets=()))
    path = f"{links.API}/search"
    forms = (("CSV", "csv"), ("JSON Lines", "jsonl"))
    return (
        *(Link(name, links.readable(path, (*args, ("format", form)))) for name, form in forms),
        Link("JSON", links.readable(path, args)),
        Link("Atom", links.readable(links.FEED, args)),
    )
