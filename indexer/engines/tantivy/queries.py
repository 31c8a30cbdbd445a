"""A plan's tree as a query of tantivy's that selects the same articles, and how many these are."""

from collections.abc import Callable, Iterable
from itertools import product
from math import prod

from indexer.engines.tantivy.files import schema
from indexer.engines.tantivy.library import tantivy
from indexer.query import plan
from indexer.query.plan import Node

Query = tantivy.Query
Must, Should, MustNot = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot

MOST_PHRASES = 64
"""A phrase with alternatives is spelled out as so many plain ones; tantivy cannot say one with more."""


def counted(searcher: "tantivy.Searcher", query: Query) -> int:
    """How many live documents a query selects. Nothing is scored for that, unlike in a search."""
    answer = searcher.aggregate(query, {"n": {"value_count": {"field": "day"}}})
    return int(answer["n"]["value"])


def selecting(node: Node, ids_of: Callable[[plan.Phrase], frozenset[str]]) -> Query:
    """Selects what a node selects.

    Args:
        ids_of: the ids of the articles in which a phrase stands, for what tantivy cannot say.
    """

    def query_of(node: Node) -> Query:
        match node:
            case plan.Terms():
                return _any_of(_term(node.field, term) for term, _ in node.terms)
            case plan.Phrase():
                spelled = _spelled(node)
                return query_of(plan.Ids(ids_of(node))) if spelled is None else spelled
            case plan.Or():
                return _any_of(map(query_of, node.children))
            case plan.And():
                return _every(map(query_of, node.children))
            case plan.Not():
                every, excluded = Query.all_query(), query_of(node.child)
                return Query.boolean_query([(Must, every), (MustNot, excluded)])
            case plan.Days():
                return _days(max(1, node.first or 1), node.last)
            case plan.Values():
                return _any_of(_term(node.field, value) for value in node.values)
            case plan.Ids():
                return Query.term_set_query(schema(), "id", sorted(node.ids))
            case plan.All():
                return Query.all_query()
            case plan.Nothing():
                return Query.empty_query()

    return query_of(node)


def _term(field: str, term: str) -> Query:
    return Query.term_query(schema(), field, term, "basic")


def _days(first: int, last: int | None) -> Query:
    whole = tantivy.FieldType.Integer
    return Query.range_query(schema(), "day", whole, lower_bound=first, upper_bound=last)


def _spelled(phrase: plan.Phrase) -> Query | None:
    """A phrase as plain ones; None where it cannot be spelled out."""
    if len(phrase.slots) == 1:
        return _any_of(_term(phrase.field, term) for term in phrase.slots[0])
    if phrase.slop is not None or prod(map(len, phrase.slots)) > MOST_PHRASES:
        return None
    spelled = product(*phrase.slots)
    return _any_of(Query.phrase_query(schema(), phrase.field, list(words)) for words in spelled)


def _any_of(queries: Iterable[Query]) -> Query:
    made = list(queries)
    if len(made) < 2:
        return made[0] if made else Query.empty_query()
    return Query.boolean_query([(Should, query) for query in made])


def _every(queries: Iterable[Query]) -> Query:
    made = list(queries)
    if len(made) < 2:
        return made[0] if made else Query.all_query()
    return Query.boolean_query([(Must, query) for query in made])
