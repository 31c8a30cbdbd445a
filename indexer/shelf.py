"""The texts shown last, with their words: pages of a search overlap, and so do the searches of a sitting."""

import sys
import threading
from array import array
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

from indexer.analysis.tokenize import Placed
from indexer.engines.base import SearchEngine
from indexer.highlight import Read, read
from indexer.model import Article, Ref

ROOM = 4_500_000
"""Letters of bodies that a shelf holds: some three thousand articles in 25 MB."""

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
        self._room, self._held = room, 0
        self._texts: OrderedDict[Ref, Text] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, refs: Sequence[Ref], fetch: Fetch) -> dict[Ref, Text]:
        """The texts of some articles; those that `fetch` does not give are left out."""
        with self._lock:
            found = {ref: text for ref in refs if (text := self._texts.get(ref))}
            for ref in found:
                self._texts.move_to_end(ref)
        missing = [ref for ref in refs if ref not in found]
        if missing:
            made = {ref: _text(article) for ref, article in fetch(missing).items()}
            self._keep(made)
            found |= made
        return {ref: found[ref] for ref in refs if ref in found}

    def _keep(self, made: Mapping[Ref, Text]) -> None:
        with self._lock:
            for ref, text in made.items():
                if ref not in self._texts and text.body is not None:
                    self._texts[ref] = text
                    self._held += len(text.article.body)
            while self._held > self._room:
                _, dropped = self._texts.popitem(last=False)
                self._held -= len(dropped.article.body)


def _text(article: Article) -> Text:
    body = _compact(read(article.body)) if len(article.body) <= LONGEST else None
    return Text(article, _compact(read(article.title)), body)


def _compact(text: Read) -> Read:
    """The same in a quarter of the memory: most words stand in many texts."""
    words, starts, ends = text.words
    return Read(text.text, Placed(list(map(sys.intern, words)), array("I", starts), array("I", ends)))


_KEPT: WeakKeyDictionary[SearchEngine, Shelf] = WeakKeyDictionary()
_LOCK = threading.Lock()


def shelf_of(snapshot: SearchEngine) -> Shelf:
    """The shelf of an open snapshot."""
    with _LOCK:
        return _KEPT.setdefault(snapshot, Shelf())
