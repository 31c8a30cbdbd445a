"""The HTML pages."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, render_template, request

from indexer.errors import NoIndex, RasidError
from indexer.model import SearchRequest, Status
from searchapp import document, faults, i18n, links, page, params
from searchapp.api import NO_INDEX, in_archive
from searchapp.frame import Reader
from searchapp.kept import KeptRoom
from searchapp.links import Args
from searchapp.page import PAGE_FACETS


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages for readers.

    Attributes:
        assets: name of a static file → its address.
        base_url: scheme and host of absolute links, if known.
    """

    room: KeptRoom
    assets: Mapping[str, str]
    release: str
    base_url: str | None = None

    def blueprint(self) -> Blueprint:
        """The pages by address."""
        made = Blueprint("pages", __name__)
        made.add_url_rule(links.HOME, "home", self.home)
        made.add_url_rule(links.SEARCH, "search", self.search)
        made.add_url_rule(f"{links.ARTICLE}<id>", "article", self.article)
        made.add_url_rule(links.HELP, "help", self.help)
        made.add_url_rule(links.STATUS, "status", self.status)
        return made

    def home(self) -> Response:
        """The front page."""
        status = self._open_status()
        return self.rendered("home.html", page.home_page(status, reader(), self.room.months()))

    def search(self) -> Response:
        """A page of results, or the file that `format` asks for."""
        asked, notices = params.search_request(request.args, api=False)
        if request.args.get("format", "").strip():
            return self._file(asked)
        status = self._open_status()
        answer = self.room.answer(replace(asked, facets=PAGE_FACETS))
        response = self.rendered("results.html", page.result_page(answer, asked, reader(), notices, status))
        response.cache_control.no_store = answer.partial
        return response

    def _file(self, asked: SearchRequest) -> Response:
        """This page of results as a document; its cursor leads on in the API."""
        shown = params.presentation(request.args, api=False)
        lexicon = self.room.status().lexicon
        made = document.search_document(
            self.room.answer(asked), asked, language=reader().language, shown=shown, lexicon=lexicon
        )
        written = document.written(made, shown.format)
        return Response(written.text, mimetype=written.mimetype)

    def article(self, id: str) -> Response:
        """The reading page."""
        article, revisions = self.room.article(in_archive(id))
        q = request.args.get("q", "").strip()[: params.LONGEST_QUERY]
        view = page.article_page(
            article,
            revisions,
            reader(),
            q=q,
            base_url=self.base_url or request.host_url.rstrip("/"),
            status=self._status(),
        )
        return self.rendered("article.html", view)

    def help(self) -> Response:
        """The guide."""
        return self.rendered("help.html", page.help_page(reader(), faults.rows(), self._status()))

    def status(self) -> Response:
        """What the archive holds."""
        status = self._open_status()
        return self.rendered(
            "status.html", page.status_page(status, reader(), self.release, self.room.months())
        )

    def error(self, error: Exception) -> Response:
        """The page of an error; it asks the archive nothing."""
        fault = faults.fault_of(error, reader().language)
        view = page.error_page(reader(), fault, here(), q=request.args.get("q", "")[: params.LONGEST_QUERY])
        template = "empty.html" if view.commands else "error.html"
        return self.rendered(template, view, fault.row.status)

    def rendered(self, template: str, view: Any, status: int = 200) -> Response:
        """A page as a response."""
        text = render_template(template, page=view, frame=view.frame, t=view.frame.t, assets=self.assets)
        response = Response(text.encode("utf-8", "replace"), status, mimetype="text/html")
        response.headers["Content-Language"] = view.frame.language
        return response

    def _status(self) -> Status | None:
        """What the archive holds, None where it cannot be asked: the foot of a page is not worth an error."""
        try:
            return self.room.status()
        except RasidError:
            return None

    def _open_status(self) -> Status:
        status = self.room.status()
        if status.generation is None:
            raise NoIndex(NO_INDEX)
        return status


def reader() -> Reader:
    """Who asks for this page."""
    asked = request.args.get("lang")
    return Reader(i18n.preferred(asked, request.accept_languages), asked in i18n.LANGUAGES)


def here() -> tuple[str, Args]:
    """Path and arguments of this page without the language."""
    args = tuple((name, value) for name, value in request.args.items(multi=True) if name != "lang")
    return request.path, args
