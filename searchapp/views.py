"""The HTML pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, render_template, request

from indexer.errors import NoIndex, RasidError
from indexer.model import Found, SearchRequest, Status
from searchapp import (
    apology,
    compare,
    document,
    faults,
    help,
    holdings,
    i18n,
    links,
    parameters,
    params,
    results,
    story,
)
from searchapp.api import all_results, in_archive, json_response
from searchapp.frame import Reader
from searchapp.kept import KeptRoom
from searchapp.links import Args
from searchapp.operation import NO_INDEX
from searchapp.parameters import Presentation

NEAR = 5
"""Similar articles beside an article."""


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages for readers.

    Attributes:
        assets: name of a static file → its address.
        base: gives scheme and host of absolute addresses.
    """

    room: KeptRoom
    assets: Mapping[str, str]
    release: str
    base: Callable[[], str]

    def blueprint(self) -> Blueprint:
        """The pages by address."""
        made = Blueprint("pages", __name__)
        made.add_url_rule(links.HOME, "home", self.home)
        made.add_url_rule(links.SEARCH, "search", self.search)
        made.add_url_rule(f"{links.ARTICLE}<id>", "article", self.article)
        made.add_url_rule(links.COMPARE, "compare", self.compare)
        made.add_url_rule(links.HELP, "help", self.help)
        made.add_url_rule(links.STATUS, "status", self.status)
        return made

    def home(self) -> Response:
        """The front page."""
        status = self._open_status()
        return self.rendered("home.html", holdings.home_page(status, reader(), self.room.months()))

    def search(self) -> Response:
        """A page of results, or the file that `format` asks for."""
        asked, shown, notices = params.search_request(request.args, api=False)
        if request.args.get("format", "").strip():
            return self._file(asked, shown)
        status = self._open_status()
        answer = self.room.answer(replace(asked, facets=results.PAGE_FACETS))
        view = results.result_page(answer, asked, reader(), notices, status)
        response = self.rendered("results.html", view)
        response.cache_control.no_store = answer.partial
        return response

    def _file(self, asked: SearchRequest, shown: Presentation) -> Response:
        """This page of results as a document, whose cursor leads on in the API; or a file of them all."""
        if shown.format != "json":
            return all_results(self.room, asked, shown)
        answer = self.room.answer(asked)
        return json_response(document.search_document(answer, asked, language=reader().language, shown=shown))

    def article(self, id: str) -> Response:
        """The reading page."""
        article, revisions = self.room.article(in_archive(id))
        asked = params.search_request(request.args, api=False).request
        asked = replace(asked, q=asked.q.strip(), strict=False)
        marks: Found | None = self.room.marked(article, asked) if asked.q else None
        view = story.article_page(
            article,
            reader(),
            q=asked.q,
            base_url=self.base(),
            marks=marks,
            near=self.room.similar(article.id, NEAR),
            revisions=self.room.revisions(article.id) if revisions > 1 else (),
            status=self._status(),
        )
        return self.rendered("article.html", view)

    def compare(self) -> Response:
        """Up to four queries over time."""
        status = self._open_status()
        requests, asked, notices = params.timeline_requests(request.args, api=False)
        interval = asked if asked in compare.INTERVALS else None
        usual = compare.usual_interval(status.first_published, status.last_published)
        seen = self.room.attention(requests, interval or usual) if requests else None
        view = compare.compare_page(seen, requests, interval, reader(), notices, status)
        response = self.rendered("compare.html", view)
        response.cache_control.no_store = seen is not None and seen.partial
        return response

    def help(self) -> Response:
        """The guide, its examples from this archive where there is one."""
        try:
            live = self.room.examples()
        except RasidError:
            live = None
        return self.rendered("help.html", help.help_page(reader(), faults.rows(), self._status(), live))

    def status(self) -> Response:
        """What the archive holds, source by source and month by month."""
        status = self._open_status()
        year: int | None = params.value_of(request.args, parameters.COVERAGE, None, api=False)
        months, coverage = self.room.months(), self.room.coverage()
        view = holdings.status_page(status, reader(), self.release, months, coverage, year)
        return self.rendered("status.html", view)

    def error(self, error: Exception) -> Response:
        """The page of an error; it asks the archive nothing."""
        fault = faults.fault_of(error, reader().language)
        view = apology.error_page(
            reader(), fault, here(), q=request.args.get("q", "")[: parameters.LONGEST_QUERY]
        )
        template = "empty.html" if view.commands else "error.html"
        return self.rendered(template, view, fault.row.status)

    def rendered(self, template: str, view: Any, status: int = 200) -> Response:
        """A page as a response."""
        frame, base = view.frame, self.base()
        text = render_template(template, page=view, frame=frame, t=frame.t, assets=self.assets, base=base)
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
