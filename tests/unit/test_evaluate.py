"""Ranking measured: what a judged set may look like, how its queries are read, what is written down."""

import gzip
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from indexer.errors import InputError
from indexer.evaluate import DEPTH, MEASURES, JudgedSet, indexed, measured, plain, ranked, trec_lines
from indexer.query import tree
from searchapp.cli import main

DOCUMENTS = (
    {"id": "tehran", "title": "الكاظمي في طهران", "body": "زار الكاظمي إيران والتقى روحاني."},
    {"id": "riyadh", "title": "قمة الرياض", "body": "بوتين في الرياض، والنفط على الطاولة."},
    {"id": "moscow", "title": "لقاء في موسكو", "body": "بوتين ولافروف يبحثان أسعار النفط."},
)
QUERIES = (("q1", "الكاظمي طهران"), ("q2", "بوتين والنفط"))
JUDGED = (("q1", "tehran", 1), ("q2", "riyadh", 1), ("q2", "moscow", 2))

Make = Callable[..., Path]
Evaluate = Callable[..., "Ended"]


def table(rows: Sequence[Sequence[object]]) -> str:
    return "".join("\t".join(map(str, row)) + "\n" for row in rows)


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Writes a judged set; a part that is given stands in the place of the usual one, None leaves it out."""

    def made(documents: Sequence[dict[str, str]] = DOCUMENTS, **parts: str | None) -> Path:
        folder = tmp_path / "judged"
        folder.mkdir(exist_ok=True)
        texts = {
            "docs.jsonl": "".join(json.dumps(document) + "\n" for document in documents),
            "queries.tsv": table(QUERIES),
            "qrels.tsv": table([(query, 0, document, grade) for query, document, grade in JUDGED]),
        }
        for name, text in (texts | {key.replace("_", "."): part for key, part in parts.items()}).items():
            if text is not None:
                (folder / name).write_text(text, "utf-8")
        return folder

    return made


def answers(folder: Path, *queries: tuple[str, str], syntax: bool = False) -> dict[str, list[str]]:
    judged = JudgedSet(folder)
    with indexed(judged, "whoosh") as (snapshot, given):
        run = ranked(snapshot, queries or judged.queries(), judged.excluded(), given, syntax=syntax)
    return {query: [document for document, _ in documents] for query, documents in run.items()}


class Ended(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def evaluate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Evaluate:
    """Runs the command in this process, with a home of its own."""
    monkeypatch.setenv("RASID_HOME", str(tmp_path / "home"))

    def run(folder: Path, *options: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["rasid", "evaluate", str(folder), *map(str, options)])
        with CliRunner().isolation() as (out, err, _):
            try:
                main()
                code = 0
            except SystemExit as end:
                code = int(end.code or 0)
            return Ended(code, out.getvalue().decode(), err.getvalue().decode())

    return run


# --- the parts of a judged set ----------------------------------------------------------------------------


def test_a_set_without_documents_says_what_is_expected(make: Make) -> None:
    with pytest.raises(InputError, match=r"has no docs\.jsonl or docs\.jsonl\.gz"):
        _ = JudgedSet(make(docs_jsonl=None)).documents


def test_documents_may_be_gzipped(make: Make) -> None:
    folder = make(docs_jsonl=None)
    lines = "".join(json.dumps(document) + "\n" for document in DOCUMENTS)
    (folder / "docs.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    assert answers(folder)["q1"][0] == "tehran"


@pytest.mark.parametrize("part", ["queries", "qrels"])
def test_a_missing_part_is_named(make: Make, part: str) -> None:
    judged = JudgedSet(make(**{f"{part}_tsv": None}))
    with pytest.raises(InputError, match=rf"there is no .*{part}\.tsv"):
        getattr(judged, part)()


def test_a_row_with_too_few_columns_is_told_by_file_and_line(make: Make) -> None:
    judged = JudgedSet(make(queries_tsv="q1\tطهران\n\nq2 without a tab\n"))
    with pytest.raises(InputError, match=r"queries\.tsv, line 3: 2 columns are expected, separated by tabs"):
        judged.queries()


def test_blank_lines_and_line_ends_of_windows_count_for_nothing(make: Make) -> None:
    judged = JudgedSet(make(queries_tsv="q1\tطهران\r\n\r\nq2\tبوتين\r\n"))
    assert judged.queries() == [("q1", "طهران"), ("q2", "بوتين")]


def test_a_tab_in_a_query_is_part_of_it(make: Make) -> None:
    assert JudgedSet(make(queries_tsv="q1\ta\tb\n")).queries() == [("q1", "a\tb")]


def test_grades_are_numbers_by_query_and_document(make: Make) -> None:
    assert JudgedSet(make()).qrels() == {"q1": {"tehran": 1}, "q2": {"riyadh": 1, "moscow": 2}}


def test_a_document_that_cannot_be_read_ends_the_measurement(make: Make) -> None:
    folder = make(docs_jsonl='{"id": "a", "body": "نص"}\n{broken\n')
    with (
        pytest.raises(InputError, match=r"docs\.jsonl, line 2"),
        indexed(JudgedSet(folder), "whoosh"),
    ):
        pass


# --- exclude.tsv ------------------------------------------------------------------------------------------


def test_nothing_is_excluded_without_the_file(make: Make) -> None:
    assert JudgedSet(make()).excluded() == {}


def test_excluded_documents_are_left_out_of_that_query_alone(make: Make) -> None:
    folder = make(queries_tsv="q1\tبوتين\nq2\tبوتين\n", exclude_tsv="q1\tmoscow\n")
    found = answers(folder)
    assert found["q1"] == ["riyadh"]
    assert set(found["q2"]) == {"riyadh", "moscow"}


def test_a_file_that_is_no_utf8_is_named_with_its_line(make: Make) -> None:
    folder = make()
    (folder / "queries.tsv").write_bytes("q1\tبوتين\n".encode() + "q2\tقمة\n".encode("cp1256"))
    with pytest.raises(InputError, match=r"queries\.tsv, line 2: .*UTF-8"):
        JudgedSet(folder).queries()


def test_what_is_excluded_takes_no_place_of_the_hundred(make: Make) -> None:
    many = [{"id": f"d{n}", "title": f"خبر {n}", "body": f"بوتين في الخبر رقم {n}"} for n in range(DEPTH + 3)]
    folder = make(many, queries_tsv="q1\tبوتين\nq2\tبوتين\n", exclude_tsv="q1\td1\nq1\td2\nq1\td3\n")
    found = answers(folder)
    assert len(found["q1"]) == len(found["q2"]) == DEPTH
    assert not {"d1", "d2", "d3"} & set(found["q1"])


# --- queries are plain words ------------------------------------------------------------------------------


def typed(query: tree.Query) -> list[str]:
    words = query.children if isinstance(query, tree.Words) else (query,)
    return [word.text for word in words if isinstance(word, tree.Word) and not word.plain]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("بوتين -النفط", ["بوتين", "النفط"]),
        ("بوتين OR لافروف NOT النفط", ["بوتين", "OR", "لافروف", "NOT", "النفط"]),
        ('"قمة الرياض"~3', ["قمة", "الرياض", "3"]),
        ("title:قمة (الرياض", ["title", "قمة", "الرياض"]),
        ("كاظ* +طهران?", ["كاظ", "طهران"]),
        ("date:2020-07", ["date", "2020", "07"]),
        ("طهران", ["طهران"]),
    ],
)
def test_signs_and_operators_are_not_read(text: str, expected: list[str]) -> None:
    assert typed(plain(text)) == expected


def test_a_query_without_words_asks_for_everything() -> None:
    assert plain(" … !") == tree.Everything()


def test_a_plain_query_is_not_capped() -> None:
    assert len(typed(plain(" ".join(map(str, range(300)))))) == 300


def test_a_leading_minus_excludes_only_with_syntax(make: Make) -> None:
    folder = make()
    assert set(answers(folder, ("q", "بوتين -موسكو"))["q"]) == {"riyadh", "moscow"}
    assert answers(folder, ("q", "بوتين -موسكو"), syntax=True)["q"] == ["riyadh"]


# --- measures and runs ------------------------------------------------------------------------------------


def test_a_query_without_an_answer_counts_nothing() -> None:
    values = measured({"q1": [("a", 1.0)]}, {"q1": {"a": 1}, "q2": {"b": 1}})
    assert values == {measure: {"q1": 1.0, "q2": 0.0} for measure in MEASURES}


def test_a_document_at_the_second_place_has_half_a_reciprocal_rank() -> None:
    values = measured({"q": [("a", 2.0), ("b", 1.0)]}, {"q": {"b": 1}})
    assert values["RR@10"]["q"] == 0.5
    assert values["nDCG@10"]["q"] == pytest.approx(0.6309, abs=1e-4)


def test_a_run_is_written_as_trec_reads_it() -> None:
    lines = list(trec_lines({"q1": [("a", 100.0), ("b", 99.0)], "q2": []}))
    assert lines == ["q1 Q0 a 1 100 rasid\n", "q1 Q0 b 2 99 rasid\n"]


def test_scores_of_a_run_fall_with_the_rank(make: Make) -> None:
    judged = JudgedSet(make())
    with indexed(judged, "whoosh") as (snapshot, given):
        run = ranked(snapshot, [("q", "بوتين النفط")], {}, given)
    scores = [score for _, score in run["q"]]
    assert len(scores) == 2
    assert scores == sorted(set(scores), reverse=True)


def test_documents_carry_the_ids_as_given_where_those_are_no_ids_of_articles(make: Make) -> None:
    odd = "https://example.org/خبر?n=1&m=2"
    folder = make([{"id": odd, "title": "الكاظمي", "body": "زار الكاظمي طهران."}])
    assert answers(folder)["q1"] == [odd]


# --- the command ------------------------------------------------------------------------------------------


def test_the_command_prints_every_measure(make: Make, evaluate: Evaluate) -> None:
    ended = evaluate(make())
    assert ended.code == 0, ended.err
    assert [cell.split()[0] for cell in ended.out.split("\t")] == ["queries.tsv", *MEASURES]
    assert "RR@10 1.0000" in ended.out


def test_runs_and_queries_repeat_in_pairs_over_one_index(
    make: Make, evaluate: Evaluate, tmp_path: Path
) -> None:
    folder = make()
    other, first, second = tmp_path / "other.tsv", tmp_path / "first.run", tmp_path / "second.run"
    other.write_text("q1\tبوتين الرياض\n", "utf-8")
    pairs = ["--queries", folder / "queries.tsv", "--run", first, "--queries", other, "--run", second]
    ended = evaluate(folder, *pairs)
    assert ended.code == 0, ended.err
    assert [line.split("\t")[0] for line in ended.out.splitlines()] == ["queries.tsv", "other.tsv"]
    assert first.read_text("utf-8").startswith("q1 Q0 tehran 1 100 rasid\n")
    assert second.read_text("utf-8").startswith("q1 Q0 riyadh 1 100 rasid\n")
    assert "q2 " not in second.read_text("utf-8")


def test_a_run_alone_is_of_the_sets_own_queries(make: Make, evaluate: Evaluate, tmp_path: Path) -> None:
    ended = evaluate(make(), "--run", tmp_path / "own.run")
    assert ended.code == 0, ended.err
    lines = (tmp_path / "own.run").read_text("utf-8").splitlines()
    assert {line.split()[0] for line in lines} == {"q1", "q2"}
    assert all(len(line.split()) == 6 for line in lines)


def test_json_has_one_object_a_line(make: Make, evaluate: Evaluate) -> None:
    ended = evaluate(make(), "--json")
    (document,) = map(json.loads, ended.out.splitlines())
    assert document["queries"] == "queries.tsv"
    assert set(document) == {"queries", *MEASURES}


def test_the_home_is_not_touched(make: Make, evaluate: Evaluate, tmp_path: Path) -> None:
    assert evaluate(make()).code == 0
    assert not (tmp_path / "home").exists()


def test_a_fault_of_the_set_ends_the_command_in_one_line(make: Make, evaluate: Evaluate) -> None:
    ended = evaluate(make(qrels_tsv="q1 0 tehran 1\n"))
    assert ended.code != 0
    assert "qrels.tsv, line 1: 4 columns are expected" in ended.err
    assert "Traceback" not in ended.err
