"""Ranking measured on every judged set, beside the last committed run and, where asked, OpenSearch.

    python -m benchmarks.relevance                        all sets, through Rasid's own index and query path
    python -m benchmarks.relevance --sets arcd,claims     some of them
    python -m benchmarks.relevance --opensearch URL       OpenSearch's `arabic` analyzer on the same queries
    python -m benchmarks.relevance --save                 keep each query's values, for the next comparison

The tables are Markdown, as `docs/relevance.md` holds them. What is kept lies in `benchmarks/runs`.
"""

import argparse
import gzip
import json
import random
import sys
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import fold, term_of
from indexer.analysis.lexicon import lexicon_of
from indexer.analysis.tokenize import words
from indexer.evaluate import DEPTH, MEASURES, JudgedSet, Run, indexed, measured, ranked

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared/data/qrels"
RUNS = Path(__file__).parent / "runs"

SEED = 20_260_101
RESAMPLES, FLIPS = 2_000, 10_000
"""Bootstrap samples of an interval; random signs of a paired test."""

TYPED = {
    "as given": "queries.tsv",
    "lazy": "queries_orthvar.tsv",
    "wrong letter": "queries_typo.tsv",
}
"""How queries are typed → the file that has them so."""

HEADLINES = "ant_title_knownitem"
TWO_WORDS = "two words"
PARTS = {"ant_other_outlets": {"headlines": "h", "words": "s"}}
"""Sets whose queries are of kinds that are told apart → kind → how its query ids begin."""

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
SHORTEST = 4
"""Letters of a word that a two-word query is made of."""

Queries = list[tuple[str, str]]
Values = dict[str, dict[str, float]]
"""Measure → query id → value."""


class Case(NamedTuple):
    """Some queries of a set, typed in one way."""

    part: str
    typed: str

    @property
    def key(self) -> str:
        return f"{self.part}/{self.typed}"


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of one set: case → values."""

    name: str
    rasid: dict[str, Values]
    opensearch: dict[str, Values] = field(default_factory=dict)


# --- queries ----------------------------------------------------------------------------------------------


def cases_of(judged: JudgedSet, most: int | None) -> Iterator[tuple[Case, Queries]]:
    """The queries of a set, by kind and by the way they are typed.

    Args:
        most: no more queries than this of each, evenly spread; all where none.
    """
    name = judged.folder.name
    kinds = PARTS.get(name, {"": ""})
    for typed, file in TYPED.items():
        path = judged.folder / file
        queries = judged.queries(path) if path.is_file() else []
        for kind, start in kinds.items():
            if chosen := spread([q for q in queries if q[0].startswith(start)], most):
                yield Case(f"{name} ({kind})" if kind else name, typed), chosen
    if name == HEADLINES:
        pairs = list(two_words(judged.queries()))
        yield Case(TWO_WORDS, "as given"), spread(pairs, most)
        yield Case(TWO_WORDS, "wrong letter"), spread([(q, slipped(q, text)) for q, text in pairs], most)


def spread(queries: Queries, most: int | None) -> Queries:
    """At most so many queries, evenly spread over all."""
    step = 1 if most is None else max(1, -(-len(queries) // most))
    return queries[::step]


def two_words(queries: Queries) -> Iterator[tuple[str, str]]:
    """Two words of each headline, in its order; function words and short words are not taken."""
    stopwords = lexicon_of().stopwords
    for qid, text in queries:
        content = [word for word, _, _ in words(text) if _counts(word, stopwords)]
        if len(content) >= 2:
            chosen = sorted(_chance(qid, "words").sample(range(len(content)), 2))
            yield qid, " ".join(content[n] for n in chosen)


def _counts(word: str, stopwords: frozenset[str]) -> bool:
    folded = fold(word)
    return len(folded) >= SHORTEST and set(folded) <= set(LETTERS) and term_of(word).written not in stopwords


def slipped(qid: str, text: str) -> str:
    """The text with one wrong letter: one lost, one too many, two swapped or one for another.

    Reproducible, and always another word after folding.
    """
    chance, typed = _chance(qid, "slip"), text.split()
    at = chance.randrange(len(typed))
    meant = typed[at]
    while fold(typed[at]) == fold(meant):
        n, letter = chance.randrange(len(meant)), chance.choice(LETTERS)
        head, tail = meant[:n], meant[n:]
        swapped, replaced = tail[1::-1] + tail[2:], letter + tail[1:]
        typed[at] = head + chance.choice((tail[1:], letter + tail, swapped, replaced))
    return " ".join(typed)


def _chance(qid: str, purpose: str) -> random.Random:
    """A query's own chance, so that it does not depend on which other queries there are."""
    return random.Random(f"{SEED} {purpose} {qid}")


# --- runs -------------------------------------------------------------------------------------------------


def measured_set(folder: Path, most: int | None, opensearch: str | None) -> Measured:
    """All cases of one set, by Rasid and, where its address is given, by OpenSearch."""
    judged = JudgedSet(folder)
    qrels, excluded, cases = judged.qrels(), judged.excluded(), list(cases_of(judged, most))
    found = Measured(folder.name, {})
    with indexed(judged, "whoosh") as (snapshot, given):
        for case, queries in cases:
            found.rasid[case.key] = _values(ranked(snapshot, queries, excluded, given), qrels)
            _tell(f"{case.key}: {_mean(found.rasid[case.key], 'nDCG@10'):.4f}")
    if opensearch:
        with Peer(opensearch, folder.name) as peer:
            peer.take(judged)
            for case, queries in cases:
                found.opensearch[case.key] = _values(peer.ranked(queries, excluded), qrels)
                _tell(f"{case.key}: {_mean(found.opensearch[case.key], 'nDCG@10'):.4f} (OpenSearch)")
    return found


def _values(run: Run, qrels: dict[str, dict[str, int]]) -> Values:
    return measured(run, {query: qrels[query] for query in run if query in qrels})


def _mean(values: Values, measure: str) -> float:
    return float(np.mean(list(values[measure].values())))


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


BULK, BATCH = 500, 100
"""Documents and queries sent at once."""

MAPPINGS = {
    "dynamic": False,
    "properties": {name: {"type": "text", "analyzer": "arabic"} for name in ("title", "body")},
}


class Peer:
    """OpenSearch with its `arabic` analyzer on title and body; an index of its own, removed in the end."""

    def __init__(self, url: str, name: str) -> None:
        self._index = f"{url.rstrip('/')}/relevance-{name}"
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def __enter__(self) -> "Peer":
        self._ask("DELETE", "?ignore_unavailable=true", [])
        settings = {"number_of_shards": 1, "number_of_replicas": 0}
        self._ask("PUT", "", [{"settings": settings, "mappings": MAPPINGS}])
        return self

    def __exit__(self, *_: object) -> None:
        self._ask("DELETE", "", [])

    def take(self, judged: JudgedSet) -> None:
        """Indexes the documents of a set."""
        opened = gzip.open if judged.documents.suffix == ".gz" else open
        with opened(judged.documents, "rt", encoding="utf-8") as lines:
            for documents in _batches(map(json.loads, lines), BULK):
                pairs = (({"index": {"_id": d["id"]}}, _text_of(d)) for d in documents)
                answer = self._ask("POST", "/_bulk", [row for pair in pairs for row in pair])
                if answer["errors"]:
                    raise SystemExit(f"OpenSearch refused documents: {json.dumps(answer)[:500]}")
        self._ask("POST", "/_forcemerge?max_num_segments=1", [])
        self._ask("POST", "/_refresh", [])

    def ranked(self, queries: Queries, excluded: dict[str, frozenset[str]]) -> Run:
        """What it answers: any of the words, title and body summed."""
        run: Run = {}
        for batch in _batches(queries, BATCH):
            rows = [row for qid, text in batch for row in ({}, _query(text, len(excluded.get(qid, ()))))]
            answers = self._ask("POST", "/_msearch", rows)["responses"]
            for (qid, _), answer in zip(batch, answers, strict=True):
                if "error" in answer:
                    raise SystemExit(f"OpenSearch refused {qid}: {json.dumps(answer)[:500]}")
                ids = [hit["_id"] for hit in answer["hits"]["hits"]]
                kept = [document for document in ids if document not in excluded.get(qid, ())][:DEPTH]
                run[qid] = [(document, float(DEPTH - n)) for n, document in enumerate(kept)]
        return run

    def _ask(self, method: str, path: str, rows: Sequence[object]) -> Any:
        body = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode() or None
        kind = "application/x-ndjson" if len(rows) > 1 else "application/json"
        request = urllib.request.Request(self._index + path, body, {"Content-Type": kind}, method=method)
        try:
            with self._opener.open(request, timeout=120) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            told = error.read(500).decode(errors="replace")
            raise SystemExit(f"OpenSearch answered {error.code} to {method} {path}: {told}") from None


def _batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def _text_of(document: dict[str, Any]) -> dict[str, str]:
    return {name: document[name] for name in ("title", "body") if document.get(name)}


def _query(text: str, more: int) -> dict[str, object]:
    match = {"query": text, "fields": ["title", "body"], "type": "most_fields", "operator": "or"}
    return {
        "query": {"multi_match": match},
        "size": DEPTH + more,
        "_source": False,
        "track_total_hits": False,
    }


# --- statistics -------------------------------------------------------------------------------------------


def interval(values: Iterable[float]) -> tuple[float, float]:
    """The 95 % bootstrap interval of a mean."""
    sample = np.fromiter(values, float)
    chosen = np.random.default_rng(SEED).integers(0, len(sample), (RESAMPLES, len(sample)))
    low, high = np.percentile(sample[chosen].mean(axis=1), (2.5, 97.5))
    return float(low), float(high)


def difference(new: dict[str, float], old: dict[str, float]) -> tuple[float, float] | None:
    """The mean difference, and how likely chance alone gives one as large.

    A paired randomisation test over the queries that both have: if nothing had changed, each query's
    difference could as well have the other sign.
    """
    both = new.keys() & old.keys()
    if not both:
        return None
    gains = np.array([new[query] - old[query] for query in sorted(both)])
    moved: NDArray[np.float64] = gains[np.abs(gains) > 1e-9]
    random_sums = [
        np.where(signs, moved, -moved).sum(axis=1)
        for signs in _signs(np.random.default_rng(SEED), len(moved))
    ]
    larger = int((np.abs(np.concatenate(random_sums)) >= abs(moved.sum()) - 1e-9).sum())
    return float(gains.mean()), (larger + 1) / (FLIPS + 1)


def _signs(chance: np.random.Generator, width: int, rows: int = 500) -> Iterator[NDArray[np.bool_]]:
    for _ in range(FLIPS // rows):
        yield chance.random((rows, width)) < 0.5


# --- what is kept -----------------------------------------------------------------------------------------


DIGITS = 4


def saved(folder: Path, name: str) -> dict[str, Values]:
    """The values of a set's last run: case → values; empty where none is kept."""
    path = folder / f"{name}.json.gz"
    if not path.is_file():
        return {}
    kept = json.loads(gzip.decompress(path.read_bytes()))
    return {
        key: {measure: dict(zip(case["queries"], case[measure], strict=True)) for measure in MEASURES}
        for key, case in kept.items()
    }


def save(folder: Path, found: Measured) -> None:
    """Keeps a set's values, in the same bytes for the same values."""
    kept = {
        key: {"queries": list(values[MEASURES[0]])}
        | {measure: [round(value, DIGITS) for value in values[measure].values()] for measure in MEASURES}
        for key, values in found.rasid.items()
    }
    folder.mkdir(exist_ok=True)
    packed = gzip.compress(json.dumps(kept, separators=(",", ":")).encode(), 9, mtime=0)
    (folder / f"{found.name}.json.gz").write_bytes(packed)


# --- tables -----------------------------------------------------------------------------------------------


def rasid_table(sets: Sequence[Measured], last: dict[str, dict[str, Values]]) -> Iterator[str]:
    """Rasid's measures with intervals, what is kept of those as given, and the last run beside them."""
    yield f"| set | typed | queries | {' | '.join(MEASURES)} | kept | since the last run |"
    yield "|---|---|---|" + "---|" * (len(MEASURES) + 2)
    for found in sets:
        for key, values in found.rasid.items():
            part, typed = key.split("/")
            cells = [_with_interval(values[measure].values()) for measure in MEASURES]
            given = found.rasid[f"{part}/as given"]
            kept = "" if typed == "as given" else _share(values["nDCG@10"], given["nDCG@10"])
            since = _since(values["nDCG@10"], last.get(found.name, {}).get(key))
            yield "| " + " | ".join([part, typed, str(len(values["nDCG@10"])), *cells, kept, since]) + " |"


def _with_interval(values: Iterable[float]) -> str:
    listed = list(values)
    low, high = interval(listed)
    return f"{_short(np.mean(listed))} [{_short(low)}, {_short(high)}]"


def _share(values: dict[str, float], given: dict[str, float]) -> str:
    both = values.keys() & given.keys()
    return f"{sum(values[q] for q in both) / max(1e-9, sum(given[q] for q in both)):.1%}"


def _since(new: dict[str, float], last: Values | None) -> str:
    told = difference(new, last["nDCG@10"]) if last else None
    return f"{told[0]:+.4f} (p {told[1]:.3f})" if told else ""


def _short(value: float | np.floating[Any]) -> str:
    return f"{value:.3f}".removeprefix("0")


def opensearch_table(sets: Sequence[Measured]) -> Iterator[str]:
    """Both side by side, and how much of OpenSearch's error (1 − nDCG@10) is gone."""
    yield "| set | typed | nDCG@10 | OpenSearch | error cut | p | R@100 | OpenSearch |"
    yield "|---|---|---|---|---|---|---|---|"
    cuts = []
    for found in sets:
        for key, theirs in found.opensearch.items():
            part, typed = key.split("/")
            ours = found.rasid[key]
            ndcg, recall = ((_mean(ours, m), _mean(theirs, m)) for m in ("nDCG@10", "R@100"))
            cut = 1 - (1 - ndcg[0]) / max(1e-9, 1 - ndcg[1])
            cuts += [cut] if typed == "as given" and part != TWO_WORDS else []
            told = difference(ours["nDCG@10"], theirs["nDCG@10"])
            cells = (
                *map(_short, ndcg), f"{cut:.0%}", f"{told[1]:.4f}" if told else "", *map(_short, recall),
            )  # fmt: skip
            yield f"| {part} | {typed} | {' | '.join(cells)} |"
    if cuts:
        yield f"\nError cut on queries as given: least {min(cuts):.1%}, mean {np.mean(cuts):.1%}."


# --- command ----------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures, prints, and keeps what was measured."""
    asked = _arguments(arguments)
    folders = sorted(f for f in asked.data.iterdir() if (f / "qrels.tsv").is_file())
    if asked.sets:
        unknown = set(asked.sets) - {folder.name for folder in folders}
        if unknown:
            raise SystemExit(f"no such set in {asked.data}: {', '.join(sorted(unknown))}")
        folders = [folder for folder in folders if folder.name in asked.sets]
    size = {folder: JudgedSet(folder).documents.stat().st_size for folder in folders}
    folders.sort(key=lambda folder: -size[folder])
    last = {folder.name: saved(RUNS, folder.name) for folder in folders}
    sets = []
    with ProcessPoolExecutor(asked.jobs) as pool:
        waiting = [pool.submit(measured_set, folder, asked.most, asked.opensearch) for folder in folders]
        for done in as_completed(waiting):
            sets.append(done.result())
            if asked.save:
                save(RUNS, sets[-1])
    sets.sort(key=lambda found: found.name)
    print("\n".join(rasid_table(sets, last)))
    if asked.opensearch:
        print("\n" + "\n".join(opensearch_table(sets)))


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("benchmarks.relevance", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sets", type=lambda text: text.split(","), help="names, with commas; default: all")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of judged sets")
    parser.add_argument("--opensearch", metavar="URL", help="a running OpenSearch to put beside Rasid")
    parser.add_argument("--most", type=int, metavar="N", help="at most N queries of each file")
    parser.add_argument("--jobs", type=int, default=1, help="sets measured at once")
    parser.add_argument("--save", action="store_true", help="keep the values in benchmarks/runs")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
