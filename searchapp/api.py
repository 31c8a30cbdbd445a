"""The JSON API and the endpoints of operation."""

import re
from dataclasses import dataclass

from flask import Blueprint, Response, request

from indexer.errors import ArticleNotFound, GenerationGone, NoIndex
from indexer.reading import ReadingRoom
from searchapp import document, i18n, links, params
from searchapp.document import Document

ARTICLE_ID = re.compile(r"[\w.:~-]{1,200}")
"""The ids that an archive can hold."""

NO_INDEX = "no index was published yet; add articles: rasid add PATH…"


def in_archive(id: str) -> str:
    """The id, if an archive can hold it.

    Raises:
        ArticleNotFound: it cannot.
    """
    if not ARTICLE_ID.fullmatch(id):
        raise ArticleNotFound("no article has an id of that form")
    return id


def json_response(body: Document, status: int = 200, mimetype: str = "application/json") -> Response:
    """A document as a response."""
    return Response(document.json_text(body), status, mimetype=mimetype)


@dataclass(frozen=True, slots=True)
class Api:
    """The endpoints under ``/api/v1``."""

    room: ReadingRoom

    def blueprint(self) -> Blueprint:
        """The endpoints by address."""
        made = Blueprint("api", __name__, url_prefix=links.API)
        made.add_url_rule("/search", "search", self.search)
        made.add_url_rule("/articles/<id>", "article", self.article)
        made.add_url_rule("/analyze", "analyze", self.analyze)
        made.add_url_rule("/status", "status", self.status)
        return made

    def search(self) -> Response:
        """One page of an answer, in the form that was asked for."""
        asked, _ = params.search_request(request.args, api=True)
        shown = params.presentation(request.args, api=True)
        lexicon = self._lexicon()
        answer = self.room.answer(asked)
        made = document.search_document(
            answer,
            asked,
            language=i18n.preferred(None, request.accept_languages),
            shown=shown,
            lexicon=lexicon,
            place=request.args.get("cursor") or None,
        )
        written = document.written(made, shown.format)
        response = Response(written.text, mimetype=written.mimetype)
        response.cache_control.no_store = answer.partial
        return _with_next(response, made["links"]["next"])

    def _lexicon(self) -> str:
        """The current lexicon, which must be the cursor's: with another one the order is another."""
        lexicon = self.room.status().lexicon
        place = params.cursor(request.args)
        if place and place.lexicon != lexicon:
            raise GenerationGone(
                "the lexicon has changed since this cursor was given; start the search again"
            )
        return lexicon

    def article(self, id: str) -> Response:
        """One article."""
        _refuse_parameters()
        return json_response(document.article_document(*self.room.article(in_archive(id))))

    def analyze(self) -> Response:
        """A text's words with their way through the analysis chain."""
        return json_response(document.analyze_document(params.analyzed_text(request.args)))

    def status(self) -> Response:
        """What the home holds; also before the first article."""
        _refuse_parameters()
        language = i18n.preferred(None, request.accept_languages)
        return json_response(document.status_document(self.room.status(), language))


@dataclass(frozen=True, slots=True)
class Operation:
    """What a process supervisor asks."""

    room: ReadingRoom

    def blueprint(self) -> Blueprint:
        """The endpoints by address."""
        made = Blueprint("operation", __name__)
        made.add_url_rule("/healthz", "health", self.health)
        made.add_url_rule("/readyz", "ready", self.ready)
        return made

    def health(self) -> Response:
        """The process answers."""
        return json_response({"status": "ok"})

    def ready(self) -> Response:
        """An index is open."""
        status = self.room.status()
        if status.generation is None:
            raise NoIndex(NO_INDEX)
        return json_response({"status": "ready", "generation": status.generation})


def _refuse_parameters() -> None:
    params.read(request.args, (), api=True)


def _with_next(response: Response, address: str | None) -> Response:
    if address:
        response.headers["Link"] = f'<{address}>; rel="next"'
    return response
