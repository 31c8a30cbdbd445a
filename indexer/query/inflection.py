"""How a word is inflected: what stands before and after its core, and which words of an archive share it.

A reading cuts a word into proclitic, core and ending: ولشركاتهم = ول + شرك + اتهم. The core has no ta
marbuta. It holds only where the archive or the lexicon attests the core, and both directions ask the same
question, so that two words find each other or neither finds the other.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import product
from typing import NamedTuple

from indexer.analysis import fold
from indexer.analysis import letters as at
from indexer.analysis import names as shield
from indexer.analysis.lexicon import lexicon_of

SHORTEST_CORE, SHORTEST_BEFORE_WEAK = 3, 4
"""Letters that are left. More where the ending is as often the word's own: ـي of مدني, ـت of بنت."""

SURE = 4
"""A rest of so many letters is no chance: it need not outnumber the whole word."""

PRONOUNS = tuple(fold(word) for word in ("ه", "ها", "هم", "هما", "هن", "نا", "كم"))
NOUNS = tuple(fold(word) for word in ("", "ة", "ات", "ين", "ون", "ان", "تين", "تان"))
ADJECTIVES = tuple(fold(word) for word in ("ي", "ية", "يات", "يين", "يون", "يا", "يان", "يتين", "يتان"))
WEAK = (*ADJECTIVES, *(fold(word) for word in ("ا", "ت", "تا", "وا", "و", "ك", "ني", "تي", "اتي")))
"""Adverbs, verbs and construct plurals among them: قرارا, أعلنت, أعلنوا, مسؤولو."""

OWNED = tuple(fold(word) for word in ("", "ت", "ات", "ي", "و"))
"""What stands between a core and a pronoun: كتابهم, شركتهم, شركاتهم, رئيسيهم, مسؤولوها."""

FEMININE = tuple(fold(word) for word in ("ة", "ت", "ات"))

VERB_STARTS = "يتنا"
"""First letters of an imperfect verb, folded: س goes before nothing else."""

THEY_DID = at.WAW + at.ALEF
"""A verb in ـوا takes no other ending: بقواتها is not of بقوا."""

HAMZA_SEATS = (at.HAMZA, at.YEH, at.WAW)
"""The hamza of ـاء before a pronoun, folded: رؤساءهم, رؤسائهم, رؤساؤهم."""


class Reading(NamedTuple):
    """One way to cut a word: ``proclitic + core + ending``, but for the core's last letter."""

    proclitic: str
    core: str
    ending: str


@cache
def endings() -> frozenset[str]:
    """Everything that may follow a core."""
    owned = (first + second for first, second in product(OWNED, PRONOUNS))
    return frozenset((*NOUNS, *WEAK, *owned))


@cache
def _tails(joints: tuple[str, ...]) -> frozenset[str]:
    """What may follow the beginning of a core whose last letter changes to one of some joints."""
    return frozenset(joint + ending for joint in joints for ending in endings())


@cache
def _pronouns() -> frozenset[str]:
    return frozenset(PRONOUNS)


@cache
def listed() -> frozenset[str]:
    """The ordinary words that the shipped lexicon knows, folded."""
    lexicon = lexicon_of()
    return frozenset((*shield.bases(), *lexicon.plurals, *lexicon.variants)) - shield.names()


@cache
def _barred() -> frozenset[str]:
    """Cores that no inflected word has: names, and function words (عليهم is not علي)."""
    return shield.names() | frozenset(map(fold, lexicon_of().stopwords))


def _long_enough(core: str, ending: str) -> bool:
    """Whether so few letters may be a core before an ending; two only of a listed word like خطة."""
    if len(core) < SHORTEST_CORE:
        return ending.startswith(FEMININE) and core + at.HEH in listed()
    return ending not in WEAK or len(core) >= SHORTEST_BEFORE_WEAK


def _is_listed(core: str) -> bool:
    known = listed()
    return core in known or core + at.HEH in known


@lru_cache(maxsize=1 << 14)
def keeps_first_letter(word: str) -> bool:
    """Whether a word, or what it is inflected from, is listed as it stands: nothing comes off before it.

    >>> keeps_first_letter("وزارتهم"), keeps_first_letter("وحكومه")
    (True, False)
    """
    bases = shield.bases()
    return word in bases or any(
        core in bases or (word.startswith(core) and core + at.HEH in bases)
        for core, _ in _cores(word)
        if not core.endswith(THEY_DID)
    )


@lru_cache(maxsize=1 << 14)
def _cores(rest: str) -> tuple[tuple[str, str], ...]:
    """The (core, ending) pairs that a word without proclitics may be."""
    found: list[tuple[str, str]] = []
    for cut in range(SHORTEST_CORE - 1, len(rest) + 1):
        core, ending = rest[:cut], rest[cut:]
        if ending not in endings() or not _long_enough(core, ending):
            continue
        found.append((core, ending))
        if ending in _pronouns() and core[-2:-1] == at.ALEF and core[-1] in HAMZA_SEATS[1:]:
            found.append((core[:-1] + at.HAMZA, ending))
        if ending in _pronouns() and core[-1] == at.ALEF:
            found.append((core[:-1] + at.YEH, ending))
    return tuple(found)


class Inflection:
    """The readings of words over one archive.

    Args:
        terms: the words of the archive, sorted, that begin with a prefix.
        df: word → number of articles.
        names: a home's own names, which are no more inflected than the shipped ones.
    """

    def __init__(
        self,
        terms: Callable[[str], Sequence[str]],
        df: Mapping[str, int],
        names: frozenset[str] = frozenset(),
    ) -> None:
        self._terms, self._df, self._names = terms, df, names

    def known(self, word: str) -> bool:
        """Whether the archive holds a word."""
        return word in self._df

    def attests(self, core: str) -> bool:
        """Whether the archive holds a core as a word, with or without ta marbuta and article."""
        words = (core, core + at.HEH, at.ARTICLE + core, at.ARTICLE + core + at.HEH)
        return any(word in self._df for word in words)

    def readings(self, word: str) -> Iterator[Reading]:
        """The ways to cut a word that the archive or the lexicon bears out."""
        if self._is_barred(word):
            return
        for proclitic in ("", *shield.proclitics()):
            rest = word.removeprefix(proclitic)
            if (proclitic and rest == word) or len(rest) < SHORTEST_CORE:
                continue
            for core, ending in _cores(rest):
                reading = Reading(proclitic, core, ending)
                if self._holds(reading, word):
                    yield reading

    def words(self, core: str) -> Iterator[tuple[str, Reading]]:
        """The words of the archive that can be cut to a core, each with how."""
        starts: list[tuple[str, tuple[str, ...]]] = [(core, ("",))]
        if core.endswith(at.ALEF + at.HAMZA):
            starts = [(core[:-1], HAMZA_SEATS)]
        elif core.endswith(at.YEH):
            starts.append((core[:-1], (at.ALEF,)))
        for proclitic in ("", *shield.proclitics()):
            for start, joints in starts:
                begin = proclitic + start
                for word in self._terms(begin):
                    tail = word[len(begin) :]
                    if tail in _tails(joints):  # most words that begin alike are others
                        yield from ((word, r) for r in self._cut(word, proclitic, core, tail, joints))

    def _cut(
        self, word: str, proclitic: str, core: str, tail: str, joints: tuple[str, ...]
    ) -> Iterator[Reading]:
        for joint in joints:
            ending = tail[len(joint) :]
            if not tail.startswith(joint) or ending not in endings():
                continue
            changed = joint and proclitic + core + ending != word
            if changed and ending not in _pronouns():
                continue
            reading = Reading(proclitic, core, ending)
            if not self._is_barred(word) and self._holds(reading, word):
                yield reading
                return

    def _attests_bare(self, core: str) -> bool:
        """The same without ta marbuta: what changes its last letter has none (برأيه is not of براءة)."""
        return core in listed() or core in self._df or at.ARTICLE + core in self._df

    def _is_barred(self, word: str) -> bool:
        return word in _barred() or word in self._names or shield.name_in(word) is not None

    def _holds(self, reading: Reading, word: str) -> bool:
        proclitic, core, ending = reading
        if core in _barred() or core in self._names or not _long_enough(core, ending):
            return False
        if not word.startswith(proclitic + core) and not self._attests_bare(core):
            return False
        if not proclitic:
            if core.startswith(at.ARTICLE) and not _is_listed(core):
                return False
            return not ending or _is_listed(core) or self.attests(core)
        rest, listed_core = word[len(proclitic) :], _is_listed(core)
        if not (listed_core or self.attests(core)) or word in shield.bases():
            return False
        if rest not in listed() and keeps_first_letter(word):
            return False
        if proclitic.endswith((at.ARTICLE, at.LAM + at.LAM)):
            return True
        if rest.startswith(at.ARTICLE) and rest not in shield.bases():
            return False
        if proclitic.endswith(at.SEEN) and rest[0] not in VERB_STARTS:
            return False
        if _is_listed(core) or (
            proclitic in (at.WAW, at.FEH + at.SEEN, at.WAW + at.SEEN) and len(rest) >= SURE
        ):
            return True
        if len(rest) > SURE and not self.known(rest):
            return True
        more = max(map(self._kin, {rest, core, core + at.HEH})) - self._kin(word)
        return more > 0 or (more == 0 and len(rest) >= SURE)

    def outnumbers(self, rest: str, word: str) -> bool:
        """Whether what is left of a word is the likelier word of the two."""
        return rest in self._df and self._kin(rest) > self._kin(word)

    def _kin(self, word: str) -> int:
        """How often the archive has a word as it stands or behind the article, which no proclitic allows."""
        return self._df.get(word, 0) + self._df.get(at.ARTICLE + word, 0)
