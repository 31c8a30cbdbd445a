"""What holds for the analysis of any text."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.analysis import fold, steps, term_of, tokens, views_of, written
from indexer.analysis.normalize import _fold_any
from indexer.analysis.tokenize import word_list, words

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءأإآؤئىة"
MARKS = "\u064b\u064e\u064f\u0650\u0651\u0652\u0653\u0654\u0670\u06d6\ufe77"
INVISIBLE = "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202b\u202c\u2067\u2069\ufeff"
TATWEEL = "\u0640"
PRESENTED = {chr(point): unicodedata.normalize("NFKC", chr(point)) for point in range(0xFE80, 0xFEFD)}
KEYBOARDS = {"ي": "\u06cc\u06d2\u06cd", "ك": "\u06a9\u06aa", "ه": "\u06c1\u06be\u06d5", "ة": "\u06c3"}
HAMZA = {
    "ا": "أإآٱ",
    "أ": "اإ",
    "إ": "اأ",
    "آ": "ا",
    "ي": "ىئ",
    "ى": "يئ",
    "ة": "ه",
    "ه": "ة",
    "ؤ": "و",
    "ئ": "ي",
}

NEWS = (
    "الكاظمي والكاظمي طهران قطر قطرة روحاني الانتخابات العراقية زيارة الوزراء إلى علي على مستشفى مسؤول "
    "وللقاهرة بوتين لبنان الأوروبية بالعلاقات شيء مئة آراء الله مصطفى"
).split()

any_text = st.one_of(
    st.text(max_size=60),
    st.text(
        st.sampled_from(LETTERS + MARKS + INVISIBLE + TATWEEL + " ,،_-#0129٠٬٣abA\ufdfa\ufef5"), max_size=60
    ),
)
arabic_words = st.one_of(st.sampled_from(NEWS), st.text(st.sampled_from(LETTERS), min_size=1, max_size=12))


@st.composite
def respelled(draw: st.DrawFn, word: str) -> str:
    """A word with what must not count: marks and invisible signs in it, other keyboards and hamza seats."""
    spelled = "".join(
        draw(st.sampled_from([letter, *KEYBOARDS.get(letter, ""), *HAMZA.get(letter, "")])) for letter in word
    )
    for char in draw(st.lists(st.sampled_from(MARKS + INVISIBLE + TATWEEL), max_size=6)):
        place = draw(st.integers(1, len(spelled)))
        spelled = spelled[:place] + char + spelled[place:]
    return draw(st.sampled_from([spelled, unicodedata.normalize("NFD", spelled), presented(spelled)]))


def presented(text: str) -> str:
    """The text in presentation forms, ligatures of lam and alef too."""
    for form, letters in PRESENTED.items():
        if len(letters) == 2 or form > "\ufe80":
            text = text.replace(letters, form)
    return text


@given(any_text)
@example("\ufdfa\ufdfa")
@example("a\u06e5\ufe70")
def test_offsets_point_into_the_text_in_order(text: str) -> None:
    last = 0
    for n, token in enumerate(tokens(text)):
        assert 0 <= token.start < token.end <= len(text)
        assert token.start >= last or "\ufdfa" in text or "\ufdfb" in text
        assert token.position == n
        if not any(ligature in text for ligature in "\ufdfa\ufdfb"):
            assert text[token.start : token.end] == token.text
            last = token.end


@given(any_text)
@example("ͺ")
@example("ب\ufc5eب")
@example("\u06e6")
def test_no_term_is_empty_or_holds_a_space(text: str) -> None:
    for token in tokens(text):
        assert all(view and not any(char.isspace() for char in view) for view in token.term)


@given(any_text)
@example("\u0130")
@example("\u0345\u1fb3")
def test_normalization_is_idempotent_and_never_raises(text: str) -> None:
    assert fold(fold(text)) == fold(text) == _fold_any(text)
    assert written(written(text)) == written(text)
    assert fold(written(text)) == fold(text)


@given(any_text)
def test_terms_and_steps_of_any_word_can_be_told(text: str) -> None:
    for word, _, _ in words(text):
        told = steps(word)
        assert all(step.before != step.after for step in told)
        if told:
            assert told[0].before in (word, *term_of(word))


@given(any_text)
def test_a_folded_word_has_the_terms_of_the_word(text: str) -> None:
    for token in tokens(text):
        if token.term.folded[0].isalpha() and len(token.term.folded) < 60:
            again = term_of(token.term.folded)
            assert (again.folded, again.light, again.stem) == token.term[1:]


@given(st.lists(any_text | arabic_words.flatmap(respelled), max_size=8))
@example(["ΑΣ ΣΑΣ", "\u0345\u1fb3 \u1100 \u1161", "12,345 ١٢٬٣٤٥", "وزير بوتين وبوتين", "ا" * 70, "\ufdfa"])
def test_many_words_at_once_have_the_terms_of_each(texts: list[str]) -> None:
    found = [word for text in texts for word in word_list(text)]
    assert list(zip(*views_of(found), strict=True)) == [term_of(word) for word in found]


@given(arabic_words.flatmap(lambda word: st.tuples(st.just(word), respelled(word))))
@example(("الكاظمي", "اﻟﻜﺎﻇﻤﯽ"))
def test_spelling_changes_no_term_but_the_written_one(pair: tuple[str, str]) -> None:
    word, spelled = pair
    assert term_of(spelled)[1:] == term_of(word)[1:]
    assert [token.term[1:] for token in tokens(spelled)] == [term_of(word)[1:]]


@given(arabic_words, st.data())
def test_marks_and_invisible_signs_change_no_term_at_all(word: str, data: st.DataObject) -> None:
    inserted = st.lists(
        st.text(st.sampled_from("\u064e\u064f\u0650\u0651\u0652" + INVISIBLE + TATWEEL), max_size=2)
    )
    signs = data.draw(inserted) or ["\u064e"]
    spelled = "".join(letter + signs[n % len(signs)] for n, letter in enumerate(word))
    assert term_of(spelled) == term_of(word)


@pytest.mark.parametrize(
    "run", [*"اـ\u064e1,٬_-\u200fa", "1,", "ب\u064e", "ـ ", "1,234", "a1", "\ufdfa", "٣٬", "\u0301"]
)
def test_runs_of_anything_are_read_in_linear_steps(run: str) -> None:
    """A quadratic pattern would take hours over these; the suite's own limit is the judge."""
    assert sum(1 for _ in words(run * 300_000)) <= 1_500_000


@given(any_text)
@example("الله\u200f \ufdfa صلى")
def test_words_without_places_are_the_same_words(text: str) -> None:
    assert word_list(text) == [word for word, _, _ in words(text)]
