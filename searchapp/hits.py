"""One result as a reader sees it: marked title and passages, and why it was found."""

from collections.abc import Mapping
from dataclasses import dataclass

from indexer.model import Answer, Found, SearchRequest
from searchapp import i18n, links
from searchapp.frame import Day, Dir, Reader, day
from searchapp.links import Args
from searchapp.pieces import Piece, pieces


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


def hits(answer: Answer, request: SearchRequest, reader: Reader) -> tuple[HitView, ...]:
    """The hits of a page, numbered through all pages."""
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
    kept: Args = tuple(arg for arg in links.search_args(request) if arg[0] in ("q", "match"))
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
