"""A query in Latin letters, read as Arabic: by the table of exonyms, else by the sounds of words.

English words stay what they are: sound alone would take said for السيد and help for حلب.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from indexer.analysis import fold
from indexer.analysis.lexicon import SEPARATOR, entries
from indexer.query import tree
from indexer.query.latin import ARTICLES, plain_latin
from indexer.query.sounds import Sounding, Sounds
from indexer.query.wordlist import Wordlist

ENDINGS = tuple(
    "'s ingly edly fully nesses ness ments ment fulness lessly less ful ably able ations ation ions ion "
    "ively ive ers er est ies ied ily ings ing eds ed ally al ly es s y".split()
)
SHORTEST_STEM = 3

SURE_PER_LETTER, SURE_DF, SURE_LETTERS = 0.15, 20, 4
OFFERED_PER_LETTER = 0.30
"""A sounding is acted on up to the first cost a letter, and offered up to the second."""

LATIN_DF = 5
"""A Latin word that so many articles hold is meant as it stands (CNN, LTE)."""

NEAR_TIE, MOST_FORMS = 0.4, 4
"""Forms whose score is so near to the best are searched together: 1.8 forms on average hold the right one
97 % of the time; at 1.0 there are 3.3 and hardly more."""

FEWEST_LETTERS = 3
"""Words of fewer different letters sound like anything."""

LONGEST_NAME = 4
PARTICLES = {"bin": "بن", "ben": "بن", "ibn": "ابن", "bint": "بنت", "abu": "أبو", "abou": "أبو", "abi": "أبي",
             "umm": "أم", "oum": "أم", "abd": "عبد", "abdel": "عبد", "abdul": "عبد"}  # fmt: skip
DROPPED = frozenset("van von de der da di du dos del the of and mr mrs".split())


@dataclass(frozen=True, slots=True)
class Choice:
    """What stands for one or more Latin words.

    Attributes:
        clauses: its Arabic readings, best first; empty: the words stay as they are.
        sure: it can be acted on without asking.
        typed: the clauses as typed.
    """

    typed: tuple[tree.Word, ...]
    clauses: tuple[tree.Word | tree.Phrase, ...] = ()
    sure: bool = False


@cache
def exonyms() -> dict[str, tuple[str, ...]]:
    """Latin name, words apart by one space → Arabic names."""
    rows = ([part.strip() for part in line.split(SEPARATOR)] for _, line in entries("exonyms.txt"))
    return {_spaced(plain_latin(latin)): tuple(arabic) for latin, *arabic in rows}


@cache
def english() -> frozenset[str]:
    """Common English words, in their base forms."""
    return frozenset(word for _, line in entries("english.txt") for word in line.split())


def is_english(word: str) -> bool:
    """Whether a Latin word is a common English one, endings aside.

    >>> is_english("said"), is_english("governments"), is_english("kadhimi")
    (True, True, False)
    """
    known, word = english(), word.lower().replace("’", "'")
    if word in known:
        return True
    return any(_bases(word, ending) & known for ending in ENDINGS if word.endswith(ending))


def _bases(word: str, ending: str) -> frozenset[str]:
    """What a word may be without an ending: stopped is stop, making is make, tried is try."""
    stem = word.removesuffix(ending)
    if len(stem) < SHORTEST_STEM:
        return frozenset()
    once = stem[:-1] if stem[-1:] == stem[-2:-1] else stem
    return frozenset((stem, stem + "e", stem + "y", once))


def _spaced(text: str) -> str:
    return re.sub(r"[\s'-]+", " ", text).strip()


def is_latin(word: str) -> bool:
    """Whether a word is in Latin letters, chat digits among them."""
    plain = plain_latin(word)
    return any("a" <= c <= "z" for c in plain) and re.fullmatch(r"[a-z2-9']+", plain) is not None


@dataclass(frozen=True, slots=True)
class Ear:
    """What Latin words are read by.

    Attributes:
        sounds: the archive's words by their sounds; asked for only where needed.
        written: folded word → its commonest writing.
    """

    words: Wordlist
    sounds: Callable[[], Sounds]
    written: Callable[[str], str]


def choices(run: Sequence[tree.Word], ear: Ear) -> Iterator[Choice]:
    """The Latin words of a run, one after the other, each as what it may be in Arabic."""
    plain = [plain_latin(word.text) for word in run]
    start = 0
    while start < len(run):
        known = _longest_known(plain, start)
        if known:
            arabic = exonyms()[_spaced(" ".join(plain[start : start + known]))]
            yield Choice(
                tuple(run[start : start + known]), tuple(_clause(name, run[start]) for name in arabic), True
            )
            start += known
        elif plain[start] in ARTICLES and start + 1 < len(run):
            yield _word(run[start : start + 2], plain[start + 1], ear)
            start += 2
        else:
            yield _word(run[start : start + 1], plain[start], ear)
            start += 1


def _longest_known(plain: Sequence[str], start: int) -> int:
    """How many words from here are an exonym, the longest of several; 0: none."""
    for length in range(min(LONGEST_NAME, len(plain) - start), 0, -1):
        if _spaced(" ".join(plain[start : start + length])) in exonyms():
            return length
    return 0


def _word(typed: Sequence[tree.Word], latin: str, ear: Ear) -> Choice:
    """One Latin word, the article before it among the typed ones."""
    if latin in PARTICLES:
        return Choice(tuple(typed), (tree.Word(PARTICLES[latin], position=typed[0].position),), True)
    held = ear.words.df.get(fold(latin), 0) >= ear.words.at_scale(LATIN_DF)
    if held or is_english(latin) or len(set(latin)) < FEWEST_LETTERS:
        return Choice(tuple(typed))
    found = ear.sounds().soundings(latin)
    if not found or found[0].per_letter > OFFERED_PER_LETTER:
        return Choice(tuple(typed))
    near = [s for s in found if found[0].score - s.score <= NEAR_TIE and s.per_letter <= OFFERED_PER_LETTER]
    clauses = tuple(tree.Word(ear.written(s.word), position=typed[0].position) for s in near[:MOST_FORMS])
    return Choice(tuple(typed), clauses, _sure(found[0], latin, ear.words))


def _sure(best: Sounding, latin: str, words: Wordlist) -> bool:
    return (
        best.per_letter <= SURE_PER_LETTER
        and best.articles >= words.at_scale(SURE_DF)
        and len(latin) >= SURE_LETTERS
    )


def _clause(name: str, at: tree.Word) -> tree.Word | tree.Phrase:
    parts = tuple(name.split())
    return (
        tree.Phrase(parts, position=at.position) if len(parts) > 1 else tree.Word(name, position=at.position)
    )
