"""Finished answers, compressed, by entity tag: who asks what was asked before gets it without any work.

A tag names state, address, language and host, so an answer under it never grows old; the oldest go when
the shelf is full.
"""

import gzip
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from flask import Response

LEAST = 1_000
"""Bytes below which compressing is not worth its header."""

LEVEL = 5
"""Of gzip: a page of 60 kB in about 1 ms."""

CAPACITY = 32 * 1024 * 1024
"""Compressed bytes that the shelf holds."""

KINDS = ("text/html", "application/json", "application/atom+xml", "text/plain")
"""Media types that are kept and compressed; files are streamed."""

KEPT_HEADERS = ("Content-Type", "Content-Language", "Link", "Content-Disposition")


@dataclass(frozen=True, slots=True)
class Packed:
    """A finished answer: its body in gzip and the headers that are its own."""

    body: bytes
    headers: tuple[tuple[str, str], ...]

    def response(self, *, accepts_gzip: bool) -> Response:
        """The answer again."""
        response = Response(self.body if accepts_gzip else gzip.decompress(self.body))
        response.headers.update(dict(self.headers))
        if accepts_gzip:
            response.headers["Content-Encoding"] = "gzip"
        return response


class Shelf:
    """The answers given last, up to a number of bytes. Safe for any number of threads."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._held: OrderedDict[str, Packed] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def take(self, tag: str) -> Packed | None:
        """The answer of a tag, if it is here."""
        with self._lock:
            if tag in self._held:
                self._held.move_to_end(tag)
            return self._held.get(tag)

    def put(self, tag: str, packed: Packed) -> None:
        """Keeps an answer; the ones not asked for the longest make room."""
        with self._lock:
            if tag in self._held or len(packed.body) > self._capacity // 8:
                return
            self._held[tag] = packed
            self._size += len(packed.body)
            while self._size > self._capacity:
                _, oldest = self._held.popitem(last=False)
                self._size -= len(oldest.body)


def packed(response: Response) -> Packed | None:
    """A finished response as an answer to keep; None where it is streamed, small or of another kind."""
    if response.is_streamed or response.mimetype not in KINDS or "Content-Encoding" in response.headers:
        return None
    body = response.get_data()
    if len(body) < LEAST:
        return None
    headers = tuple((name, response.headers[name]) for name in KEPT_HEADERS if name in response.headers)
    return Packed(gzip.compress(body, LEVEL, mtime=0), headers)
