"""Autocomplete: the words and phrases of the archive that begin as what was typed."""

from collections.abc import Callable

import pytest

from indexer.model import Article
from indexer.reading import HomeReadingRoom
from indexer.suggest import Phrases

MakeRoom = Callable[..., HomeReadingRoom]

TITLES = (
    "رئيس الوزراء مصطفى الكاظمي يزور طهران",
    "مصطفى الكاظمي: زيارة إيران ناجحة",
    "الكاظمي في إيران",
    "وزيرة الخارجية في ايران",
)


@pytest.fixture
def room(make_room: MakeRoom) -> HomeReadingRoom:
    return make_room(*[Article(str(n), title, "نص") for n, title in enumerate(TITLES)])


def completed(room: HomeReadingRoom, typed: str) -> list[str]:
    return [completion.q for completion in room.completions(typed)]


def test_names_are_completed_from_their_beginning(room: HomeReadingRoom) -> None:
    assert completed(room, "مصط")[:2] == ["مصطفى", "مصطفى الكاظمي"] or "مصطفى الكاظمي" in completed(
        room, "مصط"
    )


def test_prefixes_are_normalised_and_the_article_is_optional(room: HomeReadingRoom) -> None:
    assert "الكاظمي" in completed(room, "كاظ")
    assert "الكاظمي" in completed(room, "الكـاظ")
    assert completed(room, "أيرا") == completed(room, "ايرا")


def test_the_commonest_writing_is_offered(room: HomeReadingRoom) -> None:
    assert completed(room, "ايران")[0] == "إيران"


def test_what_stands_before_stays_as_typed(room: HomeReadingRoom) -> None:
    assert "زيارة  مصطفى الكاظمي" in completed(room, "زيارة  مصطفى الكا")
    assert completed(room, "غائب مصطفى الكا") == []


def test_phrases_do_not_begin_or_end_with_function_words(room: HomeReadingRoom) -> None:
    for prefix in "اركمزو":
        assert not [q for q in completed(room, prefix) if q.split()[-1] in ("في", "من")]


def test_counts_are_of_articles_and_never_zero(room: HomeReadingRoom) -> None:
    assert {c.q: c.total for c in room.completions("الكاظ")}["الكاظمي"] == 3
    assert all(c.total > 0 for prefix in "اركمزو" for c in room.completions(prefix))


@pytest.mark.parametrize("typed", ["", " ", "؟", "…", '"', "قققق", "x" * 1000, "َ", "\u200f"])
def test_nothing_to_complete_is_no_error(room: HomeReadingRoom, typed: str) -> None:
    assert completed(room, typed) == []


def test_words_with_something_glued_before_give_way_to_the_word() -> None:
    phrases = Phrases(["بوتين"] * 5 + ["وبوتين"] * 2, frozenset(), 1)
    assert phrases.beginning("وبو") == [] and phrases.beginning("بو") == ["بوتين"]


def test_rare_phrases_are_left_out() -> None:
    phrases = Phrases(["قمة الرياض"] * 3 + ["قمة الدوحة"] * 2, frozenset(), 3)
    assert phrases.beginning("قمه") == ["قمة", "قمة الرياض"]
