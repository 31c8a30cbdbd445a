"""What each page shows: frozen view models, built by pure functions; templates only loop and print.

Marked text is pieces, sentences are bits (see `pieces` and `i18n`), addresses are ready to print.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, get_args

from indexer.messages import Language
from indexer.model import (
    Answer,
    Article,
    Bucket,
    Found,
    Notice,
    SearchRequest,
    Sort,
    Status,
    Suggestion,
)
from searchapp import guide, i18n, links, params
from searchapp.faults import Fault, Row
from searchapp.frame import Day, Dir, Form, Frame, Link, Reader, day, form, frame
from searchapp.i18n import Bit, Bits
from searchapp.links import Args
from searchapp.pieces import Piece, pieces
from searchapp.timeline import Timeline, timeline

PAGE_FACETS = ("source", "section", "author", "year", "month")
"""Facets that a page of results asks for."""

SHOWN_FACETS = ("source", "section", "author", "year")

FACET_ROWS = 8
"""Values of a facet that show at once; of the others `FACET_MORE` are a click away."""

FACET_MORE = 40

PAGER_REACH = 2
"""Pages that the pager shows on either side of the current one."""

# --- results ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """A notice above the results, with a way back or on where there is one."""

    bits: Bits
    is_warning: bool = False
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """How a word of the query was met: its written forms come last."""

    query: str
    text: str
    via: str
    because: str


@dataclass(frozen=True, slots=True)
class HitView:
    """One result. `opens_related` says that the articles without all the words begin here."""

    number: int
    href: str
    dir: Dir
    title: tuple[Piece, ...]
    source: str | None
    section: str | None
    author: str | None
    day: Day | None
    text: tuple[Piece, ...]
    vias: tuple[tuple[str, str, str], ...]
    ways: tuple[Way, ...]
    opens_related: bool


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
class Offer:
    """A suggested query with the number of its articles, and why."""

    q: str
    dir: Dir
    href: str
    count: str
    why: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on: the link removes it."""

    bits: Bits
    href: str


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
    """
    language = reader.language
    heading = i18n.counted(answer.total, "results", language)
    return ResultPage(
        frame=frame(
            reader, _title(answer, heading, language), (links.SEARCH, links.page_args(request)), status
        ),
        form=form(reader, request),
        q=request.q,
        heading=heading if answer.found or answer.total else _zero_heading(request, language),
        read=_read(answer, language),
        other_way=_other_way(request, reader),
        notices=(*_rescued(answer, request, reader), *_told(answer, request, reader, notices)),
        offers=tuple(_offer(offer, request, reader) for offer in answer.suggestions),
        time=_time(answer, request, reader),
        took=i18n.bits("took", language, ms=Bit(_ms(answer.took_ms), "number")),
        sorts=_sorts(request, reader),
        hits=_hits(answer, request, reader),
        related=_related(answer, language),
        chips=_chips(request, reader),
        without_filters=_search(reader, bare(request)),
        facets=tuple(view for field in SHOWN_FACETS if (view := _facet(field, answer, request, reader))),
        pager=_pager(answer, request, reader),
        exports=_exports(request),
    )


def _ms(took: float) -> str:
    return f"{took:.0f}" if took >= 1 else f"{took:.1f}"


def _related(answer: Answer, language: Language) -> Bits:
    articles = i18n.counted(answer.related_total, "articles", language)
    return i18n.bits("related", language, articles=Bit(articles, "number"))


def bare(request: SearchRequest) -> SearchRequest:
    """The request without filters."""
    return links.restarted(request, include=(), exclude=(), years=(), date_from=None, date_to=None)


def _search(reader: Reader, request: SearchRequest) -> str:
    return reader.address(links.SEARCH, links.page_args(request))


def _title(answer: Answer, heading: str, language: Language) -> str:
    q = answer.q if len(answer.q) <= 80 else answer.q[:79] + "…"
    return (
        f"{q}: {heading} · {i18n.text('name', language)}"
        if q.strip()
        else f"{heading} · {i18n.text('name', language)}"
    )


def _zero_heading(request: SearchRequest, language: Language) -> str:
    filtered = request != bare(request) and bool(_chips(request, Reader(language)))
    key = "zero_filtered" if filtered else "zero_title"
    return i18n.text("zero_empty" if filtered and not request.q.strip() else key, language)


def _read(answer: Answer, language: Language) -> Bits:
    """How the query was understood, in a sentence."""
    if answer.searched.strip() in ("", "*"):
        return i18n.bits("read_all", language)
    level = Bit(i18n.text(f"level_{answer.match}", language))
    typed = " ".join(answer.searched.split())
    key = "read_words" if typed == answer.canonical else "read_tree"
    return i18n.bits(key, language, q=Bit(answer.canonical or typed, "query"), level=level)


def _other_way(request: SearchRequest, reader: Reader) -> Link | None:
    """The exact search from any other, and back."""
    if not request.q.strip():
        return None
    key, match = ("ask_stem", "stem") if request.match == "exact" else ("ask_exact", "exact")
    return Link(i18n.text(key, reader.language), _search(reader, links.restarted(request, match=match)))


def _rescued(answer: Answer, request: SearchRequest, reader: Reader) -> tuple[Told, ...]:
    """That the results are for another query, or for fewer words, than asked."""
    language = reader.language
    told: list[Told] = []
    if answer.rescued:
        queries = {"q": Bit(answer.q, "query"), "searched": Bit(answer.searched, "query")}
        back = Link(
            i18n.text("rescue_undo", language), _search(reader, links.restarted(request, rescue=False))
        )
        told.append(Told(i18n.bits(f"rescued_{answer.rescued}", language, **queries), link=back))
    if answer.relaxed:
        all_words = Link(
            i18n.text("relaxed_undo", language), _search(reader, links.restarted(request, operator="and"))
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
        first = Link(i18n.text("page_first", reader.language), _search(reader, links.restarted(request)))
        told.append(Told(i18n.bits("page_beyond", reader.language), link=first))
    return tuple(told)


def _offer(offer: Suggestion, request: SearchRequest, reader: Reader) -> Offer:
    changes: dict[str, Any] = {"q": offer.q}
    if offer.why == "wider_dates":
        changes |= {"date_from": None, "date_to": None, "years": ()}
    return Offer(
        offer.q,
        i18n.direction(offer.q, reader.language),
        _search(reader, links.restarted(request, **changes)),
        i18n.counted(offer.total, "articles", reader.language),
        i18n.text(f"why_{offer.why}", reader.language),
    )


def _time(answer: Answer, request: SearchRequest, reader: Reader) -> Timeline | None:
    """The results over time; one bar alone tells nothing."""

    def link(first: date, last: date) -> str:
        return _search(reader, links.restarted(request, date_from=first, date_to=last, years=()))

    time = timeline(dict(answer.facets).get("month", ()), link, reader.language)
    return time if time and len(time.bars) > 1 else None


def _sorts(request: SearchRequest, reader: Reader) -> tuple[Link, ...]:
    return tuple(
        Link(
            i18n.text(f"sort_{sort}", reader.language),
            _search(reader, links.restarted(request, sort=sort)),
            sort == request.sort,
        )
        for sort in get_args(Sort)
    )


def _hits(answer: Answer, request: SearchRequest, reader: Reader) -> tuple[HitView, ...]:
    views: list[HitView] = []
    was_related = answer.relaxed
    for number, found in enumerate(answer.found, request.offset + 1):
        views.append(_hit(found, number, request, reader, opens_related=found.related and not was_related))
        was_related = was_related or found.related
    return tuple(views)


def _hit(
    found: Found, number: int, request: SearchRequest, reader: Reader, *, opens_related: bool
) -> HitView:
    article = found.article
    vias: dict[str, str] = {way.text: way.via for way in found.matched}
    language = reader.language
    kept: Args = (("q", request.q),) if request.q else ()
    return HitView(
        number=number,
        href=reader.address(links.article_path(article.id), kept),
        dir=i18n.direction(article.title + article.body[:200]),
        title=pieces(article.title, found.title_matches, vias=vias),
        source=article.source,
        section=article.section,
        author=article.author,
        day=day(article.published, language),
        text=_snippets(found, vias),
        vias=tuple(
            (via, i18n.text(f"via_{via}", language), i18n.text(f"because_{via}", language))
            for via in dict.fromkeys(way.via for way in found.matched)
        ),
        ways=tuple(
            Way(way.query, way.text, way.via, i18n.text(f"because_{way.via}", language))
            for way in found.matched
        ),
        opens_related=opens_related,
    )


def _snippets(found: Found, vias: Mapping[str, str]) -> tuple[Piece, ...]:
    """All passages in a row, an ellipsis where text is left out."""
    body, here, parts = found.article.body, 0, list[Piece]()
    for snippet in found.snippets:
        parts += [Piece(" … " if parts else "… ")] if snippet.start > here else []
        parts += pieces(body, snippet.matches, snippet.start, snippet.end, vias)
        here = snippet.end
    return (*parts, *([Piece(" …")] if parts and here < len(body.rstrip()) else ()))


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
    return FacetRow(bucket.value, f"{bucket.count:,}", _search(reader, taken), chosen, _search(reader, out))


def _year_row(field: str, bucket: Bucket, request: SearchRequest, reader: Reader) -> FacetRow:
    year = int(bucket.value)
    chosen = year in request.years
    years = tuple(one for one in request.years if one != year) if chosen else (*request.years, year)
    href = _search(reader, links.restarted(request, years=years))
    return FacetRow(bucket.value, f"{bucket.count:,}", href, chosen, None)


def _without(pairs: tuple[tuple[str, str], ...], pair: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(one for one in pairs if one != pair)


def _chips(request: SearchRequest, reader: Reader) -> tuple[Chip, ...]:
    """One chip for each filter."""
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
    return tuple(Chip(words, _search(reader, without)) for words, without in made)


def _chip_words(key: str, language: Language, field: str, value: str) -> Bits:
    return i18n.bits(key, language, field=Bit(field), value=value)


def _pager(answer: Answer, request: SearchRequest, reader: Reader) -> Pager | None:
    reach = min(answer.total + answer.related_total, params.DEEPEST)
    last = min(-(-reach // request.page_size), params.DEEPEST // request.page_size)
    here = request.offset // request.page_size + 1
    if last <= 1 and here == 1:
        return None

    def at(number: int) -> str:
        return _search(reader, replace(request, offset=(number - 1) * request.page_size))

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
    """The same search from the API; its first page, as cursors begin there."""
    args = links.search_args(links.restarted(request, facets=()))
    path = f"{links.API}/search"
    forms = (("CSV", "csv"), ("JSON Lines", "jsonl"))
    return (
        Link("JSON", links.readable(path, args)),
        *(Link(name, links.readable(path, (*args, ("format", form)))) for name, form in forms),
    )


# --- home -------------------------------------------------------------------------------------------------


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
        return _search(reader, SearchRequest(date_from=first, date_to=last))

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


# --- article ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Named:
    """A value that also is a search for what shares it."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """The reading page.

    Attributes:
        paragraphs: the body as written, cut at its line ends.
        citation: title, source, day, archive.
        permalink: absolute where the address of this Rasid is known, else the path.
        outside: the article's own address where a page may link to it; `url` is shown in any case.
    """

    frame: Frame
    id: str
    dir: Dir
    title: tuple[Piece, ...]
    paragraphs: tuple[tuple[Piece, ...], ...]
    source: Named | None
    section: Named | None
    author: Named | None
    day: Day | None
    words: str
    citation: tuple[str, ...]
    permalink: str
    path: str
    url: str | None
    outside: str | None
    added: Day | None
    input_id: str | None
    revisions: int
    as_json: str
    back: Link | None
    back_words: Bits


def article_page(
    article: Article,
    revisions: int,
    reader: Reader,
    *,
    q: str = "",
    base_url: str | None = None,
    marks: Found | None = None,
    status: Status | None = None,
) -> ArticlePage:
    """The page of an article.

    Args:
        q: the query that led to it.
        base_url: scheme and host of the permanent link, if known.
        marks: where the query matches in title and body; its snippets may be the whole body.
    """
    language = reader.language
    path = links.article_path(article.id)
    kept: Args = (("q", q),) if q else ()
    shown = day(article.published, language)
    return ArticlePage(
        frame=frame(reader, f"{article.title} · {i18n.text('name', language)}", (path, kept), status),
        id=article.id,
        dir=i18n.direction(article.title + article.body[:200]),
        **_marked_text(article, marks),
        source=_named("source", article, reader),
        section=_named("section", article, reader),
        author=_named("author", article, reader),
        day=shown,
        words=i18n.counted(len(article.body.split()), "words", language),
        citation=_citation(article, shown, language),
        permalink=(base_url or "") + path,
        path=reader.address(path),
        url=article.url,
        outside=links.outside(article.url),
        added=day(article.added, language),
        input_id=article.input_id,
        revisions=revisions,
        as_json=f"{links.API}/articles/{path.removeprefix(links.ARTICLE)}",
        back=Link(q, reader.address(links.SEARCH, kept)) if q else None,
        back_words=i18n.bits("back_to", language, q=Bit(q, "query")),
    )


def _marked_text(article: Article, marks: Found | None) -> dict[str, Any]:
    """Title and paragraphs of an article page."""
    if marks is None:
        return {"title": (Piece(article.title),), "paragraphs": paragraphs(article.body)}
    vias: dict[str, str] = {way.text: way.via for way in marks.matched}
    matches = [match for snippet in marks.snippets for match in snippet.matches]
    return {
        "title": pieces(article.title, marks.title_matches, vias=vias),
        "paragraphs": paragraphs(article.body, matches, vias),
    }


def paragraphs(
    body: str, matches: Iterable[tuple[int, int]] = (), vias: Mapping[str, str] | None = None
) -> tuple[tuple[Piece, ...], ...]:
    """The body's paragraphs as pieces; empty lines are left out.

    >>> [[piece.text for piece in paragraph] for paragraph in paragraphs("أولى\\n\\nثانية")]
    [['أولى'], ['ثانية']]
    """
    spots, start, made = tuple(matches), 0, []
    for end in [*(gap.start() for gap in re.finditer("\n", body)), len(body)]:
        if body[start:end].strip():
            made.append(pieces(body, spots, start, end, vias))
        start = end + 1
    return tuple(made)


def _named(field: str, article: Article, reader: Reader) -> Named | None:
    value: str | None = getattr(article, field)
    if not value:
        return None
    return Named(value, _search(reader, SearchRequest(include=((field, value),), sort="newest")))


def _citation(article: Article, shown: Day | None, language: Language) -> tuple[str, ...]:
    quoted = f"«{article.title}»" if language == "ar" else f"“{article.title}”"
    parts = (quoted, article.author, article.source, shown and shown.text, i18n.text("citation", language))
    return tuple(part for part in parts if part)


# --- the other pages --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the status page; `is_code` for digests and names of machines."""

    label: str
    value: str
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class StatusPage:
    """What the archive holds and what serves it."""

    frame: Frame
    facts: tuple[Fact, ...]
    sources: tuple[FacetRow, ...]
    notices: tuple[Told, ...]
    time: Timeline | None


def status_page(status: Status, reader: Reader, release: str, months: Iterable[Bucket] = ()) -> StatusPage:
    """The page of an archive's status."""
    language = reader.language

    def link(first: date, last: date) -> str:
        return _search(reader, SearchRequest(date_from=first, date_to=last))

    title = f"{i18n.text('status_title', language)} · {i18n.text('name', language)}"
    return StatusPage(
        frame=frame(reader, title, (links.STATUS, ()), status),
        facts=_facts(status, language, release),
        sources=tuple(_source_row(bucket, reader) for bucket in status.sources if bucket.value),
        notices=tuple(
            Told(i18n.notice_bits(notice, language), is_warning=True) for notice in status.warnings
        ),
        time=timeline(months, link, language, matching=False),
    )


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
    href = _search(reader, SearchRequest(include=(("source", bucket.value),), sort="newest"))
    return FacetRow(bucket.value, f"{bucket.count:,}", href, False, None)


@dataclass(frozen=True, slots=True)
class Problem:
    """An error of the API: its anchor, status and title."""

    anchor: str
    status: int
    title: str


@dataclass(frozen=True, slots=True)
class HelpPage:
    """The query language with examples that run, and the API in short."""

    frame: Frame
    form: Form
    sections: tuple[guide.Section, ...]
    grades: tuple[guide.Grade, ...]
    endpoints: tuple[guide.Endpoint, ...]
    problems: tuple[Problem, ...]
    keys: Bits


def help_page(reader: Reader, faults: Iterable[Row] = (), status: Status | None = None) -> HelpPage:
    """The help page; `faults` are the problems that it explains."""
    language = reader.language
    title = f"{i18n.text('help_title', language)} · {i18n.text('name', language)}"
    return HelpPage(
        frame=frame(reader, title, (links.HELP, ()), status),
        form=form(reader),
        sections=guide.sections(reader),
        grades=guide.grades(language),
        endpoints=guide.endpoints(language),
        keys=i18n.bits("help_keys_line", language, slash=Bit("/", "strong"), tab=Bit("Tab", "strong")),
        problems=tuple(
            Problem(f"problem-{row.kind}", row.status, i18n.text(row.title, language)) for row in faults
        ),
    )


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """An error.

    Attributes:
        detail: what was wrong, in English where no text of ours says it.
        fault: the query cut where the fault stands; empty elsewhere.
        at: where, counted from 1.
        commands: for whoever runs the server; only where there is no index.
    """

    frame: Frame
    form: Form
    status: int
    heading: str
    detail: str
    detail_dir: Dir
    hint: str
    commands: tuple[str, ...]
    fault: tuple[Piece, ...] = ()
    fault_dir: Dir = "rtl"
    at: Bits = ()
    as_text: Link | None = None


def error_page(reader: Reader, fault: Fault, here: tuple[str, Args], q: str = "") -> ErrorPage:
    """The page of a fault.

    Args:
        here: path and arguments of the page that failed.
        q: the query, if there was one.
    """
    language = reader.language
    heading = i18n.text(fault.row.title, language)
    return ErrorPage(
        frame=frame(reader, f"{heading} · {i18n.text('name', language)}", here),
        form=form(reader, SearchRequest(q=q)),
        status=fault.row.status,
        heading=heading,
        detail=fault.detail,
        detail_dir=i18n.direction(fault.detail, language),
        hint=i18n.text("gone_hint", language) if fault.row.kind == "gone" else "",
        commands=fault.row.commands,
        **_fault_in_query(reader, fault.position, here, q),
    )


def _fault_in_query(reader: Reader, position: int | None, here: tuple[str, Args], q: str) -> dict[str, Any]:
    """The part of an error page that points into the query."""
    if position is None:
        return {}
    n = Bit(f"{position + 1:,}", "number")
    plain: Args = tuple(arg for arg in here[1] if arg[0] != "strict")
    return {
        "fault": marked_clause(q, position),
        "fault_dir": i18n.direction(q, reader.language),
        "at": i18n.bits("error_at", reader.language, n=n),
        "as_text": Link(i18n.text("error_as_text", reader.language), reader.address(here[0], plain)),
    }


def marked_clause(q: str, position: int) -> tuple[Piece, ...]:
    """The query with the clause at a position marked.

    >>> [piece.text for piece in marked_clause("نفط (البصرة", 4) if piece.is_match]
    ['(البصرة']
    """
    clause = re.compile(r"\S+").search(q, position)
    return pieces(q, [clause.span()] if clause else [])
