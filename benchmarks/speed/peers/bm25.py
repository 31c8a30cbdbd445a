"""bm25s: scores of every pair of term and article computed beforehand; any of the words, nothing else."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.speed.corpus import Prepared
from benchmarks.speed.measure import Search
from benchmarks.speed.peers import package_absent
from benchmarks.speed.queries import Query


class Bm25:
    """bm25s as it comes."""

    name = "bm25s"
    classes = frozenset(("common word", "middle word", "rare word", "or 2", "or 3", "headline"))
    warms = False

    def cpu(self) -> float:
        return time.process_time()

    def absent(self) -> str | None:
        return package_absent("bm25s")

    def build(self, made: Prepared, folder: Path) -> None:
        import bm25s

        ids, texts = [], []
        for article in made.terms():
            ids.append(article.id)
            texts.append(article.folded.split())
        index = bm25s.BM25()
        index.index(texts, show_progress=False)
        index.save(str(folder / "index"))
        (folder / "ids.json").write_text(json.dumps(ids), "utf-8")

    @contextmanager
    def open(self, folder: Path) -> Iterator[Search]:
        import bm25s

        index = bm25s.BM25.load(str(folder / "index"))
        ids = json.loads((folder / "ids.json").read_text("utf-8"))
        best = min(10, len(ids))

        def search(asked: Query) -> int:
            found, _ = index.retrieve([list(asked.words)], k=best, show_progress=False)
            _ = [ids[number] for number in found[0]]
            return -1

        yield search
