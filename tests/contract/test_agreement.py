"""Engines rank alike: the first page of one holds what the first page of another holds."""

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import pytest

from indexer.analysis.tokenize import word_list
from indexer.engines import engine_named
from indexer.engines.base import SearchEngine
from indexer.errors import MissingExtra
from indexer.evaluate import DEPTH, Run, ranked
from indexer.model import Article
from tests.conftest import missing

ARTICLES, QUERIES, PAGE = 2_000, 500, 10

LEAST_OVERLAP = 0.95
"""Engines keep lengths of texts with different precision, so that near ties may fall either way."""


@pytest.fixture(scope="module")
def articles(shared: Path) -> list[Article]:
    with gzip.open(shared / "data" / "corpora" / "ant_multisource.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in islice(lines, ARTICLES)]
    return [Article(r["id"], r["title"], r["body"], r["source"], published=r["date"]) for r in rows]


@pytest.fixture(scope="module")
def snapshots(
    articles: Sequence[Article], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[SearchEngine, SearchEngine]]:
    opened = []
    for name in ("whoosh", "tantivy"):
        folder = tmp_path_factory.mktemp(name)
        try:
            engine = engine_named(name)
        except MissingExtra as error:
            missing(name, str(error))
        writer = engine.writer(folder)
        writer.write(articles)
        writer.finish()
        opened.append(engine.open(folder))
    yield opened[0], opened[1]
    for snapshot in opened:
        snapshot.close()


def mixed_queries(articles: Sequence[Article]) -> list[tuple[str, str]]:
    """Words, pairs with and without operators, phrases and headlines drawn from articles, by a fixed seed."""
    chance = random.Random(11)
    queries = []
    while len(queries) < QUERIES:
        article = chance.choice(articles)
        words = [word for word in word_list(article.body) if len(word) > 3]
        if len(words) < 30:
            continue
        one, other, third = chance.sample(words, 3)
        at = chance.randrange(len(words) - 1)
        body = word_list(article.body)
        near = body[at : at + 2]
        queries += [
            one,
            f"{one} {other} {third}",
            f"{one} OR {other}",
            f"{one} AND {other}",
            f'"{" ".join(near)}"',
            " ".join(word_list(article.title)),
        ]
    return [(f"q{number}", text) for number, text in enumerate(queries[:QUERIES])]


def overlap(one: Run, other: Run) -> float:
    """The mean share of the first page of `one` that is on the first page of `other`."""
    shares = []
    for query, hits in one.items():
        page = {document for document, _ in hits[:PAGE]}
        if page:
            shares.append(len(page & {document for document, _ in other[query][:PAGE]}) / len(page))
    return sum(shares) / len(shares)


@pytest.fixture(scope="module")
def runs(snapshots: tuple[SearchEngine, SearchEngine], articles: Sequence[Article]) -> tuple[Run, Run]:
    queries, given = mixed_queries(articles), {article.id: article.id for article in articles}
    one, other = (ranked(snapshot, queries, {}, given, syntax=True) for snapshot in snapshots)
    return one, other


def test_engines_answer_with_the_same_first_page(runs: tuple[Run, Run]) -> None:
    one, other = runs
    assert len(one) == QUERIES
    assert overlap(one, other) >= LEAST_OVERLAP


def test_engines_find_the_same_articles(runs: tuple[Run, Run]) -> None:
    """Where an answer is shorter than a run is deep, nothing is left to the order."""
    one, other = runs
    for query, hits in one.items():
        assert len(hits) == len(other[query])
        if len(hits) < DEPTH:
            assert {document for document, _ in hits} == {document for document, _ in other[query]}
