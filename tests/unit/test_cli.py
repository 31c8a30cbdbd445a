"""The command line, command by command: what it prints, where, and how it ends."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from indexer.lock import writer_lock
from searchapp.cli import main

ARTICLES = (
    {
        "id": "a1",
        "title": "الكاظمي في طهران",
        "body": "زار الكاظمي إيران.",
        "source": "المدار",
        "date": "2020-07-21",
    },
    {
        "id": "a2",
        "title": "قمة الرياض",
        "body": "بوتين في الرياض.",
        "source": "الضفتين",
        "date": "2019-10-14",
    },
    {"id": "a3", "title": "=1+1", "body": "نص بلا تاريخ\nوسطران", "section": "رأي"},
)


class Ended(NamedTuple):
    code: int
    out: str
    err: str


Rasid = Callable[..., Ended]


@pytest.fixture
def rasid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rasid:
    """Runs the command line in this process, in a home of its own."""
    monkeypatch.setenv("RASID_HOME", str(tmp_path / "home"))

    def run(*arguments: object, stdin: str = "") -> Ended:
        monkeypatch.setattr(sys, "argv", ["rasid", *map(str, arguments)])
        with CliRunner().isolation(input=stdin) as (out, err, _):
            try:
                main()
                code = 0
            except SystemExit as end:
                code = int(end.code or 0)
            return Ended(code, out.getvalue().decode(), err.getvalue().decode())

    return run


@pytest.fixture
def jsonl(tmp_path: Path) -> Path:
    file = tmp_path / "articles.jsonl"
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ARTICLES))
    return file


@pytest.fixture
def filled(rasid: Rasid, jsonl: Path) -> Rasid:
    assert rasid("add", jsonl).code == 0
    return rasid


def counts(ended: Ended) -> dict[str, object]:
    found: dict[str, object] = json.loads(ended.out)
    return found


# --- home and usage ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [True, False])
def test_home_is_taken_before_and_after_the_command(
    rasid: Rasid, jsonl: Path, tmp_path: Path, before: bool
) -> None:
    home = ("--home", tmp_path / "elsewhere")
    assert rasid(*home, "add", jsonl).code == 0
    ended = rasid(*home, "status", "--json") if before else rasid("status", "--json", *home)
    assert counts(ended)["articles"] == 3
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("add",),
        ("unknown",),
        ("search", "كلمة", "--limit", "0"),
        ("search", "كلمة", "--sort", "best"),
        ("search", "كلمة", "--from", "غدا"),
        ("search", "كلمة", "--year", "الماضي"),
        ("search", "كلمة", "--year", "0"),
        ("export", "كلمة", "--format", "csv", "--year", "99999"),
        ("export", "كلمة"),
        ("export", "كلمة", "--format", "xml"),
        ("add", "x.txt", "--map", "body"),
        ("add", "x.txt", "--date-order", "myd"),
        ("remove",),
        ("add", "x.txt", "--wait", "-1"),
    ],
)
def test_wrong_usage_ends_with_2(rasid: Rasid, arguments: tuple[str, ...]) -> None:
    ended = rasid(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err


@pytest.mark.parametrize(
    "command", ["add", "remove", "rebuild", "search", "serve", "analyze", "status", "verify", "export"]
)
def test_every_command_has_a_help_text(rasid: Rasid, command: str) -> None:
    ended = rasid(command, "--help")
    assert ended.code == 0
    assert "Usage: rasid" in ended.out and "--home" in ended.out


@pytest.mark.parametrize(
    "arguments",
    [("search", "كلمة"), ("export", "", "--format", "jsonl"), ("verify",), ("rebuild",), ("remove", "a1")],
)
def test_a_home_without_articles_fails_with_the_command_that_fills_it(
    rasid: Rasid, arguments: tuple[str, ...]
) -> None:
    ended = rasid(*arguments)
    assert (ended.code, ended.out) == (1, "")
    assert "`rasid add PATH`" in ended.err
    assert len(ended.err.splitlines()) == 1


def test_status_of_an_empty_home_is_no_failure(rasid: Rasid) -> None:
    document = counts(rasid("status", "--json"))
    assert (document["articles"], document["generation"]) == (0, None)


# --- add --------------------------------------------------------------------------------------------------


def test_add_counts_and_running_it_again_changes_nothing(filled: Rasid, jsonl: Path) -> None:
    before = counts(filled("status", "--json"))
    again = counts(filled("add", jsonl, "--json"))
    assert again == {"added": 0, "updated": 0, "unchanged": 3, "refused": 0, "skipped": {}}
    assert counts(filled("status", "--json")) == before


def test_what_comes_twice_into_a_new_home_is_found_as_it_came_last(rasid: Rasid) -> None:
    old, other = ({"id": "twice", "title": "خبر", "body": body} for body in ("نص قديم", "نص جديد"))
    rows = "".join(json.dumps(row) + "\n" for row in (old, *ARTICLES, other))
    ended = counts(rasid("add", "-", "--json", stdin=rows))
    assert (ended["added"], ended["updated"]) == (4, 1)
    assert "twice" in rasid("search", "جديد", "--json").out
    assert '"total": 0' in rasid("search", "قديم", "--json").out
    assert counts(rasid("status", "--json"))["articles"] == 4
    assert rasid("verify", "--deep").code == 0


def test_a_changed_text_is_a_new_revision_and_an_old_one_is_unchanged(filled: Rasid) -> None:
    changed = json.dumps(ARTICLES[0] | {"body": "نص جديد عن بغداد"}, ensure_ascii=False)
    assert counts(filled("add", "-", "--json", stdin=changed))["updated"] == 1
    assert "بغداد" in filled("search", "بغداد").out
    assert filled("search", "إيران").out == ""
    assert counts(filled("add", "-", "--json", stdin=json.dumps(ARTICLES[0])))["unchanged"] == 1
    assert "بغداد" in filled("search", "بغداد").out


def test_folders_are_read_by_suffix_and_the_rest_is_counted(rasid: Rasid, jsonl: Path) -> None:
    (jsonl.parent / "folder").mkdir()
    jsonl.rename(jsonl.parent / "folder" / jsonl.name)
    (jsonl.parent / "folder" / "picture.png").write_bytes(b"\x89PNG")
    ended = rasid("add", jsonl.parent / "folder")
    assert "added 3" in ended.out and "skipped .png: 1" in ended.out
    assert ended.code == 0
    dry = rasid("add", jsonl.parent / "folder", "--dry-run")
    assert (dry.code, "3 articles" in dry.out) == (0, True)


def test_refused_items_are_one_line_each_and_end_with_3(rasid: Rasid, tmp_path: Path) -> None:
    file = tmp_path / "mixed.jsonl"
    rows = [
        json.dumps(ARTICLES[0]),
        "{broken",
        json.dumps({"title": "بلا نص", "date": "not\na date", "body": "x"}),
        "[]",
    ]
    file.write_text("\n".join(rows))
    ended = rasid("add", file, "--json")
    assert ended.code == 3
    assert (counts(ended)["added"], counts(ended)["refused"]) == (1, 3)
    lines = ended.err.splitlines()
    assert len(lines) == 3
    assert all(
        line.startswith(str(file)) and str(number) in line
        for line, number in zip(lines, (2, 3, 4), strict=True)
    )


def test_a_missing_path_is_refused_or_fails_in_one_line(rasid: Rasid, tmp_path: Path) -> None:
    ended = rasid("add", tmp_path / "missing.jsonl")
    assert ended.code in (1, 3)
    assert len(ended.err.splitlines()) == 1 and "missing.jsonl" in ended.err


def test_an_id_of_another_article_is_refused_unless_replaced_or_prefixed(filled: Rasid) -> None:
    other = json.dumps(
        {"id": "a1", "title": "خبر آخر", "body": "نص آخر", "source": "غيرها"}, ensure_ascii=False
    )
    ended = filled("add", "-", stdin=other)
    assert ended.code == 3
    assert "--replace" in ended.err
    assert counts(filled("add", "-", "--id-prefix", "x-", "--json", stdin=other))["added"] == 1
    assert counts(filled("add", "-", "--replace", "--json", stdin=other))["updated"] == 1


def test_columns_and_sources_can_be_given(rasid: Rasid, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("Head;Content;Day\nقمة;نص القمة;03/04/2018\n")
    arguments = (
        "--map",
        "body=Content",
        "--map",
        "title=Head",
        "--map",
        "published=Day",
        "--source",
        "المدى",
    )
    dry = rasid("add", file, *arguments, "--dry-run")
    assert (dry.code, "2018-04-03" in dry.out, "قمة" in dry.out) == (0, True, True)
    assert counts(rasid("status", "--json"))["articles"] == 0
    assert rasid("add", file, *arguments, "--date-order", "mdy").code == 0
    (row,) = map(json.loads, rasid("export", "source:المدى", "--format", "jsonl").out.splitlines())
    assert (row["title"], row["body"], row["published"]) == ("قمة", "نص القمة", "2018-03-04")


# --- remove -----------------------------------------------------------------------------------------------


def test_remove_takes_articles_out_and_refuses_unknown_ids(filled: Rasid) -> None:
    ended = filled("remove", "a1", "none", "--json")
    assert (ended.code, counts(ended)) == (3, {"removed": 1, "refused": 1})
    assert [line for line in ended.err.splitlines() if "none" in line]
    assert filled("search", "الكاظمي").out == ""
    assert counts(filled("status", "--json"))["articles"] == 2


def test_removed_text_is_nowhere_in_the_home(filled: Rasid, tmp_path: Path) -> None:
    filled("remove", "a1")
    needle = "زار الكاظمي".encode()
    assert not [
        path for path in (tmp_path / "home").rglob("*") if path.is_file() and needle in path.read_bytes()
    ]


def test_ids_come_on_standard_input_and_may_be_kept_out(filled: Rasid, jsonl: Path) -> None:
    assert filled("remove", "-", "--keep-out", stdin="a1\n\na2\n").code == 0
    ended = filled("add", jsonl, "--json")
    assert (ended.code, counts(ended)["refused"], counts(ended)["unchanged"]) == (3, 2, 1)


def test_the_last_article_can_be_removed_and_come_again(filled: Rasid, jsonl: Path) -> None:
    assert filled("remove", "a1", "a2", "a3").code == 0
    assert counts(filled("status", "--json"))["articles"] == 0
    assert filled("search", "الكاظمي").code == 0
    assert counts(filled("add", jsonl, "--json"))["added"] == 3
    assert filled("verify", "--deep").code == 0


# --- search -----------------------------------------------------------------------------------------------


def test_search_prints_results_and_tells_numbers_on_stderr(filled: Rasid) -> None:
    ended = filled("search", "الكاظمى")
    assert ended.out.splitlines()[:2] == ["الكاظمي في طهران", "  2020-07-21 · المدار · a1"]
    assert "[الكاظمي]" in ended.out
    assert ended.err.startswith("1 articles")


def test_no_hit_is_no_failure(filled: Rasid) -> None:
    assert filled("search", "غائب")[:2] == (0, "")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--limit", "1"), ["a1"]),
        (("--sort", "oldest"), ["a2", "a1", "a3"]),
        (("--source", "المدار"), ["a1"]),
        (("--source", "-المدار"), ["a2", "a3"]),
        (("--source", "المدار", "--source", "الضفتين"), ["a1", "a2"]),
        (("--section", "راي"), ["a3"]),
        (("--year", "2019"), ["a2"]),
        (("--from", "2020"), ["a1"]),
        (("--to", "2019-10"), ["a2"]),
        (("--from", "تموز 2020", "--to", "1441-11H"), ["a1"]),
    ],
)
def test_search_limits_and_filters(filled: Rasid, options: tuple[str, ...], expected: list[str]) -> None:
    document = counts(filled("search", "", "--json", *options))
    assert [row["id"] for row in document["results"]] == expected  # type: ignore[attr-defined]


def test_what_a_query_cannot_mean_is_told_on_stderr(filled: Rasid) -> None:
    ended = filled("search", '"الكاظمي')
    assert ended.code == 0
    assert len(ended.err.splitlines()) == 2


# --- export -----------------------------------------------------------------------------------------------


def test_jsonl_is_exact(filled: Rasid) -> None:
    rows = {
        row["id"]: row for row in map(json.loads, filled("export", "", "--format", "jsonl").out.splitlines())
    }
    assert {id: (row["title"], row["body"]) for id, row in rows.items()} == {
        str(row["id"]): (row["title"], row["body"]) for row in ARTICLES
    }


def test_csv_is_for_spreadsheets(filled: Rasid, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    assert filled("export", "", "--format", "csv", "--output", file)[:2] == (0, "")
    data = file.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and data.count(b"\r\n") == 4
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert "body" not in rows[0]
    assert [row["title"] for row in rows if row["id"] == "a3"] == ["'=1+1"]


def test_export_takes_fields_and_filters_and_never_relaxes(filled: Rasid) -> None:
    ended = filled("export", "بوتين", "--format", "csv", "--fields", "id,body", "--year", "2019")
    assert ended.out == "\ufeffid,body\r\na2,بوتين في الرياض.\r\n"
    assert filled("export", "بوتين غائب", "--format", "jsonl").out == ""


def test_an_unknown_field_fails_and_leaves_no_file(filled: Rasid, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    file.write_text("before")
    ended = filled("export", "", "--format", "csv", "--fields", "id,colour", "--output", file)
    assert ended.code in (1, 2) and "colour" in ended.err
    assert file.read_text() == "before"
    assert not list(tmp_path.glob(".*.part"))


def test_an_output_that_cannot_be_written_fails_in_one_line(filled: Rasid, tmp_path: Path) -> None:
    ended = filled("export", "", "--format", "csv", "--output", tmp_path / "missing" / "out.csv")
    assert (ended.code, len(ended.err.splitlines())) == (1, 1)


def test_a_pipe_as_output_is_written_to_and_not_replaced(filled: Rasid, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        assert filled("export", "الكاظمي", "--format", "csv", "--fields", "id", "--output", pipe).code == 0
        assert reader.stdout
        assert reader.stdout.read() == b"\xef\xbb\xbfid\r\na1\r\n"
    assert pipe.is_fifo()


# --- analyze, status, verify, rebuild ---------------------------------------------------------------------


def test_analyze_shows_each_words_way(rasid: Rasid) -> None:
    ended = rasid("analyze", "وَالكاظمي 2020")
    assert ended.out.splitlines() == ["وَالكاظمي\twritten: والكاظمي\tname: كاظمي\tname: =كاظمي", "2020"]
    first, _ = map(json.loads, rasid("analyze", "--json", "وَالكاظمي 2020").out.splitlines())
    assert first["folded"] == "والكاظمي"
    assert first["steps"][0] == {"rule": "written", "from": "وَالكاظمي", "to": "والكاظمي"}


def test_status_tells_what_the_contract_names(filled: Rasid) -> None:
    document = counts(filled("status", "--json"))
    assert document.keys() >= {
        "articles",
        "sources",
        "first_published",
        "last_published",
        "generation",
        "engine",
    }
    assert document.keys() >= {"analysis", "lexicon", "built_at"}
    assert (document["articles"], document["first_published"], document["undated"]) == (3, "2019-10-14", 1)
    assert "articles: 3" in filled("status").out


def test_rebuild_makes_a_new_generation_that_answers_alike(filled: Rasid) -> None:
    before = counts(filled("status", "--json"))
    assert counts(filled("rebuild", "--json"))["articles"] == 3
    after = counts(filled("status", "--json"))
    assert after["generation"] != before["generation"]
    assert {**after, "generation": 0, "built_at": 0} == {**before, "generation": 0, "built_at": 0}


def test_verify_names_generations_that_are_good(filled: Rasid) -> None:
    generation = str(counts(filled("status", "--json"))["generation"])
    for arguments in (("verify",), ("verify", "--deep")):
        assert filled(*arguments)[:2] == (0, f"ok: {generation}\n")


# --- other processes --------------------------------------------------------------------------------------


def test_a_second_writer_ends_with_4(filled: Rasid, tmp_path: Path, jsonl: Path) -> None:
    with writer_lock(tmp_path / "home"):
        for arguments in (("add", jsonl), ("remove", "a1"), ("rebuild",), ("add", jsonl, "--wait", "0.1")):
            ended = filled(*arguments)
            assert (ended.code, ended.out) == (4, "")
            assert len(ended.err.splitlines()) == 1
        assert filled("search", "الكاظمي").code == 0


@pytest.mark.parametrize(
    "arguments", ["export '' --format jsonl", "search '' --limit 100", 'analyze "$(yes كلمة | head -5000)"']
)
def test_a_reader_that_has_seen_enough_ends_it_quietly(rasid: Rasid, tmp_path: Path, arguments: str) -> None:
    rows = (json.dumps({"id": f"n{n}", "title": "عنوان", "body": "كلمة " * 200}) for n in range(400))
    assert rasid("add", "-", stdin="\n".join(rows)).code == 0
    program = Path(sys.executable).parent / "rasid"
    command = f"set -o pipefail; '{program}' --home '{tmp_path}/home' {arguments} | head -c 10"
    ended = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert "Traceback" not in ended.stderr and "BrokenPipe" not in ended.stderr
    assert ended.returncode == 0
