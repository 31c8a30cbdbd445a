"""The files of the tantivy engine that terms are looked up in."""

from pathlib import Path

import numpy as np
import pytest

from indexer.engines.batch import REGIONS, Batch
from indexer.engines.opened import OpenedRows
from indexer.engines.tantivy.views import View, write_views
from indexer.model import Article

WORDS = "كتب كتاب الكتاب والكتب مكتبة مكتبات قطر القطري وقطر مطر ماطر أمطار في من على مدرسة مدارس درس".split()


def batch_of(*texts: str) -> Batch:
    return Batch.of([Article(id=f"a{n}", title=text[:4], body=text) for n, text in enumerate(texts)])


def test_rows_are_read_as_they_were_written(tmp_path: Path) -> None:
    rows = np.arange(12, dtype=np.uint16).reshape(-1, 2)
    np.save(tmp_path / "rows.npy", rows)
    opened = OpenedRows(tmp_path / "rows.npy")
    assert (opened.count, opened.kind) == (6, np.uint16)
    assert np.frombuffer(opened.rows(2, 4), opened.kind).tolist() == rows[2:4].ravel().tolist()
    opened.close()


def test_words_that_share_a_term_stand_together_and_none_is_lost() -> None:
    batch = batch_of(" ".join(WORDS))
    ordered = batch.by_term()
    before, after = batch.words, ordered.words
    assert sorted(before) == sorted(after)
    for region in REGIONS:
        assert [before[n] for n in batch.streams[region]] == [after[n] for n in ordered.streams[region]]
    stems = ordered.columns["stem"].of_word
    assert (np.diff(stems) >= 0).all()
    for view, column in ordered.columns.items():
        terms = [column.terms[number] for number in column.of_word.tolist()]
        held = batch.columns[view]
        assert dict(zip(after, terms, strict=True)) == dict(
            zip(before, [held.terms[number] for number in held.of_word.tolist()], strict=True)
        )


@pytest.mark.parametrize("count", [0, 1, len(WORDS)])
def test_every_term_is_found_with_its_words_and_no_other(tmp_path: Path, count: int) -> None:
    batch = batch_of(" ".join(WORDS[:count]), WORDS[0]).by_term()
    write_views(tmp_path, "part", batch)
    for name, column in batch.columns.items():
        view = View(tmp_path / f"part.{name}.npy")
        expected = {
            str(term, "utf-8"): np.flatnonzero(column.of_word == number).tolist()
            for number, term in enumerate(column.terms)
        }
        numbers = {term: [n for i, j in runs for n in range(i, j + 1)] for term, runs in view.entries()}
        assert numbers == expected
        for term, runs in view.entries():
            assert view.runs(term.encode()) == runs
            assert view.holding("", term.encode()) in (1, 2)
        assert not view.runs("غائب".encode())
        assert view.holding("title_", "غائب".encode()) == 0
        view.close()
