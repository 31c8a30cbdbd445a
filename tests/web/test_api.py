"""The JSON API: shapes, errors, paging, other forms."""

import html
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from still import ARTICLES, StillRoom, rescued

from indexer import errors
from indexer.errors import RasidError
from indexer.model import SearchRequest
from indexer.settings import Settings
from searchapp import document
from searchapp.app import create_app
from searchapp.faults import FAULTS

SEARCH = "/api/v1/search"


def test_search_document_has_the_promised_keys(search) -> None:
    found = search(q="الوزير بغداد", facets="source,section,year")
    assert list(found) == (
        [
            "query",
            "total",
            "related_total",
            "partial",
            "took_ms",
            "generation",
            "results",
            "facets",
            "suggestions",
            "warnings",
            "links",
        ]
    )
    assert list(found["query"]) == ["q", "canonical", "match", "relaxed", "searched", "rescued"]
    assert set(found["results"][0]) == {
        "id",
        "title",
        "title_html",
        "source",
        "section",
        "author",
        "published",
        "url",
        "score",
        "related",
        "link",
        "snippets",
        "matched",
    }
    assert set(found["results"][0]["snippets"][0]) == {"html", "start", "end", "matches"}
    assert found["results"][0]["matched"][0] == {"query": "الوزير", "text": "الوزير", "via": "stem"}
    assert list(found["facets"]) == ["source", "section", "year"]
    assert found["facets"]["section"][0] == {"value": "العراق", "count": 2}
    assert (found["total"], found["generation"]) == (4, "g7")


def test_facets_are_absent_unless_asked_for(search) -> None:
    assert search(q="الوزير")["facets"] == {}


def test_removing_the_marks_gives_the_text_back(search) -> None:
    for one in search(q="الوزير نص alert")["results"]:
        article = next(article for article in ARTICLES if article.id == one["id"])
        assert unmarked(one["title_html"]) == article.title
        for snippet in one["snippets"]:
            assert unmarked(snippet["html"]) == article.body[snippet["start"] : snippet["end"]]
            assert re.findall(r"<(?!/?mark>)", snippet["html"]) == []


def unmarked(marked: str) -> str:
    return html.unescape(re.sub("</?mark>", "", marked))


def test_offsets_and_no_highlights_are_plain_text(search) -> None:
    one = search(q="الوزير", highlight="offsets")["results"][0]
    assert set(one["snippets"][0]) == {"text", "start", "end", "matches"}
    assert one["title"][slice(*one["title_matches"][0])] == "الوزير"
    one = search(q="الوزير", highlight="none")["results"][0]
    assert set(one["snippets"][0]) == {"text", "start", "end"}
    assert not {"title_html", "title_matches"} & set(one)


def test_links_lead_through_all_results_once(client, search) -> None:
    address, ids = f"{SEARCH}?q=الوزير&page_size=1&highlight=none", []
    while address:
        response = client.get(address)
        assert response.status_code == 200
        ids += [one["id"] for one in response.json["results"]]
        address = response.json["links"]["next"]
        assert response.headers.get("Link") == (address and f'<{address}>; rel="next"')
    assert ids == [article.id for article in ARTICLES]


def test_self_gives_the_same_page_again(client, search) -> None:
    second = search(q="الوزير", page_size=2)["links"]["next"]
    first, again = client.get(second).json, client.get(client.get(second).json["links"]["self"]).json
    assert first["results"] == again["results"]
    assert again["links"]["next"] is None


def test_cursor_of_a_dropped_generation_is_gone(room, client, search) -> None:
    after = search(q="الوزير", page_size=1)["links"]["next"]
    room.fails = errors.GenerationGone("not kept")
    assert client.get(after).status_code == 410


def test_cursor_of_another_lexicon_is_gone(room, client, search) -> None:
    after = search(q="الوزير", page_size=1)["links"]["next"]
    room.lexicon = "lexicon-2"
    assert client.get(after).status_code == 410


def test_generation_of_the_cursor_is_asked(room, client, search) -> None:
    client.get(search(q="الوزير", page_size=1)["links"]["next"])
    assert room.asked[-1].generation == "g7"
    assert room.asked[-1].offset == 1


@pytest.mark.parametrize(
    ("args", "status", "parameter"),
    [
        ("page=2", 400, "page"),
        ("lang=ar", 400, "lang"),
        ("colour=red", 400, "colour"),
        ("page_size=0", 400, "page_size"),
        ("cursor=AAAA", 400, "cursor"),
        ("facets=colour", 400, "facets"),
        ("q=a&q=b", 400, "q"),
        ("q=" + "a" * 1025, 414, None),
    ],
)
def test_faults_of_parameters_are_problem_documents(
    client, args: str, status: int, parameter: str | None
) -> None:
    response = client.get(f"{SEARCH}?{args}")
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert response.json["status"] == status
    assert response.json.get("parameter") == parameter
    assert {"type", "title", "detail"} <= set(response.json)


def test_fault_of_a_strict_query_has_its_position(client) -> None:
    response = client.get(SEARCH, query_string={"q": "نفط (البصرة", "strict": "1"})
    assert response.status_code == 400
    assert (response.json["position"], response.json["code"]) == (4, "unclosed_bracket")


def descendants(of: type[Exception]) -> list[type[Exception]]:
    return [of, *(one for child in of.__subclasses__() for one in descendants(child))]


EXAMPLES = {
    errors.QueryError: errors.QueryError("m", "c", 0),
    errors.ParameterError: errors.ParameterError("p", "r"),
    errors.LexiconError: errors.LexiconError("f", 1, "r"),
    errors.MissingExtra: errors.MissingExtra("w", "e"),
}


@pytest.mark.parametrize("kind", [k for k in descendants(RasidError) if k.__module__ == errors.__name__])
@pytest.mark.parametrize("path", [SEARCH, "/search"])
def test_every_error_has_an_answer(room, client, kind: type[RasidError], path: str) -> None:
    room.fails = EXAMPLES.get(kind) or kind("what was wrong")
    response = client.get(path, query_string={"q": "قمة"})
    expected = next(FAULTS[of].status for of in kind.__mro__ if of in FAULTS)
    assert response.status_code == expected
    assert response.mimetype == ("text/html" if path == "/search" else "application/problem+json")


@pytest.mark.parametrize("path", [SEARCH, "/search", "/", "/api/v1/status", "/readyz"])
def test_bug_shows_no_trace_and_no_500(room, client, caplog, path: str) -> None:
    class Broken(StillRoom):
        def status(self):
            raise RuntimeError(" ".join(("سر", "دفين")))

        def answer(self, request):
            return self.status()

    broken = create_app(Broken(), Settings(home=Path())).test_client()
    response = broken.get(path, query_string={"q": "سر"} if "search" in path else None)
    assert response.status_code == 503
    assert "Traceback" not in response.text
    assert "RuntimeError" not in response.text
    assert "سر دفين" not in response.text + caplog.text
    assert "RuntimeError" in caplog.text


@pytest.mark.parametrize(
    "path", ["/api", "/api/v2/search", "/api/v1/nothing", "/api/v1/articles/", "/api/v1/search/"]
)
def test_unknown_endpoint_is_a_problem_document(client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options"])
@pytest.mark.parametrize("path", [SEARCH, "/search", "/", "/static/rasid.css", "/healthz"])
def test_only_get_and_head_are_answered(client, method: str, path: str) -> None:
    response = getattr(client, method)(path)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"


def test_article_document(client) -> None:
    response = client.get("/api/v1/articles/a1")
    assert response.json["body"] == ARTICLES[0].body
    assert (response.json["revisions"], response.json["link"]) == (2, "/article/a1")
    assert client.get("/api/v1/articles/a1?x=1").status_code == 400


def test_ids_with_all_letters_they_may_have_are_found(client, search) -> None:
    one = next(one for one in search(q="تونس")["results"])
    assert one["id"] == "قمة:3"
    assert client.get(one["link"]).status_code == 200
    assert client.get(one["link"].replace("/article/", "/api/v1/articles/")).json["id"] == "قمة:3"


@pytest.mark.parametrize("id", ["none", "a b", "a" * 201, "%00", "..%2F..%2Fetc", "<script>"])
def test_unknown_article_is_a_404(client, id: str) -> None:
    assert client.get(f"/api/v1/articles/{id}").status_code == 404
    assert client.get(f"/article/{id}").status_code == 404


def test_status_document_also_without_an_index(room, client) -> None:
    keys = {
        "articles",
        "sources",
        "first_published",
        "last_published",
        "generation",
        "engine",
        "analysis",
        "lexicon",
        "built_at",
    }
    assert keys <= set(client.get("/api/v1/status").json)
    room.generation = None
    assert client.get("/api/v1/status").json["generation"] is None


def test_analyze_shows_every_word(client) -> None:
    tokens = client.get("/api/v1/analyze", query_string={"text": "زيارة الوزير"}).json["tokens"]
    assert [token["text"] for token in tokens] == ["زيارة", "الوزير"]
    assert set(tokens[1]) == {"text", "start", "end", "folded", "light", "stem", "steps"}
    assert set(tokens[1]["steps"][0]) == {"rule", "from", "to"}
    assert client.get("/api/v1/analyze").json == {"tokens": []}


def test_health_and_readiness(room, client) -> None:
    assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200
    room.generation = None
    assert client.get("/healthz").status_code == 200
    response = client.get("/readyz")
    assert (response.status_code, response.mimetype) == (503, "application/problem+json")
    assert "rasid add" in response.json["detail"]


def test_warnings_and_suggestions_have_codes_and_speak_the_language(room, client) -> None:
    room.edit = rescued
    arabic = client.get(SEARCH, query_string={"q": "نفط"}).json
    english = client.get(SEARCH, query_string={"q": "نفط"}, headers={"Accept-Language": "en-GB"}).json
    assert [one["code"] for one in arabic["warnings"]] == ["partial", "unknown_code"]
    assert [one["code"] for one in arabic["suggestions"]] == ["spelling", "fewer_words"]
    assert "توقف" in arabic["warnings"][0]["message"]
    assert "time limit" in english["warnings"][0]["message"]
    assert arabic["warnings"][1]["position"] == 4


def test_csv_is_for_spreadsheets(room, client) -> None:
    response = client.get(SEARCH, query_string={"q": "الوزير", "format": "csv"})
    assert response.mimetype == "text/csv"
    assert "attachment" in response.headers["Content-Disposition"]
    text = response.data.decode("utf-8")
    assert text.startswith("\ufeffid,title,source,author")
    assert "body" not in text.splitlines()[0]
    assert text.count("\r\n") == 5
    room.articles = (replace(ARTICLES[0], title="=cmd|'الوزير'!A1"),)
    room.changed = "another"
    assert "'=cmd|" in client.get(SEARCH, query_string={"q": "الوزير", "format": "csv"}).text


def test_json_lines_are_the_whole_articles(client) -> None:
    response = client.get(SEARCH, query_string={"q": "الوزير", "format": "jsonl", "page_size": "1"})
    assert response.mimetype == "application/x-ndjson"
    rows = [json.loads(line) for line in response.text.splitlines()]
    assert [row["body"] for row in rows] == [article.body for article in ARTICLES]


def test_columns_of_a_file_can_be_chosen(client) -> None:
    args = {"q": "الوزير", "format": "csv", "fields": "id,body"}
    assert client.get(SEARCH, query_string=args).data.decode("utf-8-sig").startswith("id,body\r\n")
    assert client.get(SEARCH, query_string=args | {"fields": "id,colour"}).status_code == 400


def test_file_has_no_cursor(client, search) -> None:
    after = search(q="الوزير", page_size=1)["links"]["next"]
    response = client.get(f"{after}&format=jsonl")
    assert (response.status_code, response.json["parameter"]) == (400, "cursor")


def test_file_is_written_while_it_is_sent(room) -> None:
    room.articles = tuple(replace(ARTICLES[0], id=str(n)) for n in range(1000))
    client = create_app(room, Settings(home=Path())).test_client()
    response = client.get(f"{SEARCH}?q=الوزير&format=jsonl", buffered=False)
    assert next(response.iter_encoded())
    assert room.written < 10
    response.close()


def test_file_that_cannot_begin_is_an_error(room, client) -> None:
    room.fails = errors.IndexUnavailable("damaged")
    response = client.get(f"{SEARCH}?q=الوزير&format=csv")
    assert (response.status_code, response.mimetype) == (503, "application/problem+json")


# --- articles, timelines, completions ---------------------------------------------------------------------


def test_article_as_plain_text(client) -> None:
    response = client.get("/api/v1/articles/a1?format=text")
    assert response.content_type == "text/plain; charset=utf-8"
    assert response.text == f"{ARTICLES[0].title}\n\n{ARTICLES[0].body}\n"


def test_similar_articles_are_results(client, search) -> None:
    found = client.get("/api/v1/articles/a1/similar?page_size=2").json
    assert [one["id"] for one in found["results"]] == ["a2", "قمة:3"]
    assert set(found["results"][0]) == set(search(q="الوزير")["results"][0])
    assert client.get("/api/v1/articles/none/similar").status_code == 404


def test_citation_as_text_and_for_reference_managers(client) -> None:
    text = client.get("/api/v1/articles/a1/cite").text
    assert text.startswith("«الوزير يزور بغداد»، سلمى حداد، وكالة النخيل، 21 يوليو/تموز 2020، ")
    assert text.endswith("https://rasid.example:8443/article/a1\n")
    response = client.get("/api/v1/articles/a1/cite?format=ris")
    assert response.mimetype == "application/x-research-info-systems"
    lines = response.text.split("\r\n")
    assert (lines[0], lines[-2:]) == ("TY  - NEWS", ["ER  - ", ""])
    assert {"TI  - الوزير يزور بغداد", "DA  - 2020/07/21", "T2  - وكالة النخيل"} <= set(lines)
    assert client.get("/api/v1/articles/a1/cite?format=pdf").json["parameter"] == "format"


def test_citation_keeps_to_one_line_a_tag(room, client) -> None:
    room.articles = (replace(ARTICLES[0], title="سطر\r\nTY  - BOOK"),)
    lines = client.get("/api/v1/articles/a1/cite?format=ris").text.split("\r\n")
    assert sum(line.startswith("TY") for line in lines) == 1


def test_timeline_counts_each_query_of_all(client) -> None:
    made = client.get("/api/v1/timeline?q=بغداد&q=تونس&interval=year").json
    assert (made["interval"], [one["q"] for one in made["series"]]) == ("year", ["بغداد", "تونس"])
    assert made["series"][0]["points"] == [
        {"start": "2019-01-01", "count": 0, "of": 1},
        {"start": "2020-01-01", "count": 1, "of": 1},
        {"start": "2021-01-01", "count": 1, "of": 1},
    ]


def test_timeline_as_a_table(client) -> None:
    text = client.get("/api/v1/timeline?q=بغداد&interval=year&format=csv").data.decode("utf-8-sig")
    assert text.splitlines()[:2] == ["start,بغداد,of", "2019-01-01,0,1"]


@pytest.mark.parametrize(
    ("args", "parameter"),
    [("q=1&q=2&q=3&q=4&q=5", "q"), ("interval=hour", "interval"), ("sort=newest", "sort")],
)
def test_timeline_refuses_by_name(client, args: str, parameter: str) -> None:
    response = client.get(f"/api/v1/timeline?{args}")
    assert (response.status_code, response.json["parameter"]) == (400, parameter)


def test_timeline_never_rescues(room, client) -> None:
    client.get("/api/v1/timeline?q=بغداد")
    assert not room.asked[-1].rescue


def test_suggestions_are_what_browsers_expect(client) -> None:
    response = client.get("/api/v1/suggest?q=الو")
    assert response.mimetype == "application/x-suggestions+json"
    typed, completions, counts, pages = json.loads(response.text)
    assert (typed, completions[0], counts[0]) == ("الو", "الوزير", "مقال واحد")
    assert pages[0].startswith("https://rasid.example:8443/search?q=%D8")
    assert json.loads(client.get("/api/v1/suggest").text) == ["", [], [], []]


def test_document_needs_no_web(room) -> None:
    request = SearchRequest(q="الوزير")
    assert document.search_document(room.answer(request), request)["total"] == 4
