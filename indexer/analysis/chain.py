"""The analysis chain: from a word as it stands in a text to the terms it is found by."""

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from indexer.analysis import letters as at
from indexer.analysis import names as shield
from indexer.analysis.normalize import each_folded, each_written, fold, written
from indexer.analysis.stem import light, snowballs
from indexer.analysis.tokenize import words

ANALYSIS_NUMBER = 2
"""Counted up by hand when the chain changes in a way that neither tables nor probe words show."""

NAME_MARK = "="
"""Stands before the stem of a name, so that no word is stemmed to it: قطرة gives قطر, the country =قطر."""

LONGEST_TERM = 64
"""Terms are cut to so many letters, in the index and in queries alike."""

PROBES = (
    "وَالمُسْتَشْفَى إيران ايران الـعراق للعراقيين مسؤول مسئول شيء الكاظمي بوتين وبوتين لروحاني ألمانيا "
    "١٢٬٣٤٥ 12,345 ٢٠٢٠ G20 کتاب فی ﻻ ﷲ ﷺ عقوبات العقوبات رئاسة رئاسه على علي قطر قطرة Café"
)
"""Words whose terms show a change of the chain."""


class Term(NamedTuple):
    """The four views of a word that are indexed.

    Attributes:
        written: letters as typed, without marks.
        folded: one spelling for all; phrases, wildcards and highlighting read it.
        light: without the article.
        stem: Snowball's stem, with its first letter in the words of ``bases.txt``; or ``=`` and the name
            itself where the word is a shipped name.
    """

    written: str
    folded: str
    light: str
    stem: str


class Token(NamedTuple):
    """A word in a text: ``text[start:end]``, its place in the order of words, and its terms."""

    text: str
    start: int
    end: int
    position: int
    term: Term


def tokens(text: str) -> Iterator[Token]:
    """The words of a text with their terms.

    >>> [(token.text, token.term.light) for token in tokens("زيارة الوزير")]
    [('زيارة', 'زياره'), ('الوزير', 'وزير')]
    """
    for position, (word, start, end) in enumerate(words(text)):
        yield Token(word, start, end, position, term_of(word))


@lru_cache(maxsize=1 << 15)
def term_of(word: str) -> Term:
    """The terms of one word.

    >>> term_of("العلاقاتُ")
    Term(written='العلاقات', folded='العلاقات', light='علاقات', stem='علاق')
    >>> term_of("وبوتين").stem
    '=بوتين'
    """
    word = _ungrouped(word)
    folded = fold(word)[:LONGEST_TERM]
    lights, stems = _stems_of((folded,))
    return Term(written(word)[:LONGEST_TERM], folded, lights[folded], stems[folded])


class Views(NamedTuple):
    """The four views of some words, each a column: `Term` is what they hold of one word."""

    written: list[str]
    folded: list[str]
    light: list[str]
    stem: list[str]


def views_of(words: Sequence[str]) -> Views:
    """The terms of many words, several times as fast as `term_of` of each.

    Args:
        words: as the tokenizer gives them; none holds a line end.

    >>> views_of(["وبوتين", "العلاقات"]).stem
    ['=بوتين', 'علاق']
    """
    words = [_ungrouped(word) for word in words]
    as_written = [word[:LONGEST_TERM] for word in each_written(words)]
    folded = [word[:LONGEST_TERM] for word in each_folded(words)]
    lights, stems = _stems_of(tuple(dict.fromkeys(folded)))
    return Views(
        as_written, folded, list(map(lights.__getitem__, folded)), list(map(stems.__getitem__, folded))
    )


def _ungrouped(word: str) -> str:
    """A number without the commas of its groups; any other word as it is."""
    return word.replace(",", "") if "," in word and word[0].isdigit() else word


def _stems_of(folded: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The light form, and the stem, of distinct folded words; a name keeps itself."""
    names = {word: name for word in folded if (name := shield.name_in(word))}
    others = [word for word in folded if word not in names] if names else folded
    bare = [light(word) for word in others]
    lights = names | dict(zip(others, bare, strict=True))
    stems = {word: NAME_MARK + name for word, name in names.items()}
    stems.update(zip(others, _snowball_stems(others, bare), strict=True))
    return lights, stems


def _snowball_stems(folded: Sequence[str], bare: Sequence[str]) -> list[str]:
    """Snowball's stems; of a listed word one that keeps its first letter.

    Snowball takes the و of وزير and the ب of برلمان for particles, but not behind the article.

    Args:
        bare: the folded words without the article.
    """
    stems = each_folded(snowballs(folded))
    cut = [b for stem, b in zip(stems, bare, strict=True) if stem[0] != b[0]]
    listed = shield.bases().intersection(cut) if cut else ()
    if not listed:
        return stems
    whole = _whole_stems(sorted(listed))
    return [stem if stem[0] == b[0] else whole.get(b, stem) for stem, b in zip(stems, bare, strict=True)]


def _whole_stems(bare: Sequence[str]) -> dict[str, str]:
    """Stems that keep the first letter, of words without the article."""
    stems = each_folded(snowballs([at.ARTICLE + word for word in bare]))
    return {word: stem if stem[0] == word[0] else word for word, stem in zip(bare, stems, strict=True)}


class Step(NamedTuple):
    """One rule of the chain that changed a word."""

    rule: str
    before: str
    after: str


def steps(word: str) -> tuple[Step, ...]:
    """The way of a word through the chain: every rule that changed it, in order.

    >>> [(step.rule, step.after) for step in steps("والاتفاقيّة")]
    [('written', 'والاتفاقية'), ('folded', 'والاتفاقيه'), ('light', 'اتفاقيه'), ('stem', 'والاتفاق')]
    """
    term = term_of(word)
    shielded = shield.name_in(term.folded) is not None
    ways = (
        ("written", word, term.written),
        ("folded", term.written, term.folded),
        ("name" if shielded else "light", term.folded, term.light),
        ("name" if shielded else "stem", term.folded, term.stem),
    )
    changed = (Step(rule, before, after) for rule, before, after in ways if before != after)
    return tuple(dict.fromkeys(changed))


@cache
def analysis_version() -> str:
    """A digest of what decides terms: the shipped tables, `ANALYSIS_NUMBER`, and the terms of `PROBES`."""
    digest = hashlib.sha256(str((ANALYSIS_NUMBER, LONGEST_TERM, at.IGNORED)).encode())
    for table in (shield.names(), shield.bases(), shield.proclitics()):
        digest.update(repr(sorted(table)).encode())
    digest.update(repr([token.term for token in tokens(PROBES)]).encode())
    return digest.hexdigest()[:16]
