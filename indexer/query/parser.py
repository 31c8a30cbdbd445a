"""Text → query tree. Any text is a query: what cannot be parsed is read as words, with a notice.

    lexed ─▶ paired ─▶ unhyphenated ─▶ settled ─▶ tree

Each step walks the tokens once and leaves fewer doubts: brackets all have partners, hyphens around words
are gone, every operator has the clauses it needs. So the last step cannot fail.

What binds tighter, from the tightest: ``NOT`` and ``-`` (the next clause) · ``OR`` (its two neighbours) ·
standing side by side · ``AND``. ``زيارة بوتين أو لافروف`` is زيارة beside either name, and
``a b AND c`` is both of: a beside b; c.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from indexer.analysis.tokenize import words
from indexer.model import Notice
from indexer.query.lexer import OPERATORS, Kind, Token, lexed
from indexer.query.normal import MAX_DEPTH, all_of, any_of, negated, side_by_side
from indexer.query.notices import noted, told
from indexer.query.tree import Everything, FieldName, InField, Query, Word

JOINING: frozenset[Kind] = frozenset({"or", "bar", "and"})
ENDING: frozenset[Kind] = frozenset({"clause", "close"})
BEGINNING: frozenset[Kind] = frozenset({"clause", "open", "not", "minus", "field"})
"""Kinds that join two clauses, those that a clause ends with, and those that it begins with."""

PREFIXES: dict[Kind, frozenset[Kind]] = {
    "not": BEGINNING,
    "minus": BEGINNING,
    "field": frozenset({"clause", "open"}),
}
"""Kinds that stand before a clause, and what must follow them."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query as understood, and what could not be understood as it was meant."""

    query: Query
    notices: tuple[Notice, ...] = ()


def parse(text: str, *, strict: bool = False) -> Parsed:
    """The tree of a query's text, in time linear in its length; never raises unless `strict`.

    The text is read in NFC and without invisible characters (bidi controls, joiners, soft hyphens), which
    are therefore in no clause either. Positions are code points of the text as given.

    Raises:
        QueryError: there is a notice, and `strict` is true.

    >>> parse("زيارة بوتين أو لافروف") == parse("زيارة (بوتين | لافروف)")
    True
    >>> parse("لقاء «القمة").notices
    (Notice(code='unclosed_quote', values=(), position=5),)
    """
    tokens, notices = lexed(text)
    paired = _paired(tokens, notices)
    settled = _joined(_prefixed(_unhyphenated(paired), notices), notices)
    return Parsed(_tree(settled), told(notices, strict=strict))


# --- brackets ---------------------------------------------------------------------------------------------


def _paired(tokens: Sequence[Token], notices: list[Notice]) -> list[Token]:
    """The tokens without brackets that have no partner or lie too deep."""
    partners = _partners(tokens)
    kept: list[Token] = []
    too_deep: set[int] = set()
    depth = 0
    for place, token in enumerate(tokens):
        if token.kind not in ("open", "close"):
            kept.append(token)
        elif place not in partners:
            code = "unclosed_bracket" if token.kind == "open" else "unopened_bracket"
            notices.append(noted(code, token.position))
        elif token.kind == "open" and depth == MAX_DEPTH:
            notices.append(noted("too_deep", token.position, limit=MAX_DEPTH))
            too_deep.add(partners[place])
        elif place not in too_deep:
            kept.append(token)
            depth += 1 if token.kind == "open" else -1
    return kept


def _partners(tokens: Sequence[Token]) -> dict[int, int]:
    """Each bracket's place and its partner's."""
    partners: dict[int, int] = {}
    opened: list[int] = []
    for place, token in enumerate(tokens):
        if token.kind == "open":
            opened.append(place)
        elif token.kind == "close" and opened:
            partners[place] = opened.pop()
            partners[partners[place]] = place
    return partners


# --- hyphens ----------------------------------------------------------------------------------------------


def _unhyphenated(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without pairs of hyphens around words («-كما قال-»), in the same brackets."""
    dropped: set[int] = set()
    pending: list[int | None] = [None]
    for place, token in enumerate(tokens):
        match token.kind:
            case "open":
                pending.append(None)
            case "close":
                pending.pop()
            case "minus":
                pending[-1] = place
            case "dash":
                dropped |= {place, place if pending[-1] is None else pending[-1]}
                pending[-1] = None
    return [token for place, token in enumerate(tokens) if place not in dropped]


# --- operators --------------------------------------------------------------------------------------------


def _prefixed(tokens: Sequence[Token], notices: list[Notice]) -> list[Token]:
    """The tokens, where prefixes without a clause behind them are words, or nothing."""
    settled: list[Token] = []  # from the last to the first
    for token in reversed(tokens):
        behind = settled[-1].kind if settled else None
        if token.kind not in PREFIXES or behind in PREFIXES[token.kind]:
            settled.append(token)
        elif token.kind != "minus":
            settled += _as_words(token, notices)
    return settled[::-1]


def _joined(tokens: Sequence[Token], notices: list[Notice]) -> list[Token]:
    """The tokens, where joining operators that do not stand between two clauses are words, or nothing."""
    settled: list[Token] = []
    for place, token in enumerate(tokens):
        before = settled[-1].kind if settled else None
        behind = tokens[place + 1].kind if place + 1 < len(tokens) else None
        if token.kind not in JOINING or (before in ENDING and behind in BEGINNING):
            settled.append(token)
        elif token.kind != "bar":
            settled += _as_words(token, notices)
    return settled


def _as_words(token: Token, notices: list[Notice]) -> list[Token]:
    """An operator or a field's name that is read as a word. Of «أو», a word like others, nothing is told."""
    if token.text in OPERATORS:
        notices.append(noted("lone_operator", token.position, operator=token.text))
    query = side_by_side(Word(word, position=token.position) for word, _, _ in words(token.text))
    return [Token("clause", token.position, query=query)]


# --- tree -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Group:
    """The clauses of one pair of brackets so far: choices (OR) in runs (side by side) in a list (AND)."""

    runs: list[list[list[Query]]] = field(default_factory=lambda: [[]])
    joint: Kind | None = None
    negative: bool = False
    name: tuple[FieldName, int] | None = None

    def add(self, query: Query | None) -> None:
        """Takes the next clause; None is one of which nothing is left, but an operator's neighbour."""
        choice = [] if query is None else [self._prefixed(query)]
        if self.joint in ("or", "bar"):
            self.runs[-1][-1].extend(choice)
        elif self.joint == "and":
            self.runs.append([choice])
        else:
            self.runs[-1].append(choice)
        self.joint, self.negative, self.name = None, False, None

    def _prefixed(self, query: Query) -> Query:
        bound = InField(self.name[0], query, self.name[1]) if self.name else query
        return negated(bound) if self.negative else bound

    def query(self) -> Query | None:
        return all_of([side_by_side([any_of(choice) for choice in run]) for run in self.runs])


def _tree(tokens: Iterable[Token]) -> Query:
    groups = [_Group()]
    for token in tokens:
        group = groups[-1]
        match token.kind:
            case "clause":
                group.add(token.query)
            case "open":
                groups.append(_Group())
            case "close":
                groups.pop()
                groups[-1].add(group.query())
            case "not" | "minus":
                group.negative = not group.negative
            case "field":
                group.name = token.name and (token.name, token.position)
            case _:
                group.joint = token.kind
    return groups[0].query() or Everything()
