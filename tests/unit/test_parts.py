"""How an index is cut into parts, and what becomes of one."""

from pathlib import Path

import numpy as np
import pytest

from indexer.engines.batch import Batch
from indexer.engines.forward import words_held, write_forward
from indexer.engines.parts import FIRST_SHARE, LAST_SHARES, MOST_SMALL, SMALL, to_merge, written
from indexer.model import Article


def sizes(articles: int, letters: int) -> list[int]:
    """How many articles of ten letters are in each part."""
    made = (Article(f"a{n}", "", "ا" * 10) for n in range(articles))
    return written(_counted, made, letters, 1)


def _counted(part: tuple[int, list[Article]]) -> int:
    return len(part[1])


def test_articles_that_fill_no_part_are_one() -> None:
    assert sizes(4, 100) == [4]
    assert sizes(0, 100) == []


@pytest.mark.parametrize("rest", [0, 1, 5, 9])
def test_what_remains_at_the_end_is_shared_out_with_the_last_full_part(rest: int) -> None:
    small, *full, first, second, third = sizes(35 + rest, 100)
    assert small * FIRST_SHARE == 10
    assert full == [10, 10]
    assert first + second + third == 10 + rest
    whole = 10 + rest
    assert [round(6 * part / whole) for part in (first, second, third)] == list(LAST_SHARES)


def test_what_fills_no_second_part_is_not_cut() -> None:
    assert sizes(14, 100) == [5, 9]


def test_a_part_is_taken_in_its_order_and_its_texts_are_let_go() -> None:
    part = [Article("a", "قمة", "بغداد"), Article("b", "زيارة", "قمة بغداد")]
    batch = Batch.of(part)
    assert part == []
    assert [row["id"] for row in batch.articles] == ["a", "b"]
    assert list(batch.words) == ["بغداد", "قمة", "زيارة"]


def test_the_smaller_half_of_many_small_parts_is_written_again_and_never_a_full_one() -> None:
    few = {f"small {n}": (1_000 + n, 1.0) for n in range(MOST_SMALL - 1)}
    full = {f"full {n}": (SMALL + n, 1.0) for n in range(9)}
    assert to_merge({**few, **full}) == frozenset()
    many = few | {"last": (SMALL - 1, 1.0)}
    assert to_merge({**many, **full}) == {"small 0", "small 1", "small 2", "small 3"}


def test_what_is_mostly_deleted_is_written_again_whatever_its_size() -> None:
    assert to_merge({"dead": (2 * SMALL, 0.49), "alive": (2 * SMALL, 0.5)}) == {"dead"}


def test_how_large_a_part_is_its_words_tell(tmp_path: Path) -> None:
    parts = np.array([0, 1, 0]), np.array([1, 2, 9]), np.array([2, 3])
    write_forward(tmp_path, "part", [b"a", b"b"], *parts)
    assert words_held(tmp_path, "part") == 3
