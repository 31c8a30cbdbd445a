"""The tantivy engine's open snapshot: tantivy counts articles, arrays put them in order."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from indexer.engines.base import SearchEngine
from indexer.engines.snapshot import ArraySnapshot
from indexer.engines.tantivy import files
from indexer.engines.tantivy.inverted import InvertedParts
from indexer.engines.tantivy.queries import counted, selecting
from indexer.query.plan import Phrase, Plan, every


class TantivySnapshot(ArraySnapshot):
    """One generation, open.

    What is only counted, and mostly never shown, is left to tantivy, unless its words are kept anyway: it
    reads no more than it needs, and the cache keeps what rankings are made of.
    """

    def __init__(self, folder: Path, before: SearchEngine | None = None) -> None:
        parts = files.read_table(folder)
        self._searcher = files.searcher_of(folder)
        self._inverted = InvertedParts(folder, parts)
        super().__init__(folder, parts, self._inverted, before)

    def count(self, plan: Plan) -> int:
        return self.counting()(plan)

    def counting(self) -> Callable[[Plan], int]:
        query_of, in_memory = selecting(self._inverted, self._ids_with), super().counting()
        evaluation = self._evaluation()

        def count(plan: Plan) -> int:
            node = every([plan.first, plan.filters])
            return counted(self._searcher, query_of(node)) if evaluation.reads(node) else in_memory(plan)

        return cache(count)

    def _ids_with(self, phrase: Phrase) -> frozenset[str]:
        """The articles in which a phrase stands."""
        found = self._evaluation().of(phrase).docs
        return frozenset(map(self._documents.ids.__getitem__, found.tolist()))

    def fingerprints(self) -> Iterator[tuple[str, tuple[int, int]]]:
        marks = self._inverted.marks()
        for id_, number in self._documents.numbers.items():
            yield id_, (self._documents.revisions[number], int(marks[number]))

    def close(self) -> None:
        self._inverted.close()
