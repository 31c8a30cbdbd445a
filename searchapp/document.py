"""Answers as the JSON documents of the API (`shapes` declares them).

Pure functions: the API and the command line write the same documents.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from indexer.analysis import steps, tokens
from indexer.errors import QueryError
from indexer.messages import Language
from indexer.model import (
    Answer,
    Article,
    Audited,
    Bucket,
    Found,
    Notice,
    SearchRequest,
    Snippet,
    Status,
    Suggestion,
)
from indexer.series import Attention
from searchapp import cursor as cursors
from searchapp import i18n, links
from searchapp.links import API, Args
from searchapp.parameters import Highlight, Presentation
from searchapp.pieces import html, pieces

Document = dict[str, Any]
"""A JSON object. It is made here and written out at once: nothing reads it back."""

SEARCH_PATH = f"{API}/search"

# --- search -----------------------------------------------------------------------------------------------


def search_document(
    answer: Answer,
    request: SearchRequest,
    *,
    language: Language = "ar",
    shown: Presentation | None = None,
    place: str | None = None,
) -> Document:
    """The document of `search`.

    Args:
        place: the cursor that this page was asked with.
    """
    shown = shown or Presentation()
    after = next_cursor(answer, request)
    return {
        "query": _query(answer),
        "total": answer.total,
        "related_total": answer.related_total,
        "partial": answer.partial,
        "took_ms": round(answer.took_ms, 2),
        "generation": answer.generation,
        "results": [result(found, shown.highlight) for found in answer.found],
        "facets": facets(answer),
        **({"terms": [_audited(audit) for audit in answer.audit]} if answer.audit else {}),
        "suggestions": [suggestion(offer, language) for offer in answer.suggestions],
        "warnings": [warning(notice, language) for notice in answer.warnings],
        "links": {"self": _address(request, shown, place), "next": after and _address(request, shown, after)},
    }


def _audited(audit: Audited) -> Document:
    """What one clause of the query does to the result; its forms where they were asked for."""
    plain = {name: getattr(audit, name) for name in ("query", "articles", "needed", "empties")}
    forms = [
        {name: getattr(form, name) for name in ("text", "articles", "via", "searched")}
        for form in audit.forms
    ]
    return {**plain, **({"forms": forms} if forms else {})}


def next_cursor(answer: Answer, request: SearchRequest) -> str | None:
    """The cursor of the page after this one, None after the last."""
    here = request.offset + len(answer.found)
    if not answer.found or here >= answer.total + answer.related_total:
        return None
    return cursors.encode(cursors.Cursor(here, cursors.digest(request), answer.generation, answer.lexicon))


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


# --- the other documents ----------------------------------------------------------------------------------


def json_text(document: Document | list[Any]) -> str:
    """JSON in UTF-8, letters as they are; lone surrogates, which UTF-8 cannot hold, escaped."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace").decode()


def article_document(article: Article, revisions: int) -> Document:
    """The document of `articles/<id>`."""
    fields = ("id", "title", "body", "source", "author", "section", "url", "published", "added", "input_id")
    return {
        **{field: getattr(article, field) for field in fields},
        "link": links.article_path(article.id),
        "revision": article.revision,
        "revisions": revisions,
    }


def similar_document(id: str, found: Iterable[Found]) -> Document:
    """The document of `articles/<id>/similar`."""
    own = links.article_api(id, "/similar")
    return {"results": [result(one) for one in found], "links": {"self": own}}


def timeline_document(seen: Attention) -> Document:
    """The document of `timeline`; a span without any article at all is left out."""
    of = {bucket.value: bucket.count for bucket in seen.of}
    return {
        "interval": seen.interval,
        "generation": seen.generation,
        "partial": seen.partial,
        "series": [
            {"q": one.q, "total": one.total, "points": _points(one.points, of)} for one in seen.series
        ],
    }


def _points(points: Sequence[Bucket], of: dict[str, int]) -> list[Document]:
    counts = {bucket.value: bucket.count for bucket in points}
    return [{"start": start, "count": counts.get(start, 0), "of": all_} for start, all_ in of.items()]


def timeline_rows(seen: Attention) -> list[list[object]]:
    """The same as a table: a row for each span, a column for each query and one for all articles."""
    counts = [{bucket.value: bucket.count for bucket in one.points} for one in seen.series]
    head: list[object] = ["start", *(one.q for one in seen.series), "of"]
    return [head, *([day.value, *(c.get(day.value, 0) for c in counts), day.count] for day in seen.of)]


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
