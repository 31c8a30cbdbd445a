"""The queries: one table of their classes, drawn from the articles themselves with a fixed seed."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from benchmarks.speed.corpus import Prepared

SEED = 7
SAMPLE = 2_000
"""Articles that words are drawn from."""

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


@dataclass(frozen=True, slots=True)
class Query:
    """One query.

    Attributes:
        kind: its class, a key of `CLASSES`.
        words: its folded words, or the letters that stand for them.
        text: what a reader would type.
    """

    kind: str
    words: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """What queries are drawn from: words of articles, headlines, and words by how common they are."""

    bodies: Sequence[Sequence[str]]
    titles: Sequence[str]
    common: Sequence[str]
    middle: Sequence[str]
    rare: Sequence[str]


Draw = Callable[[Source, random.Random], tuple[tuple[str, ...], str]]
"""Gives the words and the text of one query."""


def source_of(made: Prepared) -> Source:
    """What to draw queries of some articles from."""
    df: Counter[str] = Counter()
    bodies: list[list[str]] = []
    titles: list[str] = []
    for n, article in enumerate(made.terms()):
        words = article.folded.split()
        df.update(set(words))
        if len(bodies) < SAMPLE and len(words) > 20:
            bodies.append(words)
            titles.append(article.title)
        total = n + 1
    ranked = [word for word, _ in df.most_common() if len(word) > 1]
    return Source(
        bodies,
        [title for title in titles if len(title.split()) >= 4],
        ranked[: max(1, len(ranked) // 1_000)],
        [word for word in ranked if total / 200 <= df[word] <= total / 50] or ranked,
        list(islice((word for word in reversed(ranked) if 2 <= df[word] <= 5), 5_000)) or ranked,
    )


def _word(level: str) -> Draw:
    def draw(source: Source, chance: random.Random) -> tuple[tuple[str, ...], str]:
        word = chance.choice(getattr(source, level))
        return (word,), word

    return draw


def _of_one_article(count: int, sign: str) -> Draw:
    def draw(source: Source, chance: random.Random) -> tuple[tuple[str, ...], str]:
        words = tuple(chance.sample(sorted(set(chance.choice(source.bodies))), count))
        return words, sign.join(words)

    return draw


def _neighbours(count: int) -> Draw:
    def draw(source: Source, chance: random.Random) -> tuple[tuple[str, ...], str]:
        words = chance.choice(source.bodies)
        at = chance.randrange(len(words) - count)
        return tuple(words[at : at + count]), f'"{" ".join(words[at : at + count])}"'

    return draw


def _long_word(source: Source, chance: random.Random) -> str:
    return chance.choice([word for word in chance.choice(source.bodies) if len(word) > 5] or source.middle)


def _prefix(source: Source, chance: random.Random) -> tuple[tuple[str, ...], str]:
    start = _long_word(source, chance)[:4]
    return (start,), f"{start}*"


def _suffix(source: Source, chance: random.Random) -> tuple[tuple[str, ...], str]:
    end = _long_word(source, chance)[-4:]
    return (end,), f"*{end}"


def _slip(source: Source, chance: random.Random) -> tuple[tuple[str, ...], str]:
    word = _long_word(source, chance)
    at = chance.randrange(1, len(word))
    typed = word[:at] + chance.choice(LETTERS) + word[at + 1 :]
    return (typed,), f"{typed}~"


def _headline(source: Source, chance: random.Random) -> tuple[tuple[str, ...], str]:
    title = chance.choice(source.titles)
    return tuple(dict.fromkeys(chance.choice(source.bodies)[: len(title.split())])), title


def _part_of_headline(source: Source, chance: random.Random) -> tuple[tuple[str, ...], str]:
    words = chance.choice(source.titles).split()
    at = chance.randrange(len(words) - 2)
    text = " ".join(words[at : at + chance.choice((2, 3))])
    return (text,), text


CLASSES: dict[str, Draw] = {
    "common word": _word("common"),
    "middle word": _word("middle"),
    "rare word": _word("rare"),
    "or 2": _of_one_article(2, " OR "),
    "or 3": _of_one_article(3, " OR "),
    "and 2": _of_one_article(2, " "),
    "and 3": _of_one_article(3, " "),
    "phrase 2": _neighbours(2),
    "phrase 3": _neighbours(3),
    "prefix": _prefix,
    "leading wildcard": _suffix,
    "fuzzy": _slip,
    "facets and months": _of_one_article(2, " OR "),
    "headline": _headline,
    "whole request": _part_of_headline,
}
"""Every class, and how a query of it is drawn. A headline is asked of the engines as the first words of a
body, as many as the headline has; of the servers as it stands."""

SERVED = ("common word", "and 2", "or 3", "phrase 2", "headline")
"""The classes that are asked over HTTP."""

CROWD = ("or 2", "and 2", "phrase 2", "headline")
"""The classes that many clients ask at once."""

PATTERNS = ("prefix", "leading wildcard", "fuzzy")
"""Classes that a peer answers by going through its terms, in up to seconds: fewer of them are asked."""


def drawn(source: Source, each: int, kinds: Iterable[str] = CLASSES) -> dict[str, list[Query]]:
    """`each` different queries of every class; a third of that of `PATTERNS`."""
    return {kind: _distinct(kind, source, max(2, each // 3) if kind in PATTERNS else each) for kind in kinds}


def _distinct(kind: str, source: Source, count: int) -> list[Query]:
    chance, found = random.Random(f"{SEED} {kind}"), dict[Query, None]()
    for _ in range(20 * count):
        if len(found) < count:
            found[Query(kind, *CLASSES[kind](source, chance))] = None
    return list(found)
