"""The texts shown last, with their words: pages of a search overlap, and so do the searches of a sitting."""

import sys
import threading
from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

from indexer.analysis.tokenize import Placed
from indexer.engines.base import SearchEngine
from indexer.highlight import Read, read
from indexer.lru import Lru
from indexer.model import Article, Ref

ROOM = 3_000_000
"""Letters of bodies that a shelf holds: some two thousand articles in 30 MB."""

LONGEST = 20_000
"""Longer bodies are read anew each time, up to the limit of whoever shows them."""

Fetch = Callable[[Sequence[Ref]], Mapping[Ref, Article]]


class Text(NamedTuple):
    """An article, its title and its body ready to be highlighted; no body that is longer than `LONGEST`."""

    article: Article
    title: Read
    body: Read | None


class Shelf:
    """Texts of one snapshot, the last used kept. Safe for any number of threads."""

    def __init__(self, room: int = ROOM) -> None:
        self._texts: Lru[Ref, Text] = Lru(room, lambda _, text: len(text.article.body))

    def take(self, refs: Sequence[Ref], fetch: Fetch) -> dict[Ref, Text]:
        """The texts of some articles; those that `fetch` does not give are left out."""
        found = {ref: text for ref in refs if (text := self._texts.get(ref))}
        if missing := [ref for ref in refs if ref not in found]:
            for ref, article in fetch(missing).items():
                found[ref] = text = _text(article)
                if text.body is not None:
                    self._texts.put(ref, text)
        return {ref: found[ref] for ref in refs if ref in found}


def _text(article: Article) -> Text:
    body = _compact(read(article.body)) if len(article.body) <= LONGEST else None
    return Text(article, _compact(read(article.title)), body)


def _compact(text: Read) -> Read:
    """The same in a quarter of the memory: most words stand in many texts."""
    words, starts, ends = text.words
    compact = Placed(list(map(sys.intern, words)), array("I", starts), array("I", ends))
    return text._replace(words=compact)


_KEPT: WeakKeyDictionary[SearchEngine, Shelf] = WeakKeyDictionary()
_LOCK = threading.Lock()


def shelf_of(snapshot: SearchEngine) -> Shelf:
    """The shelf of an open snapshot."""
    with _LOCK:
        return _KEPT.setdefault(snapshot, Shelf())
