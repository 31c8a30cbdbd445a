"""Sets of documents as rising arrays: what each function gives is what Python's own sets give."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines import sets

SIZE = 200
numbers = st.one_of(
    st.sets(st.integers(0, SIZE - 1), max_size=4),
    st.sets(st.integers(0, SIZE - 1), min_size=80, max_size=SIZE),
)


def rising(held: set[int]) -> sets.Docs:
    return np.array(sorted(held), dtype=np.int32)


@given(st.lists(numbers, min_size=1, max_size=4))
def test_common_and_union_are_those_of_sets(held: list[set[int]]) -> None:
    arrays = [rising(each) for each in held]
    assert set(sets.common(arrays, SIZE).tolist()) == set.intersection(*held)
    assert sets.union(arrays, SIZE).tolist() == sorted(set.union(*held))


@given(numbers, numbers)
def test_members_and_their_places_few_or_many(one: set[int], other: set[int]) -> None:
    docs, of = rising(one), rising(other)
    assert sets.members(docs, of, SIZE).tolist() == [number in other for number in sorted(one)]
    within = rising(one & other)
    assert of[sets.places_in(of, within, SIZE)].tolist() == within.tolist()


@given(numbers, numbers)
def test_merging_and_intersecting_rising_values(one: set[int], other: set[int]) -> None:
    arrays = np.array(sorted(one), np.int64), np.array(sorted(other), np.int64)
    assert sets.merged(arrays).tolist() == sorted(one | other)
    assert sets.both(*arrays).tolist() == sorted(one & other)


@given(st.lists(st.floats(0, 9), min_size=1, max_size=900), st.integers(1, 12))
def test_the_floor_is_reached_by_as_many_as_asked_for(scores: list[float], count: int) -> None:
    count = min(count, len(scores))
    floor = sets.floor_of(np.array(scores), count)
    assert sum(score >= floor for score in scores) >= count
    assert floor <= sorted(scores)[-count]
