"""Hits that are like the best few."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from indexer.engines.forward import Forward, write_forward
from indexer.engines.likeness import LEADERS, likeness

WORDS = ["برلمان", "ثقه", "حكومه", "كره", "مباراه"]
TEXTS = [[0, 1, 2], [0, 1, 2], [0, 1], [3, 4], []]


@pytest.fixture
def forward(tmp_path: Path) -> Iterator[Forward]:
    forms = np.concatenate([np.array(text, dtype=np.int64) for text in TEXTS])
    ends = np.cumsum([len(text) for text in TEXTS])
    words = [word.encode() for word in WORDS]
    write_forward(tmp_path, "s", words, forms, np.ones(len(forms), dtype=np.int64), ends)
    yield Forward(tmp_path, ["s"], np.ones(len(TEXTS), dtype=bool))


def alike(forward: Forward, documents: list[int], scores: list[float]) -> list[float]:
    """The likeness of documents that come best first."""
    leaders = range(min(LEADERS, len(documents)))
    found: list[float] = likeness(forward, forward.held(documents), np.array(scores), leaders).tolist()
    return found


def test_like_articles_are_told_from_others(forward: Forward) -> None:
    same, twin, near, other, empty = alike(forward, [0, 1, 2, 3, 4], [5.0, 4.0, 3.0, 2.0, 1.0])
    assert 1 >= twin > near > 0.5
    assert same == pytest.approx((4 * 1 + 3 * near_to(forward)) / 7)
    assert other == empty == 0


def near_to(forward: Forward) -> float:
    """The cosine of the first text with the third, which lacks one of its three words."""
    return alike(forward, [2, 0], [1.0, 1.0])[1]


def test_a_leader_is_not_compared_with_itself(forward: Forward) -> None:
    assert alike(forward, [3, 0], [9.0, 1.0]) == [0, 0]
    assert alike(forward, [0], [9.0]) == [0]


def test_scores_of_nothing_make_no_noise(forward: Forward) -> None:
    assert alike(forward, [0, 1], [0.0, 0.0]) == [0, 0]
