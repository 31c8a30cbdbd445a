"""The OpenAPI 3.1 description of the API, made from the tables that also route and check its requests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from apispec import APISpec

from searchapp import parameters, shapes
from searchapp.links import API
from searchapp.parameters import Parameter

VERSION = "3.1.0"
JSON, PROBLEM = "application/json", "application/problem+json"
SUGGESTIONS = "application/x-suggestions+json"

PATH_ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "the id of an article",
    "schema": {"type": "string", "pattern": r"^[\w.:~-]{1,200}$"},
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address of the API.

    Attributes:
        name: of the operation, and of the method that answers.
        path: below the API's own address; ``<id>`` is an article's.
        parameters: the rows that its query string may have.
        answers: media type → shape of the document; None is text.
        faults: statuses that a problem document may have, besides 429 and 503.
    """

    name: str
    path: str
    summary: str
    parameters: tuple[Parameter, ...]
    answers: Mapping[str, Any]
    faults: tuple[int, ...] = (400,)


ENDPOINTS = (
    Endpoint(
        "search",
        "/search",
        "Search the archive: a page of results, or all of them as a file.",
        parameters.SEARCH,
        {JSON: shapes.Search, "text/csv": None, "application/x-ndjson": None},
        (400, 410, 414),
    ),
    Endpoint(
        "article",
        "/articles/<id>",
        "One article, whole.",
        parameters.ARTICLE,
        {JSON: shapes.Article, "text/plain": None},
        (400, 404),
    ),
    Endpoint(
        "similar",
        "/articles/<id>/similar",
        "Articles like this one by their telling words; exact copies are left out.",
        parameters.SIMILAR,
        {JSON: shapes.Similar},
        (400, 404),
    ),
    Endpoint(
        "cite",
        "/articles/<id>/cite",
        "The citation of an article, as text or for reference managers.",
        parameters.CITE,
        {"text/plain": None, "application/x-research-info-systems": None},
        (400, 404),
    ),
    Endpoint(
        "timeline",
        "/timeline",
        "How many articles answer up to four queries over time, of how many in all.",
        parameters.TIMELINE,
        {JSON: shapes.Timeline, "text/csv": None},
        (400, 414),
    ),
    Endpoint(
        "suggest",
        "/suggest",
        "Completions of what was typed so far, as OpenSearch suggestions.",
        parameters.SUGGEST,
        {SUGGESTIONS: list[str | list[str]]},
        (400, 414),
    ),
    Endpoint(
        "analyze",
        "/analyze",
        "Each word of a text with its way through the analysis chain.",
        parameters.ANALYZE,
        {JSON: shapes.Analysis},
        (400, 414),
    ),
    Endpoint("status", "/status", "What the archive holds.", (), {JSON: shapes.Status}),
    Endpoint("openapi", "/openapi.json", "This description.", (), {JSON: dict[str, Any]}),
)
"""Every endpoint. `Api` routes by this table, so nothing answers that is not described."""

FAULTS = {
    400: "a parameter or the query does not fit; `parameter` or `position` say where",
    404: "there is no article of that id",
    410: "the cursor's generation is gone; start the search again",
    414: "the text is too long",
    429: "too many requests; `Retry-After` says how many seconds to wait",
    503: "there is no index, or it cannot be opened; `detail` names the command that helps",
}

EXAMPLES: Mapping[str, Any] = {
    "q": "رئيس الوزراء",
    "text": "وللمفاوضات",
    "year": "2018",
    "from": "2018-01",
    "to": "2018-12-31",
    "page_size": 5,
    "facets": "source,year",
    "fields": "id,title,published",
}
"""Parameter → a value that answers; those that are one of a few need none."""


def description(release: str, article_id: str | None = None) -> dict[str, Any]:
    """The whole description.

    Args:
        article_id: of an article that is there, for the examples.
    """
    spec = APISpec(
        title="Rasid",
        version=release,
        openapi_version=VERSION,
        info={
            "description": "Search in Arabic political news. Every address is asked with GET.",
            "license": {"name": "GPL-3.0-or-later", "identifier": "GPL-3.0-or-later"},
        },
        servers=[{"url": "/"}],
    )
    named: dict[str, Any] = {}
    for endpoint in ENDPOINTS:
        path = API + endpoint.path.replace("<id>", "{id}")
        spec.path(path=path, operations={"get": _operation(endpoint, named, article_id)})
    for name, schema in named.items():
        spec.components.schema(name, schema)
    return spec.to_dict()


def _operation(endpoint: Endpoint, named: dict[str, Any], article_id: str | None) -> dict[str, Any]:
    own = [{**PATH_ID, **_example(article_id)}] if "<id>" in endpoint.path else []
    return {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "security": [],
        "parameters": [*own, *(_parameter(row) for row in endpoint.parameters if row.where != "page")],
        "responses": {
            "200": {
                "description": endpoint.summary,
                "content": {kind: _media(shape, named) for kind, shape in endpoint.answers.items()},
            },
            **{str(status): _problem(status, named) for status in (*endpoint.faults, 429, 503)},
        },
    }


def _example(value: Any) -> dict[str, Any]:
    return {} if value is None else {"example": value}


def _parameter(row: Parameter) -> dict[str, Any]:
    """A row as a parameter; repeatable ones are arrays, each value behind its own name."""
    schema: Any = row.schema or {"type": "string"}
    example = EXAMPLES.get(row.name)
    if row.repeatable:
        schema = {"type": "array", "items": schema, "maxItems": row.most}
        example = None if example is None else [example]
    style = {"style": "form", "explode": True} if row.repeatable else {}
    shown = {"description": row.expected, "required": False, **style, "schema": schema}
    return {"name": row.name, "in": "query", **shown, **_example(example)}


def _media(shape: Any, named: dict[str, Any]) -> dict[str, Any]:
    return {"schema": {"type": "string"} if shape is None else shapes.schema_of(shape, named)}


def _problem(status: int, named: dict[str, Any]) -> dict[str, Any]:
    wait = {"Retry-After": {"description": "seconds to wait", "schema": {"type": "integer"}}}
    return {
        "description": FAULTS[status],
        "content": {PROBLEM: _media(shapes.Problem, named)},
        **({"headers": wait} if status == 429 else {}),
    }


def names(endpoints: Iterable[Endpoint] = ENDPOINTS) -> tuple[str, ...]:
    """The operations by name."""
    return tuple(endpoint.name for endpoint in endpoints)
