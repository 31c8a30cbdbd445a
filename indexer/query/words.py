"""The forms of one word over one archive: clitics, plurals, spellings of names, joined and apart.

All that depends on the archive's vocabulary or on the lexicon is decided here, at query time.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Protocol

from indexer.analysis import Term, fold, term_of
from indexer.analysis import letters as at
from indexer.analysis import names as shield
from indexer.analysis.lexicon import Lexicon
from indexer.analysis.stem import ARTICLES
from indexer.model import Match, Via
from indexer.query import tree
from indexer.query.forms import Form, Slot
from indexer.query.inflection import Inflection
from indexer.query.wordlist import wordlist_of

VIEW_WEIGHT = {"written": 1.0, "folded": 0.3, "light": 0.6, "stem": 1.0}
"""How much each view of a word adds. Snowball's stem with the light stem at .6 beat either alone on every
judged set; weights .3 to .6 score alike (`docs/relevance.md`)."""

PLAIN_WEIGHT = 1.0
"""The folded view where it is asked for alone (``+word``, ``match=spelling``, wildcards)."""

CLITIC_WEIGHT, PLURAL_WEIGHT, VARIANT_WEIGHT = 0.8, 0.5, 0.6
"""What a form counts against the word itself, by its way."""

CARRIED = tuple(
    first + second
    for first in ("", at.WAW, at.FEH)
    for second in ("", at.BEH, at.LAM, at.KAF)
    if first or second
)
"""What the first word of a phrase may carry: و ف ب ل ك, alone or after و and ف."""

BEFORE_VERBS = (at.LAM + at.ALEF, "\u0645\u0627")  # la, ma
BEFORE_NAMES = tuple(fold(word) for word in ("عبد", "أبو", "أبي", "أبا", "بو", "ابن", "أم"))
"""Words that are written joined to the next one or apart from it."""

VERB_STARTS = "يتنا"
"""First letters of an imperfect verb, folded: what a glued لا or ما stands before (لايسمح, but not لاعب)."""

SHORTEST_SPLIT, SHORTEST_CORE = 3, 3

Slots = tuple[Slot, ...]

Spelling = Callable[[str], tuple[tuple[str, float], ...]]
"""Folded word → (folded alternative, weight) where the word looks misspelt (`indexer.query.spelling`)."""


class Vocabulary(Protocol):
    """What expansion asks of an open snapshot (`indexer.engines.base.Vocabulary`)."""

    @property
    def articles(self) -> int: ...
    def df(self, field: str, term: str) -> int: ...
    def terms(self, prefix: str = "") -> Sequence[str]: ...
    def form_counts(self) -> Sequence[int]: ...
    def values(self, field: str) -> Sequence[str]: ...


class Words:
    """The forms of words over one snapshot's vocabulary."""

    def __init__(
        self, vocabulary: Vocabulary, lexicon: Lexicon, match: Match, spelling: Spelling | None
    ) -> None:
        self._vocabulary, self._lexicon = vocabulary, lexicon
        self._match, self._spelling = match, spelling
        self._inflection = Inflection(vocabulary.terms, wordlist_of(vocabulary).df, lexicon.names)

    def forms(self, word: tree.Word) -> Iterator[Form]:
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
        core = self.core(term.folded)
        yield from self._stems(term_of(core), 1.0, "clitic", "stem")
        if core != term.folded:
            yield from self._stems(term, 1.0, "clitic", "stem")
        yield from self._with_clitics(core, 1.0, "clitic")
        cores = dict.fromkeys(reading.core for reading in self._inflection.readings(term.folded))
        for inflected in cores:
            yield from self._inflected(inflected, 1.0, term)
        bare = (core, *cores, *(inflected + at.HEH for inflected in cores))
        yield from self._plurals(bare)
        for word_of_family in dict.fromkeys(bare):
            yield from self._variants(word_of_family)

    def near_spellings(self, word: tree.Word) -> Iterator[Form]:
        """What the word may be a slip for, where it looks like one: weak forms beside its own."""
        if self._spelling is None or word.plain or self._match in ("exact", "spelling"):
            return
        for other, weight in self._spelling(term_of(word.text).folded):
            yield Form("folded", other, weight * VIEW_WEIGHT["folded"], "fuzzy")
            yield from self._stems(term_of(other), weight, "fuzzy", "fuzzy")

    def letters(self, word: tree.Word) -> Iterator[tuple[str, ...]]:
        """The word with its articles, then the best word that it may be a slip for: what re-ranking reads."""
        yield self.with_articles(word)
        near = [form.term for form in self.near_spellings(word) if form.view == "folded"]
        yield from ((other,) for other in near[:1])

    def with_articles(self, word: tree.Word) -> tuple[str, ...]:
        """A word folded, then its other forms with and without the article that the archive holds."""
        term = term_of(word.text)
        others = (term.light, *(article + term.light for article in ARTICLES))
        return tuple(dict.fromkeys([term.folded, *filter(self.known, others)]))

    def core(self, folded: str) -> str:
        """The word without what is glued before it, as far as this archive attests it.

        A name is never cut. Otherwise a proclitic comes off where the rest is a word of the archive that
        is likelier than the whole, both counted with the article too: وزير stays, وحكومة is حكومة.
        """
        if (name := shield.name_in(folded)) is not None:
            return name
        if folded in shield.bases() or folded in self._lexicon.names:
            return folded
        for proclitic in shield.proclitics():
            rest = folded.removeprefix(proclitic)
            if rest != folded and len(rest) >= SHORTEST_CORE and self._inflection.outnumbers(rest, folded):
                return rest
        return folded

    def known(self, folded: str) -> bool:
        """Whether the archive holds a folded word."""
        return self._inflection.known(folded)

    def _stems(self, term: Term, weight: float, light: Via, stem: Via) -> Iterator[Form]:
        yield Form("light", term.light, weight * VIEW_WEIGHT["light"], light)
        if term.folded not in self._lexicon.names:
            yield Form("stem", term.stem, weight * VIEW_WEIGHT["stem"], stem)

    def _with_clitics(self, core: str, weight: float, via: Via) -> Iterator[Form]:
        """The words of the archive that are this one with something glued before it."""
        if len(core) < SHORTEST_CORE:
            return
        bare = core.removeprefix(at.ARTICLE)
        for proclitic in shield.proclitics():
            glued = proclitic + bare
            if glued not in shield.bases() and shield.name_in(glued) in (None, bare) and self.known(glued):
                yield Form("folded", glued, weight * CLITIC_WEIGHT * VIEW_WEIGHT["folded"], via)

    def _inflected(self, core: str, weight: float, asked: Term, via: Via = "stem") -> Iterator[Form]:
        """The words of the archive that share a core with the word, where its stems do not reach them."""
        for word, _ in self._inflection.words(core):
            term = term_of(word)
            if term.light != asked.light and term.stem != asked.stem:
                yield Form("folded", word, weight * CLITIC_WEIGHT * VIEW_WEIGHT["folded"], via)

    def _plurals(self, bare: Sequence[str]) -> Iterator[Form]:
        """The plurals, or the singular, of a word that is known in one of several bare forms."""
        known = self._lexicon.plurals
        lights = (term_of(word).light for word in bare)
        for other in dict.fromkeys(other for word in (*bare, *lights) for other in known.get(word, ())):
            term = term_of(other)
            yield from self._stems(term, PLURAL_WEIGHT, "plural", "plural")
            yield from self._with_clitics(other, PLURAL_WEIGHT, "plural")
            for reading in self._inflection.readings(other):
                yield from self._inflected(reading.core, PLURAL_WEIGHT, term, "plural")

    def _variants(self, core: str) -> Iterator[Form]:
        for other in self._variants_of(core):
            if " " not in other:
                term = term_of(other)
                stems = self._stems(term, VARIANT_WEIGHT, "variant", "variant")
                yield from stems if shield.name_in(core) is None else islice(stems, 1)
                for reading in self._inflection.readings(other):
                    yield from self._inflected(reading.core, VARIANT_WEIGHT, term, "variant")

    def _variants_of(self, folded: str) -> tuple[str, ...]:
        light = term_of(folded).light
        return (*self._lexicon.variants.get(folded, ()), *self._lexicon.variants.get(light, ()))

    def spaced_variants(self, folded: str) -> Iterator[Slots]:
        """The other spellings of a word that are several words, as slots."""
        for other in self._variants_of(folded):
            if " " in other:
                yield tuple((Form("folded", word, 1.0, "variant"),) for word in other.split())

    # joined and apart

    def apart(self, folded: str) -> Iterator[Slots]:
        """The slots of a joined word written apart: لايسمح → لا يسمح, وعبدالله → عبد الله."""
        bare = next((c for c in CARRIED if folded.startswith(tuple(c + n for n in BEFORE_NAMES))), "")
        for word in dict.fromkeys((folded, folded.removeprefix(bare))):
            for first in (*BEFORE_VERBS, *BEFORE_NAMES):
                rest = word.removeprefix(first)
                if (
                    rest != word
                    and may_join(first, rest)
                    and len(rest) >= SHORTEST_SPLIT
                    and self.known(rest)
                ):
                    yield self._first_slot(first, "spelling"), (Form("folded", rest, 1.0, "spelling"),)

    def joined(self, one: str, other: str) -> Slot:
        """The words of the archive that are two folded words written as one, clitics before them too."""
        if not may_join(one, other):
            return ()
        carried = (
            Form("folded", c + one + other, PLAIN_WEIGHT, "clitic" if c else "spelling")
            for c in ("", *CARRIED)
        )
        return tuple(form for form in carried if self.known(form.term))

    def joined_variants(self, one: str, other: str) -> tuple[Slot, Slot]:
        """The other spellings of two words that the lexicon knows together, as forms of each.

        A spelling of one word is a form of both; of two words, each is a form of the word in its place.
        """
        slots: tuple[list[Form], list[Form]] = ([], [])
        for spelling in self._lexicon.variants.get(f"{one} {other}", ()):
            words = spelling.split()
            if len(words) <= len(slots):
                for slot, typed, word in zip(slots, (one, other), (words[0], words[-1]), strict=True):
                    if word != typed:
                        slot.append(Form("folded", word, VARIANT_WEIGHT, "variant"))
        return tuple(slots[0]), tuple(slots[1])

    # phrases

    def phrase_slots(self, typed: Sequence[Term], strict: bool) -> Iterator[Slots]:
        """The slots of a phrase, then of its other spellings with two words joined or one apart.

        Args:
            strict: only the words themselves, in any spelling; otherwise the first may carry و ف ب ل ك.
        """
        folded = [term.folded for term in typed]
        slots: Slots = tuple(
            (Form("written", t.written, 0.0, "exact"), Form("folded", t.folded, 1.0, "spelling"))
            for t in typed
        )
        if strict:
            yield slots
            return
        slots = ((*slots[0], *self._first_slot(folded[0], "spelling")), *slots[1:])
        yield slots
        for n in range(len(folded) - 1):
            if together := self.joined(folded[n], folded[n + 1]):
                kept = together if n == 0 else together[:1]
                yield (*slots[:n], kept, *slots[n + 2 :])
        for n, word in enumerate(folded):
            for apart in self.apart(word):
                yield (*slots[:n], *apart, *slots[n + 1 :])

    def _first_slot(self, first: str, via: Via) -> Slot:
        """A word, and the words of the archive that are it behind و ف ب ل ك."""
        bare = first.removeprefix(at.ALEF) if first.startswith(at.ARTICLE) else first
        carried = (c + (bare if c.endswith(at.LAM) else first) for c in CARRIED)
        return (
            Form("folded", first, 1.0, via),
            *(Form("folded", word, 1.0, "clitic") for word in carried if self.known(word)),
        )


@lru_cache(maxsize=1 << 12)
def may_join(one: str, other: str) -> bool:
    """Whether two folded words are also written as one.

    >>> may_join("عبد", "الله"), may_join("لا", "يسمح"), may_join("لا", "عب"), may_join("في", "بغداد")
    (True, True, False, False)
    """
    return one in BEFORE_NAMES or (one in BEFORE_VERBS and other[:1] in tuple(VERB_STARTS))
