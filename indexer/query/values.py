"""Which names of sources, sections and authors a clause such as ``source:…`` means."""

import fnmatch
import re
from collections.abc import Sequence
from functools import lru_cache

from indexer.analysis import Term, fold, term_of, tokens
from indexer.query import tree
from indexer.query.edits import edits


@lru_cache(maxsize=1 << 14)
def value_terms(value: str) -> tuple[Term, ...]:
    """The terms of a name's words."""
    return tuple(token.term for token in tokens(value))


def value_matches(query: tree.Query, terms: Sequence[Term]) -> bool:
    """Whether the words of a name answer a query: spelling and the article do not count."""
    match query:
        case tree.Word():
            wanted = term_of(query.text)
            return any(wanted.folded == t.folded or wanted.light == t.light for t in terms)
        case tree.Phrase():
            phrase = [term.folded for word in query.words for term in value_terms(word)]
            folded = [term.folded for term in terms]
            return any(folded[n : n + len(phrase)] == phrase for n in range(len(folded)))
        case tree.Wildcard():
            pattern = folded_pattern(query.pattern)
            return any(fnmatch.fnmatchcase(term.folded, pattern) for term in terms)
        case tree.Fuzzy():
            return any(term.folded in _near(query.text) for term in terms)
        case tree.Not() | tree.InField():
            return value_matches(query.child, terms) is not isinstance(query, tree.Not)
        case tree.AnyOf():
            return any(value_matches(child, terms) for child in query.children)
        case tree.AllOf() | tree.Words():
            return all(value_matches(child, terms) for child in query.children)
        case tree.Dates() | tree.Everything():
            return True


@lru_cache(maxsize=64)
def _near(word: str) -> frozenset[str]:
    folded = term_of(word).folded
    return frozenset((folded, *edits(folded)))


def folded_pattern(pattern: str) -> str:
    """A wildcard's letters folded, its signs kept.

    >>> folded_pattern("إيرا?*")
    'ايرا?*'
    """
    return "".join(part if part in ("*", "?") else fold(part) for part in re.split(r"([*?])", pattern))
