"""Atom, OpenSearch, robots.txt: as feed readers, browsers and crawlers read them."""

from dataclasses import replace
from xml.etree import ElementTree

import feedparser
from still import ARTICLES, rescued

ATOM = "{http://www.w3.org/2005/Atom}"
SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def parsed(client, args: str = "q=الوزير"):
    response = client.get(f"/feed.atom?{args}")
    assert (response.status_code, response.mimetype) == (200, "application/atom+xml")
    made = feedparser.parse(
        response.data, response_headers={"content-type": response.headers["Content-Type"]}
    )
    assert not made.bozo, made.get("bozo_exception")
    return made


def test_feed_is_valid_atom(client) -> None:
    made = parsed(client)
    assert made.version == "atom10"
    assert made.feed.title == "راصد: الوزير"
    assert [entry.title for entry in made.entries][:2] == ["الوزير يزور بغداد", "بغداد تستضيف القمة"]
    first = made.entries[0]
    assert (first.link, first.author) == ("https://rasid.example:8443/article/a1", "سلمى حداد")
    assert first.published == "2020-07-21T00:00:00Z"
    assert first.updated == "2026-01-02T03:04:05+00:00"
    assert made.entries[1].published == "2021-08-28T10:00:00+03:00"
    root = ElementTree.fromstring(client.get("/feed.atom?q=الوزير").data)
    for node in (root, *root.iter(f"{ATOM}entry")):
        assert all(len(node.findall(ATOM + name)) == 1 for name in ("id", "title", "updated"))


def test_feed_has_opensearch_elements_and_links(client) -> None:
    root = ElementTree.fromstring(client.get("/feed.atom?q=الوزير&page_size=2&page=2").data)
    assert [root.findtext(SEARCH + name) for name in ("totalResults", "startIndex", "itemsPerPage")] == [
        "4",
        "3",
        "2",
    ]
    assert root.find(f"{SEARCH}Query").attrib["searchTerms"] == "الوزير"
    rels = {link.attrib["rel"]: link.attrib["href"] for link in root.findall(f"{ATOM}link")}
    assert set(rels) == {"self", "alternate", "search", "previous"}
    assert all(href.startswith("https://rasid.example:8443/") for href in rels.values())
    assert client.get(rels["previous"].removeprefix("https://rasid.example:8443")).status_code == 200


def test_ids_stay_whatever_is_asked_and_new_articles_come_once(room, client) -> None:
    before = {entry.id for entry in parsed(client).entries}
    assert {entry.id for entry in parsed(client, "q=الوزير&lang=en&page_size=50").entries} == before
    room.articles = (
        replace(ARTICLES[0], id="new"),
        replace(ARTICLES[1], title="الوزير: عنوان آخر"),
        *ARTICLES[2:],
        ARTICLES[0],
    )
    room.changed = "new"
    after = [entry.id for entry in parsed(client).entries]
    assert len(set(after) - before) == 1
    assert len(after) == len(set(after)) == 5


def test_feed_never_relaxes_or_rescues(room, client) -> None:
    room.edit = rescued
    assert parsed(client).entries == []
    asked = room.asked[-1]
    assert (asked.rescue, asked.operator, asked.sort) == (False, "and", "newest")


def test_feed_holds_what_xml_cannot(room, client) -> None:
    room.articles = (replace(ARTICLES[3], title="الوزير \x00\x1b]\ufffe <b>&", body="الوزير ]]> \x08"),)
    made = parsed(client)
    assert made.entries[0].title.startswith("الوزير")
    assert "script" not in made.entries[0].summary


def test_feed_of_everything(client) -> None:
    assert len(parsed(client, "").entries) == 4


def test_browsers_get_a_search_engine(client) -> None:
    response = client.get("/opensearch.xml")
    assert response.mimetype == "application/opensearchdescription+xml"
    root = ElementTree.fromstring(response.data)
    assert root.tag == f"{SEARCH}OpenSearchDescription"
    assert len(root.findtext(f"{SEARCH}ShortName")) <= 16
    urls = {url.attrib["type"]: url.attrib["template"] for url in root.findall(f"{SEARCH}Url")}
    assert urls["text/html"] == "https://rasid.example:8443/search?q={searchTerms}"
    assert {"application/atom+xml", "application/x-suggestions+json"} <= set(urls)
    for template in urls.values():
        path = template.removeprefix("https://rasid.example:8443")
        assert (
            client.get(path.replace("{searchTerms}", "الوزير").replace("{startPage?}", "1")).status_code
            == 200
        )


def test_pages_name_search_engine_and_feed(client) -> None:
    text = client.get("/search?q=الوزير").text
    assert 'rel="search" type="application/opensearchdescription+xml"' in text
    assert (
        'type="application/atom+xml" title="راصد" href="/feed.atom?q=%D8%A7%D9%84%D9%88%D8%B2%D9%8A%D8%B1"'
        in text
    )


def test_crawlers_are_kept_from_endless_answers(client) -> None:
    text = client.get("/robots.txt").text
    assert "Disallow: /search" in text
    assert "Disallow: /article" not in text


def test_icon_is_where_browsers_look(client) -> None:
    response = client.get("/favicon.ico")
    assert response.status_code == 301
    assert client.get(response.headers["Location"]).mimetype == "image/svg+xml"
