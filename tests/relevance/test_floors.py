"""The ranking does not fall below what it has reached: samples of small judged sets, typed in three ways.

A floor lies about .008 below the value measured when it was set: less than a changed weight usually moves,
more than a changed tie does. Whole sets, and intervals, are for `benchmarks/relevance.py`.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from indexer.evaluate import JudgedSet, indexed, measured, ranked

EVERY = {"arcd": 4, "xquad_ar": 4, "ans_headlines": 8}
"""Of each set one query of so many is asked."""

TYPED = {"given": "queries.tsv", "lazy": "queries_orthvar.tsv", "slip": "queries_typo.tsv"}

FLOORS = {
    "arcd": {"given": 0.858, "lazy": 0.860, "slip": 0.822},
    "xquad_ar": {"given": 0.950, "lazy": 0.950, "slip": 0.942},
    "ans_headlines": {"given": 0.790, "lazy": 0.791, "slip": 0.783},
}
"""nDCG@10 of each set, as given, lazily typed (no hamza, ه for ة, ى for ي) and with one wrong letter."""

RECALL_FLOORS = {"arcd": 0.980, "xquad_ar": 0.985, "ans_headlines": 0.986}
"""R@100 of queries as given."""

LAZY_SHARE = 0.99
"""Of the nDCG as given, what lazy typing must leave."""

Means = dict[str, float]
Measure = Callable[[str, str], Means]


@pytest.fixture(scope="module")
def mean(shared: Path) -> Iterator[Measure]:
    """The measures of a set, typed in one way; each is measured once, over one index a set."""
    with ExitStack() as opened:
        open_sets: dict[str, tuple[JudgedSet, object, dict[str, str]]] = {}
        known: dict[tuple[str, str], Means] = {}

        def measure(name: str, typed: str) -> Means:
            if name not in open_sets:
                judged = JudgedSet(shared / "data/qrels" / name)
                open_sets[name] = (judged, *opened.enter_context(indexed(judged, "whoosh")))
            if (name, typed) not in known:
                judged, snapshot, given = open_sets[name]
                queries = judged.queries(judged.folder / TYPED[typed])[:: EVERY[name]]
                run = ranked(snapshot, queries, judged.excluded(), given)  # type: ignore[arg-type]
                asked = {query: grades for query, grades in judged.qrels().items() if query in run}
                known[name, typed] = {
                    key: sum(values.values()) / len(values) for key, values in measured(run, asked).items()
                }
            return known[name, typed]

        yield measure


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("name", FLOORS)
def test_ndcg_stays_above_its_floor(mean: Measure, name: str, typed: str) -> None:
    assert mean(name, typed)["nDCG@10"] >= FLOORS[name][typed]


@pytest.mark.parametrize("name", RECALL_FLOORS)
def test_recall_stays_above_its_floor(mean: Measure, name: str) -> None:
    assert mean(name, "given")["R@100"] >= RECALL_FLOORS[name]


@pytest.mark.parametrize("name", FLOORS)
def test_lazy_typing_costs_nothing(mean: Measure, name: str) -> None:
    assert mean(name, "lazy")["nDCG@10"] >= LAZY_SHARE * mean(name, "given")["nDCG@10"]
