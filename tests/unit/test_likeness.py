"""Hits that are like the best few."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from indexer.engines.forward import Forward, write_forward
from indexer.engines.likeness import likeness

WORDS = ["برلمان", "ثقة", "حكومة", "كرة", "مباراة"]
TEXTS = [[0, 1, 2], [0, 1, 2], [0, 1], [3, 4], []]


@pytest.fixture
def forward(tmp_path: Path) -> Iterator[Forward]:
    forms = np.concatenate([np.array(text, dtype=np.int64) for text in TEXTS])
    ends = np.cumsum([len(text) for text in TEXTS])
    write_forward(tmp_path, "s", WORDS, forms, np.ones(len(forms), dtype=np.int64), ends)
    yield Forward(tmp_path, ["s"], np.ones(len(TEXTS), dtype=bool))


def test_like_articles_are_told_from_others(forward: Forward) -> None:
    same, twin, near, other, empty = likeness(forward, [0, 1, 2, 3, 4], np.array([5.0, 4.0, 3.0, 2.0, 1.0]))
    assert 1 >= twin > near > 0.5
    assert same == pytest.approx((4 * 1 + 3 * near_to(forward)) / 7)
    assert other == empty == 0


def near_to(forward: Forward) -> float:
    """The cosine of the first text with the third, which lacks one of its three words."""
    return float(likeness(forward, [2, 0], np.array([1.0, 1.0]))[1])


def test_a_leader_is_not_compared_with_itself(forward: Forward) -> None:
    assert likeness(forward, [3, 0], np.array([9.0, 1.0])).tolist() == [0, 0]
    assert likeness(forward, [0], np.array([9.0])).tolist() == [0]


def test_scores_of_nothing_make_no_noise(forward: Forward) -> None:
    assert likeness(forward, [0, 1], np.zeros(2)).tolist() == [0, 0]
