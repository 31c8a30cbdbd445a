"""What first questions of a kind would wait for, made in the background once a server has answered one."""

import gc
import heapq
import logging
import threading
from collections.abc import Callable, Iterable, Iterator

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

REST = 3.0
"""Seconds without another update after which a server makes the tables of a new generation."""


def make_tables(desk: Desk) -> Iterator[None]:
    """Reads the commonest terms; makes phrases to complete queries by, and the sounds of Latin names.

    Between two steps it can be left.
    """
    words = wordlist_of(desk.engine)
    desk.engine.warm(common_terms(words, desk.lexicon))
    yield
    words.among([""])  # makes its hashes
    yield
    phrases_of(desk)
    yield
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

    Whoever needs the work's fruit earlier makes it himself, or waits for the rest of it. Work for a mark that
    is not the newest any more is left at its next step: when updates come one after the other, questions need
    the processor more.
    """

    def __init__(self, work: Callable[[], Iterable[None]], rest: float = 0.0) -> None:
        """`rest`: seconds for which a mark that follows another must stay the newest to be worked for."""
        self._work, self._rest = work, rest
        self._mark: object = None
        self._hurried = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def begin(self, mark: object) -> None:
        """Has the work done for a mark, unless it was begun for it."""
        with self._lock:
            if mark == self._mark:
                return
            first, self._mark = self._mark is None, mark
            if not self._thread:
                rest = 0.0 if first else self._rest
                self._thread = threading.Thread(
                    target=self._run, args=(rest,), name="rasid-tables", daemon=True
                )
                self._thread.start()

    def close(self) -> None:
        """Waits for the work that was begun; from now on nothing rests."""
        self._hurried.set()
        with self._lock:
            thread = self._thread
        if thread:
            thread.join()

    def _run(self, rest: float) -> None:
        while True:
            mark = self._mark
            self._hurried.wait(rest)
            if mark == self._mark:
                self._try(mark)
            with self._lock:
                if mark == self._mark:
                    self._thread = None
                    return
            rest = self._rest

    def _try(self, mark: object) -> None:
        try:
            for _ in self._work():
                if mark != self._mark:
                    return
        except Exception:  # the question that needs it says what is wrong
            logger.warning("tables were not made in advance", exc_info=True)
