"""A query in Latin letters, read as Arabic: by the table of exonyms, else by the sounds of words.

English words stay what they are: sound alone would take said for السيد and help for حلب.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from indexer.analysis import fold
from indexer.analysis.lexicon import SEPARATOR, entries
from indexer.query import tree
from indexer.query.fullnames import FEWEST_TOGETHER, Candidate, Part, Together, bare, side_by_side
from indexer.query.latin import ARTICLES, plain_latin
from indexer.query.sounds import Sounding, Sounds
from indexer.query.wordlist import Wordlist

ENDINGS = tuple(
    "'s ingly edly fully nesses ness ments ment fulness lessly less ful ably able ations ation ions ion "
    "ively ive ers er est ies ied ily ings ing eds ed ally al ly es s y".split()
)
SHORTEST_STEM = 3

SURE, SURE_LETTERS = ((0.12, 20), (0.05, 8)), 4
OFFERED_PER_LETTER = 0.30
"""A sounding is acted on up to such a cost a letter in so many articles, and offered up to the last cost."""

LATIN_DF = 5
"""A Latin word that so many articles hold is meant as it stands (CNN, LTE)."""

NEAR_TIE, MOST_FORMS = 0.4, 4
"""Forms whose score is so near to the best are searched together: 1.8 forms on average hold the right one
97 % of the time; at 1.0 there are 3.3 and hardly more."""

FEWEST_LETTERS, MOST_TRIED = 3, 12
"""Short words of fewer different letters sound like anything; so many words are tried beside neighbours."""

SURE_BESIDE = 0.20
"""The cost a letter up to which a word is sure that stands next to what its neighbour is."""

COMPOUNDS = (
    (re.compile("(.{3,}?)[aeiou]?llah?"), "الله"),
    (re.compile("(.{3,}?)(?:[aeiou]d|[aeiou]l)d[aeiy]+ne?"), "الدين"),
    (re.compile("(.{3,}?)o(?:gh|g)?lu"), "أوغلو"),
)
"""Endings of names that Arabic writes as a second word."""

LONGEST_NAME = 4
PARTICLES = {
    **{"bin": "بن", "ben": "بن", "ibn": "ابن", "bint": "بنت", "abi": "أبي", "umm": "أم", "oum": "أم"},
    **dict.fromkeys(("abu", "abou", "abul", "aboul"), "أبو"),
    **dict.fromkeys(("abd", "abdel", "abdul"), "عبد"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What stands for one or more Latin words.

    Attributes:
        clauses: its Arabic readings, best first; empty: the words stay as they are.
        sure: it can be acted on without asking.
        typed: the clauses as typed.
        latin: the one word that may be read by its sounds.
        listed: a table tells what it is.
    """

    typed: tuple[tree.Word, ...]
    clauses: tuple[tree.Word | tree.Phrase, ...] = ()
    sure: bool = False
    latin: str = ""
    listed: bool = False


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
        together: what tells whether words stand next to each other; None: nothing does.
        strays: whether the stem of a folded word mostly finds others; such a word is searched as it stands.
    """

    words: Wordlist
    sounds: Callable[[], Sounds]
    written: Callable[[str], str]
    together: Together | None = None
    strays: Callable[[str], bool] = lambda folded: False

    def word(self, folded: str, position: int) -> tree.Word:
        """A word of the archive as a clause, in its commonest writing."""
        return tree.Word(self.written(folded), self.strays(folded), position)


def choices(run: Sequence[tree.Word], ear: Ear) -> list[Choice]:
    """The Latin words of a run, one after the other, each as what it may be in Arabic."""
    alone = list(_alone(run, ear))
    if ear.together is None or len(alone) < 2:
        return alone
    parts = [_part(choice, ear) for choice in alone]
    beside = side_by_side(parts, ear.together, ear.words.at_scale(FEWEST_TOGETHER))
    return [
        _as_name(choice, part, words, ear) for choice, part, words in zip(alone, parts, beside, strict=True)
    ]


def _part(choice: Choice, ear: Ear) -> Part:
    """What a word may be as a part of a name: what its table says, else what it sounds like."""
    told = [_words_of(clause) for clause in choice.clauses] if choice.listed else []
    candidates = [Candidate(each[0], ear.words.df.get(each[0], 0), 0.0, 0.0, each[-1]) for each in told]
    if not choice.latin or (told and all(isinstance(clause, tree.Word) for clause in choice.clauses)):
        return Part(tuple(candidates))
    near = ear.sounds().soundings(choice.latin, MOST_TRIED)
    candidates += [_candidate(s) for s in near if s.per_letter <= OFFERED_PER_LETTER]
    return Part(tuple(candidates), choice.listed or not choice.clauses)


def _candidate(heard: Sounding) -> Candidate:
    return Candidate(heard.word, heard.articles, heard.score, heard.per_letter)


def _words_of(clause: tree.Word | tree.Phrase) -> list[str]:
    return [fold(clause.text)] if isinstance(clause, tree.Word) else [fold(word) for word in clause.words]


def _as_name(choice: Choice, part: Part, words: Sequence[str], ear: Ear) -> Choice:
    """A word as the name that its neighbours make of it."""
    told = {bare(_words_of(clause)[0]) for clause in choice.clauses} if choice.listed else set()
    if not words or bare(words[0]) in told:
        return choice
    cost = min(c.per_letter for c in part.candidates if bare(c.word) == bare(words[0]))
    clauses = tuple(ear.word(word, choice.typed[0].position) for word in words)
    return replace(choice, clauses=clauses, sure=choice.sure or cost <= SURE_BESIDE)


def _alone(run: Sequence[tree.Word], ear: Ear) -> Iterator[Choice]:
    plain = [plain_latin(word.text) for word in run]
    start = 0
    while start < len(run):
        known = _longest_known(plain, start)
        if known:
            typed, name = tuple(run[start : start + known]), _spaced(" ".join(plain[start : start + known]))
            clauses = tuple(_clause(arabic, run[start]) for arabic in exonyms()[name])
            yield Choice(typed, clauses, True, name if known == 1 else "", listed=True)
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
    position = typed[0].position
    if latin in PARTICLES:
        particle = tree.Word(PARTICLES[latin], position=position)
        return Choice(tuple(typed), (particle,), True, latin, listed=True)
    if compound := _compound(latin, position, ear):
        return Choice(tuple(typed), (compound,), True, listed=True)
    held = ear.words.df.get(fold(latin), 0) >= ear.words.at_scale(LATIN_DF)
    if held or is_english(latin) or (len(latin) < SURE_LETTERS and len(set(latin)) < FEWEST_LETTERS):
        return Choice(tuple(typed), latin=latin)
    found = ear.sounds().soundings(latin)
    if not found or found[0].per_letter > OFFERED_PER_LETTER:
        return Choice(tuple(typed), latin=latin)
    near = [s for s in found if found[0].score - s.score <= NEAR_TIE and s.per_letter <= OFFERED_PER_LETTER]
    clauses = tuple(ear.word(s.word, position) for s in near[:MOST_FORMS])
    return Choice(tuple(typed), clauses, _sure(found[0], latin, ear.words), latin)


def _compound(latin: str, position: int, ear: Ear) -> tree.Phrase | None:
    """A name that Arabic writes as two words: ramallah, saadeddine, davutoglu."""
    for ending, second in COMPOUNDS:
        match = ending.fullmatch(latin)
        if match is None or ear.together is None:
            continue
        first = PARTICLES.get(match[1])
        heard = [Candidate(fold(first), 0, 0.0, 0.0)] if first else []
        heard += [_candidate(s) for s in ear.sounds().soundings(match[1], MOST_TRIED) if not first]
        parts = [Part(tuple(heard)), Part((Candidate(fold(second), 0, 0.0, 0.0),))]
        words = side_by_side(parts, ear.together, ear.words.at_scale(FEWEST_TOGETHER))[0]
        if words:
            return tree.Phrase((ear.written(words[0]), second), position=position)
    return None


def _sure(best: Sounding, latin: str, words: Wordlist) -> bool:
    return len(latin) >= SURE_LETTERS and any(
        best.per_letter <= cost and best.articles >= words.at_scale(articles) for cost, articles in SURE
    )


def _clause(name: str, at: tree.Word) -> tree.Word | tree.Phrase:
    parts = tuple(name.split())
    return (
        tree.Phrase(parts, position=at.position) if len(parts) > 1 else tree.Word(name, position=at.position)
    )
