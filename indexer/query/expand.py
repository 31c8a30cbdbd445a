"""From a query tree to a plan: which terms of this archive each clause of the query stands for.

The same forms make the plan and later say where and why a text matched, so the two cannot differ.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple
from weakref import WeakKeyDictionary

from indexer.analysis import term_of, tokens
from indexer.analysis.lexicon import Lexicon
from indexer.lru import Lru
from indexer.model import Match, Notice, Operator
from indexer.query import plan, tree
from indexer.query.forms import EXCLUDED, LEVELS, Form, Reading
from indexer.query.nodes import phrase_of, terms_of
from indexer.query.plan import Node, Plan
from indexer.query.reached import spelled, without
from indexer.query.values import folded_pattern, value_matches, value_terms
from indexer.query.vocabulary import sorted_words
from indexer.query.wordlist import wordlist_of
from indexer.query.words import PLAIN_WEIGHT, VARIANT_WEIGHT, Slots, Spelling, Vocabulary, Words

COVERAGE = 0.5
"""How much it counts that an article has most of the words, not one of them often (`docs/relevance.md`)."""

FUZZY_WEIGHT = {1: 0.6, 2: 0.3}
"""By edits between the word as typed and the word of the archive."""

MOST_EXPANSIONS = 1_024

MOST_KEPT, LEAST_KEPT = 20_000, 20
"""Forms of compiled words that are kept for a snapshot, some ten megabytes; what each word counts beside."""


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


class _Compiled(NamedTuple):
    """A word compiled. `letters` are what re-ranking reads of it (`Words.letters`)."""

    clause: _Clause
    reading: Reading
    letters: tuple[tuple[str, ...], ...]


_Known = Lru[tuple[object, ...], _Compiled]

_KEPT: "WeakKeyDictionary[Vocabulary, _Known]" = WeakKeyDictionary()
"""Of each open snapshot the words that were asked for lately: queries share them, and so do the drafts of a
rescue."""


def _forms_in(word: _Compiled) -> int:
    return sum(len(slot) for sequence in word.reading.sequences for slot in sequence)


class Expander:
    """Expands queries over one snapshot's vocabulary: all of one request."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        lexicon: Lexicon,
        match: Match,
        operator: Operator,
        verify: Verify,
        spelling: Spelling | None = None,
        deadline: float | None = None,
        unwanted: frozenset[str] = frozenset(),
    ) -> None:
        """`unwanted` are folded words, and words apart by a space, that no word of the query shall meet."""
        self._vocabulary, self._lexicon = vocabulary, lexicon
        self._match, self._operator, self._verify, self._deadline = match, operator, verify, deadline
        self._words = Words(vocabulary, lexicon, match, spelling)
        self._level, self._unwanted = LEVELS[match], unwanted
        self._known = _KEPT.setdefault(
            vocabulary, Lru(MOST_KEPT, lambda _, word: LEAST_KEPT + _forms_in(word))
        )
        self._asked = (lexicon.digest, match, spelling is not None, unwanted)
        self._readings: list[Reading] = []
        self._letters: dict[tree.Query, Sequence[tuple[str, ...]]] = {}
        self._notices: list[Notice] = []

    def expand(self, query: tree.Query, filters: Node) -> Expansion:
        """The plan of a query under the request's filters, with what to highlight."""
        self._readings, self._notices, self._letters = [], [], {}
        whole, asked = self._planned(query, filters)
        letters = tuple(row for clause in asked for row in self._letters.get(clause, ()))
        return Expansion(replace(whole, words=letters), tuple(self._readings), tuple(self._notices))

    def countable(self, query: tree.Query, filters: Node) -> Plan:
        """What its first group is counted by. No text is read: a phrase as written counts nothing."""
        verify, self._verify = self._verify, lambda phrase, among: frozenset()
        plan_of_all, _ = self._planned(query, filters)
        self._verify = verify
        return replace(plan_of_all, rest=None)

    def _planned(self, query: tree.Query, filters: Node) -> tuple[Plan, list[tree.Query]]:
        """The plan of a query, and the clauses that count."""
        clauses = dict.fromkeys(query.children if isinstance(query, tree.Words) else (query,))
        excluded = [self._excluded(clause) for clause in clauses if isinstance(clause, tree.Not)]
        strict = [self._clause(clause, None).has for clause in clauses if _is_filter(clause)]
        ranked = [clause for clause in clauses if not isinstance(clause, tree.Not) and not _is_filter(clause)]
        joined = self._joined(ranked)
        compiled = [self._clause(clause, None, joined.get(n, ())) for n, clause in enumerate(ranked)]
        needed = self._needed(ranked)
        whole = self._plan(compiled, needed, plan.every([filters, *strict, *excluded]))
        return whole, [ranked[n] for n in needed]

    def _plan(self, clauses: Sequence[_Clause], needed: Sequence[int], filters: Node) -> Plan:
        if not clauses:
            return Plan(plan.All(), None, filters)
        if self._operator == "and":
            return Plan(plan.every([clause.has for clause in clauses]), None, filters)
        asked = [clauses[number] for number in needed]
        reach = plan.any_of([clause.reach for clause in asked], COVERAGE)
        join = plan.any_of if self._operator == "or" else plan.every
        return Plan(join([clause.has for clause in asked]), reach, filters)

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

    def _joined(self, clauses: Sequence[tree.Query]) -> dict[int, tuple[Form, ...]]:
        """For neighbouring words that are also written as one: the joined forms, for each of the two."""
        found: dict[int, tuple[Form, ...]] = {}
        for number, (one, other) in enumerate(pairwise(clauses)):
            if isinstance(one, tree.Word) and isinstance(other, tree.Word) and self._match != "exact":
                folded = term_of(one.text).folded, term_of(other.text).folded
                joined, variants = self._words.joined(*folded), self._words.joined_variants(*folded)
                found[number] = found.get(number, ()) + joined + variants[0]
                found[number + 1] = joined + variants[1]
        return found

    def _excluded(self, clause: tree.Not) -> Node:
        """What is excluded is not highlighted, and only by the letters of its words."""
        readings, level = len(self._readings), self._level
        self._level = level & EXCLUDED
        node = plan.Not(self._clause(clause.child, None).has)
        self._level = level
        del self._readings[readings:]
        return node

    def _clause(self, query: tree.Query, field: str | None, more: Iterable[Form] = ()) -> _Clause:
        match query:
            case tree.Word():
                return self._word(query, field, tuple(more))
            case tree.Phrase():
                return _both(self._phrase(query, field))
            case tree.Wildcard():
                return self._any_form(query.pattern, self._wildcard(query), field)
            case tree.Fuzzy():
                return self._any_form(query.text, self._fuzzy(query), field)
            case tree.Dates():
                return _both(plan.days(query.first, query.last))
            case tree.InField(name="title" | "body"):
                return self._clause(query.child, query.name)
            case tree.InField():
                return _both(self._values(query))
            case tree.Not():
                return _both(self._excluded(query))
            case tree.AnyOf():
                children = [self._clause(child, field) for child in query.children]
                return _Clause(
                    plan.any_of([c.has for c in children]), plan.any_of([c.reach for c in children])
                )
            case tree.AllOf() | tree.Words():
                children = [self._clause(child, field) for child in query.children]
                return _Clause(plan.every([c.has for c in children]), plan.every([c.reach for c in children]))
            case tree.Everything():
                return _both(plan.All())

    # words

    def _word(self, word: tree.Word, field: str | None, more: tuple[Form, ...]) -> _Clause:
        compiled = self._compiled(word, field, more)
        self._readings.append(compiled.reading)
        self._letters[word] = compiled.letters
        return compiled.clause

    def _compiled(self, word: tree.Word, field: str | None, more: tuple[Form, ...]) -> _Compiled:
        key = (*self._asked, self._level, word.text, word.plain, field, more)
        return self._known.get(key) or self._known.put(key, self._read(word, field, more))

    def _read(self, word: tree.Word, field: str | None, more: tuple[Form, ...]) -> _Compiled:
        near = () if field else tuple(self._words.near_spellings(word))
        forms = tuple(dict.fromkeys((*self._words.forms(word), *more, *near)))
        if self._unwanted:
            forms = without(forms, self._unwanted, wordlist_of(self._vocabulary).df)
        sequences: list[Slots] = [(forms,)]
        has, reach = [terms_of(forms, field, self._level)], [terms_of(forms, field)]
        if not word.plain and self._match in ("stem", "wide"):
            folded = term_of(word.text).folded
            apart = [s for s in self._words.apart(folded) if spelled(s) not in self._unwanted]
            variants = [s for s in self._words.spaced_variants(folded) if spelled(s) not in self._unwanted]
            sequences += apart + variants
            has += [
                phrase_of(slots, field) for slots in (*apart, *(variants if self._match == "wide" else ()))
            ]
            reach += [phrase_of(slots, field) for slots in apart]
            reach += [phrase_of(slots, field, weight=VARIANT_WEIGHT) for slots in variants]
        reading = Reading(word.text, tuple(sequences), None, field)
        clause = _Clause(plan.any_of(has), plan.any_of(reach))
        return _Compiled(clause, reading, tuple(self._words.letters(word)))

    def _any_form(self, typed: str, forms: tuple[Form, ...], field: str | None) -> _Clause:
        """A clause whose forms the user asked for by name: all of them count, however far."""
        self._readings.append(Reading(typed, ((forms,),), None, field))
        return _both(terms_of(forms, field))

    # phrases and patterns

    def _phrase(self, phrase: tree.Phrase, field: str | None) -> Node:
        typed = [token.term for word in phrase.words for token in tokens(word)]
        if not typed:
            return plan.Nothing()
        sequences = tuple(dict.fromkeys(self._words.phrase_slots(typed, phrase.as_written)))
        self._readings.append(Reading(" ".join(phrase.words), sequences, phrase.slop, field))
        node = plan.any_of([phrase_of(slots, field, phrase.slop) for slots in sequences])
        if phrase.as_written:
            return plan.every([plan.Ids(self._verify(phrase, Plan(node))), node])
        return node

    def _wildcard(self, wildcard: tree.Wildcard) -> tuple[Form, ...]:
        pattern = folded_pattern(wildcard.pattern)
        if self._late():
            return ()
        found = sorted_words(self._vocabulary.terms()).like(pattern)
        ranked = sorted(found, key=lambda term: (len(term), term))
        forms = tuple(Form("folded", term, PLAIN_WEIGHT, "spelling") for term in ranked)
        return self._capped(forms, wildcard.position)

    def _fuzzy(self, fuzzy: tree.Fuzzy) -> tuple[Form, ...]:
        term = term_of(fuzzy.text)
        own = Form("written", term.written, 0.0, "exact"), Form("folded", term.folded, 1.0, "spelling")
        if self._late():
            return own
        near = sorted_words(self._vocabulary.terms()).near(term.folded, fuzzy.distance)
        ranked = sorted((distance, word) for word, distance in near if distance)
        forms = (Form("folded", word, FUZZY_WEIGHT[distance], "fuzzy") for distance, word in ranked)
        return self._capped((*own, *forms), fuzzy.position)

    def _late(self) -> bool:
        """Whether there is no time left to look through the vocabulary."""
        return self._deadline is not None and time.monotonic() > self._deadline

    def _capped(self, forms: tuple[Form, ...], position: int) -> tuple[Form, ...]:
        if len(forms) > MOST_EXPANSIONS:
            values = (("most", str(MOST_EXPANSIONS)), ("found", str(len(forms))))
            self._notices.append(Notice("too_many_expansions", values, position))
        return forms[:MOST_EXPANSIONS]

    def _values(self, clause: tree.InField) -> Node:
        names = self._vocabulary.values(clause.name)
        held = tuple(name for name in names if value_matches(clause.child, value_terms(name)))
        return plan.Values(clause.name, held) if held else plan.Nothing()


def _both(node: Node) -> _Clause:
    return _Clause(node, node)


def _is_filter(clause: tree.Query) -> bool:
    """Dates and the values of fields cut down; they are never left out to find more."""
    return isinstance(clause, tree.Dates | tree.Everything) or (
        isinstance(clause, tree.InField) and clause.name not in ("title", "body")
    )
