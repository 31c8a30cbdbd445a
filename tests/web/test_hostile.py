"""Whatever is asked, no answer is a fault of the server."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from still import StillRoom

from indexer.settings import Settings
from searchapp import cursor
from searchapp.app import create_app
from searchapp.parameters import SEARCH

CLIENT = create_app(StillRoom(), Settings(home=Path())).test_client()

NAMES = st.sampled_from([row.name for row in SEARCH]) | st.text(max_size=8)
VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            *(
                "",
                "0",
                "-1",
                "1",
                "99999999999999999999",
                "٢٠٢٠",
                "²",
                "NaN",
                "1e9",
                "true",
                "null",
                "\x00",
                "-",
                "--",
            ),
            *(
                "2020-02-30",
                "1441-12H",
                "رمضان 1445",
                "9999-12-31",
                "0000",
                "[2020 TO 2021]",
                "<script>",
                "%00",
                "\ud7ff",
            ),
            *(
                "stem",
                "exact",
                "newest",
                "source,,year",
                "html",
                "csv",
                "jsonl",
                "{q}",
                "{0}",
                "%s",
                "'\"",
                "\u202e\u2066",
            ),
        ]
    ),
    st.integers().map(str),
    st.dates().map(str),
)
ARGS = st.lists(st.tuples(NAMES, VALUES), max_size=6)
PATHS = st.sampled_from(
    [
        *("/search", "/api/v1/search", "/", "/help", "/status", "/api/v1/analyze", "/article/a1", "/compare"),
        *("/feed.atom", "/opensearch.xml", "/api/v1/timeline", "/api/v1/suggest", "/api/v1/articles/a1/cite"),
        "/api/v1/articles/a1/similar",
    ]
)

QUICK = settings(max_examples=150)


@QUICK
@given(PATHS, ARGS)
def test_no_parameter_makes_a_5xx(path: str, args: list[tuple[str, str]]) -> None:
    assert CLIENT.get(path, query_string=args).status_code < 500


@QUICK
@given(PATHS, st.binary(max_size=60))
def test_no_query_string_makes_a_5xx(path: str, raw: bytes) -> None:
    query = "".join(f"%{byte:02x}" if byte > 126 or byte < 33 else chr(byte) for byte in raw)
    assert CLIENT.get(path, environ_overrides={"QUERY_STRING": query}).status_code < 500


@QUICK
@given(st.text(max_size=40))
def test_no_id_makes_a_5xx(id: str) -> None:
    for path in ("/article/", "/api/v1/articles/", "/"):
        info = (path + id).encode().decode("latin-1")
        assert CLIENT.get("/", environ_overrides={"PATH_INFO": info}).status_code < 500


@QUICK
@given(st.binary(max_size=60).map(lambda raw: raw.decode("latin-1")))
def test_no_host_or_tag_makes_a_5xx(value: str) -> None:
    for header in ("HTTP_HOST", "HTTP_IF_NONE_MATCH", "HTTP_ACCEPT_LANGUAGE"):
        assert CLIENT.get("/search", environ_overrides={header: value}).status_code < 500


@QUICK
@given(st.integers() | st.text(), st.text(), st.text(), st.text())
def test_no_forged_cursor_makes_a_5xx(offset: object, request: str, generation: str, lexicon: str) -> None:
    token = cursor.encode(cursor.Cursor(offset, request, generation, lexicon))  # type: ignore[arg-type]
    assert CLIENT.get("/api/v1/search", query_string={"cursor": token}).status_code in (200, 400, 410)


@pytest.mark.parametrize("size", [5_000, 60_000])
def test_long_addresses_are_answered(size: int) -> None:
    assert CLIENT.get("/search", query_string={"q": "ق" * size}).status_code == 200
    assert CLIENT.get("/api/v1/search", query_string={"q": "ق" * size}).status_code == 414
    assert CLIENT.get("/search", query_string={"x" * size: "1"}).status_code == 200
    assert CLIENT.get("/api/v1/search", query_string={"x" * size: "1"}).status_code == 400
