"""The JSON API: one method for each row of `openapi.ENDPOINTS`."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from flask import Blueprint, Response, request

from indexer import export
from indexer.errors import ArticleNotFound, ParameterError
from indexer.messages import Language
from indexer.model import Article, SearchRequest
from indexer.reading import MOST_SIMILAR
from indexer.series import Interval
from searchapp import citation, document, i18n, links, openapi, parameters, params
from searchapp.document import Document
from searchapp.kept import KeptRoom
from searchapp.parameters import Presentation

ARTICLE_ID = re.compile(r"[\w.:~-]{1,200}")
"""The ids that an archive can hold."""

FILES = {"csv": "text/csv", "jsonl": "application/x-ndjson"}
"""Format of a file of all results → its media type."""

NEWEST = SearchRequest(page_size=1, sort="newest")

DEFAULT_INTERVAL: Interval = "month"


def in_archive(id: str) -> str:
    """The id, if an archive can hold it.

    Raises:
        ArticleNotFound: it cannot.
    """
    if not ARTICLE_ID.fullmatch(id):
        raise ArticleNotFound("no article has an id of that form")
    return id


def json_response(body: Document, status: int = 200, mimetype: str = openapi.JSON) -> Response:
    """A document as a response."""
    return Response(document.json_text(body), status, mimetype=mimetype)


def text_response(text: str, mimetype: str = "text/plain") -> Response:
    """A text as a response, in UTF-8 whatever its kind."""
    return Response(text.encode("utf-8", "replace"), content_type=f"{mimetype}; charset=utf-8")


def streamed(chunks: Iterator[bytes], form: str, source: Iterator[Article] | None = None) -> Response:
    """A file that is written while it is sent; where that fails, the connection breaks.

    Args:
        source: what is read meanwhile, and closed in any case.
    """
    response = Response(chunks, mimetype=FILES[form])
    response.call_on_close(getattr(source, "close", lambda: None))
    response.headers["Content-Disposition"] = f'attachment; filename="rasid.{form}"'
    return response


def all_results(room: KeptRoom, asked: SearchRequest, shown: Presentation) -> Response:
    """Every article of exactly the parsed query, newest first; the first is read before the answer begins."""
    if request.args.get("cursor"):
        raise ParameterError("cursor", f"a file of format {shown.format} is whole; it has no pages")
    articles = room.every(asked)
    begun = chain([first] if (first := next(articles, None)) else [], articles)
    return streamed(export.written(begun, shown.format, shown.fields or None), shown.format, articles)


@dataclass(frozen=True, slots=True)
class Api:
    """The endpoints under ``/api/v1``.

    Attributes:
        base: gives scheme and host of absolute addresses.
    """

    room: KeptRoom
    release: str
    base: Callable[[], str]

    def blueprint(self) -> Blueprint:
        """The endpoints by address."""
        made = Blueprint("api", __name__, url_prefix=links.API)
        for endpoint in openapi.ENDPOINTS:
            made.add_url_rule(endpoint.path, endpoint.name, getattr(self, endpoint.name))
        return made

    def search(self) -> Response:
        """One page of an answer, or a file of all."""
        asked, shown, _ = params.search_request(request.args, api=True)
        if shown.format != "json":
            return all_results(self.room, asked, shown)
        answer = self.room.answer(asked)
        place = request.args.get("cursor") or None
        made = document.search_document(answer, asked, language=language(), shown=shown, place=place)
        response = json_response(made)
        response.cache_control.no_store = answer.partial
        return _with_next(response, made["links"]["next"])

    def article(self, id: str) -> Response:
        """One article."""
        form = params.value_of(request.args, parameters.ARTICLE, "json")
        article, revisions = self.room.article(in_archive(id))
        if form == "text":
            return text_response(f"{article.title}\n\n{article.body}\n")
        return json_response(document.article_document(article, revisions))

    def similar(self, id: str) -> Response:
        """Articles like this one."""
        most = params.value_of(request.args, parameters.SIMILAR, MOST_SIMILAR)
        return json_response(document.similar_document(id, self.room.similar(in_archive(id), most)))

    def cite(self, id: str) -> Response:
        """The citation of an article."""
        form = params.value_of(request.args, parameters.CITE, "text")
        article, _ = self.room.article(in_archive(id))
        permalink = self.base() + links.article_path(article.id)
        if form == "text":
            return text_response(citation.sentence(article, permalink, language()))
        return _ris(article, permalink)

    def timeline(self) -> Response:
        """Up to four queries over time."""
        requests, interval, _ = params.timeline_requests(request.args, api=True)
        seen = self.room.attention(requests or (SearchRequest(),), interval or DEFAULT_INTERVAL)
        if request.args.get("format", "").strip() == "csv":
            response = streamed(export.table(document.timeline_rows(seen)), "csv")
        else:
            response = json_response(document.timeline_document(seen))
        response.cache_control.no_store = seen.partial
        return response

    def suggest(self) -> Response:
        """Completions of what was typed so far."""
        typed = params.text_of(request.args, parameters.SUGGEST)
        offered = self.room.completions(typed)
        counts = [i18n.counted(offer.total, "articles", language()) for offer in offered]
        pages = [self.base() + links.encoded(links.SEARCH, [("q", offer.q)]) for offer in offered]
        body: list[Any] = [typed, [offer.q for offer in offered], counts, pages]
        return Response(document.json_text(body), mimetype=openapi.SUGGESTIONS)

    def analyze(self) -> Response:
        """A text's words with their way through the analysis chain."""
        return json_response(document.analyze_document(params.text_of(request.args, parameters.ANALYZE)))

    def status(self) -> Response:
        """What the home holds; also before the first article."""
        _refuse_parameters()
        return json_response(document.status_document(self.room.status(), language()))

    def openapi(self) -> Response:
        """The description of all this."""
        _refuse_parameters()
        return json_response(openapi.description(self.release, self._any_id()))

    def _any_id(self) -> str | None:
        """The id of an article, if there is one."""
        if self.room.status().generation is None:
            return None
        return next((found.article.id for found in self.room.answer(NEWEST).found), None)


def _ris(article: Article, permalink: str) -> Response:
    response = text_response(citation.ris(article, permalink), "application/x-research-info-systems")
    response.headers["Content-Disposition"] = 'attachment; filename="rasid.ris"'
    return response


def language() -> Language:
    """The language of messages in documents."""
    return i18n.preferred(None, request.accept_languages)


def _refuse_parameters(names: Iterable[parameters.Parameter] = ()) -> None:
    params.read(request.args, tuple(names), api=True)


def _with_next(response: Response, address: str | None) -> Response:
    if address:
        response.headers["Link"] = f'<{address}>; rel="next"'
    return response
