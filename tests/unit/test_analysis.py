"""The analysis chain, one line a rule."""

import pytest

from indexer.analysis import analysis_version, chain, fold, steps, term_of, tokens, written
from indexer.analysis import names as shield
from indexer.analysis.tokenize import words

BIDI = "\u200e\u200f\u202b\u202c\u2067\u2069"


def texts(text: str) -> list[str]:
    return [word for word, _, _ in words(text)]


# --- tokenizer --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t،؛؟.«»()!", []),
        ("زيارة الوزير", ["زيارة", "الوزير"]),
        ("قال،ثم", ["قال", "ثم"]),
        ("«الصـراعاتِ»", ["الصـراعاتِ"]),
        ("مُحَمَّد", ["مُحَمَّد"]),
        ("ـمحمد", ["ـمحمد"]),
        ("ــ ـ", []),
        ("\u064b \u0670", []),
        ("العراق\u200cي", ["العراق\u200cي"]),
        ("\u200fالعراق\u200f", ["العراق"]),
        ("#حزب_الله", ["حزب", "الله"]),
        ("#قمة_جدة_للأمن", ["قمة", "جدة", "للأمن"]),
        ("تموز2020", ["تموز", "2020"]),
        ("٢٠٢٠م", ["٢٠٢٠", "م"]),
        ("G20 COP27 5G", ["G20", "COP27", "5G"]),
        ("OPEC+", ["OPEC"]),
        ("كوفيد-19", ["كوفيد", "19"]),
        ("CNNالعربية", ["CNN", "العربية"]),
        ("12,345 ١٢٬٣٤٥ ۱۲٬۳۴۵", ["12,345", "١٢٬٣٤٥", "۱۲٬۳۴۵"]),
        ("2,777,931", ["2,777,931"]),
        ("12,34 1,2345", ["12", "34", "1", "2345"]),
        ("41.05 ٩٢٫٧٣", ["41", "05", "٩٢", "٧٣"]),
        ("2020-07-21", ["2020", "07", "21"]),
        ("\ufdfa", ["صلى", "الله", "عليه", "وسلم"]),
        ("\ufdf2", ["\ufdf2"]),
        ("\u06e5 \ufe77 \ufe70 \u037a", []),
    ],
)
def test_words_of_a_text(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_offsets_point_into_the_text_and_positions_count_words() -> None:
    text = "زار 12,345 #حزب_الله"
    found = list(tokens(text))
    assert [(t.text, t.start, t.end, t.position) for t in found] == [
        ("زار", 0, 3, 0),
        ("12,345", 4, 10, 1),
        ("حزب", 12, 15, 2),
        ("الله", 16, 20, 3),
    ]
    assert all(text[t.start : t.end] == t.text for t in found)


def test_the_words_of_an_honorific_ligature_share_its_place() -> None:
    assert {(start, end) for _, start, end in words("\ufdfa")} == {(0, 1)}


# --- normalization ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("مُحَمَّدٌ", "محمد"),
        ("الرحمٰن", "الرحمن"),
        ("الـعـراق", "العراق"),
        ("إيران", "إيران"),
        ("على", "على"),
        ("الحكومة", "الحكومة"),
        ("فی کربلا", "في كربلا"),
        ("ہے", "هي"),
        ("١٢٬٣٤٥", "12345"),
        ("CNN Ｇ２０", "cnn g20"),
        ("ﻣﺤﻤﺪ", "محمد"),
        ("\u0627\u0653\u0628", "آب"),
        ("عر\u200bا\u00adق", "عراق"),
        ("محمد\ufe70 ر\ufe77ئيس", "محمد رئيس"),
        ("İ", "i"),
    ],
)
def test_written_keeps_what_an_author_chose(typed: str, expected: str) -> None:
    assert written(typed) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("إيران", "ايران"),
        ("آب", "اب"),
        ("ٱلله", "الله"),
        ("مسؤول", "مسوول"),
        ("رئيس", "رييس"),
        ("على", "علي"),
        ("الحكومة", "الحكومه"),
        ("فى", "في"),
        ("کی", "كي"),
        ("ﷲ", "الله"),
        ("ﻻ", "لا"),
        ("\u0648\u0654زراء", "ؤزراء"),
        ("۲۰۲۰", "2020"),
        ("Café", "cafe"),
        ("ſ", "s"),
    ],
)
def test_spellings_that_the_press_mixes_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("شيء", "شي"), ("سماء", "سما"), ("كان", "گان"), ("بابا", "پاپا")])
def test_letters_that_make_another_word_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


# --- light stems ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("الوزير", "وزير"),
        ("والوزير", "وزير"),
        ("فالوزير", "وزير"),
        ("بالوزير", "وزير"),
        ("كالوزير", "وزير"),
        ("للوزير", "وزير"),
        ("وللوزير", "وزير"),
        ("الله", "الله"),
        ("الآن", "الان"),
        ("وزير", "وزير"),
        ("علاقات", "علاقات"),
        ("12,345", "12345"),
    ],
)
def test_only_the_article_comes_off_a_light_stem(word: str, expected: str) -> None:
    assert term_of(word).light == expected


# --- stems ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "group",
    [
        ("الانتخابات", "الإنتخابات", "الانتخاب"),
        ("العلاقات", "العلاقة", "العلاقه"),
        ("زيارة", "زياره"),
        ("العراقي", "العراقية", "العراقيين", "للعراقيين"),
        ("رئاسة", "رئاسه"),
    ],
)
def test_inflections_share_a_stem(group: tuple[str, ...]) -> None:
    assert len({term_of(word).stem for word in group}) == 1


def test_a_final_ha_is_stemmed_as_the_ta_marbuta_it_stands_for() -> None:
    assert term_of("الحكومه") == term_of("الحكومة")._replace(written="الحكومه")


# --- names ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("بوتين", "بوتين"),
        ("وبوتين", "بوتين"),
        ("لبوتين", "بوتين"),
        ("الكاظمي", "كاظمي"),
        ("وللكاظمي", "كاظمي"),
        ("بالقاهرة", "قاهره"),
        ("السودان", "سودان"),
        ("مُصْطَفَى", "مصطفي"),
        ("فيصل", "فيصل"),
        ("وليد", "وليد"),
    ],
)
def test_names_are_never_stemmed(word: str, name: str) -> None:
    assert (term_of(word).light, term_of(word).stem) == (name, "=" + name)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("قطر", "قطرة"),
        ("روحاني", "روح"),
        ("فيصل", "يصل"),
        ("لبنان", "لبن"),
        ("بوتين", "وتين"),
        ("مالي", "مال"),
    ],
)
def test_a_name_shares_no_term_with_a_word_that_looks_like_its_stem(name: str, word: str) -> None:
    one, other = term_of(name), term_of(word)
    assert (one.folded, one.light, one.stem) != (other.folded, other.light, other.stem)
    assert not {one.folded, one.light} & {other.folded, other.light}
    assert one.stem != other.stem


@pytest.mark.parametrize("word", ["وزير", "بعد", "كتاب", "سوق", "لجنة", "فريق"])
def test_words_that_only_begin_like_a_clitic_are_no_names(word: str) -> None:
    assert shield.name_in(fold(word)) is None


# --- limits -----------------------------------------------------------------------------------------------


def test_terms_of_endless_words_are_cut() -> None:
    assert {len(view) for view in term_of("ب" * 100_000)} == {chain.LONGEST_TERM}


def test_a_word_over_forty_letters_is_not_stemmed() -> None:
    word = "ال" + "م" * 39 + "ات"
    assert term_of(word).stem == word


# --- explanation and version ------------------------------------------------------------------------------


def test_steps_tell_each_rule_that_changed_a_word() -> None:
    assert [(s.rule, s.before, s.after) for s in steps("وَالاتفاقيّة")] == [
        ("written", "وَالاتفاقيّة", "والاتفاقية"),
        ("folded", "والاتفاقية", "والاتفاقيه"),
        ("light", "والاتفاقيه", "اتفاقيه"),
        ("stem", "والاتفاقيه", "والاتفاق"),
    ]


def test_steps_of_a_name_say_so() -> None:
    assert [(s.rule, s.after) for s in steps("وبوتين")] == [("name", "بوتين"), ("name", "=بوتين")]


def test_a_word_that_nothing_changes_has_no_steps() -> None:
    assert steps("2020") == ()


def test_the_version_changes_with_the_number_and_the_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    before = analysis_version()
    versions = {before}
    for name, value in (("ANALYSIS_NUMBER", 99), ("LONGEST_TERM", 10), ("PROBES", "كلمة أخرى")):
        with monkeypatch.context() as patch:
            patch.setattr(chain, name, value)
            versions.add(analysis_version.__wrapped__())
    with monkeypatch.context() as patch:
        patch.setattr(shield, "names", lambda: frozenset({"اسم"}))
        versions.add(analysis_version.__wrapped__())
    assert len(versions) == 5
    assert analysis_version.__wrapped__() == before
