"""The opaque token that continues a search in the JSON API.

It names a place, the request it belongs to, and the generation and lexicon that answered, so that any
process can go on with it. Its checksum tells a damaged token; it keeps no secret.
"""

import base64
import binascii
import hashlib
import json
from dataclasses import replace
from typing import NamedTuple

from indexer.errors import ParameterError
from indexer.model import SearchRequest

CHECKSUM = 6
"""Bytes of SHA-256 that a token begins with."""


class Cursor(NamedTuple):
    """Where a search goes on.

    Attributes:
        offset: hits that come before.
        request: digest of the request (see `digest`).
    """

    offset: int
    request: str
    generation: str
    lexicon: str


def digest(request: SearchRequest) -> str:
    """Names a request whatever page of it is asked for, with whatever facets.

    >>> digest(SearchRequest(q="قمة", offset=10)) == digest(SearchRequest(q="قمة", page_size=50))
    True
    """
    bare = replace(request, offset=0, page_size=1, facets=(), forms=False, generation=None, lexicon=None)
    return hashlib.sha256(repr(bare).encode("utf-8", "backslashreplace")).hexdigest()[:16]


def encode(cursor: Cursor) -> str:
    """The token of a cursor, safe in URLs.

    >>> decode(encode(Cursor(10, "ab", "g1", "l1")))
    Cursor(offset=10, request='ab', generation='g1', lexicon='l1')
    """
    payload = json.dumps(cursor, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_checksum(payload) + payload).rstrip(b"=").decode()


def decode(token: str) -> Cursor:
    """The cursor of a token.

    Raises:
        ParameterError: it was not made here, or it was changed.
    """
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        payload = raw[CHECKSUM:]
        if (
            _checksum(payload) != raw[:CHECKSUM]
            or base64.urlsafe_b64encode(raw).rstrip(b"=") != token.encode()
        ):
            raise ValueError("the checksum does not fit")
        offset, request, generation, lexicon = json.loads(payload)
    except (ValueError, TypeError, binascii.Error) as error:
        raise ParameterError("cursor", "not a cursor of this service; take it from links.next") from error
    return Cursor(_place(offset), str(request), str(generation), str(lexicon))


def _checksum(payload: bytes) -> bytes:
    return hashlib.sha256(payload).digest()[:CHECKSUM]


def _place(offset: object) -> int:
    if not isinstance(offset, int) or not 0 <= offset < 1 << 40:
        raise ParameterError("cursor", "not a cursor of this service; take it from links.next")
    return offset
