"""The values that travel through Rasid: frozen, without logic.

Offsets are code points into the text they refer to, half-open. Times are aware UTC, durations ms.
"""

from dataclasses import dataclass, field, fields
from datetime import date
from operator import attrgetter
from typing import Literal

Match = Literal["exact", "spelling", "stem", "wide"]
Operator = Literal["auto", "and", "or"]
Sort = Literal["relevance", "newest", "oldest"]
Via = Literal["exact", "spelling", "clitic", "stem", "plural", "variant", "fuzzy"]

FACET_FIELDS = ("source", "section", "author", "year", "month")
"""What can be counted over a result."""

VALUE_FIELDS = ("source", "section", "author")
"""Fields whose whole value can be filtered by."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article, as a reader gives it or as the archive holds it.

    Attributes:
        id: stable name, ``[\\w.:~-]{1,200}``.
        title, body: as written, NFC.
        published: ISO date or date-time with zone; its first ten characters are the article's day.
        added: ISO instant (UTC) at which the archive first took it; None before that.
        input_id: the id as the input gave it, where `id` had to be made from it.
        revision: 1 for the first text of this id, counted up with each change.
    """

    id: str
    title: str
    body: str
    source: str | None = None
    author: str | None = None
    section: str | None = None
    url: str | None = None
    published: str | None = None
    added: str | None = None
    input_id: str | None = None
    revision: int = 1

    def __reduce__(self) -> tuple[type["Article"], tuple[object, ...]]:
        """Travels between processes as its fields: half the time of what a frozen dataclass does itself."""
        return Article, _fields_of(self)


_fields_of = attrgetter(*(field.name for field in fields(Article)))


@dataclass(frozen=True, slots=True)
class Ref:
    """Names one text in the archive: an article at a revision."""

    id: str
    revision: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell the user: a stable code, what to insert, and where.

    `indexer.messages` holds the Arabic and the English text of every code.
    """

    code: str
    values: tuple[tuple[str, str], ...] = ()
    position: int | None = None


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """All that one search asks for.

    Attributes:
        include, exclude: (field, value) pairs over `VALUE_FIELDS`; several values of one field mean any.
        date_from, date_to: inclusive days.
        forms: tell which forms of each word were matched.
        without: folded forms that must not be matched (unticked in that list).
        offset: how many hits come before this page.
        generation: the generation to answer from (from a cursor); None is the current one.
        lexicon: digest of the lexicon that must answer (from a cursor); None is any.
    """

    q: str = ""
    include: tuple[tuple[str, str], ...] = ()
    exclude: tuple[tuple[str, str], ...] = ()
    years: tuple[int, ...] = ()
    date_from: date | None = None
    date_to: date | None = None
    match: Match = "stem"
    operator: Operator = "auto"
    sort: Sort = "relevance"
    offset: int = 0
    page_size: int = 10
    facets: tuple[str, ...] = ()
    rescue: bool = True
    strict: bool = False
    forms: bool = False
    without: tuple[str, ...] = ()
    generation: str | None = None
    lexicon: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One article of a result. `related` is true in the second group (see contract of `operator=auto`)."""

    ref: Ref
    score: float
    related: bool = False


@dataclass(frozen=True, slots=True)
class Bucket:
    """One value of a facet and the number of articles that have it. Months are ``YYYY-MM``."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Results:
    """What an engine answers.

    Attributes:
        total: articles in the first group.
        related_total: articles in the second group.
        facets: per asked field its buckets, over the first group (the second where the first is empty).
        partial: the time cap was reached.
    """

    hits: tuple[Hit, ...]
    total: int
    related_total: int = 0
    facets: tuple[tuple[str, tuple[Bucket, ...]], ...] = ()
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage ``body[start:end]`` with the matches inside it, all offsets into the body."""

    start: int
    end: int
    matches: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """Why an article was found: a word of the query, the word of the text, and the way between them."""

    query: str
    text: str
    via: Via


@dataclass(frozen=True, slots=True)
class Found:
    """One hit ready to show: its article, where it matches, and why."""

    article: Article
    score: float
    related: bool
    title_matches: tuple[tuple[int, int], ...] = ()
    snippets: tuple[Snippet, ...] = ()
    matched: tuple[Matched, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another query and the number of articles it would find (never 0)."""

    q: str
    why: Literal["spelling", "keyboard", "latin", "fewer_words", "wider_dates"]
    total: int


@dataclass(frozen=True, slots=True)
class WordForm:
    """A form of a word that the archive holds: by which way, in how many articles, and if it is searched."""

    text: str
    articles: int
    via: Via
    searched: bool = True


@dataclass(frozen=True, slots=True)
class Audited:
    """What one clause of the query does to the result.

    Attributes:
        query: the clause as typed.
        articles: how many articles have it, under the filters.
        needed: False for a function word, which no article must have.
        empties: without it some article would have all the others.
        forms: of a single word, where they were asked for; the commonest first.
    """

    query: str
    articles: int
    needed: bool = True
    empties: bool = False
    forms: tuple[WordForm, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer to a search request: what every front end shows.

    Attributes:
        canonical: the query as understood; its parse is the same tree.
        relaxed: no article has all words, so the second group is counted as `total`.
        searched: the query whose results these are; differs from `q` only when `rescued`.
        rescued: by which rescue, or None.
        generation: the generation that answered.
        lexicon: digest of the lexicon that answered.
        took_ms: wall time of the whole answer.
        audit: per clause what it does to the result; where nothing has all of them, or when asked for.
    """

    q: str
    canonical: str
    match: Match
    relaxed: bool
    searched: str
    rescued: str | None
    total: int
    related_total: int
    partial: bool
    took_ms: float
    generation: str
    lexicon: str
    found: tuple[Found, ...]
    facets: tuple[tuple[str, tuple[Bucket, ...]], ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    warnings: tuple[Notice, ...] = ()
    audit: tuple[Audited, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """What is in a home, and what serves it."""

    articles: int
    sources: tuple[Bucket, ...]
    first_published: str | None
    last_published: str | None
    undated: int
    generation: str | None
    engine: str | None
    analysis: str
    lexicon: str
    built_at: str | None
    warnings: tuple[Notice, ...] = field(default=())
