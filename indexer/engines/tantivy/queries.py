"""A plan's tree as a query of tantivy's that selects the same articles, and how many these are."""

from collections.abc import Callable, Iterable
from functools import cache

from indexer.engines.batch import REGIONS
from indexer.engines.tantivy.files import WORDS, schema
from indexer.engines.tantivy.inverted import InvertedParts, region_and_view
from indexer.engines.tantivy.library import tantivy
from indexer.query import plan
from indexer.query.plan import Node

Query = tantivy.Query
Must, Should, MustNot = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot


def counted(searcher: "tantivy.Searcher", query: Query) -> int:
    """How many live documents a query selects. Nothing is scored for that, unlike in a search."""
    answer = searcher.aggregate(query, {"n": {"value_count": {"field": "day"}}})
    return int(answer["n"]["value"])


def selecting(
    inverted: InvertedParts, ids_of: Callable[[plan.Phrase], frozenset[str]]
) -> Callable[[Node], Query]:
    """What selects the articles that a node selects; made once for equal nodes, so let go of it soon.

    Args:
        inverted: knows which words a term stands for.
        ids_of: the ids of the articles in which a phrase stands: tantivy knows no places.
    """
    words_of = cache(inverted.words)

    @cache
    def query_of(node: Node) -> Query:
        match node:
            case plan.Terms():
                return any_of([node])
            case plan.Phrase():
                return query_of(plan.Ids(ids_of(node)))
            case plan.Or():
                return any_of(node.children)
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

    def any_of(nodes: Iterable[Node]) -> Query:
        """Any of some nodes: each word once, as the views of a word share most of theirs."""
        words: dict[str, set[int]] = {region: set() for region in REGIONS}
        others = []
        for node in nodes:
            if isinstance(node, plan.Terms):
                region, view = region_and_view(node.field)
                words[region].update(*(words_of(view, term) for term, _ in node.terms))
            else:
                others.append(query_of(node))
        found = [_term(region + WORDS, word) for region, own in words.items() for word in own]
        return _any_of(found + others)

    return query_of


def _term(field: str, term: str | int) -> Query:
    return Query.term_query(schema(), field, term, "basic")


def _days(first: int, last: int | None) -> Query:
    whole = tantivy.FieldType.Integer
    return Query.range_query(schema(), "day", whole, lower_bound=first, upper_bound=last)


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
