"""A process that dies while it adds articles loses none that it reported."""

import random
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

from indexer.archive import Archive
from indexer.model import Ref

ROUNDS = 8

CHILD = """
import sys
from pathlib import Path
from indexer.archive import Archive
from indexer.model import Article

with Archive.open(Path(sys.argv[1]), create=True) as archive:
    for batch in range(10**9):
        ids = [f"{sys.argv[2]}-{batch}-{number}" for number in range(20)]
        for text in ("النص الأول ", "النص الثاني "):
            articles = [Article(id=id, title="عنوان", body=text * 200) for id in ids]
            for outcome in archive.add(articles):
                print(outcome.done, outcome.id, flush=True)
        for outcome in archive.remove(ids[:5]):
            print(outcome.done, outcome.id, flush=True)
        if batch % 3 == 0:
            archive.purge(archive.last_change())
"""


def killed_after(file: Path, seconds: float, prefix: str) -> list[tuple[str, str]]:
    """What a process reported before it was killed: (done, id), in order."""
    command = [sys.executable, "-c", CHILD, str(file), prefix]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        lines = [child.stdout.readline()]
        timer = threading.Timer(seconds, child.kill)  # SIGKILL, at any point after the first report
        timer.start()
        lines += child.stdout.readlines()
        timer.join()
    assert child.returncode < 0
    return [(line.split()[0], line.split()[1]) for line in lines if line.endswith("\n")]


def test_what_was_reported_is_there_after_kill_9(tmp_path: Path) -> None:
    file = tmp_path / "home" / "archive.sqlite3"
    moments = random.Random(7)
    live: dict[str, int] = {}
    removed: set[str] = set()
    for turn in range(ROUNDS):
        for done, id in killed_after(file, moments.uniform(0.0, 0.3), f"turn{turn}"):
            if done == "removed":
                removed.add(id)
            else:
                live[id] = {"added": 1, "updated": 2}[done]
        with Archive.open(file) as archive:
            told = {article.id: article for article in archive.articles()}
            kept = {id: revision for id, revision in live.items() if id not in removed}
            assert not removed & told.keys()
            # What was done and not yet reported may be there too: a later text, a removal of one batch.
            unreported = kept.keys() - told.keys()
            assert len(unreported) <= 5
            assert all(told[id].revision >= kept[id] for id in kept.keys() - unreported)
            live = {id: article.revision for id, article in told.items()}
            removed |= unreported
            assert all(archive.fetch([Ref(id, told[id].revision)]) for id in list(told)[-50:])
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert len(live) > 100


def test_whole_batches_or_nothing_are_stored(tmp_path: Path) -> None:
    file = tmp_path / "home" / "archive.sqlite3"
    killed_after(file, 0.05, "turn")
    with Archive.open(file) as archive, closing(sqlite3.connect(file)) as connection:
        ((revisions,),) = connection.execute("SELECT count(*) FROM revision WHERE number = 1")
        ((articles,),) = connection.execute("SELECT count(*) FROM article")
        ((highest,),) = connection.execute("SELECT max(max(changed_seq), max(removed_seq)) FROM article")
        assert revisions == articles
        assert archive.count() % 5 == 0
        assert (highest or 0) <= archive.last_change()
