"""The help page: the query language with examples that run, the API and its errors."""

from collections.abc import Iterable
from dataclasses import dataclass

from indexer.model import Status
from searchapp import guide, i18n, links
from searchapp.faults import Row
from searchapp.frame import Form, Frame, Reader, form, frame
from searchapp.i18n import Bit, Bits

KEYS = {name: Bit(sign, "strong") for name, sign in (("slash", "/"), ("n", "N"), ("p", "P"), ("tab", "Tab"))}
"""The keys that the script knows."""


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


def help_page(
    reader: Reader,
    faults: Iterable[Row] = (),
    status: Status | None = None,
    live: guide.Live | None = None,
) -> HelpPage:
    """The help page; `faults` are the problems that it explains, `live` makes its examples this archive's."""
    language = reader.language
    title = f"{i18n.text('help_title', language)} · {i18n.text('name', language)}"
    return HelpPage(
        frame=frame(reader, title, (links.HELP, ()), status),
        form=form(reader),
        sections=guide.sections(reader, live),
        grades=guide.grades(language),
        endpoints=guide.endpoints(language),
        keys=i18n.bits("help_keys_line", language, **KEYS),
        problems=tuple(
            Problem(f"problem-{row.kind}", row.status, i18n.text(row.title, language)) for row in faults
        ),
    )
