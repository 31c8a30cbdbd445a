"""The page of an error, with the place in the query where it has one."""

import re
from dataclasses import dataclass
from typing import Any

from indexer.model import SearchRequest
from searchapp import i18n
from searchapp.faults import Fault
from searchapp.frame import Dir, Form, Frame, Link, Reader, form, frame
from searchapp.i18n import Bit, Bits
from searchapp.links import Args
from searchapp.pieces import Piece, pieces


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
