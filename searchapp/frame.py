"""What every page has: who reads it, masthead and foot, and the search form."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import SimpleNamespace
from typing import Literal, get_args

from indexer.messages import Language
from indexer.model import Match, Operator, SearchRequest, Status
from searchapp import guide, i18n, links
from searchapp.i18n import Bit, Bits
from searchapp.links import Args

Dir = Literal["rtl", "ltr"]

NAV = (
    ("nav_search", links.HOME),
    ("nav_compare", links.COMPARE),
    ("nav_status", links.STATUS),
    ("nav_help", links.HELP),
)
"""Masthead: text and address."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the language, and whether the address asks for it (then all links keep it)."""

    language: Language = "ar"
    chosen: bool = False

    def address(self, path: str, args: Args = ()) -> str:
        """An address inside Rasid in this reader's language."""
        return links.readable(path, (*args, *self.kept))

    def search(self, request: SearchRequest) -> str:
        """The page of a request."""
        return self.address(links.SEARCH, links.page_args(request))

    @property
    def kept(self) -> Args:
        """What every link and form passes on."""
        return (("lang", self.language),) if self.chosen else ()


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere; `current` is where the reader is."""

    text: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A notice above the results, with a way back or on where there is one."""

    bits: Bits
    is_warning: bool = False
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """A date: machine form, words, and the Hijri date where its calendar reaches."""

    iso: str
    text: str
    hijri: str | None


@dataclass(frozen=True, slots=True)
class Frame:
    """Masthead, foot and language of a page.

    Attributes:
        title: of the window.
        t: all interface texts of the language.
        coverage: the sentence in the foot; empty where the archive cannot be asked.
        front: the masthead of the home page.
        canonical: the page's own address without the language, relative to the host.
        feed: the Atom feed of what the page shows.
    """

    language: Language
    dir: Dir
    title: str
    t: SimpleNamespace
    home: str
    help: str
    nav: tuple[Link, ...]
    other_language: Link
    other_code: Language
    coverage: Bits = ()
    updated: Bits = ()
    front: bool = False
    canonical: str = ""
    feed: str = ""


def frame(
    reader: Reader, title: str, here: tuple[str, Args], status: Status | None = None, *, front: bool = False
) -> Frame:
    """The frame of a page.

    Args:
        here: path and arguments of the page, `lang` left out.
        status: what the archive holds, if it can be asked.
    """
    t = i18n.texts(reader.language)
    other: Language = "en" if reader.language == "ar" else "ar"
    path = here[0]
    return Frame(
        language=reader.language,
        dir="rtl" if reader.language == "ar" else "ltr",
        title=title,
        t=t,
        home=reader.address(links.HOME),
        help=reader.address(links.HELP),
        nav=tuple(Link(getattr(t, key), reader.address(to), to == path) for key, to in NAV),
        other_language=Link(i18n.NAMES[other], links.readable(path, (*here[1], ("lang", other)))),
        other_code=other,
        coverage=_coverage(status, reader.language) if status else (),
        updated=_updated(status.built_at, reader.language) if status and status.built_at else (),
        front=front,
        canonical=links.encoded(path, () if path.startswith(links.ARTICLE) else here[1]),
        feed=links.encoded(links.FEED, here[1] if path == links.SEARCH else ()),
    )


def _coverage(status: Status, language: Language) -> Bits:
    articles = i18n.counted(status.articles, "articles", language)
    sources = i18n.counted(len(status.sources), "from_sources", language)
    return i18n.bits(
        "coverage_line", language, articles=Bit(articles, "number"), sources=Bit(sources, "number")
    )


def _updated(built_at: str, language: Language) -> Bits:
    shown = day(built_at, language)
    if not shown:
        return ()
    return i18n.bits("updated", language, day=shown.text, time=Bit(built_at[11:16], "number"))


def day(published: str | None, language: Language) -> Day | None:
    """The day of an article's date in words."""
    found = i18n.day_of(published)
    if not found or not published:
        return None
    return Day(published, i18n.day_text(found, language), i18n.hijri_text(found, language))


# --- the search form --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """One radio button."""

    value: str
    label: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Form:
    """The search form as last filled in; `hidden` keeps what it has no field for."""

    action: str
    q: str
    q_dir: Dir
    matches: tuple[Choice, ...]
    operators: tuple[Choice, ...]
    date_from: str
    date_to: str
    date_dir: Dir
    date_hint: Bits
    hidden: Args
    is_open: bool
    forms: tuple[guide.Example, ...]
    help: str


VISIBLE = ("q", "match", "operator", "from", "to")
"""Arguments that the form has fields for."""


def form(reader: Reader, request: SearchRequest | None = None) -> Form:
    """The form of a request."""
    asked = request or SearchRequest()
    language = reader.language
    hidden = tuple(arg for arg in links.search_args(replace(asked, facets=())) if arg[0] not in VISIBLE)
    usual = (asked.match, asked.operator, asked.date_from, asked.date_to) == ("stem", "auto", None, None)
    return Form(
        action=links.SEARCH,
        q=asked.q,
        q_dir=i18n.direction(asked.q, language),
        matches=_choices("match", get_args(Match), asked.match, language),
        operators=_choices("operator", get_args(Operator), asked.operator, language),
        date_from=_typed(asked.date_from, language),
        date_to=_typed(asked.date_to, language),
        date_dir="rtl" if language == "ar" else "ltr",
        date_hint=i18n.bits("date_hint", language, example=i18n.text("date_example", language)),
        hidden=(*hidden, *reader.kept),
        is_open=not usual,
        forms=guide.quick(language),
        help=reader.address(links.HELP),
    )


def _choices(name: str, values: Sequence[str], current: str, language: Language) -> tuple[Choice, ...]:
    return tuple(Choice(value, i18n.text(f"{name}_{value}", language), value == current) for value in values)


def _typed(day: date | None, language: Language) -> str:
    return i18n.short_day(day, language) if day else ""
