"""From a query tree to a plan: which terms of this archive each word of the query stands for.

All that depends on the archive's vocabulary or on the lexicon happens here, at query time: clitics,
plurals, spellings of names, wildcards, edit distance. The same `Form`s make the plan and later say where
and why a text matched, so the two cannot differ.
"""

import fnmatch
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from indexer.analysis import Term, fold, term_of, tokens
from indexer.analysis import letters as at
from indexer.analysis import names as shield
from indexer.analysis.lexicon import Lexicon
from indexer.model import Match, Notice, Operator, Via
from indexer.query import plan, tree
from indexer.query.plan import TEXT_FIELDS, Node, Plan

LEVELS: dict[Match, tuple[Via, ...]] = {
    "exact": ("exact",),
    "spelling": ("exact", "spelling"),
    "stem": ("exact", "spelling", "clitic", "stem", "plural"),
    "wide": ("exact", "spelling", "clitic", "stem", "plural", "variant", "fuzzy"),
}
"""What counts as a form of the word at each level of `match`; nearer ways come first."""

VIEW_WEIGHT = {"written": 1.0, "folded": 0.3, "light": 0.6, "stem": 1.0}
"""How much each view of a word adds. Snowball's stem with the light stem at .6 beat either alone on every
judged set; weights .3 to .6 score alike."""

PLAIN_WEIGHT = 1.0
"""The folded view where it is asked for alone (``+word``, ``match=spelling``, wildcards)."""

TITLE_WEIGHT = 0.5
"""The title against the body: at double weight it is worse than no title, at half best."""

CLITIC_WEIGHT, PLURAL_WEIGHT, VARIANT_WEIGHT = 0.8, 0.5, 0.6
FUZZY_WEIGHT = {0: 1.0, 1: 0.6, 2: 0.3}

PHRASE_PROCLITICS = tuple(
    at.WAW * first + letter for first in (0, 1) for letter in ("", at.FEH, at.BEH, at.LAM, at.KAF) if first or letter
)
"""What the first word of a phrase may carry: و ف ب ل ك, alone or after و."""

SPLIT_BEFORE_VERBS = (at.LAM + at.ALEF, "\u0645\u0627")  # la, ma
SPLIT_BEFORE_NAMES = tuple(fold(word) for word in ("عبد", "أبو", "أبي", "أبا", "بو", "ابن", "أم"))
"""Words that are written joined to the next one or apart from it."""

VERB_STARTS = "يتنا"
"""First letters of an imperfect verb, folded: what a glued لا or ما stands before (لايسمح, but not لاعب)."""

MOST_EXPANSIONS = 1_024
SHORTEST_SPLIT, SHORTEST_CORE = 3, 3
ALPHABET = "ابتثجحخدذرزسشصضطظعغفقكلمنهويء"


class Vocabulary(Protocol):
    """What expansion asks of an open snapshot (`indexer.engines.base.Vocabulary`)."""

    @property
    def articles(self) -> int: ...
    def df(self, field: str, term: str) -> int: ...
    def terms(self, prefix: str = "") -> Sequence[str]: ...
    def values(self, field: str) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Form:
    """One term that a word of the query stands for, in one view, and the way to it."""

    view: str
    term: str
    weight: float
    via: Via


@dataclass(frozen=True)
class Reading:
    """What one clause of the query looks for in a text.

    Attributes:
        query: the clause as typed.
        sequences: for a single word one sequence of one slot; for phrases, slots in order. A slot is forms.
        slop: as in `tree.Phrase`.
        field: `title` or `body` where the clause looks into one only.
    """

    query: str
    sequences: tuple[tuple[tuple[Form, ...], ...], ...]
    slop: int | None = None
    field: str | None = None

    @cached_property
    def ways(self) -> tuple[tuple[dict[tuple[str, str], Via], ...], ...]:
        """Per sequence and slot: (view, term) → via."""
        return tuple(
            tuple({(form.view, form.term): form.via for form in reversed(slot)} for slot in sequence)
            for sequence in self.sequences
        )


def via_of(ways: dict[tuple[str, str], Via], term: Term) -> Via | None:
    """By which way a word of a text answers a slot; the nearest of several."""
    for view in TEXT_FIELDS:
        if (found := ways.get((view, getattr(term, view)))) is not None:
            return found
    return None


@dataclass(frozen=True, slots=True)
class Expansion:
    """A query made ready for one snapshot."""

    plan: Plan
    readings: tuple[Reading, ...]
    notices: tuple[Notice, ...]


Verify = Callable[[tree.Phrase, Plan], frozenset[str]]
"""Gives the articles among a plan's that hold a phrase as written (``="…"``)."""


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause compiled: articles that have it by its level, and those reached by any way."""

    has: Node
    reach: Node


class Expander:
    """Expands queries over one snapshot's vocabulary. One request, one expander."""

    def __init__(
        self, vocabulary: Vocabulary, lexicon: Lexicon, match: Match, operator: Operator, verify: Verify
    ) -> None:
        self._vocabulary, self._lexicon = vocabulary, lexicon
        self._match, self._operator, self._verify = match, operator, verify
        self._readings: list[Reading] = []
        self._notices: list[Notice] = []

    def expand(self, query: tree.Query, filters: Node) -> Expansion:
        """The plan of a query under the request's filters, with what to highlight."""
        clauses = query.children if isinstance(query, tree.Words) else (query,)
        strict, ranked, excluded = [], [], []
        for clause in clauses:
            if isinstance(clause, tree.Not):
                excluded.append(self._excluded(clause))
            elif _is_filter(clause):
                strict.append(self._clause(clause, None).has)
            else:
                ranked.append(clause)
        joined = self._joined(ranked)
        compiled = [self._clause(clause, None, joined.get(number, ())) for number, clause in enumerate(ranked)]
        needed = self._needed(ranked)
        filters = _and([filters, *strict, *excluded])
        return Expansion(self._plan(compiled, needed, filters), tuple(self._readings), tuple(self._notices))

    def _plan(self, clauses: Sequence[_Clause], needed: Sequence[int], filters: Node) -> Plan:
        if not clauses:
            return Plan(plan.All(), None, filters)
        if self._operator == "and":
            return Plan(_and([clause.has for clause in clauses]), None, filters)
        reach = _or([clauses[number].reach for number in needed])
        if self._operator == "or":
            return Plan(_or([clause.has for clause in clauses]), reach, filters)
        return Plan(_and([clauses[number].has for number in needed]), reach, filters)

    def _needed(self, clauses: Sequence[tree.Query]) -> list[int]:
        """The clauses that count: function words only where there is nothing else, or all are asked for."""
        content = [n for n, clause in enumerate(clauses) if not self._is_stop(clause)]
        return content or list(range(len(clauses)))

    def _is_stop(self, clause: tree.Query) -> bool:
        return (
            isinstance(clause, tree.Word)
            and not clause.plain
            and term_of(clause.text).written in self._lexicon.stopwords
        )

    def _excluded(self, clause: tree.Not) -> Node:
        readings = len(self._readings)
        node = plan.Not(self._clause(clause.child, None).has)
        del self._readings[readings:]  # what is excluded is not highlighted
        return node

    def _clause(self, query: tree.Query, field: str | None, more: Iterable[Form] = ()) -> _Clause:
        match query:
            case tree.Word():
                return self._word(query, field, tuple(more))
            case tree.Phrase():
                return self._both(self._phrase(query, field))
            case tree.Wildcard():
                forms = self._wildcard(query)
                return self._forms(query.pattern, forms, field)
            case tree.Fuzzy():
                return self._forms(query.text, self._fuzzy(query), field)
            case tree.Dates():
                first, last = (day and day.toordinal() for day in (query.first, query.last))
                return self._both(plan.Days(first, last))
            case tree.InField(name="title" | "body"):
                return self._clause(query.child, query.name)
            case tree.InField():
                return self._both(self._values(query))
            case tree.Not():
                return self._both(self._excluded(query))
            case tree.AnyOf():
                children = [self._clause(child, field) for child in query.children]
                return _Clause(_or([c.has for c in children]), _or([c.reach for c in children]))
            case tree.AllOf() | tree.Words():
                children = [self._clause(child, field) for child in query.children]
                return _Clause(_and([c.has for c in children]), _and([c.reach for c in children]))
            case tree.Everything():
                return self._both(plan.All())

    def _both(self, node: Node) -> _Clause:
        return _Clause(node, node)

    # words

    def _word(self, word: tree.Word, field: str | None, more: tuple[Form, ...]) -> _Clause:
        forms = tuple(self._word_forms(word)) + more
        if word.plain or self._match in ("exact", "spelling"):
            return self._forms(word.text, forms, field)
        folded = term_of(word.text).folded
        apart = [plan.Phrase(name, slots) for slots in self._apart(folded) for name in _position_fields(field)]
        variants = [node for slots in self._spaced_variants(folded) for node in _phrases(slots, field)]
        clause = self._forms(word.text, forms, field, tuple(self._apart(folded)) + self._spaced_variants(folded))
        has = _or([clause.has, *apart, *(variants if self._match == "wide" else ())])
        return _Clause(has, _or([clause.reach, *apart, *variants]))

    def _forms(
        self,
        typed: str,
        forms: Iterable[Form],
        field: str | None,
        phrases: Iterable[tuple[tuple[str, ...], ...]] = (),
    ) -> _Clause:
        """A clause of any of some forms; phrases are other spellings of several words, for highlighting."""
        forms = tuple(dict.fromkeys(forms))
        sequences = ((forms,), *(tuple(_slot(terms, "spelling") for terms in slots) for slots in phrases))
        self._readings.append(Reading(typed, sequences, None, field))
        level = LEVELS[self._match]
        return _Clause(_terms([f for f in forms if f.via in level], field), _terms(forms, field))

    def _word_forms(self, word: tree.Word) -> Iterator[Form]:
        """Every form of a word that this request may use, nearest first."""
        term = term_of(word.text)
        if self._match == "exact" and not word.plain:
            yield Form("written", term.written, PLAIN_WEIGHT, "exact")
            return
        yield Form("written", term.written, 0.0, "exact")
        if word.plain or self._match == "spelling":
            yield Form("folded", term.folded, PLAIN_WEIGHT, "spelling")
            return
        yield Form("folded", term.folded, VIEW_WEIGHT["folded"], "spelling")
        core = self._core(term.folded)
        yield from self._stems(term_of(core) if core != term.folded else term, 1.0, "clitic", "stem")
        if core != term.folded:
            yield from self._stems(term, 1.0, "clitic", "stem")
        yield from self._with_clitics(core)
        yield from self._plurals(core)
        yield from self._variants(core)

    def _stems(self, term: Term, weight: float, light: Via, stem: Via) -> Iterator[Form]:
        yield Form("light", term.light, weight * VIEW_WEIGHT["light"], light)
        if term.folded not in self._lexicon.names:
            yield Form("stem", term.stem, weight * VIEW_WEIGHT["stem"], stem)

    def _core(self, folded: str) -> str:
        """The word without what is glued before it, as far as this archive attests it.

        A name is never cut. Otherwise a proclitic comes off where the rest is a word of the archive that
        is likelier than the whole: وزير stays, وحكومة is حكومة.
        """
        if (name := shield.name_in(folded)) is not None:
            return name
        if folded in shield.bases() or folded in self._lexicon.names:
            return folded
        whole = self._df(folded)
        for proclitic in shield.proclitics():
            rest = folded.removeprefix(proclitic)
            if rest != folded and len(rest) >= SHORTEST_CORE and self._df(rest) > whole:
                return rest
        return folded

    def _df(self, folded: str) -> int:
        return self._vocabulary.df("folded", folded) if self._known(folded) else 0

    def _known(self, folded: str) -> bool:
        found = self._vocabulary.terms(folded)
        return bool(found) and found[0] == folded

    def _with_clitics(self, core: str) -> Iterator[Form]:
        """The words of the archive that are this one with something glued before it."""
        if len(core) < SHORTEST_CORE:
            return
        bare = core.removeprefix(at.ARTICLE) if core.startswith(at.ARTICLE) else core
        for proclitic in shield.proclitics():
            glued = proclitic + bare
            if glued not in shield.bases() and shield.name_in(glued) in (None, bare) and self._known(glued):
                yield Form("folded", glued, CLITIC_WEIGHT * VIEW_WEIGHT["folded"], "clitic")

    def _plurals(self, core: str) -> Iterator[Form]:
        light = term_of(core).light
        for other in (*self._lexicon.plurals.get(core, ()), *self._lexicon.plurals.get(light, ())):
            yield from self._stems(term_of(other), PLURAL_WEIGHT, "plural", "plural")

    def _variants(self, core: str) -> Iterator[Form]:
        for other in self._variants_of(core):
            if " " not in other:
                yield from self._stems(term_of(other), VARIANT_WEIGHT, "variant", "variant")

    def _variants_of(self, folded: str) -> tuple[str, ...]:
        light = term_of(folded).light
        return (*self._lexicon.variants.get(folded, ()), *self._lexicon.variants.get(light, ()))

    def _spaced_variants(self, folded: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
        return tuple(
            tuple((word,) for word in other.split()) for other in self._variants_of(folded) if " " in other
        )

    # joined and apart

    def _apart(self, folded: str) -> Iterator[tuple[tuple[str, ...], ...]]:
        """The slots of a joined word written apart: لايسمح → لا يسمح, عبدالله → عبد الله."""
        for first in (*SPLIT_BEFORE_VERBS, *SPLIT_BEFORE_NAMES):
            rest = folded.removeprefix(first)
            if rest == folded or len(rest) < SHORTEST_SPLIT:
                continue
            if first in SPLIT_BEFORE_VERBS and rest[0] not in VERB_STARTS:
                continue
            if self._known(rest):
                yield (first,), (rest,)

    def _joined(self, clauses: Sequence[tree.Query]) -> dict[int, tuple[Form, ...]]:
        """For neighbouring words that are also written as one: the joined form, for each of the two."""
        found: dict[int, tuple[Form, ...]] = {}
        for number, (one, other) in enumerate(zip(clauses, clauses[1:], strict=False)):
            if isinstance(one, tree.Word) and isinstance(other, tree.Word) and self._match != "exact":
                joined = term_of(one.text).folded + term_of(other.text).folded
                if _may_join(term_of(one.text).folded, term_of(other.text).folded) and self._known(joined):
                    form = Form("folded", joined, PLAIN_WEIGHT, "spelling")
                    found[number] = (*found.get(number, ()), form)
                    found[number + 1] = (form,)
        return found

    # phrases

    def _phrase(self, phrase: tree.Phrase, field: str | None) -> Node:
        folded = [token.term.folded for word in phrase.words for token in tokens(word)]
        if not folded:
            return plan.Nothing()
        sequences = list(dict.fromkeys(self._spellings(folded, phrase.as_written)))
        self._readings.append(
            Reading(
                " ".join(phrase.words),
                tuple(tuple(_slot(terms, "spelling") for terms in slots) for slots in sequences),
                phrase.slop,
                field,
            )
        )
        nodes = [plan.Phrase(f, slots, phrase.slop, _weight(f)) for slots in sequences for f in _position_fields(field)]
        node = _or(nodes)
        if phrase.as_written:
            return _and([plan.Ids(self._verify(phrase, Plan(node))), node])
        return node

    def _spellings(self, folded: Sequence[str], as_written: bool) -> Iterator[tuple[tuple[str, ...], ...]]:
        """The slots of a phrase, and of its other spellings with two words joined or one apart."""
        first = (folded[0],) if as_written else (folded[0], *self._carried(folded[0]))
        slots = (first, *((word,) for word in folded[1:]))
        yield slots
        if as_written:
            return
        for n, (one, other) in enumerate(zip(folded, folded[1:], strict=False)):
            if _may_join(one, other) and self._known(one + other):
                yield (*slots[:n], (one + other,), *slots[n + 2 :])
        for n, word in enumerate(folded):
            for apart in self._apart(word):
                yield (*slots[:n], *apart, *slots[n + 1 :])

    def _carried(self, first: str) -> Iterator[str]:
        for proclitic in PHRASE_PROCLITICS:
            if first.startswith(at.ARTICLE) and proclitic.endswith(at.LAM):
                glued = proclitic + first.removeprefix(at.ALEF)
            else:
                glued = proclitic + first
            if self._known(glued):
                yield glued

    # patterns

    def _wildcard(self, wildcard: tree.Wildcard) -> tuple[Form, ...]:
        pattern = _folded_pattern(wildcard.pattern)
        prefix = re.split(r"[*?]", pattern)[0]
        matches = re.compile(fnmatch.translate(pattern)).match
        found = [term for term in self._vocabulary.terms(prefix) if matches(term)]
        return self._capped(sorted(found, key=lambda term: (len(term), term)), wildcard.position)

    def _fuzzy(self, fuzzy: tree.Fuzzy) -> tuple[Form, ...]:
        folded = term_of(fuzzy.text).folded
        known = frozenset(self._vocabulary.terms())
        near = {folded: 0} if folded in known else {}
        reached: Iterable[str] = (folded,)
        for distance in range(1, fuzzy.distance + 1):
            reached = {edited for word in reached for edited in edits(word)}
            for word in reached & known:
                near.setdefault(word, distance)
        ranked = sorted(near, key=lambda word: (near[word], word))
        return self._capped(ranked, fuzzy.position, lambda word: FUZZY_WEIGHT[near[word]])

    def _capped(
        self, terms: Sequence[str], position: int, weight: Callable[[str], float] = lambda _: PLAIN_WEIGHT
    ) -> tuple[Form, ...]:
        if len(terms) > MOST_EXPANSIONS:
            values = (("most", str(MOST_EXPANSIONS)), ("found", str(len(terms))))
            self._notices.append(Notice("too_many_expansions", values, position))
        return tuple(Form("folded", term, weight(term), "spelling") for term in terms[:MOST_EXPANSIONS])

    # values of source, section, author

    def _values(self, clause: tree.InField) -> Node:
        held = [v for v in self._vocabulary.values(clause.name) if _value_matches(clause.child, _value_terms(v))]
        return plan.Values(clause.name, tuple(held)) if held else plan.Nothing()


def edits(word: str) -> Iterator[str]:
    """Every string one deletion, swap, replacement or insertion away from a word.

    >>> "كاظمي" in set(edits("كاضمي"))
    True
    """
    alphabet = ALPHABET if not word.isascii() else "abcdefghijklmnopqrstuvwxyz0123456789"
    for n in range(len(word) + 1):
        head, tail = word[:n], word[n:]
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in alphabet)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        yield from (head + letter + tail for letter in alphabet)


def same_value(one: str, other: str) -> bool:
    """Whether two names of a source, section or author are the same but for spelling."""
    return [term.folded for term in _value_terms(one)] == [term.folded for term in _value_terms(other)]


def _value_terms(value: str) -> list[Term]:
    return [token.term for token in tokens(value)]


def _value_matches(query: tree.Query, terms: Sequence[Term]) -> bool:
    """Whether the words of a value answer a query."""
    match query:
        case tree.Word():
            wanted = term_of(query.text)
            return any(wanted.folded == t.folded or wanted.light == t.light for t in terms)
        case tree.Phrase():
            wanted_terms = [token.term.folded for word in query.words for token in tokens(word)]
            folded = [term.folded for term in terms]
            return any(folded[n : n + len(wanted_terms)] == wanted_terms for n in range(len(folded)))
        case tree.Wildcard():
            return any(fnmatch.fnmatchcase(term.folded, _folded_pattern(query.pattern)) for term in terms)
        case tree.Fuzzy():
            wanted = term_of(query.text)
            return any(t.folded == wanted.folded or t.folded in set(edits(wanted.folded)) for t in terms)
        case tree.Not():
            return not _value_matches(query.child, terms)
        case tree.AnyOf():
            return any(_value_matches(child, terms) for child in query.children)
        case tree.AllOf() | tree.Words():
            return all(_value_matches(child, terms) for child in query.children)
        case tree.InField():
            return _value_matches(query.child, terms)
        case tree.Dates() | tree.Everything():
            return True


def _folded_pattern(pattern: str) -> str:
    """A wildcard's letters folded, its signs kept."""
    return "".join(part if part in ("*", "?") else fold(part) for part in re.split(r"([*?])", pattern))


def _is_filter(clause: tree.Query) -> bool:
    """Dates and the values of fields cut down; they are never left out to find more."""
    return isinstance(clause, tree.Dates | tree.Everything) or (
        isinstance(clause, tree.InField) and clause.name not in ("title", "body")
    )


def _may_join(one: str, other: str) -> bool:
    return one in SPLIT_BEFORE_NAMES or (one in SPLIT_BEFORE_VERBS and other[:1] in tuple(VERB_STARTS))


def _slot(terms: Iterable[str], via: Via) -> tuple[Form, ...]:
    return tuple(Form("folded", term, 1.0, via) for term in terms)


def _weight(field: str) -> float:
    return TITLE_WEIGHT if field.startswith("title_") else 1.0


def _position_fields(field: str | None) -> tuple[str, ...]:
    return {"title": ("title_folded",), "body": ("folded",)}.get(field or "", ("folded", "title_folded"))


def _phrases(slots: tuple[tuple[str, ...], ...], field: str | None) -> list[Node]:
    return [plan.Phrase(name, slots, None, VARIANT_WEIGHT * _weight(name)) for name in _position_fields(field)]


def _terms(forms: Sequence[Form], field: str | None) -> Node:
    """Any of some forms: views add up, within a view the best form counts."""
    nodes: list[Node] = []
    for prefix in {"title": ("title_",), "body": ("",)}.get(field or "", ("", "title_")):
        for view in TEXT_FIELDS:
            terms: dict[str, float] = {}
            for form in forms:
                if form.view == view:
                    weight = form.weight * _weight(prefix)
                    terms[form.term] = max(weight, terms.get(form.term, 0.0))
            if any(terms.values()):
                nodes.append(plan.Terms(prefix + view, tuple(terms.items()), "max"))
    return _or(nodes)


def _or(nodes: Sequence[Node]) -> Node:
    if not nodes:
        return plan.Nothing()
    return nodes[0] if len(nodes) == 1 else plan.Or(tuple(nodes))


def _and(nodes: Sequence[Node]) -> Node:
    kept = [node for node in nodes if not isinstance(node, plan.All)]
    if not kept:
        return plan.All()
    return kept[0] if len(kept) == 1 else plan.And(tuple(kept))
