"""The articles that are measured with, and their terms: written once into a folder, for every participant.

articles.jsonl      what `rasid add` and OpenSearch read
terms.jsonl         id, source, month and the body's folded terms: what the peers index
"""

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from indexer import readers
from indexer.analysis import tokens
from indexer.model import Article

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "corpora"
SEEDS = ROOT / "seeds"

CORPORA = {"ant_multisource": 30_175, "ant_jawhara": 9_974, "sanad_khaleej": 45_484}
"""File → its articles."""

NEWS = ("ant_multisource",)
"""The corpus that has every field."""

Row = dict[str, Any]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Terms:
    """One article as peers get it: folded terms of the body, separated by spaces."""

    id: str
    source: str
    month: str
    title: str
    folded: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A folder with the input of a run."""

    folder: Path

    @property
    def articles_file(self) -> Path:
        return self.folder / "articles.jsonl"

    @property
    def terms_file(self) -> Path:
        return self.folder / "terms.jsonl"

    def rows(self) -> Iterator[Row]:
        """The articles as they are added."""
        with self.articles_file.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)

    def articles(self) -> Iterator[Article]:
        """The articles as a writer gets them."""
        return map(article_of, self.rows())

    def terms(self) -> Iterator[Terms]:
        """The articles as peers get them."""
        with self.terms_file.open(encoding="utf-8") as lines:
            yield from (Terms(**json.loads(line)) for line in lines)


def prepared(folder: Path, rows: Iterable[Row]) -> Prepared:
    """The input in a folder; what a kept folder has is used again."""
    made = Prepared(folder)
    if not made.articles_file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_rows(made.articles_file, rows)
    return made


def analysed(made: Prepared) -> None:
    """Writes the terms of all articles."""
    write_rows(made.terms_file, map(terms_of, made.articles()))


def terms_of(article: Article) -> Row:
    """The line of an article in `terms.jsonl`."""
    return {
        "id": article.id,
        "source": article.source or "",
        "month": (article.published or "")[:7],
        "title": article.title,
        "folded": " ".join(token.term.folded for token in tokens(article.body)),
    }


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    part.rename(path)


def article_of(row: Row) -> Article:
    """An article of a row of `articles.jsonl`."""
    return Article(
        row["id"],
        row["title"] or "",
        row["body"],
        row["source"],
        section=row["category"],
        url=row["url"],
        published=row["date"],
    )


# --- where they come from ---------------------------------------------------------------------------------


def held(names: Iterable[str] = NEWS) -> int:
    """How many articles there are to measure with."""
    return sum(CORPORA[name] for name in names) if DATA.is_dir() else len(list(_seeds()))


def rows_of(count: int, names: Iterable[str] = NEWS) -> Iterator[Row]:
    """So many articles, evenly spread over the corpora: each size has the same mix.

    Without the corpora, the starter corpus.
    """
    names = tuple(names)
    every = _corpora(names) if DATA.is_dir() else _seeds()
    return spread(every, held(names), count)


def spread(items: Iterable[Item], total: int, count: int) -> Iterator[Item]:
    """`count` of `total` items, evenly spread.

    >>> "".join(spread("abcdefgh", 8, 4))
    'bdfh'
    """
    for n, item in enumerate(items):
        if (n + 1) * count // total > n * count // total:
            yield item


def _corpora(names: Iterable[str]) -> Iterator[Row]:
    for name in names:
        with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                yield {**row, "id": f"{name}.{row['id']}"}


def _seeds() -> Iterator[Row]:
    for record in readers.read([str(SEEDS)]):
        if isinstance(record, readers.Record):
            article = record.article
            yield {
                "id": article.id,
                "title": article.title,
                "body": article.body,
                "source": article.source,
                "date": article.published,
                "category": article.section,
                "url": article.url,
            }
