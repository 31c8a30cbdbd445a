"""The rescue ladder: what is searched at once, what is offered, and what never happens."""

from collections.abc import Callable, Iterator

import pytest

from indexer import build
from indexer.archive import Archive
from indexer.model import Answer, Article, SearchRequest
from indexer.reading import HomeReadingRoom
from indexer.settings import Settings

MakeRoom = Callable[..., HomeReadingRoom]

PRESS = (
    Article("visit", "الكاظمي في طهران", "زار مصطفى الكاظمي إيران والتقى روحاني.", "المدار", None, None, None,
            "2020-07-21"),
    Article("return", "زيارة ثانية", "عاد الكاظمي إلى طهران بعد مقتل سليماني.", "المدار", None, None, None,
            "2021-09-12"),
    Article("moscow", "بوتين ولافروف", "لقاء في موسكو حول النفط مع حزب الله.", "المرآة", None, None, None,
            "2020-12-31"),
    Article("summit", "القمة", "انتخابات العراق بعد قمة بغداد.", "المرآة", None, None, None, "2022-01-05"),
)  # fmt: skip


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HomeReadingRoom]:
    settings = Settings(tmp_path_factory.mktemp("rescue") / "home")
    with Archive.open(settings.archive_file, create=True) as archive:
        archive.add(PRESS)
        build.update(settings, archive)
    with HomeReadingRoom(settings) as room:
        yield room


def ask(room: HomeReadingRoom, q: str = "", **options: object) -> Answer:
    return room.answer(SearchRequest(q=q, **options))  # type: ignore[arg-type]


def offered(answer: Answer) -> list[tuple[str, str]]:
    return [(suggestion.why, suggestion.q) for suggestion in answer.suggestions]


# --- searched at once -------------------------------------------------------------------------------------

CLEAR = [
    ("hg;h/ld", "keyboard", "الكاظمي", 2),
    ("hg;h/ld  'ivhk", "keyboard", "الكاظمي طهران", 2),
    ("kadhimi", "latin", "الكاظمي", 2),
    ("Al-Kadhimi", "latin", "الكاظمي", 2),
    ("Soleimani", "latin", "سليماني", 1),
    ("Lavrov", "latin", "لافروف", 1),
    ("Hezbollah", "latin", '"حزب الله"', 1),
    ("election Iraq", "latin", "انتخابات العراق", 1),
    ("الكاضمي", "spelling", "الكاظمي", 2),
    ("الكاضمي طهران", "spelling", "الكاظمي طهران", 2),
]


@pytest.mark.parametrize(("q", "why", "searched", "total"), CLEAR)
def test_a_clear_rescue_is_searched_at_once_and_said(
    room: HomeReadingRoom, q: str, why: str, searched: str, total: int
) -> None:
    answer = ask(room, q)
    assert (answer.q, answer.rescued, answer.searched, answer.total) == (q, why, searched, total)
    assert answer.found and not answer.relaxed


@pytest.mark.parametrize(("q", "why", "searched", "total"), CLEAR)
def test_without_rescue_it_is_only_offered(
    room: HomeReadingRoom, q: str, why: str, searched: str, total: int
) -> None:
    answer = ask(room, q, rescue=False)
    assert (answer.rescued, answer.searched) == (None, q)
    assert (why, searched) in offered(answer)


@pytest.mark.parametrize(("q", "why", "searched", "total"), CLEAR)
def test_export_never_rescues(room: HomeReadingRoom, q: str, why: str, searched: str, total: int) -> None:
    assert list(room.every(SearchRequest(q=q))) == []


def test_every_page_of_a_rescued_query_is_of_the_same_answer(room: HomeReadingRoom) -> None:
    pages = [ask(room, "kadhimi", page_size=1, offset=n) for n in (0, 1)]
    assert {page.searched for page in pages} == {"الكاظمي"}
    assert len({page.found[0].article.id for page in pages}) == 2


# --- left as typed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "q", ["الكاظمي", "طهران الكاظمي", "قمة", "", "*", "said", "help", "many list", "ترامب"]
)
def test_what_finds_something_or_means_something_else_is_left(room: HomeReadingRoom, q: str) -> None:
    answer = ask(room, q)
    assert answer.rescued is None and answer.searched == q


def test_near_spelling_is_related_and_said(room: HomeReadingRoom) -> None:
    answer = ask(room, "الكاضمي", rescue=False)
    assert answer.relaxed and {found.article.id for found in answer.found} == {"visit", "return"}
    assert {way.via for found in answer.found for way in found.matched} == {"fuzzy"}


def test_phrases_and_plain_words_are_never_respelled(room: HomeReadingRoom) -> None:
    for q in ('"الكاضمي"', "+الكاضمي", "title:الكاضمي"):
        answer = ask(room, q)
        assert (answer.rescued, answer.total) == (None, 0)


# --- offers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "q", [row[0] for row in CLEAR] + ["الكاظمي موسكو", "الكاظمي غائب", "زيارة بوتين روحاني"]
)
def test_an_offer_finds_what_it_says(room: HomeReadingRoom, q: str) -> None:
    for suggestion in ask(room, q, rescue=False).suggestions:
        wide = {"years": ()} if suggestion.why == "wider_dates" else {}
        assert suggestion.total == ask(room, suggestion.q, rescue=False, **wide).total > 0


def test_fewer_words_are_offered_where_all_are_too_many(room: HomeReadingRoom) -> None:
    assert ("fewer_words", "الكاظمي") in offered(ask(room, "الكاظمي غائب"))


def test_wider_dates_are_offered(room: HomeReadingRoom) -> None:
    assert ("wider_dates", "سليماني") in offered(ask(room, "سليماني", years=(2019,)))
    assert ("wider_dates", "سليماني") in offered(ask(room, "سليماني date:2019"))


def test_a_latin_name_on_arabic_keys_is_only_offered(room: HomeReadingRoom) -> None:
    answer = ask(room, "مشرقخر")  # lavrov
    assert answer.rescued is None
    assert any(why == "keyboard" and "لافروف" in q for why, q in offered(answer))


def test_hostile_queries_do_not_raise(room: HomeReadingRoom) -> None:
    for q in (
        "a" * 1000,
        "لا" * 400,
        ";" * 900,
        "' " * 300,
        "(kadhimi",
        "x OR",
        "ad al el",
        "é" * 64,
        "kim " * 200,
    ):
        assert ask(room, q).q == q


# --- why: audit, forms, without ---------------------------------------------------------------------------


def test_audit_tells_the_word_that_empties_the_result(room: HomeReadingRoom) -> None:
    audit = {one.query: one for one in ask(room, "الكاظمي في غائب", rescue=False).audit}
    assert (audit["الكاظمي"].articles, audit["غائب"].articles) == (2, 0)
    assert audit["غائب"].empties and not audit["الكاظمي"].empties and not audit["في"].needed


def test_forms_of_each_word_are_told_when_asked_for(make_room: MakeRoom) -> None:
    room = make_room(
        *[Article(str(n), "", text) for n, text in enumerate(("حكومة", "الحكومة", "الحكومة", "حكومات"))]
    )
    assert ask(room, "حكومة").audit == ()
    (audit,) = ask(room, "حكومة", forms=True).audit
    assert {(form.text, form.articles) for form in audit.forms} >= {("الحكومه", 2), ("حكومه", 1)}
    assert audit.forms[0].text == "الحكومه"


def test_an_unticked_form_is_not_matched(make_room: MakeRoom) -> None:
    room = make_room(*[Article(str(n), "", text) for n, text in enumerate(("حكومة", "الحكومة", "حكومات"))])
    answer = ask(room, "حكومة", forms=True, without=("الحكومة",))
    assert "1" not in {found.article.id for found in answer.found}
    assert {form.text for form in answer.audit[0].forms if not form.searched} == {"الحكومه"}


def test_an_export_gives_exactly_the_parsed_query(room: HomeReadingRoom) -> None:
    assert list(room.every(SearchRequest(q="الكاضمي"))) == []


FORMS = ("شركة", "الشركات", "ولشركاتهم", "شركتهم", "لايسمح بذلك", "لا يسمح بذلك", "ترمب", "ترامب")


@pytest.fixture
def forms_room(make_room: MakeRoom) -> HomeReadingRoom:
    return make_room(*[Article(str(n), "", text) for n, text in enumerate(FORMS)])


@pytest.mark.parametrize(("q", "least"), [("شركة", 4), ("لايسمح", 2), ("ترامب", 2), ("الشركات", 4)])
def test_every_form_that_matched_is_told_and_can_be_left_out(
    forms_room: HomeReadingRoom, q: str, least: int
) -> None:
    answer = ask(forms_room, q, forms=True)
    everything = answer.total + answer.related_total
    forms = answer.audit[0].forms
    assert len(forms) >= least and everything == least
    assert sum(form.articles for form in forms) == everything
    for form in forms:
        less = ask(forms_room, q, forms=True, without=(form.text,), rescue=False)
        assert less.total + less.related_total == everything - form.articles, form.text
        assert {f.text: f.searched for f in less.audit[0].forms} == {f.text: f != form for f in forms}
    assert ask(forms_room, q, without=tuple(form.text for form in forms), rescue=False).found == ()


def test_forms_left_out_keep_the_order_and_the_ways_of_the_rest(forms_room: HomeReadingRoom) -> None:
    less = ask(forms_room, "شركة", without=("الشركات",))
    assert {way.text: way.via for found in less.found for way in found.matched}["شركة"] == "exact"
    assert less.total == 3
    assert len(list(forms_room.every(SearchRequest(q="شركة", without=("الشركات",))))) == 3


# --- names of several words, halves of words --------------------------------------------------------------

NAMES = ("لقاء عبد الفتاح السيسي", "فتاة في المدرسة", "فتاة أخرى", "قالت ليندا ماي", "سعد الدين في رام الله",
         "نتنياهو في واشنطن", "صلاح الدين")  # fmt: skip


@pytest.mark.parametrize(
    ("q", "searched"),
    [("abdel fattah al sissi", "عبد الفتاح السيسي"), ("linda may", "ليندا ماي"),
     ("saadeddine", '"سعد الدين"'), ("ramallah", '"رام الله"'), ("نتنيا", "نتنياهو")],
)  # fmt: skip
def test_names_are_read_by_their_neighbours_and_their_beginning(
    make_room: MakeRoom, q: str, searched: str
) -> None:
    room = make_room(*[Article(str(n), "", text) for n, text in enumerate(NAMES)])
    answer = ask(room, q)
    assert (answer.searched, answer.total) == (searched, 1)


def test_a_query_of_which_only_a_part_is_read_is_not_searched_for_that_part(room: HomeReadingRoom) -> None:
    answer = ask(room, "kadhimi qwrtz")
    assert answer.rescued is None
    assert ("latin", "الكاظمي") in offered(answer)


def test_a_word_that_is_hardly_known_is_put_right_as_an_offer(make_room: MakeRoom) -> None:
    texts = ["القضية الفلسطينية"] * 12 + ["فلسطنة", "القضية"]
    room = make_room(*[Article(str(n), "", text) for n, text in enumerate(texts)])
    answer = ask(room, "القضية الفلسطنية", rescue=False)
    assert ("spelling", "القضية الفلسطينية") in offered(answer)


@pytest.mark.parametrize("operator", ["auto", "and", "or"])
@pytest.mark.parametrize("match", ["stem", "wide", "spelling"])
@pytest.mark.parametrize("q", ["الكاضمي في طهران", "kadhimi غائب", "زيارة بوتين روحاني في"])
def test_an_offer_finds_what_it_says_however_it_is_asked(
    room: HomeReadingRoom, q: str, match: str, operator: str
) -> None:
    how = {"match": match, "operator": operator, "rescue": False}
    for suggestion in ask(room, q, **how).suggestions:
        assert suggestion.total == ask(room, suggestion.q, **how).total > 0
