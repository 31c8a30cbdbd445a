"""What the archive takes and tells: outcomes, revisions, batches, instants."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from json.encoder import encode_basestring
from operator import attrgetter
from typing import Literal, TypeVar

from indexer.model import Article

T = TypeVar("T")
Clock = Callable[[], datetime]
Done = Literal["added", "updated", "unchanged", "refused", "removed"]

CONTENT = ("title", "body", "source", "author", "section", "url", "published")
"""The fields whose change makes a new revision."""

_content = attrgetter(*CONTENT)

BATCH_ARTICLES = 500
BATCH_CHARACTERS = 8_000_000
"""A batch is one transaction and is held in memory: bounded both ways."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article or id.

    Attributes:
        reason: one line for a person where it was refused, else None.
    """

    id: str
    done: Done
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """One stored text of an article. `stored_at` is an ISO instant (UTC)."""

    number: int
    title: str
    published: str | None
    stored_at: str


def digest(article: Article) -> bytes:
    """The SHA-256 of an article's content (`CONTENT`) as a JSON list: equal digests are equal texts.

    Raises:
        UnicodeEncodeError: a lone surrogate in the text.
    """
    values = ["null" if value is None else encode_basestring(value) for value in _content(article)]
    return sha256(f"[{', '.join(values)}]".encode()).digest()


def in_batches(items: Iterable[T], characters: Callable[[T], int]) -> Iterator[list[T]]:
    """Lists of items to add in one transaction each, bounded by number and by characters.

    >>> [len(batch) for batch in in_batches(["a"] * 501, len)]
    [500, 1]
    """
    batch: list[T] = []
    size = 0
    for item in items:
        batch.append(item)
        size += characters(item)
        if len(batch) >= BATCH_ARTICLES or size >= BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def utc_now() -> datetime:
    return datetime.now(UTC)


def instant(moment: datetime) -> str:
    """An aware time as text that sorts: ISO, UTC, whole seconds.

    >>> instant(datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC))
    '2024-05-06T07:08:09Z'
    """
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def is_text(value: str) -> bool:
    """Whether it can be stored: half a surrogate pair cannot."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
