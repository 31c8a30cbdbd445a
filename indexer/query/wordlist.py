"""The words of one snapshot with their numbers of articles, kept as long as the snapshot is open.

Spelling, Latin names, keyboards and completion all ask thousands of times in a query whether a string is a
word of the archive. The list is derived from the snapshot alone, so any process builds the same one.
"""

import math
import threading
from collections.abc import Mapping, Sequence
from typing import Protocol
from weakref import WeakKeyDictionary


class Counted(Protocol):
    """What the list is made from: an open snapshot."""

    @property
    def articles(self) -> int: ...
    def terms(self, prefix: str = "") -> Sequence[str]: ...
    def form_counts(self) -> Sequence[int]: ...
    def df(self, field: str, term: str) -> int: ...


class Wordlist:
    """Every folded word of the live articles.

    Attributes:
        articles: the number of live articles.
        df: word → number of live articles that hold it in title or body, never 0.
    """

    def __init__(self, articles: int, df: Mapping[str, int]) -> None:
        self.articles, self.df = articles, df

    def at_scale(self, limit: int, per: int = 1_000) -> int:
        """A document frequency that was tuned on 30,000 articles and more, made to fit a smaller archive.

        >>> [Wordlist(articles, {}).at_scale(20) for articles in (5, 2_000, 30_000)]
        [1, 2, 20]
        """
        return max(1, min(limit, math.ceil(self.articles / per)))


_KEPT: WeakKeyDictionary[Counted, Wordlist] = WeakKeyDictionary()
_LOCK = threading.Lock()


def wordlist_of(snapshot: Counted) -> Wordlist:
    """The word list of an open snapshot; made once."""
    found = _KEPT.get(snapshot)
    if found is None:
        with _LOCK:
            found = _KEPT.get(snapshot) or _made(snapshot)
            _KEPT[snapshot] = found
    return found


def _made(snapshot: Counted) -> Wordlist:
    pairs = zip(snapshot.terms(), snapshot.form_counts(), strict=True)
    return Wordlist(snapshot.articles, {word: count for word, count in pairs if count})
