"""``.xml``, ``.rss``, ``.atom``: the entries of an RSS or Atom feed."""

import io
import re
from collections.abc import Iterator
from typing import Any

from indexer.errors import MissingExtra
from indexer.readers.encoding import decoded
from indexer.readers.sources import Source
from indexer.readers.values import Fault, Options, Row

_DECLARATION = re.compile(r"\s*<\?xml[^<>]{0,300}\?>")
_ENCODING = re.compile(rb"<\?xml[^<>]{0,200}?encoding\s*=\s*[\"']([\w:.-]{1,40})")


def rows(source: Source, options: Options) -> Iterator[Row | Fault]:
    """A row for each entry."""
    try:
        data = source.whole()
        declared = _ENCODING.search(data[:300])
        source.encoding, text = decoded(data, declared[1].decode("ascii") if declared else "")
    except ValueError as error:
        yield Fault("", str(error))
        return
    feed = _parsed(_DECLARATION.sub("", text, count=1).encode("utf-8", "replace"))
    if not feed or not (feed.entries or feed.get("version")):
        yield Fault("", "neither RSS nor Atom")
        return
    name = feed.feed.get("title")
    for number, entry in enumerate(feed.entries, 1):
        yield _row(entry, name, f"entry {number}")


def _parsed(data: bytes) -> Any:
    """The feed in these bytes, or None.

    A stream of bytes is never taken for an address or a file name. The library drops the document type
    with its entities, and its XML parser bounds what entities may expand to, so neither files nor
    memory can be reached through them.
    """
    try:
        import feedparser
    except ImportError as error:
        raise MissingExtra("feedparser", "web") from error
    try:
        return feedparser.parse(io.BytesIO(data), resolve_relative_uris=False, sanitize_html=False)
    except Exception:  # a damaged feed raises errors of many kinds, none of them documented
        return None


def _row(entry: Any, feed_name: str | None, at: str) -> Row:
    """The row of an entry: its whole content before its summary."""
    bodies = [part.get("value") for part in entry.get("content", ())]
    tags = [tag.get("term") for tag in entry.get("tags", ())]
    columns = {
        "id": entry.get("id"),
        "title": entry.get("title"),
        "body": max(filter(None, bodies), key=len, default=None) or entry.get("summary"),
        "source": feed_name,
        "author": entry.get("author"),
        "section": next(filter(None, tags), None),
        "url": entry.get("link"),
        "published": entry.get("published" if "published" in entry else "updated"),
    }
    return Row(at, columns, markup=True)
