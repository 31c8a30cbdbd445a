"""The normal form of query trees: how clauses are joined, walked and left out.

In normal form no `AnyOf`, `AllOf` or `Words` has one child or a child of its own kind; nothing is negated
twice; `Everything` stands beside nothing that asks for more. So two texts that mean the same shape give
the same tree, and every tree has a text (`indexer.query.canonical`).
"""

from collections.abc import Iterable, Iterator
from itertools import count

from indexer.query.tree import (
    AllOf,
    AnyOf,
    Dates,
    Everything,
    FieldName,
    Fuzzy,
    InField,
    Not,
    Phrase,
    Query,
    Wildcard,
    Word,
    Words,
)

Piece = Word | Phrase | Wildcard | Fuzzy
"""A clause that asks for text, which can be highlighted."""

Leaf = Piece | Dates | Everything
"""A clause without clauses in it."""

MAX_DEPTH = 16
"""How deep brackets nest in the text of a tree."""


def any_of(children: Iterable[Query | None]) -> Query | None:
    """Any of the clauses; None counts as no clause, and without clauses there is none.

    >>> any_of([Word("a"), AnyOf((Word("b"), Word("c")))]) == AnyOf((Word("a"), Word("b"), Word("c")))
    True
    """
    return _joined(AnyOf, _flat(AnyOf, children))


def all_of(children: Iterable[Query | None]) -> Query | None:
    """All of the clauses, asked for."""
    return _joined(AllOf, _telling(_flat(AllOf, children)))


def side_by_side(children: Iterable[Query | None]) -> Query | None:
    """The clauses as they stand side by side.

    >>> side_by_side([Everything(), None, Word("a")])
    Word(text='a', plain=False, position=0)
    """
    return _joined(Words, _telling(_flat(Words, children)))


def negated(query: Query) -> Query:
    """What the query leaves; the negation of a negation is what it negates."""
    return query.child if isinstance(query, Not) else Not(query)


def _flat(kind: type[AnyOf | AllOf | Words], children: Iterable[Query | None]) -> list[Query]:
    """The children, those of the same kind taken apart."""
    flat: list[Query] = []
    for child in children:
        if isinstance(child, AnyOf | AllOf | Words) and isinstance(child, kind):
            flat += child.children
        elif child is not None:
            flat.append(child)
    return flat


def _telling(children: list[Query]) -> list[Query]:
    """Without `Everything`, unless there is nothing else."""
    return [child for child in children if not isinstance(child, Everything)] or children[:1]


def _joined(kind: type[AnyOf | AllOf | Words], children: list[Query]) -> Query | None:
    if len(children) > 1:
        return kind(tuple(children))
    return children[0] if children else None


def leaves(query: Query) -> Iterator[Leaf]:
    """The leaves of a tree, in the order of its text."""
    match query:
        case Not(child) | InField(_, child):
            yield from leaves(child)
        case AnyOf(children) | AllOf(children) | Words(children):
            for child in children:
                yield from leaves(child)
        case _:
            yield query


def pieces(query: Query, field: FieldName | None = None) -> tuple[Piece, ...]:
    """The positive clauses (those not under `Not`) in order: what a found article can show.

    Args:
        field: only those that this field can answer: bound to it, or to no field.

    >>> query = Words((Word("a"), Not(Word("b")), InField("title", Word("c"))))
    >>> [piece.text for piece in pieces(query)], [piece.text for piece in pieces(query, "body")]
    (['a', 'c'], ['a'])
    """
    return tuple(_pieces(query, field))


def _pieces(query: Query, field: FieldName | None) -> Iterator[Piece]:
    match query:
        case Word() | Phrase() | Wildcard() | Fuzzy():
            yield query
        case InField(name, child) if field in (None, name):
            yield from _pieces(child, field)
        case AnyOf(children) | AllOf(children) | Words(children):
            for child in children:
                yield from _pieces(child, field)
        case _:
            return


def without(query: Query, dropped: frozenset[int]) -> Query | None:
    """The tree without some leaves, named by their place among `leaves`; None: nothing is left.

    >>> without(Words((Word("a"), Not(Word("b")))), frozenset({1}))
    Word(text='a', plain=False, position=0)
    """
    places = count()

    def kept(query: Query) -> Query | None:
        match query:
            case Not(child):
                rest = kept(child)
                return rest and negated(rest)
            case InField(name, child, position):
                rest = kept(child)
                return rest and InField(name, rest, position)
            case AnyOf(children):
                return any_of([kept(child) for child in children])
            case AllOf(children):
                return all_of([kept(child) for child in children])
            case Words(children):
                return side_by_side([kept(child) for child in children])
            case _:
                return None if next(places) in dropped else query

    return kept(query)
