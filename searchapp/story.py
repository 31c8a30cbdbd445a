"""The reading page of an article: its text as written, its citation, what is like it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indexer.archive import Revision
from indexer.messages import Language
from indexer.model import Article, Found, SearchRequest, Status
from searchapp import citation, i18n, links
from searchapp.frame import Day, Dir, Frame, Link, Reader, Told, day, frame
from searchapp.i18n import Bit, Bits
from searchapp.links import Args
from searchapp.pieces import Piece, pieces


@dataclass(frozen=True, slots=True)
class Named:
    """A value that also is a search for what shares it."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Near:
    """A similar article."""

    href: str
    dir: Dir
    title: str
    source: str | None
    day: Day | None


@dataclass(frozen=True, slots=True)
class Edition:
    """A text that was kept of the article."""

    number: str
    title: str
    stored: Day | None
    current: bool


@dataclass(frozen=True, slots=True)
class Hop:
    """A match in the body: its anchor, that of the next one, and where it is among them."""

    id: str
    next: str
    place: Bits


Stretch = tuple[Piece, Hop | None]
"""A piece of the body, with its hop where it is a match."""


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """The reading page.

    Attributes:
        paragraphs: the body as written, cut at its line ends.
        hops: the matches in the body, in order.
        plain: the page without marks.
        data: the article as schema.org knows it, for crawlers.
        citation: title, source, day, archive.
        permalink: absolute where the address of this Rasid is known, else the path.
        outside: the article's own address where a page may link to it; `url` is shown in any case.
    """

    frame: Frame
    id: str
    dir: Dir
    title: tuple[Piece, ...]
    paragraphs: tuple[tuple[Stretch, ...], ...]
    hops: tuple[Hop, ...]
    plain: str
    notices: tuple[Told, ...]
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
    editions: tuple[Edition, ...]
    near: tuple[Near, ...]
    as_json: str
    as_text: str
    as_ris: str
    cite_text: str
    data: Mapping[str, Any]
    back: Link | None
    back_words: Bits


def article_page(
    article: Article,
    reader: Reader,
    *,
    q: str = "",
    base_url: str = "",
    marks: Found | None = None,
    near: Iterable[Found] = (),
    revisions: Sequence[Revision] = (),
    status: Status | None = None,
) -> ArticlePage:
    """The page of an article.

    Args:
        q: the query that led to it.
        base_url: scheme and host of the permanent link.
        marks: where the query matches in title and body; its snippets may be the whole body.
        near: similar articles.
        revisions: the texts that the archive keeps of it.
    """
    language = reader.language
    path = links.article_path(article.id)
    kept: Args = (("q", q),) if q else ()
    shown = day(article.published, language)
    return ArticlePage(
        frame=frame(reader, f"{article.title} · {i18n.text('name', language)}", (path, kept), status),
        id=article.id,
        dir=i18n.direction(article.title + article.body[:200]),
        **_marked_text(article, marks, language),
        plain=reader.address(path),
        notices=_unmarked(q, marks, language),
        source=_named("source", article, reader),
        section=_named("section", article, reader),
        author=_named("author", article, reader),
        day=shown,
        words=i18n.counted(len(article.body.split()), "words", language),
        citation=citation.parts(article, language),
        permalink=base_url + path,
        path=reader.address(path),
        url=article.url,
        outside=links.outside(article.url),
        added=day(article.added, language),
        input_id=article.input_id,
        editions=_editions(article, revisions, language),
        near=tuple(_near(found.article, reader) for found in near),
        as_json=links.article_api(article.id),
        as_text=f"{links.article_api(article.id)}?format=text",
        as_ris=links.article_api(article.id, "/cite?format=ris"),
        cite_text=links.article_api(article.id, "/cite?format=text"),
        data=_data(article, base_url),
        back=Link(q, reader.address(links.SEARCH, kept)) if q else None,
        back_words=i18n.bits("back_to", language, q=Bit(q, "query")),
    )


def _marked_text(article: Article, marks: Found | None, language: Language) -> dict[str, Any]:
    """Title and paragraphs of an article page, and the way from match to match."""
    vias = {way.text: way.via for way in marks.matched} if marks else {}
    matches = [match for snippet in marks.snippets for match in snippet.matches] if marks else []
    body = paragraphs(article.body, matches, vias)
    hops = _hops(sum(piece.is_match for paragraph in body for piece in paragraph), language)
    following = iter(hops)
    return {
        "title": pieces(article.title, marks.title_matches if marks else (), vias=vias),
        "paragraphs": tuple(
            tuple((piece, next(following) if piece.is_match else None) for piece in paragraph)
            for paragraph in body
        ),
        "hops": hops,
    }


def _hops(count: int, language: Language) -> tuple[Hop, ...]:
    """The matches, each leading to the next, the last to the first."""
    of = Bit(f"{count:,}", "number")
    return tuple(
        Hop(f"m{n}", f"#m{n % count + 1}", i18n.bits("hop_place", language, n=Bit(f"{n:,}", "number"), of=of))
        for n in range(1, count + 1)
    )


def _unmarked(q: str, marks: Found | None, language: Language) -> tuple[Told, ...]:
    """That no word of the query stands in this article."""
    has_match = marks and (marks.title_matches or any(snippet.matches for snippet in marks.snippets))
    if not q or has_match:
        return ()
    return (Told(i18n.bits("no_match_here", language, q=Bit(q, "query"))),)


def _near(article: Article, reader: Reader) -> Near:
    href = reader.address(links.article_path(article.id))
    shown = day(article.published, reader.language)
    return Near(href, i18n.direction(article.title), article.title, article.source, shown)


def _editions(article: Article, revisions: Sequence[Revision], language: Language) -> tuple[Edition, ...]:
    """The texts that were kept, the newest first; one alone is not worth a list."""
    if len(revisions) < 2:
        return ()
    return tuple(
        Edition(f"{one.number:,}", one.title, day(one.stored_at, language), one.number == article.revision)
        for one in reversed(revisions)
    )


def _data(article: Article, base_url: str) -> dict[str, Any]:
    """The article as linked data (schema.org)."""
    language = "ar" if i18n.direction(article.title + article.body[:200]) == "rtl" else "en"
    known = {
        "headline": article.title,
        "datePublished": article.published,
        "inLanguage": language,
        "articleSection": article.section,
        "author": article.author and {"@type": "Person", "name": article.author},
        "publisher": article.source and {"@type": "Organization", "name": article.source},
        "isBasedOn": links.outside(article.url),
        "wordCount": len(article.body.split()),
        "mainEntityOfPage": base_url + links.article_path(article.id),
    }
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        **{name: value for name, value in known.items() if value},
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
    return Named(value, reader.search(SearchRequest(include=((field, value),), sort="newest")))
