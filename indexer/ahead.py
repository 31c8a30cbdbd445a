"""What first questions of a kind would wait for, made in the background once a server has answered one."""

import gc
import heapq
import logging
import threading
from collections.abc import Callable, Iterator

from indexer import allocator
from indexer.analysis import term_of
from indexer.analysis.lexicon import Lexicon
from indexer.answer import Desk
from indexer.means import sounds_over
from indexer.query.plan import TEXT_FIELDS
from indexer.query.spelling import stop_forms
from indexer.query.wordlist import Wordlist, wordlist_of
from indexer.suggest import phrases_of

logger = logging.getLogger(__name__)


MOST_WARMED = 2_000
"""Words whose postings are read ahead: they are half of what is asked for."""


def make_tables(desk: Desk) -> None:
    """Reads the commonest terms; makes phrases to complete queries by, and the sounds of Latin names."""
    words = wordlist_of(desk.engine)
    desk.engine.warm(common_terms(words, desk.lexicon))
    words.among([""])  # makes its hashes
    phrases_of(desk)
    sounds_over(words, desk.lexicon)
    gc.unfreeze()  # a generation that is gone may be among it
    gc.collect()
    gc.freeze()  # what lasts as long as its generation is not looked through again between questions
    allocator.give_back()


def common_terms(words: Wordlist, lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """The (field, term) pairs that questions about the commonest words read, the commonest first."""
    content = ((df, word) for word, df in words.df.items() if word not in stop_forms(lexicon))
    for _, word in heapq.nlargest(MOST_WARMED, content):
        term = term_of(word)
        for field in TEXT_FIELDS[1:]:  # a writing is asked for only where nothing else may match
            yield field, getattr(term, field)
            yield f"title_{field}", getattr(term, field)


class Helper:
    """Does one piece of work for each new mark in a thread of its own, one at a time.

    Whoever needs the work's fruit earlier makes it himself, or waits for the rest of it.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._mark: object = None
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def begin(self, mark: object) -> None:
        """Starts the work, unless it was begun for this mark, or is still going on for another."""
        with self._lock:
            if mark == self._mark or (self._thread and self._thread.is_alive()):
                return
            self._mark = mark
            self._thread = threading.Thread(target=self._run, name="rasid-tables", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Waits for the work that goes on."""
        if self._thread:
            self._thread.join()

    def _run(self) -> None:
        try:
            self._work()
        except Exception:  # the question that needs it says what is wrong
            logger.warning("tables were not made in advance", exc_info=True)
