"""Articles like another one: those that share its telling words, exact copies left out."""

import math
from collections import Counter
from collections.abc import Iterable

from indexer.analysis import tokens
from indexer.answer import Desk, shown
from indexer.engines.base import SearchEngine
from indexer.model import Article, Found
from indexer.query.plan import Plan, Terms

MOST_TERMS = 25
"""Telling words that are asked for."""

COMMON = 0.2
"""A stem that is in a larger part of the archive tells nothing about one article."""

TITLE_WEIGHT = 3
"""Occurrences that one in the title counts for."""

LEAST_LIKENESS = 0.08
"""Share of the article's own score that another one must reach: below it two articles only share names."""

SPARE = 4
"""So many times the wanted hits are looked at, as copies among them are left out."""


def similar(article: Article, desk: Desk, limit: int) -> tuple[Found, ...]:
    """The articles most like this one, best first; neither copies of it nor two copies of another."""
    terms = telling_terms(article, desk.engine)
    if not terms:
        return ()
    plan = Plan(Terms("stem", terms))
    hits = desk.engine.search(plan, limit=limit * SPARE + 1).hits
    own = next((hit.score for hit in hits if hit.ref.id == article.id), 0.0)
    near = [hit for hit in hits if hit.ref.id != article.id and hit.score >= own * LEAST_LIKENESS]
    return tuple(_without_copies(article, shown(near, (), desk)))[:limit]


def telling_terms(article: Article, engine: SearchEngine) -> tuple[tuple[str, float], ...]:
    """The stems that tell this article from the others, each with its share of the highest tf·idf."""
    counts = Counter(token.term.stem for token in tokens(article.body))
    for token in tokens(article.title):
        counts[token.term.stem] += TITLE_WEIGHT
    weights: dict[str, float] = {}
    for stem, count in counts.items():
        df = engine.df("stem", stem)
        if 1 < df <= max(2, engine.articles * COMMON):
            weights[stem] = math.sqrt(count) * math.log(1 + engine.articles / df)
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
