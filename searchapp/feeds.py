"""What browsers, feed readers and crawlers ask for: Atom, OpenSearch, robots.txt, the icon."""

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from indexer.messages import Language
from indexer.model import Answer, Found, Operator, SearchRequest
from searchapp import i18n, links, params
from searchapp.kept import KeptRoom
from searchapp.links import Args
from searchapp.pieces import html, pieces

ATOM = "application/atom+xml"
OPENSEARCH = "application/opensearchdescription+xml"

NAMESPACE = uuid.UUID("6d6b4b5e-3c3f-5d0c-9a53-0b7c5a1f8e21")
"""Ids of feeds and entries are made in it from queries and articles, whatever the host."""

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

FEED_SIZE = 30
"""Entries of a page, so that who looks once a day misses none."""

NOT_OF_A_FEED = ("sort", "rescue", "operator", "page_size")
"""Arguments that a feed sets itself, or that do not change which articles it has."""

LONG_AGO = "1970-01-01T00:00:00+00:00"
"""When an empty feed of an empty archive was last changed."""

ROBOTS = """User-agent: *
Disallow: /search
Disallow: /compare
Disallow: /api/
Disallow: /feed.atom
Allow: /
"""
"""Articles are for crawlers; answers are endless."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One article in a feed; `text` is escaped HTML."""

    id: str
    title: str
    href: str
    published: str | None
    updated: str
    author: str | None
    source: str | None
    section: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of a feed."""

    id: str
    title: str
    subtitle: str
    author: str
    language: str
    updated: str
    me: str
    page: str
    search: str
    next: str | None
    previous: str | None
    q: str
    total: int
    start: int
    size: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Feeds:
    """Addresses that no reader opens, but their programs do.

    Attributes:
        base: gives scheme and host of absolute addresses.
    """

    room: KeptRoom
    base: Callable[[], str]
    assets: Mapping[str, str]
    language: Callable[[], Language]

    def blueprint(self) -> Blueprint:
        """The endpoints by address."""
        made = Blueprint("feeds", __name__)
        made.add_url_rule(links.FEED, "feed", self.feed)
        made.add_url_rule(links.OPENSEARCH, "opensearch", self.opensearch)
        made.add_url_rule("/robots.txt", "robots", self.robots)
        made.add_url_rule("/favicon.ico", "favicon", self.favicon)
        return made

    def feed(self) -> Response:
        """The newest articles of exactly a query."""
        asked = params.search_request(request.args, api=False).request
        asked = exact(asked, asked.page_size if request.args.get("page_size") else FEED_SIZE)
        view = feed_of(self.room.answer(asked), asked, self.base(), self.language(), self._updated())
        return Response(render_template("feed.xml", feed=view).encode("utf-8", "replace"), mimetype=ATOM)

    def _updated(self) -> str:
        return self.room.status().built_at or LONG_AGO

    def opensearch(self) -> Response:
        """The description that a browser makes a search engine of."""
        t = i18n.texts(self.language())
        image = self.base() + self.assets["favicon.svg"]
        text = render_template("opensearch.xml", base=self.base(), image=image, t=t, language=self.language())
        return Response(text, mimetype=OPENSEARCH)

    def robots(self) -> Response:
        """What crawlers may ask for."""
        return Response(ROBOTS, mimetype="text/plain")

    def favicon(self) -> AnyResponse:
        """Where the icon is, for those who do not read it in the page."""
        return redirect(self.assets["favicon.svg"], 301)


def exact(asked: SearchRequest, size: int = FEED_SIZE) -> SearchRequest:
    """The request as a feed answers it: all its words, nothing rescued, the newest first."""
    operator: Operator = "and" if asked.operator == "auto" else asked.operator
    offset = asked.offset // asked.page_size * size
    asked = replace(asked, operator=operator, rescue=False, sort="newest", facets=())
    return replace(asked, page_size=size, offset=offset)


def feed_of(answer: Answer, asked: SearchRequest, base: str, language: Language, updated: str) -> Feed:
    """A page of the feed of an answer.

    Args:
        base: scheme and host.
        updated: when the archive changed last.
    """
    found = () if answer.relaxed else tuple(one for one in answer.found if not one.related)
    total = 0 if answer.relaxed else answer.total
    args = tuple(arg for arg in links.search_args(asked) if arg[0] not in NOT_OF_A_FEED)
    entries = tuple(entry(one, base) for one in found)
    name = i18n.text("name", language)
    return Feed(
        id=_urn("feed", repr(args)),
        title=clean(f"{name}: {asked.q}" if asked.q.strip() else name),
        subtitle=i18n.text("tagline", language),
        author=name,
        language=language,
        updated=max((one.updated for one in entries), default=updated),
        me=_at(base, args, asked.offset // asked.page_size + 1),
        page=base + links.encoded(links.SEARCH, args),
        search=base + links.OPENSEARCH,
        next=_turned(base, args, asked, 1) if asked.offset + len(found) < total and found else None,
        previous=_turned(base, args, asked, -1) if asked.offset else None,
        q=clean(asked.q),
        total=total,
        start=asked.offset + 1,
        size=asked.page_size,
        entries=entries,
    )


def _turned(base: str, args: Args, asked: SearchRequest, step: int) -> str:
    return _at(base, args, asked.offset // asked.page_size + 1 + step)


def _at(base: str, args: Args, page: int) -> str:
    """The address of a page of the feed."""
    return base + links.encoded(links.FEED, (*args, *((("page", str(page)),) if page > 1 else ())))


def entry(found: Found, base: str) -> Entry:
    """An article as an entry: its id is the article's, so a reader shows it once, whatever feed it is in."""
    article = found.article
    passages = [html(pieces(article.body, one.matches, one.start, one.end)) for one in found.snippets]
    added = article.added or LONG_AGO
    return Entry(
        id=_urn("article", article.id),
        title=clean(article.title),
        href=base + links.article_path(article.id),
        published=moment(article.published),
        updated=added,
        author=article.author and clean(article.author),
        source=article.source and clean(article.source),
        section=article.section and clean(article.section),
        text=clean(" … ".join(passages)),
    )


def moment(published: str | None) -> str | None:
    """An article's date as an Atom date: a day begins at midnight UTC.

    >>> moment("2020-07-21"), moment("2021-08-28T10:00:00+03:00"), moment(None)
    ('2020-07-21T00:00:00Z', '2021-08-28T10:00:00+03:00', None)
    """
    if not i18n.day_of(published) or not published:
        return None
    if len(published) == 10:
        return f"{published}T00:00:00Z"
    has_zone = published.endswith("Z") or re.search(r"[+-]\d\d:\d\d$", published)
    return published if has_zone else f"{published}Z"


def clean(text: str) -> str:
    """A text without the characters that XML cannot hold.

    >>> clean("قمة\\x00")
    'قمة'
    """
    return NOT_XML.sub("", text)


def _urn(kind: str, name: str) -> str:
    return uuid.uuid5(NAMESPACE, f"{kind}:{name}").urn
