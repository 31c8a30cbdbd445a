"""A vocabulary in one string answers as a plain list of words does, looked through word by word."""

import fnmatch
import re

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from indexer.query.vocabulary import Counts, SortedWords

words = st.text(alphabet="ابتيc𐰀", min_size=1, max_size=6)
vocabularies = st.sets(words, max_size=150).map(sorted)
patterns = st.text(alphabet="ابتيc*?", min_size=1, max_size=5)


def one_string(known: list[str]) -> SortedWords:
    return SortedWords("\n".join(known))


@given(vocabularies, st.lists(words, max_size=20))
def test_it_is_a_sequence_of_its_words(known: list[str], others: list[str]) -> None:
    found = one_string(known)
    assert list(found) == known == [found[number] for number in range(len(found))]
    assert list(found[1:4]) == known[1:4] and list(found[::-2]) == known[::-2]
    for word in (*known, *others):
        assert (word in found) is (word in known)
        assert found.number(word) == (known.index(word) if word in known else None)


@given(vocabularies, st.text(alphabet="ابتيc𐰀", max_size=3))
def test_words_that_begin_so_are_those_of_a_list(known: list[str], prefix: str) -> None:
    assert list(one_string(known).beginning(prefix)) == [w for w in known if w.startswith(prefix)]


@given(vocabularies, patterns)
def test_words_of_a_pattern_are_those_of_a_list(known: list[str], pattern: str) -> None:
    matches = re.compile(fnmatch.translate(pattern)).match
    assert one_string(known).like(pattern) == [word for word in known if matches(word)]


@given(vocabularies, words, st.integers(1, 2))
def test_near_words_are_those_of_a_list(known: list[str], word: str, distance: int) -> None:
    expected = {(w, edits) for w in known if (edits := OSA.distance(word, w)) <= distance}
    assert set(one_string(known).near(word, distance)) == expected


@given(st.dictionaries(words, st.integers(0, 3), max_size=80), st.lists(words, max_size=20))
def test_counts_are_a_mapping_without_the_words_that_count_nothing(
    counted: dict[str, int], others: list[str]
) -> None:
    known = sorted(counted)
    counts = Counts(one_string(known), [counted[word] for word in known])
    plain = {word: counted[word] for word in known if counted[word]}
    assert dict(counts) == dict(counts.items()) == plain and len(counts) == len(plain)
    for word in (*known, *others):
        assert (word in counts) is (word in plain) and counts.get(word, 7) == plain.get(word, 7)
    assert counts.keys() & set(others) == plain.keys() & set(others)
