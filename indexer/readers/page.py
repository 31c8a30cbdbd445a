"""``.html``, ``.htm``: the article of a page, without its menus, advertisements and comments."""

import re
from collections.abc import Iterator
from typing import Any

from indexer.errors import MissingExtra
from indexer.readers.encoding import decoded
from indexer.readers.sources import Source
from indexer.readers.values import Fault, Options, Row

_CHARSET = re.compile(rb"<meta[^<>]{0,300}?charset\s*=\s*[\"']?\s*([\w:.-]{1,40})", re.IGNORECASE)
_HEAD = 4096

DATES = {"original_date": True, "extensive_search": False}
"""The day of first publication, and only where the page states one: no guess from numbers in the text."""


def rows(source: Source, options: Options) -> Iterator[Row | Fault]:
    """The one row of a page."""
    try:
        data = source.whole()
        charset = _CHARSET.search(data[:_HEAD])
        source.encoding, text = decoded(data, charset[1].decode("ascii") if charset else "")
    except ValueError as error:
        yield Fault("", str(error))
        return
    yield _row(text)


def _row(text: str) -> Row | Fault:
    page = _extracted(text)
    if page is None or not page.text:
        return Fault("", "no article was found in this page")
    columns = {
        "title": page.title,
        "body": _body(page.text, page.title),
        "source": page.sitename,
        "author": page.author,
        "url": page.url,
        "published": page.date,
    }
    return Row("", columns)


def _extracted(text: str) -> Any:
    """What the library finds in a page, or None. It is given text and fetches nothing."""
    try:
        from trafilatura import bare_extraction
    except ImportError as error:
        raise MissingExtra("trafilatura", "web") from error
    try:
        return bare_extraction(text, with_metadata=True, include_comments=False, date_extraction_params=DATES)
    except Exception:  # a damaged page raises errors of many kinds, none of them documented
        return None


def _body(text: str, title: str | None) -> str:
    """The paragraphs, set apart by blank lines, without the headline that the page repeats."""
    paragraphs = [line for line in text.split("\n") if line.strip()]
    if len(paragraphs) > 1 and title and paragraphs[0].split() == title.split():
        paragraphs = paragraphs[1:]
    return "\n\n".join(paragraphs)
