"""Articles like another one: those that share its telling words, exact copies left out."""

import math
from collections import Counter
from collections.abc import Iterable

from indexer.analysis import tokens
from indexer.answer import Desk, shown
from indexer.model import Article, Found
from indexer.query.plan import Plan, Terms
from indexer.query.wordlist import Wordlist, wordlist_of

MOST_TERMS = 25
"""Telling words that are asked for."""

COMMON = 0.2
"""A word that is in a larger part of the archive tells nothing about one article."""

FEW = 20
"""Articles that are never too many for a telling word, so that a small archive has some."""

TITLE_WEIGHT = 3
"""Occurrences that one in the title counts for."""

LEAST_LIKENESS = 0.08
"""Share of the article's own score that another one must reach: below it two articles only share names."""

SPARE = 4
"""So many times the wanted hits are looked at, as copies among them are left out."""


def similar(article: Article, desk: Desk, limit: int) -> tuple[Found, ...]:
    """The articles most like this one, best first; neither copies of it nor two copies of another."""
    terms = telling_terms(article, wordlist_of(desk.engine))
    if not terms:
        return ()
    plan = Plan(Terms("stem", terms))
    hits = desk.engine.search(plan, limit=limit * SPARE + 1).hits
    own = next((hit.score for hit in hits if hit.ref.id == article.id), 0.0)
    near = [hit for hit in hits if hit.ref.id != article.id and hit.score >= own * LEAST_LIKENESS]
    return tuple(_without_copies(article, shown(near, (), desk)))[:limit]


def telling_terms(article: Article, words: Wordlist) -> tuple[tuple[str, float], ...]:
    """The stems that tell this article from the others, each with its share of the highest tf·idf.

    Words are weighed as the word list counts them, which needs no posting read; of a stem's words the best
    counts.
    """
    counts: Counter[str] = Counter()
    stems: dict[str, str] = {}
    for times, text in ((1, article.body), (TITLE_WEIGHT, article.title)):
        for token in tokens(text):
            counts[token.term.folded] += times
            stems[token.term.folded] = token.term.stem
    weights: dict[str, float] = {}
    for word, count in counts.items():
        df = words.df.get(word, 0)
        if 1 < df <= max(FEW, words.articles * COMMON):
            weight = math.sqrt(count) * math.log(1 + words.articles / df)
            weights[stems[word]] = max(weight, weights.get(stems[word], 0.0))
    best = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_TERMS]
    return tuple((stem, round(weight / best[0][1], 6)) for stem, weight in best)


def _without_copies(article: Article, found: Iterable[Found]) -> Iterable[Found]:
    """The articles whose words differ from those of this one and of every one before."""
    seen = {_words(article)}
    for one in found:
        words = _words(one.article)
        if words not in seen:
            seen.add(words)
            yield one


def _words(article: Article) -> tuple[str, ...]:
    return tuple(token.term.folded for token in tokens(f"{article.title}\n{article.body}"))
