"""Which words of a text are marked, and which passages are shown."""

from collections.abc import Callable

import pytest

from indexer.highlight import MOST_FORMS, MOST_SNIPPETS, PASSAGE_WORDS, Highlights, Marker, highlights, read
from indexer.model import Article, Found, SearchRequest
from indexer.query.forms import Form, Reading
from indexer.reading import HomeReadingRoom

MakeRoom = Callable[..., HomeReadingRoom]


def found_in(make_room: MakeRoom, q: str, body: str, title: str = "عنوان", **options: object) -> Found:
    request = SearchRequest(q=q, **options)  # type: ignore[arg-type]
    (found,) = make_room(Article("one", title, body)).answer(request).found
    return found


def shown_in(
    title: str, body: str, readings: list[Reading], whole: bool = False, limit: int | None = None
) -> Highlights:
    texts = read(title), read(body, limit)
    return highlights(*texts, Marker(readings, texts), whole)


def marked(found: Found) -> list[str]:
    body = found.article.body
    return [body[start:end] for snippet in found.snippets for start, end in snippet.matches]


@pytest.mark.parametrize(
    ("q", "body", "words"),
    [
        ("محمد", "قال مُحَمَّدٌ، ثم مضى", ["مُحَمَّدٌ"]),
        ("الصراعات", "تلك الصـراعاتِ القديمة", ["الصـراعاتِ"]),
        ("الكاظمي", "وللكاظمي كلمة؛ كاظمي", ["وللكاظمي", "كاظمي"]),
        ("العراقي", "الرئيس العراق\u200cي \u200fالعراقي\u200f", ["العراق\u200cي", "العراقي"]),
        ("حزب", "#حزب_الله", ["حزب"]),
        ("الله", "#حزب_الله والله", ["الله", "والله"]),
        ("12345", "دفع ١٢٬٣٤٥ دينارا", ["١٢٬٣٤٥"]),
        ("يوليو", "في ٢١ تموز2020", []),
        ("لايمكن", "قال: لا يمكن ذلك", ["لا", "يمكن"]),
        ("لا يمكن", "قال: لايمكن ذلك", ["لايمكن"]),
        ('"حزب الله"', "قال حزب الله إن الله يرى حزب", ["حزب", "الله"]),
        ('"حزب الله"', "موقف وحزب الله معا", ["وحزب", "الله"]),
        ("كاظ*", "كاظمية الكاظمي", ["كاظمية"]),
        ("cnn", "دبي (CNN)--", ["CNN"]),
    ],
)
def test_whole_words_are_marked_as_they_stand(
    make_room: MakeRoom, q: str, body: str, words: list[str]
) -> None:
    room = make_room(Article("one", "عنوان", body))
    found = room.answer(SearchRequest(q=q)).found
    assert [word for each in found if not each.related for word in marked(each)] == words


def test_a_lone_article_is_never_marked(make_room: MakeRoom) -> None:
    found = found_in(make_room, "الكاظمي العراق", "قال ال كاظمي: الـ الكاظمي في الـعراق ال")
    assert marked(found) == ["كاظمي", "الكاظمي", "الـعراق"]


def test_the_title_is_marked_too(make_room: MakeRoom) -> None:
    found = found_in(make_room, "القمه", "نص", title="في القِمّة العربية")
    assert [found.article.title[start:end] for start, end in found.title_matches] == ["القِمّة"]


@pytest.mark.parametrize(("q", "title", "body"), [("title:قمة", 1, 0), ("body:قمة", 0, 1), ("قمة", 1, 1)])
def test_a_clause_that_looks_into_one_field_marks_only_there(
    make_room: MakeRoom, q: str, title: int, body: int
) -> None:
    found = found_in(make_room, q, "انتهت قمة", title="قمة جديدة")
    assert (len(found.title_matches), len(marked(found))) == (title, body)


def test_words_that_do_not_complete_a_phrase_stay_unmarked(make_room: MakeRoom) -> None:
    found = found_in(make_room, '"رئيس الوزراء"', "رئيس الدولة ثم رئيس الوزراء ثم الوزراء")
    assert [snippet.matches for snippet in found.snippets] == [((15, 19), (20, 27))]


def test_proximity_marks_only_words_that_are_near(make_room: MakeRoom) -> None:
    body = "طهران " + "كلمة " * 12 + "الكاظمي في طهران"
    assert marked(found_in(make_room, '"الكاظمي طهران"~3', body)) == ["الكاظمي", "طهران"]


# --- passages ---------------------------------------------------------------------------------------------

FILLER = "كلام كثير لا يعني شيئا هنا. " * 20


def test_a_text_without_a_match_shows_its_beginning(make_room: MakeRoom) -> None:
    found = found_in(make_room, "*", FILLER)
    (snippet,) = found.snippets
    assert (snippet.start, snippet.matches) == (0, ())
    assert len(found.article.body[snippet.start : snippet.end].split()) == PASSAGE_WORDS


def test_an_empty_body_has_no_passage(make_room: MakeRoom) -> None:
    assert found_in(make_room, "عنوان", "").snippets == ()


def test_a_passage_begins_with_its_sentence(make_room: MakeRoom) -> None:
    found = found_in(make_room, "الكاظمي", FILLER + "وصل أمس الكاظمي إلى طهران. " + FILLER)
    (snippet,) = found.snippets
    assert found.article.body[snippet.start :].startswith("وصل أمس الكاظمي")


def test_two_passages_answer_two_words_that_stand_far_apart(make_room: MakeRoom) -> None:
    body = "زار الكاظمي. " + FILLER + "ثم موسكو. " + FILLER + "ثم موسكو."
    found = found_in(make_room, "الكاظمي موسكو", body)
    assert len(found.snippets) == MOST_SNIPPETS
    assert marked(found) == ["الكاظمي", "موسكو"]
    first, second = found.snippets
    assert 0 <= first.start < first.end <= second.start < second.end <= len(body)


def test_the_last_words_of_a_text_end_its_passage_with_their_punctuation(make_room: MakeRoom) -> None:
    found = found_in(make_room, "الختام", FILLER + "وهذا هو الختام!")
    assert found.snippets[-1].end == len(found.article.body)


def test_the_reading_page_shows_the_whole_body() -> None:
    body = FILLER + "الكاظمي"
    shown = shown_in("عنوان", body, [_word("الكاظمي")], whole=True)
    (snippet,) = shown.snippets
    assert (snippet.start, snippet.end) == (0, len(body))
    assert [body[start:end] for start, end in snippet.matches] == ["الكاظمي"]


def test_only_some_written_forms_are_told_of_a_clause() -> None:
    body = " ".join("كلمة" + mark * n for n in range(1, 12) for mark in "\u064e")
    shown = shown_in("", body, [Reading("كلمة", (((Form("folded", "كلمه", 1.0, "spelling"),),),))])
    assert len(shown.matched) == MOST_FORMS


def test_a_word_of_two_clauses_is_marked_once() -> None:
    shown = shown_in("", "الكاظمي", [_word("الكاظمي"), _word("الكاظمي")])
    assert shown.snippets[0].matches == ((0, 7),)
    assert [m.query for m in shown.matched] == ["الكاظمي", "الكاظمي"]


def _word(text: str) -> Reading:
    return Reading(text, (((Form("folded", text, 1.0, "exact"),),),))


# --- very long articles -----------------------------------------------------------------------------------


def test_of_a_very_long_text_the_beginning_is_read_up_to_a_whole_word() -> None:
    body = "كلمة " * 1_000 + "الكاظمي"
    shown = shown_in("", body, [_word("الكاظمي"), Reading("كلمة", _word("كلمه").sequences)], limit=3_002)
    assert shown.snippets and all(body[s.start : s.end].split()[-1] == "كلمة" for s in shown.snippets)
    assert {matched.text for matched in shown.matched} == {"كلمة"}


def test_a_limit_inside_the_only_word_shows_nothing() -> None:
    assert shown_in("", "ب" * 100, [_word("ب" * 100)], limit=50).snippets == ()


def test_a_book_that_holds_every_clause_everywhere_is_still_answered(make_room: MakeRoom) -> None:
    book = " ".join(f"كلمة{n % 5000} الكاظمي زار طهران" for n in range(40_000))
    room = make_room(Article("book", "كتاب", book))
    for q in ("الكاظمي " * 90, '"الكاظمي طهران"~5', "زار OR طهران", "*"):
        answer = room.answer(SearchRequest(q=q))
        assert (answer.total, len(answer.found[0].snippets) > 0) == (1, True)
        assert all(snippet.end - snippet.start < 500 for snippet in answer.found[0].snippets)
