"""The cache that everything bounded is kept in."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.lru import LARGEST, Lru

ROOM = 80


def length(_key: object, value: str | bytes) -> int:
    return len(value)


@pytest.fixture
def kept() -> Lru[str, str]:
    return Lru(ROOM, length)


def test_what_was_not_asked_for_the_longest_goes(kept: Lru[str, str]) -> None:
    for key in "abcdefghi":
        kept.put(key, "x" * 10)
        assert kept.get("a")
    assert kept.get("b") is None
    assert kept.get("i")


def test_what_is_too_large_is_given_back_and_not_kept(kept: Lru[str, str]) -> None:
    assert kept.put("small", "x") == "x"
    large = "x" * (ROOM // LARGEST + 1)
    assert kept.put("large", large) is large
    assert kept.get("large") is None and kept.get("small")


def test_how_large_a_value_may_be_can_be_said() -> None:
    kept: Lru[str, str] = Lru(ROOM, length, largest=ROOM // 2)
    kept.put("half", "x" * (ROOM // 2))
    kept.put("more", "x" * (ROOM // 2 + 1))
    assert kept.get("half") and kept.get("more") is None


def test_the_first_value_of_a_key_stays(kept: Lru[str, str]) -> None:
    kept.put("a", "one")
    assert kept.put("a", "two") == "two"
    assert kept.get("a") == "one"


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 12), st.booleans()), max_size=60))
def test_never_more_than_the_room_is_taken(steps: list[tuple[str, int, bool]]) -> None:
    kept: Lru[str, str] = Lru(ROOM, length)
    for key, size, asked in steps:
        kept.get(key) if asked else kept.put(key, "x" * size)
        held = [value for key in "abcdef" if (value := kept.get(key)) is not None]
        assert kept.filled == pytest.approx(sum(map(len, held)) / ROOM)
        assert kept.filled <= 1


def test_threads_share_it() -> None:
    kept: Lru[int, bytes] = Lru(4_000, length)

    def work(start: int) -> None:
        for n in range(2_000):
            key = (start + n) % 50
            assert kept.get(key) in (None, bytes(key))
            kept.put(key, bytes(key))

    threads = [threading.Thread(target=work, args=(7 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = [value for key in range(50) if (value := kept.get(key)) is not None]
    assert held and kept.filled == pytest.approx(sum(map(len, held)) / 4_000)
