"""Answers as the JSON documents of the API, and the page of results as CSV and JSON Lines.

Pure functions: the API, the command line and the exports write the same documents.
"""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from indexer.analysis import steps, tokens
from indexer.errors import QueryError
from indexer.messages import Language
from indexer.model import Answer, Article, Found, Notice, SearchRequest, Snippet, Status, Suggestion
from searchapp import cursor as cursors
from searchapp import i18n, links
from searchapp.links import API, Args
from searchapp.params import Format, Highlight, Presentation
from searchapp.pieces import html, pieces

Document = dict[str, Any]
"""A JSON object. It is made here and written out at once: nothing reads it back."""

SEARCH_PATH = f"{API}/search"

COLUMNS = ("id", "title", "source", "section", "author", "published", "url", "score", "link")
"""Columns of the CSV form."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the start of a formula, full-width forms included."""


class Written(NamedTuple):
    """A document as text, and its media type."""

    text: str
    mimetype: str


# --- search -----------------------------------------------------------------------------------------------


def search_document(
    answer: Answer,
    request: SearchRequest,
    *,
    language: Language = "ar",
    shown: Presentation | None = None,
    lexicon: str = "",
    place: str | None = None,
) -> Document:
    """The document of `search`.

    Args:
        lexicon: digest of the lexicon that answered, for the cursor.
        place: the cursor that this page was asked with.
    """
    shown = shown or Presentation()
    after = next_cursor(answer, request, lexicon)
    return {
        "query": _query(answer),
        "total": answer.total,
        "related_total": answer.related_total,
        "partial": answer.partial,
        "took_ms": round(answer.took_ms, 2),
        "generation": answer.generation,
        "results": [result(found, shown.highlight) for found in answer.found],
        "facets": facets(answer),
        "suggestions": [suggestion(offer, language) for offer in answer.suggestions],
        "warnings": [warning(notice, language) for notice in answer.warnings],
        "links": {"self": _address(request, shown, place), "next": after and _address(request, shown, after)},
    }


def next_cursor(answer: Answer, request: SearchRequest, lexicon: str) -> str | None:
    """The cursor of the page after this one, None after the last."""
    here = request.offset + len(answer.found)
    if not answer.found or here >= answer.total + answer.related_total:
        return None
    return cursors.encode(cursors.Cursor(here, cursors.digest(request), answer.generation, lexicon))


def _query(answer: Answer) -> Document:
    fields = ("q", "canonical", "match", "relaxed", "searched", "rescued")
    return {field: getattr(answer, field) for field in fields}


def _address(request: SearchRequest, shown: Presentation, place: str | None) -> str:
    usual = Presentation()
    args: Args = links.search_args(request)
    args += tuple(
        (name, getattr(shown, name))
        for name in ("highlight", "format")
        if getattr(shown, name) != getattr(usual, name)
    )
    return links.encoded(SEARCH_PATH, (*args, *((("cursor", place),) if place else ())))


def result(found: Found, highlight: Highlight = "html") -> Document:
    """One hit."""
    article = found.article
    marked_title: dict[Highlight, Document] = {
        "html": {"title_html": html(pieces(article.title, found.title_matches))},
        "offsets": {"title_matches": [list(match) for match in found.title_matches]},
        "none": {},
    }
    return {
        "id": article.id,
        "title": article.title,
        **marked_title[highlight],
        "source": article.source,
        "section": article.section,
        "author": article.author,
        "published": article.published,
        "url": article.url,
        "score": round(found.score, 4),
        "related": found.related,
        "link": links.article_path(article.id),
        "snippets": [_snippet(article.body, snippet, highlight) for snippet in found.snippets],
        "matched": [{"query": way.query, "text": way.text, "via": way.via} for way in found.matched],
    }


def _snippet(body: str, snippet: Snippet, highlight: Highlight) -> Document:
    place = {"start": snippet.start, "end": snippet.end}
    matches = [list(match) for match in snippet.matches]
    if highlight == "html":
        return {
            "html": html(pieces(body, snippet.matches, snippet.start, snippet.end)),
            **place,
            "matches": matches,
        }
    text = {"text": body[snippet.start : snippet.end], **place}
    return {**text, "matches": matches} if highlight == "offsets" else text


def facets(answer: Answer) -> Document:
    """The facets that were asked for: value and count, as the engine orders them."""
    return {
        field: [{"value": bucket.value, "count": bucket.count} for bucket in buckets]
        for field, buckets in answer.facets
    }


def suggestion(offer: Suggestion, language: Language) -> Document:
    """One suggestion; its code is the reason."""
    message = i18n.text(f"why_{offer.why}", language)
    return {"q": offer.q, "why": offer.why, "total": offer.total, "code": offer.why, "message": message}


def warning(notice: Notice, language: Language) -> Document:
    """One warning; its position counts code points of the query from 0."""
    return {"code": notice.code, "message": i18n.notice_text(notice, language), "position": notice.position}


# --- the page of results in other forms -------------------------------------------------------------------


def written(document: Document, form: Format) -> Written:
    """A search document in the form that was asked for; tables and lines hold its results only."""
    if form == "csv":
        return Written(csv_text(document["results"]), "text/csv")
    if form == "jsonl":
        return Written("".join(json_text(one) + "\n" for one in document["results"]), "application/x-ndjson")
    return Written(json_text(document), "application/json")


def json_text(document: Document) -> str:
    """JSON in UTF-8, letters as they are; lone surrogates, which UTF-8 cannot hold, escaped."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace").decode()


def csv_text(results: Iterable[Document]) -> str:
    """Results as a table for spreadsheets: BOM, CRLF, no body, no cell that could run as a formula."""
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(one[column]) for column in COLUMNS] for one in results)
    return "\ufeff" + table.getvalue()


def _cell(value: object) -> object:
    """The value, its text made safe.

    >>> _cell("=1+1"), _cell("قمة"), _cell(None)
    ("'=1+1", 'قمة', None)
    """
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA_STARTS) else value


# --- the other documents ----------------------------------------------------------------------------------


def article_document(article: Article, revisions: int) -> Document:
    """The document of `articles/<id>`."""
    fields = ("id", "title", "body", "source", "author", "section", "url", "published", "added", "input_id")
    return {
        **{field: getattr(article, field) for field in fields},
        "link": links.article_path(article.id),
        "revision": article.revision,
        "revisions": revisions,
    }


def status_document(status: Status, language: Language = "ar") -> Document:
    """The document of `status`."""
    fields = ("articles", "first_published", "last_published", "undated", "generation", "engine", "analysis")
    return {
        **{field: getattr(status, field) for field in fields},
        "lexicon": status.lexicon,
        "built_at": status.built_at,
        "sources": [{"value": bucket.value, "count": bucket.count} for bucket in status.sources],
        "warnings": [warning(notice, language) for notice in status.warnings],
    }


def analyze_document(text: str) -> Document:
    """The document of `analyze`: every word with its way through the chain.

    >>> analyze_document("الوزير")["tokens"][0]["light"]
    'وزير'
    """
    return {
        "tokens": [
            {
                "text": token.text,
                "start": token.start,
                "end": token.end,
                "folded": token.term.folded,
                "light": token.term.light,
                "stem": token.term.stem,
                "steps": [{"rule": s.rule, "from": s.before, "to": s.after} for s in steps(token.text)],
            }
            for token in tokens(text)
        ]
    }


def problem_detail(error: Exception, language: Language) -> str:
    """What went wrong, for a person; a fault of the query in their language."""
    if isinstance(error, QueryError):
        message = i18n.notice_text(Notice(error.code, error.values, error.position), language)
        return message if message != error.code else str(error)
    return str(error)
