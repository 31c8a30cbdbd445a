"""The same work on Rasid's engine and on stock Whoosh, side by side in one run.

    python benchmarks/speed.py --articles 3000

Both index the same terms of the same real articles. Times on shared machines are noisy: read the ratios.
"""

import argparse
import gzip
import json
import os
import random
import resource
import statistics
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from indexer.analysis import tokens
from indexer.engines import engine_named
from indexer.engines.base import SearchEngine
from indexer.model import Article
from indexer.query import plan
from indexer.query.plan import Node, Plan

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from whoosh import analysis, fields, index, query

CORPUS = Path(__file__).parent.parent.parent / "shared" / "data" / "corpora" / "ant_multisource.jsonl.gz"
ROUNDS = 3

Query = tuple[str, tuple[str, ...]]
"""A class of query and its folded words."""


def articles(count: int) -> Iterator[Article]:
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        for line in islice(lines, count):
            row = json.loads(line)
            yield Article(row["id"], row["title"], row["body"], row["source"], published=row["date"])


def rasid_index(folder: Path, count: int) -> SearchEngine:
    writer = engine_named("whoosh").writer(folder)
    writer.write(articles(count))
    writer.finish()
    return engine_named("whoosh").open(folder)


def stock_index(folder: Path, count: int) -> Any:
    """Stock Whoosh with one folded field, as its documentation would have it: a quarter of Rasid's views."""
    text = fields.TEXT(analyzer=analysis.SpaceSeparatedTokenizer(), phrase=True)
    ix = index.create_in(
        str(folder), fields.Schema(id=fields.STORED, folded=text, source=fields.ID(sortable=True))
    )
    writer = ix.writer(limitmb=256)
    for article in articles(count):
        terms = " ".join(token.term.folded for token in tokens(article.body))
        writer.add_document(id=article.id, folded=terms, source=article.source or "")
    writer.commit()
    return ix


def queries(count: int) -> list[Query]:
    """Words and neighbours of words drawn from the articles themselves, with a fixed seed."""
    chance, found = random.Random(7), []
    bodies = [[token.term.folded for token in tokens(article.body)] for article in articles(min(count, 2000))]
    for _ in range(40):
        words = chance.choice([body for body in bodies if len(body) > 20])
        at = chance.randrange(len(words) - 3)
        found += [
            ("word", (words[at],)),
            ("or 3", tuple(chance.sample(words, 3))),
            ("and 2", tuple(chance.sample(words, 2))),
            ("phrase 2", (words[at], words[at + 1])),
            ("facets over or 2", tuple(chance.sample(words, 2))),
        ]
    return found


def rasid_search(snapshot: SearchEngine, name: str, words: Sequence[str]) -> int:
    terms: tuple[Node, ...] = tuple(plan.Terms("folded", ((word, 1.0),)) for word in words)
    node: Node = {
        "word": terms[0],
        "and 2": plan.And(terms),
        "phrase 2": plan.Phrase("folded", tuple((word,) for word in words)),
    }.get(name, plan.Or(terms))
    return snapshot.search(Plan(node), facets=("source",) if name.startswith("facets") else ()).total


def stock_search(searcher: Any, name: str, words: Sequence[str]) -> int:
    terms = [query.Term("folded", word) for word in words]
    node = {"and 2": query.And(terms), "phrase 2": query.Phrase("folded", list(words)), "word": terms[0]}.get(
        name, query.Or(terms)
    )
    grouped = "source" if name.startswith("facets") else None
    return len(searcher.search(node, limit=10, groupedby=grouped))


def timed(search: Callable[[str, Sequence[str]], int], asked: Sequence[Query]) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {}
    for name, words in asked:
        start = time.perf_counter()
        search(name, words)
        times.setdefault(name, []).append((time.perf_counter() - start) * 1000)
    return times


def p95(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=3000)
    count = parser.parse_args().articles
    asked = queries(count)
    with TemporaryDirectory() as ours, TemporaryDirectory() as theirs:
        start = time.process_time()
        snapshot = rasid_index(Path(ours), count)
        built = time.process_time() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        start = time.process_time()
        stock = stock_index(Path(theirs), count)
        stock_built = time.process_time() - start
        print(f"{count} articles · load {os.getloadavg()[0]:.1f} · {ROUNDS} rounds · CPU seconds, ms a query")
        print("| | Rasid | stock Whoosh | ratio |\n|---|---|---|---|")
        ratio = stock_built / built
        print(f"| build, 8 fields against 1 (CPU s) | {built:.1f} | {stock_built:.1f} | {ratio:.1f} |")
        with stock.searcher() as searcher:
            cold = timed(lambda name, words: rasid_search(snapshot, name, words), asked)
            warm: dict[str, list[float]] = {}
            other: dict[str, list[float]] = {}
            for _ in range(ROUNDS):
                for name, times in timed(
                    lambda name, words: rasid_search(snapshot, name, words), asked
                ).items():
                    warm.setdefault(name, []).extend(times)
                for name, times in timed(
                    lambda name, words: stock_search(searcher, name, words), asked
                ).items():
                    other.setdefault(name, []).extend(times)
        for name in warm:
            for kind, times in (("first use", cold[name]), ("warm", warm[name])):
                ours_50, theirs_50 = statistics.median(times), statistics.median(other[name])
                print(
                    f"| {name}, {kind}: p50 / p95 | {ours_50:.2f} / {p95(times):.2f} "
                    f"| {theirs_50:.2f} / {p95(other[name]):.2f} | {theirs_50 / ours_50:.1f} |"
                )
        print(f"\npeak memory of the build: {peak:.0f} MB")
        snapshot.close()


if __name__ == "__main__":
    main()
