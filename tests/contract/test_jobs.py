"""An index is the same for any number of processes."""

from pathlib import Path

import pytest

from indexer.engines import engine_named
from indexer.engines.base import SearchEngine
from indexer.engines.whoosh import writer
from indexer.model import Article, Results
from indexer.query import plan
from indexer.query.plan import Plan


def written_by(jobs: int, folder: Path) -> SearchEngine:
    articles = (
        Article(f"a{n}", f"قمة {n}", f"وزير {'بوتين' if n % 3 else 'ايران'} في القاهرة {n % 7}")
        for n in range(200)
    )
    index_writer = engine_named("whoosh").writer(folder, None, jobs)
    assert index_writer.write(articles) == 200
    index_writer.finish()
    return engine_named("whoosh").open(folder)


def answer(snapshot: SearchEngine) -> Results:
    return snapshot.search(Plan(plan.Terms("stem", (("وزير", 1.0), ("3", 1.0)))), limit=200)


def test_the_index_is_the_same_for_any_number_of_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "BATCH_CHARACTERS", 500)
    snapshots = []
    for jobs in (1, 3):
        (tmp_path / str(jobs)).mkdir()
        snapshots.append(written_by(jobs, tmp_path / str(jobs)))
    one, three = snapshots
    assert len(list((tmp_path / "3").glob("*.forms.npy"))) > 3
    assert answer(one) == answer(three)
    assert dict(one.fingerprints()) == dict(three.fingerprints())
    assert not [path for path in (tmp_path / "3").iterdir() if path.is_dir()]
    for snapshot in snapshots:
        snapshot.close()
