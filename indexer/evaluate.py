"""Ranking measured: judged queries through the real index and query path, by the field's own measures."""

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from indexer import readers
from indexer.analysis.lexicon import Lexicon, lexicon_of
from indexer.analysis.tokenize import words
from indexer.engines import engine_named
from indexer.engines.base import SearchEngine
from indexer.errors import InputError, MissingExtra
from indexer.model import Article
from indexer.query import plan, tree
from indexer.query.expand import Expander
from indexer.query.normal import side_by_side
from indexer.query.parser import parse
from indexer.query.spelling import spelling_over

DEPTH = 100
"""Articles kept of each answer; recall is measured at this depth."""

MEASURES = ("nDCG@10", "RR@10", "R@100")

Run = dict[str, list[tuple[str, float]]]
"""Query id → (document id, score), best first."""


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """A folder of judged queries: where its parts are."""

    folder: Path

    @property
    def documents(self) -> Path:
        for name in ("docs.jsonl", "docs.jsonl.gz"):
            if (self.folder / name).is_file():
                return self.folder / name
        raise InputError(f"{self.folder} has no docs.jsonl or docs.jsonl.gz")

    def queries(self, file: Path | None = None) -> list[tuple[str, str]]:
        """(query id, text) pairs, of another file where one is given."""
        return [(row[0], row[1]) for row in _rows(file or self.folder / "queries.tsv", 2)]

    def qrels(self) -> dict[str, dict[str, int]]:
        """Query id → document id → grade."""
        judged: dict[str, dict[str, int]] = defaultdict(dict)
        for query, _, document, grade in _rows(self.folder / "qrels.tsv", 4):
            try:
                judged[query][document] = int(grade)
            except ValueError as error:
                raise InputError(
                    f"{self.folder / 'qrels.tsv'}: the grade of {query} {document} is no number"
                ) from error
        return dict(judged)

    def excluded(self) -> dict[str, frozenset[str]]:
        """Query id → the documents that are left out of its answer."""
        path = self.folder / "exclude.tsv"
        found: dict[str, set[str]] = defaultdict(set)
        for query, document in _rows(path, 2) if path.is_file() else ():
            found[query].add(document)
        return {query: frozenset(documents) for query, documents in found.items()}


def _rows(path: Path, columns: int) -> Iterator[list[str]]:
    if not path.is_file():
        raise InputError(f"there is no {path}")
    with path.open("rb") as lines:
        for number, raw in enumerate(lines, 1):
            line = _decoded(raw, path, number)
            row = line.rstrip("\r\n").split("\t", columns - 1)
            if line.strip() and len(row) < columns:
                raise InputError(f"{path}, line {number}: {columns} columns are expected, separated by tabs")
            if line.strip():
                yield row


def _decoded(raw: bytes, path: Path, number: int) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(f"{path}, line {number}: this is not UTF-8; save the file as UTF-8") from None


@contextmanager
def indexed(judged: JudgedSet, engine_name: str) -> Iterator[tuple[SearchEngine, dict[str, str]]]:
    """The set's documents in an index of their own, and article id → document id as given."""
    engine = engine_named(engine_name)
    given: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="rasid-evaluate-", ignore_cleanup_errors=True) as folder:
        writer = engine.writer(Path(folder))
        writer.write(_articles(judged, given))
        writer.finish()
        snapshot = engine.open(Path(folder))
        try:
            yield snapshot, given
        finally:
            snapshot.close()


def _articles(judged: JudgedSet, given: dict[str, str]) -> Iterator[Article]:
    for item in readers.read([str(judged.documents)]):
        if isinstance(item, readers.Record):
            given[item.article.id] = item.article.input_id or item.article.id
            yield item.article
        elif isinstance(item, readers.Refused):
            raise InputError(f"{item.place.file}, {item.place.at}: {item.reason}")


def ranked(
    engine: SearchEngine,
    queries: Sequence[tuple[str, str]],
    excluded: dict[str, frozenset[str]],
    given: dict[str, str],
    *,
    syntax: bool = False,
    lexicon: Lexicon | None = None,
) -> Run:
    """What `search` answers to each query, `DEPTH` deep.

    Args:
        syntax: parse queries as typed; otherwise they are read as plain words, without caps.
    """
    lexicon = lexicon or lexicon_of()
    spelling = spelling_over(engine, lexicon)
    run: Run = {}
    for qid, text in queries:
        query = parse(text).query if syntax else plain(text)
        unwanted = excluded.get(qid, frozenset())
        expander = Expander(engine, lexicon, "stem", "auto", _unwritten, spelling)
        expansion = expander.expand(query, plan.All())
        hits = engine.search(expansion.plan, limit=DEPTH + len(unwanted)).hits
        documents = [given[hit.ref.id] for hit in hits]
        kept = [document for document in documents if document not in unwanted][:DEPTH]
        # A run is sorted by score wherever it is read, so what stands first must have the higher score.
        run[qid] = [(document, float(DEPTH - place)) for place, document in enumerate(kept)]
    return run


def plain(text: str) -> tree.Query:
    """A query that is the words of a text, whatever signs stand between them.

    >>> plain("-a OR b")
    Words(children=(Word(text='a', plain=False, position=1), Word(text='OR', plain=False, position=3), \
Word(text='b', plain=False, position=6)))
    """
    return (
        side_by_side([tree.Word(word, position=start) for word, start, _ in words(text)]) or tree.Everything()
    )


def _unwritten(phrase: tree.Phrase, candidates: plan.Plan) -> frozenset[str]:
    """Judged queries are not checked against stored texts: there is no archive."""
    return frozenset()


def measured(run: Run, qrels: dict[str, dict[str, int]]) -> dict[str, dict[str, float]]:
    """Measure → query id → value; queries without an answer count 0.

    Raises:
        MissingExtra: the measures' library is not installed.
    """
    try:
        import ir_measures
    except ImportError as error:
        raise MissingExtra("ir-measures", "evaluate") from error
    wanted = [ir_measures.parse_measure(name) for name in MEASURES]
    scores = {query: dict(documents) for query, documents in run.items()}
    values: dict[str, dict[str, float]] = {name: dict.fromkeys(qrels, 0.0) for name in MEASURES}
    for metric in ir_measures.iter_calc(wanted, qrels, scores):
        values[str(metric.measure)][metric.query_id] = metric.value
    return values


def trec_lines(run: Run) -> Iterator[str]:
    """The run in TREC's format: query, Q0, document, rank, score, tag."""
    for query, documents in run.items():
        for rank, (document, score) in enumerate(documents, 1):
            yield f"{query} Q0 {document} {rank} {score:g} rasid\n"
