"""What holds for every response: headers, hosts, caching, methods."""

import gzip

import pytest
from still import rescued

from indexer import errors
from indexer.settings import Settings
from searchapp.app import create_app

PATHS = [
    *("/", "/search?q=الوزير", "/article/a1", "/help", "/status", "/nothing", "/static/rasid.css"),
    *(
        "/compare?q=الوزير",
        "/feed.atom?q=الوزير",
        "/opensearch.xml",
        "/robots.txt",
        "/metrics",
        "/favicon.ico",
    ),
    "/api/v1/search?q=الوزير&format=csv",
    *("/api/v1/timeline?q=الوزير", "/api/v1/articles/a1/similar", "/api/v1/openapi.json", "/api/v1/suggest"),
    *("/api/v1/search?q=الوزير", "/api/v1/articles/a1", "/api/v1/status", "/api/v1/x", "/healthz", "/readyz"),
]
CACHED = [
    "/search?q=الوزير",
    "/article/a1",
    "/api/v1/search?q=الوزير",
    "/api/v1/articles/a1",
    "/api/v1/status",
    "/compare?q=الوزير",
    "/feed.atom?q=الوزير",
    "/api/v1/openapi.json",
]


@pytest.mark.parametrize("path", PATHS)
def test_security_headers_are_everywhere(client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("path", PATHS)
def test_head_is_get_without_a_body(client, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.data) == (got.status_code, b"")
    assert head.headers["Content-Type"] == got.headers["Content-Type"]


@pytest.mark.parametrize("path", CACHED)
def test_known_answer_is_a_304(room, client, path: str) -> None:
    first = client.get(path)
    tag = first.headers["ETag"]
    assert tag.startswith('W/"')
    assert first.headers["Vary"] == "Accept-Language, Accept-Encoding"
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert again.headers["Vary"] == first.headers["Vary"]
    assert client.get(path, headers={"If-None-Match": tag, "Accept-Language": "en"}).status_code == 200
    assert client.get(path, headers={"If-None-Match": '"x"'}).status_code == 200
    room.changed = "new generation"
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_tag_depends_on_the_whole_address(client) -> None:
    tags = {client.get(f"/api/v1/search?q={q}&page_size={n}").headers["ETag"] for q in "ab" for n in (1, 2)}
    assert len(tags) == 4


def test_unfinished_answer_and_errors_are_not_kept(room, client) -> None:
    assert "ETag" not in client.get("/api/v1/articles/none").headers
    room.edit = rescued
    for path in ("/search?q=الوزير", "/api/v1/search?q=الوزير"):
        response = client.get(path)
        assert "ETag" not in response.headers
        assert response.cache_control.no_store


@pytest.mark.parametrize(
    ("host", "status"),
    [
        *(
            (host, 200)
            for host in ("localhost", "localhost:8000", "127.0.0.1:5", "[::1]", "[::1]:8000", "LOCALHOST")
        ),
        *((host, 200) for host in ("rasid.example", "rasid.example:8443")),
        *(
            (host, 400)
            for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1")
        ),
        *((host, 400) for host in ("[::2]", "[", "]:80", "a@localhost.evil", "x" * 300)),
    ],
)
@pytest.mark.parametrize("path", ["/", "/api/v1/status", "/static/rasid.css"])
def test_strange_hosts_are_refused_on_loopback(room, serve, host: str, status: int, path: str) -> None:
    response = serve(room).get(path, headers={"Host": host})
    assert response.status_code == status
    assert host not in response.text or status == 200


def test_any_host_is_answered_on_a_public_address(room, serve) -> None:
    assert serve(room, loopback=False).get("/", headers={"Host": "news.example"}).status_code == 200


def test_cors_is_off_unless_asked_for_and_only_for_the_api(room, client, serve) -> None:
    assert "Access-Control-Allow-Origin" not in client.get("/api/v1/status").headers
    shared = serve(room, cors="https://app.example")
    headers = shared.get("/api/v1/status").headers
    assert headers["Access-Control-Allow-Origin"] == "https://app.example"
    assert "Origin" in headers["Vary"]
    assert "Access-Control-Allow-Origin" not in shared.get("/").headers


def test_static_files_are_named_by_content_and_kept(client) -> None:
    text = client.get("/").text
    address = text.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "?v=" in address
    assert "max-age=31536000" in client.get(address).headers["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["/x//search", "/search/", "/search//", "/static/../setup.cfg", "/static/%2e%2e/x"]
)
def test_odd_paths_neither_redirect_nor_leak(client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_no_500_in_the_table() -> None:
    from searchapp.faults import rows

    assert {row.status for row in rows()} <= {400, 404, 405, 410, 414, 429, 503}


def test_status_is_asked_once_for_each_state(room, client) -> None:
    asked = []
    room.status = lambda of=room.status: asked.append(1) or of()
    for path in ("/", "/search?q=a", "/api/v1/search?q=a", "/api/v1/status"):
        assert client.get(path).status_code == 200
    assert len(asked) == 1
    room.changed = "new"
    client.get("/")
    assert len(asked) == 2


# --- compression and the shelf ----------------------------------------------------------------------------


def test_answers_are_compressed_for_who_reads_it(client) -> None:
    plain = client.get("/search?q=الوزير")
    packed = client.get("/search?q=الوزير", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) * 3 < len(plain.data)
    assert packed.headers["Content-Length"] == str(len(packed.data))
    refused = client.get("/search?q=الوزير", headers={"Accept-Encoding": "gzip;q=0"})
    assert refused.data == plain.data


def test_same_answer_is_made_once_for_each_state(room, client) -> None:
    first = client.get("/search?q=الوزير")
    asked = len(room.asked)
    again = client.get("/search?q=الوزير", headers={"Accept-Encoding": "gzip"})
    assert len(room.asked) == asked
    assert again.headers["Content-Language"] == first.headers["Content-Language"]
    room.changed = "new"
    client.get("/search?q=الوزير")
    assert len(room.asked) > asked


def test_answer_of_one_host_is_never_given_to_another(serve, room, tmp_path) -> None:
    app = create_app(room, Settings(home=tmp_path), loopback=False)
    client = app.test_client()
    assert "evil.example" in client.get("/article/a1", headers={"Host": "evil.example"}).text
    assert "evil.example" not in client.get("/article/a1", headers={"Host": "news.example"}).text


# --- limits and figures -----------------------------------------------------------------------------------


def test_nothing_is_limited_unless_asked_for(client) -> None:
    assert {client.get("/api/v1/status").status_code for _ in range(50)} == {200}


def test_limit_tells_how_long_to_wait(room, serve) -> None:
    client = serve(room, rate_limit="3/minute")
    assert [client.get("/api/v1/status").status_code for _ in range(4)] == [200, 200, 200, 429]
    response = client.get("/api/v1/search?q=الوزير")
    assert (response.status_code, response.mimetype) == (429, "application/problem+json")
    assert 0 < int(response.headers["Retry-After"]) <= 60
    assert client.get("/search").status_code == 429
    for free in ("/healthz", "/metrics", "/static/rasid.css"):
        assert client.get(free).status_code == 200


def test_clients_behind_a_trusted_proxy_are_told_apart(room, serve) -> None:
    client = serve(room, rate_limit="1/minute", proxies=1)
    statuses = [
        client.get("/api/v1/status", headers={"X-Forwarded-For": ip}).status_code
        for ip in ("192.0.2.1", "192.0.2.2", "192.0.2.1")
    ]
    assert statuses == [200, 200, 429]


def test_metrics_count_without_a_word_of_the_queries(client) -> None:
    client.get("/api/v1/search?q=سرّ")
    text = client.get("/metrics").text
    assert 'rasid_requests_total{endpoint="api.search",status="200"} 1.0' in text
    assert 'rasid_request_seconds_count{endpoint="api.search"} 1.0' in text
    assert "rasid_articles 4.0" in text
    assert "سر" not in text


def test_metrics_are_there_without_an_archive(room, client) -> None:
    room.fails = errors.ArchiveError("damaged")
    assert "rasid_ready 0.0" in client.get("/metrics").text
