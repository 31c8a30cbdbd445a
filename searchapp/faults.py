"""What each error answers: one table from error class to status and title.

Nothing ends as a 500 or with a trace: a class without a row answers as its nearest ancestor, a bug as 503.
"""

from typing import NamedTuple

from werkzeug.exceptions import HTTPException

from indexer import errors
from indexer.errors import ParameterError, QueryError
from indexer.messages import Language
from searchapp import i18n, links
from searchapp.document import Document, problem_detail


class Row(NamedTuple):
    """A row of the table.

    Attributes:
        kind: stable name of the problem, the anchor of its ``type``.
        title: key of its title in `i18n.TEXTS`.
        commands: what whoever runs the server can do about it.
    """

    kind: str
    status: int
    title: str
    commands: tuple[str, ...] = ()


REBUILD = ("rasid verify", "rasid rebuild")

FAULTS: dict[type[Exception], Row] = {
    errors.QueryError: Row("query", 400, "error_query"),
    errors.ParameterError: Row("parameter", 400, "error_parameter"),
    errors.RequestTooLong: Row("too-long", 414, "error_too_long"),
    errors.ArticleNotFound: Row("no-article", 404, "error_article"),
    errors.GenerationGone: Row("gone", 410, "error_gone"),
    errors.NoIndex: Row("no-index", 503, "error_no_index", ("rasid add articles/*.jsonl", "rasid status")),
    errors.IndexUnavailable: Row("index", 503, "error_index", REBUILD),
    errors.ArchiveError: Row("archive", 503, "error_archive", ("rasid verify --deep",)),
    errors.WriterBusy: Row("busy", 503, "error_busy"),
    errors.RasidError: Row("unavailable", 503, "error_unexpected"),
    Exception: Row("unexpected", 503, "error_unexpected"),
}
"""Error class → answer."""

HTTP_FAULTS = {
    400: Row("host", 400, "error_host"),
    404: Row("not-found", 404, "error_not_found"),
    405: Row("method", 405, "error_method"),
    429: Row("too-many", 429, "error_too_many"),
}
"""Status that Flask or the host check gives → answer; any other 4xx keeps its status."""

DETAILS = {
    "host": "this server answers to its own names only",
    "not-found": "no page and no endpoint of that address",
    "method": "only GET and HEAD are answered",
    "too-many": "too many requests; wait as many seconds as Retry-After says",
    "unexpected": "the request could not be answered; it is safe to try again",
}
"""What is said where the error's own words are not ours."""


class Fault(NamedTuple):
    """An error, ready to be shown."""

    row: Row
    detail: str
    parameter: str | None = None
    position: int | None = None
    code: str | None = None


def fault_of(error: Exception, language: Language) -> Fault:
    """How an error is answered.

    >>> fault_of(ParameterError("page_size", "0 does not fit"), "en").row.status
    400
    """
    row = _row(error)
    detail = DETAILS.get(row.kind) or problem_detail(error, language)
    if isinstance(error, ParameterError):
        return Fault(row, detail, parameter=error.parameter)
    if isinstance(error, QueryError):
        return Fault(row, detail, position=error.position, code=error.code)
    return Fault(row, detail)


def _row(error: Exception) -> Row:
    if isinstance(error, HTTPException):
        status = error.code or 400
        return HTTP_FAULTS.get(status) or Row("request", status if status < 500 else 503, "error_title")
    return next(FAULTS[kind] for kind in type(error).__mro__ if kind in FAULTS)


def problem(fault: Fault, language: Language) -> Document:
    """The fault as a problem document (RFC 9457)."""
    extra = {"parameter": fault.parameter, "position": fault.position, "code": fault.code}
    return {
        "type": f"{links.HELP}#problem-{fault.row.kind}",
        "title": i18n.text(fault.row.title, language),
        "status": fault.row.status,
        "detail": fault.detail,
        **{name: value for name, value in extra.items() if value is not None},
    }


def rows() -> tuple[Row, ...]:
    """Every problem once, for the guide."""
    return tuple(dict.fromkeys((*FAULTS.values(), *HTTP_FAULTS.values())))
