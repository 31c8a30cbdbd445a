"""What the rescue ladder stands on: the archive's words, and what it can ask of the index."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from indexer.analysis import letters as at
from indexer.analysis import term_of
from indexer.analysis.lexicon import Lexicon
from indexer.query import tree
from indexer.query.fullnames import Together
from indexer.query.sounds import Sounds, sounds_of
from indexer.query.spelling import stop_forms, written_form
from indexer.query.wordlist import Wordlist

STRAYS = 4
"""A stem that finds so many times the articles of a name is none of its own."""

NAMES_LIKE_FUNCTION_WORDS = frozenset({"علي"})
"""A name that folding makes one with a function word."""


@dataclass(frozen=True)
class Means:
    """One request's means of rescue.

    Attributes:
        df: (field, term) → number of articles.
        count: how many articles have every clause of a query, under the request's filters.
        count_any: how many have any clause, by any way: what is shown where none has all.
        count_undated: the same without the request's own dates.
        late: the time for the answer is over.
        beginning: the archive's words that begin so.
        together: how many articles have any of some words right before any of others.
    """

    words: Wordlist
    lexicon: Lexicon
    df: Callable[[str, str], int]
    count: Callable[[tree.Query], int]
    count_any: Callable[[tree.Query], int]
    count_undated: Callable[[tree.Query], int] | None
    late: Callable[[], bool]
    beginning: Callable[[str], Sequence[str]]
    together: Together

    def written(self, folded: str) -> str:
        """The commonest writing of a word in the archive."""
        return written_form(folded, lambda writing: self.df("written", writing))

    def strays(self, folded: str) -> bool:
        """Whether the stem of a word finds mostly other words, as that of a rare foreign name may."""
        bare = folded.removeprefix(at.ARTICLE)
        own = sum(self.words.df.get(word, 0) for word in {folded, bare, at.ARTICLE + bare})
        return self.df("stem", term_of(folded).stem) > STRAYS * own

    def sounds(self) -> Sounds:
        """The archive's words by their sounds."""
        return sounds_over(self.words, self.lexicon)


def sounds_over(words: Wordlist, lexicon: Lexicon) -> Sounds:
    """An archive's words by their sounds, without the function words."""
    return sounds_of(words, stop_forms(lexicon) - NAMES_LIKE_FUNCTION_WORDS)
