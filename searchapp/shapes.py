"""The documents of the API as types: what `document` writes, and what the OpenAPI description says of it.

A test holds every answer of a running API against the schemas made from these.
"""

import types
from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict, Union, get_args, get_origin, get_type_hints

from indexer.model import Match, Via

Offsets = list[list[int]]
"""Half-open code point offsets, two a match."""


class Query(TypedDict):
    """How the query was read. `searched` is what was searched for: another query only when `rescued`."""

    q: str
    canonical: str
    match: Match
    relaxed: bool
    searched: str
    rescued: str | None


class Snippet(TypedDict):
    """A passage of the body; `html` or `text` as `highlight` asks."""

    html: NotRequired[str]
    text: NotRequired[str]
    start: int
    end: int
    matches: NotRequired[Offsets]


class Matched(TypedDict):
    """A word of the query, how the text writes it, and the way between them."""

    query: str
    text: str
    via: Via


class Result(TypedDict):
    """One hit. `related`: it lacks a word, or has it only by a wider way than was asked for."""

    id: str
    title: str
    title_html: NotRequired[str]
    title_matches: NotRequired[Offsets]
    source: str | None
    section: str | None
    author: str | None
    published: str | None
    url: str | None
    score: float
    related: bool
    link: str
    snippets: list[Snippet]
    matched: list[Matched]


class Count(TypedDict):
    """A value and the number of its articles."""

    value: str
    count: int


class Suggestion(TypedDict):
    """Another query and the number of articles that it finds, never 0."""

    q: str
    why: str
    total: int
    code: str
    message: str


class Form(TypedDict):
    """A form of a word of the query that the archive holds; `without` takes it out of the search."""

    text: str
    articles: int
    via: Via
    searched: bool


class Term(TypedDict):
    """What one clause of the query does to the result. `empties`: without it there would be some articles."""

    query: str
    articles: int
    needed: bool
    empties: bool
    forms: NotRequired[list[Form]]


class Warning(TypedDict):  # the contract's word
    """Something to know about the answer; `position` counts code points of the query from 0."""

    code: str
    message: str
    position: int | None


class Links(TypedDict):
    self: str
    next: str | None


"""Addresses relative to the host."""


class Search(TypedDict):
    """One page of an answer."""

    query: Query
    total: int
    related_total: int
    partial: bool
    took_ms: float
    generation: str
    results: list[Result]
    facets: dict[str, list[Count]]
    terms: NotRequired[list[Term]]
    suggestions: list[Suggestion]
    warnings: list[Warning]
    links: Links


class Article(TypedDict):
    """An article as written; `revision` of `revisions` kept."""

    id: str
    title: str
    body: str
    source: str | None
    author: str | None
    section: str | None
    url: str | None
    published: str | None
    added: str | None
    input_id: str | None
    link: str
    revision: int
    revisions: int


class OwnLinks(TypedDict):
    self: str


class Similar(TypedDict):
    """Articles like another one, the nearest first."""

    results: list[Result]
    links: OwnLinks


class Point(TypedDict):
    """A span by its first day: articles that answer, of all articles."""

    start: str
    count: int
    of: int


class Series(TypedDict):
    """One query over time; `total` counts undated articles too."""

    q: str
    total: int
    points: list[Point]


class Timeline(TypedDict):
    """Several queries over the same time, of one generation."""

    interval: Literal["day", "week", "month", "year"]
    generation: str
    partial: bool
    series: list[Series]


Step = TypedDict("Step", {"rule": str, "from": str, "to": str})
"""One rule of the analysis chain at work."""


class Token(TypedDict):
    """A word of the text and its forms."""

    text: str
    start: int
    end: int
    folded: str
    light: str
    stem: str
    steps: list[Step]


class Analysis(TypedDict):
    """Every word's way through the analysis chain."""

    tokens: list[Token]


class Status(TypedDict):
    """What the archive holds and what serves it; `generation` is null before the first article."""

    articles: int
    sources: list[Count]
    first_published: str | None
    last_published: str | None
    undated: int
    generation: str | None
    engine: str | None
    analysis: str
    lexicon: str
    built_at: str | None
    warnings: list[Warning]


class Problem(TypedDict):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    parameter: NotRequired[str]
    position: NotRequired[int]
    code: NotRequired[str]


PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    Any: {},
}
"""Type → JSON Schema, where nothing is inside."""


def schema_of(shape: Any, named: dict[str, Any]) -> dict[str, Any]:
    """The JSON Schema of a type; the typed dictionaries in it go into `named` and are referred to.

    >>> schema_of(list[int | None], {})
    {'type': 'array', 'items': {'anyOf': [{'type': 'integer'}, {'type': 'null'}]}}
    """
    origin, inside = get_origin(shape), get_args(shape)
    if shape in PLAIN:
        return PLAIN[shape]
    if origin is Literal:
        return {"type": "string", "enum": list(inside)}
    if origin is NotRequired:
        return schema_of(inside[0], named)
    if origin in (Union, types.UnionType):
        return {"anyOf": [schema_of(one, named) for one in inside]}
    if origin is list:
        return {"type": "array", "items": schema_of(inside[0], named)}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(inside[1], named)}
    return _reference(shape, named)


def _reference(shape: Any, named: dict[str, Any]) -> dict[str, Any]:
    name = shape.__name__
    if name not in named:
        named[name] = {}
        hints: Mapping[str, Any] = get_type_hints(shape, include_extras=True)
        named[name] = {
            "type": "object",
            "properties": {key: schema_of(hint, named) for key, hint in hints.items()},
            "required": [key for key, hint in hints.items() if get_origin(hint) is not NotRequired],
            "additionalProperties": False,
            **({"description": " ".join(shape.__doc__.split())} if _is_ours(shape) else {}),
        }
    return {"$ref": f"#/components/schemas/{name}"}


def _is_ours(shape: Any) -> bool:
    """Whether the docstring is written here: the functional form has `dict`'s."""
    return bool(shape.__doc__) and shape.__doc__ != dict.__doc__
