"""How much one query may ask for: what lies beyond is left out, with a notice."""

from collections.abc import Callable, Iterable, Sequence

from indexer.model import Notice
from indexer.query.canonical import canonical
from indexer.query.normal import Leaf, leaves, without
from indexer.query.notices import noted, told
from indexer.query.tree import Everything, Query, Wildcard, Word

MAX_CLAUSES = 64
MAX_WILDCARDS = 4

SHOWN = 5
"""So many of the clauses left out are named in a notice."""


def capped(
    query: Query, df: Callable[[str], int], *, strict: bool = False
) -> tuple[Query, tuple[Notice, ...]]:
    """The query within the caps, and what was left out of it.

    The first `MAX_WILDCARDS` wildcards stay. Beyond `MAX_CLAUSES` clauses the commonest words go, of
    equally common ones the later; if that is not enough, the last of the other clauses go too.

    Args:
        df: in how many articles a word as typed occurs; asked once a word, and only beyond the cap.

    Raises:
        QueryError: something was left out, and `strict` is true.

    >>> from indexer.query.parser import parse
    >>> query, notices = capped(parse("ا* ب* ت* ث* ج*").query, df=len)
    >>> canonical(query), notices[0].code, notices[0].values
    ('ا* ب* ت* ث*', 'many_wildcards', (('limit', '4'), ('count', '1'), ('clauses', 'ج*')))
    """
    query, of_wildcards = _left_out(query, "many_wildcards", MAX_WILDCARDS, _late_wildcards)
    query, of_clauses = _left_out(query, "many_clauses", MAX_CLAUSES, lambda clauses: _common(clauses, df))
    return query, told(of_wildcards + of_clauses, strict=strict)


def _left_out(
    query: Query, code: str, limit: int, beyond: Callable[[Sequence[Leaf]], Iterable[int]]
) -> tuple[Query, list[Notice]]:
    """The query without the clauses that lie beyond a cap, and the notice of it."""
    clauses = list(leaves(query))
    places = sorted(beyond(clauses))
    if not places:
        return query, []
    shown = " ".join(canonical(clauses[place]) for place in places[:SHOWN])
    more = " …" if len(places) > SHOWN else ""
    position = min(_position(clauses[place]) for place in places)
    notice = noted(code, position, limit=limit, count=len(places), clauses=shown + more)
    return without(query, frozenset(places)) or Everything(), [notice]


def _late_wildcards(clauses: Sequence[Leaf]) -> Iterable[int]:
    return [place for place, clause in enumerate(clauses) if isinstance(clause, Wildcard)][MAX_WILDCARDS:]


def _common(clauses: Sequence[Leaf], df: Callable[[str], int]) -> Iterable[int]:
    excess = len(clauses) - MAX_CLAUSES
    if excess <= 0:
        return []
    known = {text: df(text) for text in {clause.text for clause in clauses if isinstance(clause, Word)}}

    def rank(place: int) -> tuple[bool, int, int]:
        clause = clauses[place]
        return (True, known[clause.text], place) if isinstance(clause, Word) else (False, 0, place)

    return sorted(range(len(clauses)), key=rank, reverse=True)[:excess]


def _position(clause: Leaf) -> int:
    return 0 if isinstance(clause, Everything) else clause.position
