"""A plan's tree as tantivy's queries: what selects, and what scores not less than the plan does."""

from collections.abc import Callable, Iterable
from itertools import product
from math import prod

from indexer.engines.tantivy.files import schema
from indexer.engines.tantivy.library import tantivy
from indexer.engines.tantivy.statistics import Statistics
from indexer.query import plan
from indexer.query.plan import Node

Query = tantivy.Query
Must, Should, MustNot = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot

MOST_PHRASES = 64
"""A phrase with alternatives is spelled out as so many plain ones; beyond, the streams are asked."""


class Queries:
    """Makes the queries of one search.

    Args:
        ids_near: the ids of the articles in which a phrase stands, for what tantivy cannot say.
    """

    def __init__(self, statistics: Statistics, ids_near: Callable[[plan.Phrase], frozenset[str]]) -> None:
        self._statistics, self._ids_near, self._schema = statistics, ids_near, schema()

    def selecting(self, node: Node) -> Query:
        """Selects what a node selects; what it scores means nothing."""
        match node:
            case plan.Terms():
                return any_of(self._term(node.field, term) for term, _ in node.terms)
            case plan.Phrase():
                return self._phrase(node)
            case plan.Or():
                return any_of(map(self.selecting, node.children))
            case plan.And():
                return every(map(self.selecting, node.children))
            case plan.Not():
                return without(Query.all_query(), [self.selecting(node.child)])
            case plan.Days():
                first = max(1, node.first or 1)
                return Query.range_query(
                    self._schema, "day", tantivy.FieldType.Integer, lower_bound=first, upper_bound=node.last
                )
            case plan.Values():
                return any_of(self._term(node.field, value, "basic") for value in node.values)
            case plan.Ids():
                return Query.term_set_query(self._schema, "id", sorted(node.ids))
            case plan.All():
                return Query.all_query()
            case plan.Nothing():
                return Query.empty_query()

    def scoring(self, node: Node) -> Query:
        """Selects what a node selects, with scores that are not below it but for `Statistics.slack`.

        Weights of coverage are left out: they only take away.
        """
        match node:
            case plan.Terms():
                return self._terms(node)
            case plan.Phrase():
                slots = [
                    self._terms(plan.Terms(node.field, tuple((term, node.weight) for term in slot), "max"))
                    for slot in node.slots
                ]
                return best_of(self.selecting(node), slots)
            case plan.Or():
                return any_of(map(self.scoring, node.children))
            case plan.And():
                return every(map(self.scoring, node.children))
            case _:
                return unscored(self.selecting(node))

    def _term(self, field: str, term: str, option: str = "freq") -> Query:
        return Query.term_query(self._schema, field, term, option)

    def _terms(self, node: plan.Terms) -> Query:
        weighted = []
        for term, weight in node.terms:
            boost = weight * self._statistics.idf(node.field, term)[1]
            query = self._term(node.field, term)
            weighted.append(query if boost == 1.0 else Query.boost_query(query, boost))
        if node.combine == "sum" or len(weighted) < 2:
            return any_of(weighted)
        return Query.disjunction_max_query(weighted)

    def _phrase(self, node: plan.Phrase) -> Query:
        if len(node.slots) == 1:
            return any_of(self._term(node.field, term) for term in node.slots[0])
        if node.slop is not None or prod(map(len, node.slots)) > MOST_PHRASES:
            return self.selecting(plan.Ids(self._ids_near(node)))
        spelled = product(*node.slots)
        return any_of(Query.phrase_query(self._schema, node.field, list(words)) for words in spelled)


def any_of(queries: Iterable[Query]) -> Query:
    made = list(queries)
    if len(made) < 2:
        return made[0] if made else Query.empty_query()
    return Query.boolean_query([(Should, query) for query in made])


def every(queries: Iterable[Query]) -> Query:
    made = list(queries)
    if len(made) < 2:
        return made[0] if made else unscored(Query.all_query())
    return Query.boolean_query([(Must, query) for query in made])


def best_of(selecting: Query, scoring: Iterable[Query]) -> Query:
    """What the first selects, with the sum of the others' scores."""
    return Query.boolean_query([(Must, unscored(selecting)), *((Should, query) for query in scoring)])


def without(query: Query, excluded: Iterable[Query]) -> Query:
    return Query.boolean_query([(Must, query), *((MustNot, other) for other in excluded)])


def unscored(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)
