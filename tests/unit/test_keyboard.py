"""The wrong keyboard, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.query.keyboard import MOST_READINGS, arabic_of, has_signs, latin_of


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("hg;h/ld", "الكاظمي"), ("hgsghl", "السلام"), ("'ivhk", "طهران"), ("fy]h]", "بغداد"), ("HHH", "أأأ"),
     ("hgHlk", "الأمن"), ("bfdd", "لابيي"),
     ("l,s;,", "موسكو"), ("rlm 2020", "قمة 2020")],
)  # fmt: skip
def test_latin_keys_are_read_as_arabic(typed: str, meant: str) -> None:
    assert arabic_of(typed) == meant


def test_text_with_other_letters_is_not_read() -> None:
    assert arabic_of("الكاظمي") is None
    assert arabic_of("naïve") is None
    assert arabic_of("2020") is None
    assert arabic_of("") is None


def test_capitals_without_a_letter_of_their_own_are_their_small_keys() -> None:
    assert arabic_of("GHG;H/LD") != arabic_of("hg;h/ld")  # G is لأ
    assert arabic_of("D") == arabic_of("d")


def test_lam_alef_is_one_key_or_two() -> None:
    assert set(latin_of("لاشلايشي")) == {"babdad", "baghdad", "ghabdad", "ghaghdad"}
    assert len(latin_of("لا" * 12)) == MOST_READINGS


def test_presentation_forms_are_taken_apart_first() -> None:
    assert "b" in latin_of("\ufefb")


def test_signs_inside_words_tell_the_wrong_keyboard() -> None:
    assert has_signs("hg;h/ld")
    assert not has_signs("Kadhimi, Iran; Iraq.")


@given(st.text(max_size=60))
def test_any_text_is_read_or_left(text: str) -> None:
    arabic_of(text)
    assert len(latin_of(text)) <= MOST_READINGS
