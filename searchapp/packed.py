"""Finished answers by entity tag: who asks what was asked before gets it without any work.

A tag names state, address, language and host, so an answer under it never grows old; the oldest go when
the shelf is full.
"""

import gzip
from dataclasses import dataclass

from flask import Response

from indexer.lru import Lru

LEAST = 1_000
"""Bytes below which compressing is not worth its header."""

LEVEL = 3
"""Of gzip: half the time of the usual 6, for a tenth more bytes."""

CAPACITY = 8 << 20
"""Bytes that the shelf holds."""

KINDS = ("text/html", "application/json", "application/atom+xml", "text/plain")
"""Media types that are kept and compressed; files are streamed."""

KEPT_HEADERS = ("Content-Type", "Content-Language", "Link", "Content-Disposition")


@dataclass(frozen=True, slots=True)
class Packed:
    """A finished answer: its body, in gzip where its first reader took it so, and the headers of its own."""

    body: bytes
    gzipped: bool
    headers: tuple[tuple[str, str], ...]

    def response(self, *, accepts_gzip: bool) -> Response:
        """The answer again."""
        response = Response(self._body(gzipped=accepts_gzip))
        response.headers.update(dict(self.headers))
        if accepts_gzip:
            response.headers["Content-Encoding"] = "gzip"
        return response

    def _body(self, *, gzipped: bool) -> bytes:
        if gzipped is self.gzipped:
            return self.body
        return _compressed(self.body) if gzipped else gzip.decompress(self.body)


def _compressed(body: bytes) -> bytes:
    return gzip.compress(body, LEVEL, mtime=0)


def shelf() -> Lru[str, Packed]:
    """The answers given last by tag, up to `CAPACITY`."""
    return Lru(CAPACITY, lambda _, packed: len(packed.body))


def packed(response: Response, *, gzipped: bool) -> Packed | None:
    """A finished response as an answer to keep; None where it is streamed, small or of another kind."""
    if response.is_streamed or response.mimetype not in KINDS or "Content-Encoding" in response.headers:
        return None
    body = response.get_data()
    if len(body) < LEAST:
        return None
    headers = tuple((name, response.headers[name]) for name in KEPT_HEADERS if name in response.headers)
    return Packed(_compressed(body) if gzipped else body, gzipped, headers)
