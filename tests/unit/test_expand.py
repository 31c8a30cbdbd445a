"""What each form of a query finds, through a real archive and index."""

from collections.abc import Callable

import pytest

from indexer.model import Answer, Article, SearchRequest
from indexer.reading import HomeReadingRoom

MakeRoom = Callable[..., HomeReadingRoom]


def bodies(*texts: str) -> list[Article]:
    """Articles without a title whose ids are their bodies' numbers."""
    return [Article(str(number), "", text) for number, text in enumerate(texts)]


def first(answer: Answer) -> set[str]:
    return {found.article.body for found in answer.found if not found.related}


def related(answer: Answer) -> set[str]:
    return {found.article.body for found in answer.found if found.related}


def vias(answer: Answer) -> dict[str, str]:
    """Written form → the way by which it answered."""
    return {matched.text: matched.via for found in answer.found for matched in found.matched}


def ask(room: HomeReadingRoom, q: str, **options: object) -> Answer:
    return room.answer(SearchRequest(q=q, page_size=100, **options))  # type: ignore[arg-type]


# --- levels of match --------------------------------------------------------------------------------------

FORMS = ("الحكومة", "الحُكومَة", "الحكومه", "حكومة", "والحكومة", "بحكومة", "حكومات", "حاكم")


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        ("exact", {"الحكومة", "الحُكومَة"}),
        ("spelling", {"الحكومة", "الحُكومَة", "الحكومه"}),
        ("stem", {"الحكومة", "الحُكومَة", "الحكومه", "حكومة", "والحكومة", "بحكومة"}),
    ],
)
def test_each_level_of_match_finds_its_forms(make_room: MakeRoom, match: str, expected: set[str]) -> None:
    found = first(ask(make_room(*bodies(*FORMS)), "الحكومة", match=match))
    assert expected <= found
    assert "حاكم" not in found
    assert match == "stem" or found == expected


@pytest.mark.parametrize("match", ["exact", "spelling", "stem", "wide"])
def test_every_level_holds_the_one_before(make_room: MakeRoom, match: str) -> None:
    room = make_room(*bodies(*FORMS, "ترامب", "ترمب"))
    levels = ("exact", "spelling", "stem", "wide")
    for q in ("الحكومة", "ترامب", "حكومه"):
        wider = first(ask(room, q, match=match))
        assert all(first(ask(room, q, match=nearer)) <= wider for nearer in levels[: levels.index(match)])


# --- the way of a match -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("q", "text", "via"),
    [
        ("الكاظمي", "الكاظمي", "exact"),
        ("الكاظمي", "الكاظِمـي", "exact"),
        ("الكاظمي", "الكاظمى", "spelling"),
        ("ايران", "إيران", "spelling"),
        ("الكاظمي", "والكاظمي", "clitic"),
        ("الكاظمي", "كاظمي", "clitic"),
        ("العراقية", "العراقيين", "stem"),
        ("وزير", "وزراء", "plural"),
        ("وزراء", "الوزير", "plural"),
        ("ترامب", "ترمب", "variant"),
        ("أمريكا", "أميركا", "variant"),
        ("نتنياهو", "نتانياهو", "variant"),
        ("سوريا", "سورية", "variant"),
    ],
)
def test_the_way_from_the_word_to_the_text_is_told(make_room: MakeRoom, q: str, text: str, via: str) -> None:
    assert vias(ask(make_room(*bodies(text)), q)) == {text: via}


def test_matched_names_the_word_as_typed(make_room: MakeRoom) -> None:
    (found,) = ask(make_room(*bodies("زار الرئيس إيران")), "الرَّئيس ايران").found
    assert [(m.query, m.text, m.via) for m in found.matched] == [
        ("الرَّئيس", "الرئيس", "exact"),
        ("ايران", "إيران", "spelling"),
    ]


# --- clitics ----------------------------------------------------------------------------------------------

CARRIED = (
    "الكاظمي",
    "والكاظمي",
    "وللكاظمي",
    "للكاظمي",
    "بالكاظمي",
    "فالكاظمي",
    "كالكاظمي",
    "كاظمي",
    "لكاظمي",
)


@pytest.mark.parametrize("q", CARRIED)
def test_a_name_is_found_whatever_is_glued_before_it_in_query_or_text(make_room: MakeRoom, q: str) -> None:
    assert first(ask(make_room(*bodies(*CARRIED)), q)) == set(CARRIED)


@pytest.mark.parametrize(
    ("q", "texts"),
    [
        ("بالقاهرة", ("القاهرة", "في القاهره", "وبالقاهرة", "للقاهرة")),
        ("القاهرة", ("بالقاهرة", "وبالقاهرة", "والقاهره")),
        ("وطهران", ("طهران", "بطهران")),
        ("طهران", ("وطهران", "بطهران", "لطهران", "ولطهران")),
        ("الاتفاق", ("والاتفاق", "بالاتفاق", "للاتفاق", "اتفاق")),
        ("واتفاق", ("اتفاق",)),
    ],
)
def test_clitics_come_off_where_the_archive_knows_the_rest(
    make_room: MakeRoom, q: str, texts: tuple[str, ...]
) -> None:
    assert first(ask(make_room(*bodies(*texts)), q)) == set(texts)


# --- words that must not answer to each other -------------------------------------------------------------


@pytest.mark.parametrize("match", ["stem", "wide"])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("قطر", "قطرة"),
        ("روحاني", "روح"),
        ("فيصل", "يصل"),
        ("لبنان", "لبن"),
        ("بوتين", "وتين"),
        ("بشار", "شار"),
        ("السودان", "سود"),
        ("البحرين", "البحر"),
        ("مالي", "مال"),
        ("بكين", "كين"),
        ("وليد", "ليد"),
        ("الأردن", "أرد"),
        ("ألمانيا", "ألم"),
    ],
)
def test_names_and_words_like_their_stems_do_not_answer_to_each_other(
    make_room: MakeRoom, one: str, other: str, match: str
) -> None:
    room = make_room(*bodies(one, other))
    for q in (one, other):
        answer = ask(room, q, match=match)
        assert (first(answer), related(answer)) == ({q}, set())


@pytest.mark.parametrize(
    ("q", "not_found"), [("وزير", "الزيارة"), ("كتاب", "تاب"), ("بعد", "عد"), ("لجنة", "جنة")]
)
def test_first_letters_of_a_word_are_no_clitics(make_room: MakeRoom, q: str, not_found: str) -> None:
    assert first(ask(make_room(*bodies(q, not_found)), q)) == {q}


# --- plurals and variants ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "family",
    [("وزير", "الوزراء"), ("حزب", "والأحزاب"), ("رئيس", "رؤساء"), ("قائد", "القادة"), ("سفير", "السفراء")],
)
def test_broken_plurals_find_each_other(make_room: MakeRoom, family: tuple[str, str]) -> None:
    room = make_room(*bodies(*family))
    assert all(first(ask(room, q)) == set(family) for q in family)


def test_the_word_itself_comes_before_its_plural(make_room: MakeRoom) -> None:
    answer = ask(make_room(*bodies("زار وزراء بغداد", "زار وزير بغداد")), "وزير")
    assert answer.found[0].article.body == "زار وزير بغداد"


def test_variants_are_related_at_stem_and_counted_at_wide(make_room: MakeRoom) -> None:
    room = make_room(*bodies("ترامب", "ترمب", "وترمب"))
    near, wide = ask(room, "ترامب"), ask(room, "ترامب", match="wide")
    assert (near.total, near.related_total, first(near), related(near)) == (
        1,
        2,
        {"ترامب"},
        {"ترمب", "وترمب"},
    )
    assert (wide.total, wide.related_total) == (3, 0)
    assert ask(room, "ترامب", match="spelling").total == 1


# --- joined and apart -------------------------------------------------------------------------------------


@pytest.mark.parametrize("q", ["لاتتدخل", '"لا تتدخل"', '"لاتتدخل"', "لا تتدخل"])
def test_negation_is_found_joined_and_apart(make_room: MakeRoom, q: str) -> None:
    texts = {"الدول لا تتدخل في الشأن", "الدول لاتتدخل في الشأن"}
    assert texts <= first(ask(make_room(*bodies(*texts, "في الشأن")), q))


@pytest.mark.parametrize("q", ["عبدالله", '"عبد الله"', '"عبدالله"', "عبد الله"])
def test_compound_names_are_found_joined_and_apart(make_room: MakeRoom, q: str) -> None:
    texts = {"الملك عبد الله الثاني", "الملك عبدالله الثاني"}
    assert first(ask(make_room(*bodies(*texts, "الملك سلمان")), q)) == texts


@pytest.mark.parametrize("q", ['"الملك عبدالله الثاني"', '"الملك عبد الله الثاني"'])
def test_phrases_around_a_compound_name_match_both_forms(make_room: MakeRoom, q: str) -> None:
    texts = {"الملك عبد الله الثاني", "والملك عبدالله الثاني", "للملك عبد الله الثاني"}
    assert first(ask(make_room(*bodies(*texts, "عبد الله الملك الثاني")), q)) == texts


def test_a_word_that_only_begins_like_a_negation_is_not_taken_apart(make_room: MakeRoom) -> None:
    assert first(ask(make_room(*bodies("لا عب", "لاعب")), "لاعب")) == {"لاعب"}


# --- phrases ----------------------------------------------------------------------------------------------

PARTY = (
    "حزب الله",
    "وحزب الله",
    "بحزب الله",
    "لحزب الله",
    "فحزب الله",
    "كحزب الله",
    "ولحزب الله",
    "وبحزب الله",
)


@pytest.mark.parametrize("q", ['"حزب الله"', "«حزب الله»", "“حزب الله”", "«حِزبُ اللهِ»", '"حزب_الله"'])
def test_the_first_word_of_a_phrase_may_carry_a_clitic(make_room: MakeRoom, q: str) -> None:
    others = ("الله حزب", "حزب سياسي الله", "حزب والله")
    assert first(ask(make_room(*bodies(*PARTY, *others)), q)) == set(PARTY)


def test_the_strict_form_of_a_phrase_takes_no_clitic(make_room: MakeRoom) -> None:
    assert first(ask(make_room(*bodies(*PARTY)), '="حزب الله"')) == {"حزب الله"}


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ('"رئيس الوزراء"', {"رئيس الوزراء العراقي"}),
        ('"رءيس الوزرا"', set()),
        ('"وزير الخارجيه"', {"وزير الخارجية"}),
        ('"وزراء الخارجية"', set()),
        ('"الوزراء العراقي"', {"رئيس الوزراء العراقي"}),
        ('"في بغداد"', {"زيارة في بغداد"}),
        ('"زيارة بغداد"', set()),
    ],
)
def test_phrases_are_adjacent_unstemmed_and_hold_stop_words(
    make_room: MakeRoom, q: str, expected: set[str]
) -> None:
    texts = ("رئيس الوزراء العراقي", "رئيس مجلس الوزراء", "وزير الخارجية", "زيارة في بغداد")
    assert first(ask(make_room(*bodies(*texts)), q)) == expected


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ('="مُحَمَّد"', {"مُحَمَّد", "مُحَمَّـد"}),
        ('="محمد"', {"محمد"}),
        ('="على"', {"على"}),
        ('="علي"', {"علي"}),
        ('="إيران"', {"إيران"}),
        ('="ايران"', {"ايران"}),
    ],
)
def test_as_written_means_every_mark_and_letter(make_room: MakeRoom, q: str, expected: set[str]) -> None:
    texts = ("مُحَمَّد", "مُحَمَّـد", "محمد", "مُحَمد", "على", "علي", "إيران", "ايران")
    assert first(ask(make_room(*bodies(*texts)), q)) == expected


@pytest.mark.parametrize(
    ("q", "found"), [('"طهران الكاظمي"~2', True), ('"الكاظمي طهران"~2', True), ('"زار طهران"~1', False)]
)
def test_proximity_is_any_order_within_the_distance(make_room: MakeRoom, q: str, found: bool) -> None:
    assert bool(ask(make_room(*bodies("زار الكاظمي أمس طهران")), q).total) is found


def test_proximity_needs_all_its_words_near_each_other(make_room: MakeRoom) -> None:
    far = "الكاظمي " + "كلمة " * 9 + "طهران"
    assert first(ask(make_room(*bodies(far, "الكاظمي في طهران")), '"الكاظمي طهران"~5')) == {
        "الكاظمي في طهران"
    }


# --- wildcards and near spellings -------------------------------------------------------------------------

WILD = ("كاظم", "كاظمي", "كاظمية", "الكاظمي", "كارمي", "موسكو")


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("كاظ*", {"كاظم", "كاظمي", "كاظمية"}),
        ("كاظ*ه", {"كاظمية"}),
        ("*اظمي", {"كاظمي", "الكاظمي"}),
        ("*كاظم*", {"كاظم", "كاظمي", "كاظمية", "الكاظمي"}),
        ("كا?مي", {"كاظمي", "كارمي"}),
        ("كا؟مي", {"كاظمي", "كارمي"}),
        ("موسكو؟", {"موسكو"}),
        ("موسكو?", {"موسكو"}),
        ("مُوسـ*", {"موسكو"}),
        ("غائب*", set()),
    ],
)
def test_wildcards_stand_for_letters_of_unstemmed_words(
    make_room: MakeRoom, q: str, expected: set[str]
) -> None:
    assert first(ask(make_room(*bodies(*WILD)), q)) == expected


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("كاظمي~", {"كاظمي", "كاظم", "كاظمية", "كارمي"}),
        ("موسكو~", {"موسكو"}),
        ("موشكو~", {"موسكو"}),
        ("مشكو~", set()),
        ("مشكو~2", {"موسكو"}),
    ],
)
def test_near_spellings_lie_within_the_edit_distance(make_room: MakeRoom, q: str, expected: set[str]) -> None:
    assert first(ask(make_room(*bodies(*WILD)), q)) == expected


def test_plus_asks_for_the_word_without_stemming(make_room: MakeRoom) -> None:
    assert first(ask(make_room(*bodies("العلاقات", "العلاقة", "والعلاقات")), "+العلاقات")) == {"العلاقات"}
