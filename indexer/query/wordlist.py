"""The words of one snapshot with their numbers of articles, kept as long as the snapshot is open.

Spelling, Latin names, keyboards and completion all ask thousands of times in a query whether a string is a
word of the archive. The list is derived from the snapshot alone, so any process builds the same one.
"""

import math
import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Protocol
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from indexer.query.vocabulary import Counts, sorted_words


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

    def among(self, strings: Iterable[str]) -> list[str]:
        """Those of some strings that are words of the archive: hundreds in the time of a dozen lookups.

        >>> Wordlist(5, {"بغداد": 2}).among(["بغداد", "بغدد"])
        ['بغداد']
        """
        asked = list(strings)
        if not asked or not len(self._hashes):
            return []
        hashes = np.fromiter(map(hash, asked), np.int64, len(asked))
        places = np.searchsorted(self._hashes, hashes).clip(max=len(self._hashes) - 1)
        likely = np.flatnonzero(self._hashes[places] == hashes).tolist()
        return [asked[n] for n in likely if asked[n] in self.df]

    @cached_property
    def _hashes(self) -> NDArray[np.int64]:
        return np.sort(np.fromiter(map(hash, self.df), np.int64))


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
    return Wordlist(snapshot.articles, Counts(sorted_words(snapshot.terms()), snapshot.form_counts()))
