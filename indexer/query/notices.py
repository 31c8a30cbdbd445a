"""What a query can be told: every notice that reading or cutting one can give."""

from collections.abc import Iterable

from indexer.errors import QueryError
from indexer.model import Notice

NOTICES = {
    "unclosed_quote": "a quotation mark has no partner; what follows is read as words",
    "unclosed_bracket": "an opening bracket has no partner; it is left out",
    "unopened_bracket": "a closing bracket has no partner; it is left out",
    "too_deep": "brackets deeper than {limit} are left out",
    "lone_operator": "{operator} does not stand before or between clauses; it is read as a word",
    "bad_date": "{date} is not a date; it is read as words",
    "reversed_dates": "the later day came first; read as {first} to {last}",
    "short_wildcard": "a wildcard before {word} needs {letters} letters after it; it is left out",
    "phrase_wildcard": "wildcards do not work inside quotation marks; it is left out",
    "fuzzy_distance": "a word may be {used} edits away at most, not {asked}",
    "phrase_distance": "a phrase may span {used} words at most, not {asked}",
    "many_wildcards": "more than {limit} wildcards: the last {count} are left out: {clauses}",
    "many_clauses": "more than {limit} clauses: the commonest {count} are left out: {clauses}",
}
"""Code → when it is given; in braces the names of its values.

Strict mode raises the same text. `indexer.messages` holds what users read.
"""

MAX_NOTICES = 20
"""So many notices are told of one query: who made more faults than that has not typed a query."""


def noted(code: str, position: int, **values: object) -> Notice:
    """A notice of `NOTICES`.

    >>> noted("too_deep", 3, limit=16)
    Notice(code='too_deep', values=(('limit', '16'),), position=3)
    """
    return Notice(code, tuple((name, str(value)) for name, value in values.items()), position)


def told(notices: Iterable[Notice], *, strict: bool) -> tuple[Notice, ...]:
    """The notices by position; the same one is told once, `MAX_NOTICES` are told in all.

    Raises:
        QueryError: there is one, and `strict` is true.
    """
    once: dict[tuple[str, tuple[tuple[str, str], ...]], Notice] = {}
    for notice in sorted(notices, key=lambda notice: notice.position or 0):
        once.setdefault((notice.code, notice.values), notice)
    for notice in once.values() if strict else ():
        message = NOTICES[notice.code].format_map(dict(notice.values))
        raise QueryError(message, notice.code, notice.position or 0, notice.values)
    return tuple(once.values())[:MAX_NOTICES]
