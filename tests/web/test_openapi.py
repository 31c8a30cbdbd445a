"""The description of the API: valid, complete, true of every answer, and its examples run."""

import json
import re
from urllib.parse import quote_plus

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from searchapp import openapi, parameters
from searchapp.app import create_app


@pytest.fixture
def described(client) -> dict:
    response = client.get("/api/v1/openapi.json")
    assert response.mimetype == "application/json"
    return response.json


def test_description_is_valid_openapi(described) -> None:
    assert described["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(described).validate()


def test_description_names_every_route_and_parameter(room, settings, described) -> None:
    rules = {
        rule.rule for rule in create_app(room, settings).url_map.iter_rules() if rule.rule.startswith("/api/")
    }
    assert {re.sub("<(.*?)>", r"{\1}", rule) for rule in rules} == set(described["paths"])
    for endpoint in openapi.ENDPOINTS:
        shown = described["paths"]["/api/v1" + endpoint.path.replace("<id>", "{id}")]["get"]["parameters"]
        names = {one["name"] for one in shown if one["in"] == "query"}
        assert names == {row.name for row in endpoint.parameters if row.where != "page"}


def examples(described: dict) -> list[tuple[str, dict]]:
    """Every operation with its parameters' examples, each alone and all values of a choice."""
    made = []
    for path, item in described["paths"].items():
        shown = item["get"]["parameters"]
        for one in shown:
            if one["in"] == "path":
                path = path.replace("{id}", one["example"])
        made.append((path, {}))
        for one in (one for one in shown if one["in"] == "query"):
            values = one["schema"].get("enum") or ([one["example"]] if "example" in one else [])
            made += [(path, {one["name"]: value}) for value in values]
    return made


def test_examples_run(client, described) -> None:
    asked = examples(described)
    assert len(asked) > 40
    for path, args in asked:
        response = client.get(path, query_string=args)
        assert response.status_code == 200, (path, args, response.text)


def test_every_answer_is_as_described(client, described) -> None:
    for path, args in examples(described):
        response = client.get(path, query_string=args)
        assert_as_described(described, re.sub("/articles/[^/]+", "/articles/{id}", path), response)


@pytest.mark.parametrize(
    ("path", "template", "status"),
    [
        ("/api/v1/search?x=1", "/api/v1/search", 400),
        ("/api/v1/search?q=" + "q" * 1025, "/api/v1/search", 414),
        ("/api/v1/search?q=نفط+(البصرة&strict=1", "/api/v1/search", 400),
        ("/api/v1/articles/none", "/api/v1/articles/{id}", 404),
        ("/api/v1/articles/none/similar", "/api/v1/articles/{id}/similar", 404),
        ("/api/v1/timeline?interval=x", "/api/v1/timeline", 400),
        ("/api/v1/status?x=1", "/api/v1/status", 400),
    ],
)
def test_every_fault_is_as_described(client, described, path: str, template: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert_as_described(described, template, response)


def assert_as_described(described: dict, template: str, response) -> None:
    """The response has a status and a media type of its operation, and a body of that shape."""
    answers = described["paths"][template]["get"]["responses"][str(response.status_code)]["content"]
    schema = answers[response.mimetype]["schema"]
    if response.mimetype.endswith("json") and response.mimetype != "application/x-ndjson":
        OAS31Validator({**schema, "components": described["components"]}).validate(json.loads(response.text))


def test_every_parameter_without_a_choice_has_an_example_or_says_what_it_is(described) -> None:
    for item in described["paths"].values():
        for one in item["get"]["parameters"]:
            assert one["description"]


def test_offsets_and_facets_are_as_described(client, described) -> None:
    for args in ("highlight=offsets&q=الوزير&facets=source,year", "highlight=none&q=الوزير"):
        assert_as_described(described, "/api/v1/search", client.get(f"/api/v1/search?{args}"))


def test_schema_of_a_parameter_agrees_with_its_parser() -> None:
    for row in parameters.SEARCH:
        for value in (row.schema or {}).get("enum", ()):
            assert row.parse(value) is not None
    assert quote_plus("قمة")
