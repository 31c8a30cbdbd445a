"""HTTP to servers on this machine: one kept connection a client."""

import json
from http.client import HTTPConnection
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

TIMEOUT = 120.0


class Client:
    """A connection that is kept open. Not for several threads."""

    def __init__(self, url: str) -> None:
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=TIMEOUT)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None
    ) -> None:
        self._connection.close()

    def asked(self, path: str, body: object = None, method: str | None = None) -> bytes:
        """What a server answers.

        Raises:
            RuntimeError: it answers with an error.
        """
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = {} if data is None else {"Content-Type": "application/json"}
        self._connection.request(method or ("POST" if data else "GET"), path, data, headers)
        answer = self._connection.getresponse()
        told = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{answer.status} to {path}: {told[:500].decode(errors='replace')}")
        return told

    def document(self, path: str, body: object = None, method: str | None = None) -> Any:
        """The same, read as JSON."""
        return json.loads(self.asked(path, body, method))
