"""The benchmark's smallest size runs through, and tells who took no part and why."""

import doctest
import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SPEED = ROOT / "benchmarks" / "speed"
ARTICLES = 60

NEEDED = {"Rasid, whoosh", "stock Whoosh", "SQLite FTS5"}
"""Who always takes part; what else does depends on what is installed."""

Run = dict[str, Any]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The figures of a run over the starter corpus or a few articles of the reference data."""
    runs = tmp_path_factory.mktemp("runs")
    command = [sys.executable, "-m", "benchmarks.speed", "--articles", str(ARTICLES), "--runs", str(runs)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=200)
    assert not done.returncode, done.stderr
    told: Run = json.loads((runs / f"speed-{ARTICLES}.json").read_text("utf-8"))
    return told


def test_every_class_is_answered_by_rasid_and_by_every_peer_that_can(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    peers = importlib.import_module("benchmarks.speed.peers").participants()
    answered = {(row["participant"], row["kind"]) for row in run["searched"]}
    able = {(peer.name, kind) for peer in peers if peer.name not in run["absent"] for kind in peer.classes}
    assert {name for name, _ in able} >= NEEDED
    assert not able - answered


def test_who_takes_no_part_is_told_with_what_to_do(run: Run) -> None:
    assert NEEDED.isdisjoint(run["absent"])
    assert "--opensearch" in run["absent"]["OpenSearch"]
    assert all(run["absent"].values())


def test_the_same_terms_find_the_same_articles(run: Run) -> None:
    assert {row["agrees"] for row in run["searched"]} == {None, 1.0}


def test_builds_and_whole_requests_are_measured(run: Run) -> None:
    works = {row["work"] for row in run["indexed"] if row["participant"] == "Rasid, whoosh"}
    assert works == {"whole way", "writer alone"}
    assert all(row["wall"] > 0 for row in run["indexed"])
    kinds = {row["kind"] for row in run["served"] if row["server"] == "Rasid, whoosh"}
    assert kinds == {"common word", "and 2", "or 3", "phrase 2", "headline", "four facets"}
    assert all(row["per_second"] > 0 and row["resident_mb"] > 0 for row in run["kept"])


@pytest.mark.parametrize("path", sorted(SPEED.rglob("[a-z]*.py")), ids=lambda path: path.stem)
def test_examples_in_the_benchmark_are_true(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    assert not doctest.testmod(importlib.import_module(name)).failed


def test_the_page_has_a_place_for_everything_that_is_measured(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    report = importlib.import_module("benchmarks.speed.report")
    page = tmp_path / "performance.md"
    page.write_text((ROOT / "docs" / "performance.md").read_text("utf-8"), "utf-8")
    report.save(report.run_of(run), page)
    told = page.read_text("utf-8")
    assert all(f"| {row['kind']} |" in told for row in run["searched"])
    assert "<svg" in (tmp_path / "performance-queries.svg").read_text("utf-8")
    assert "<!-- growth -->" in told
