"""Groups, operators, fields, dates, filters, caps: whole answers over one small archive."""

from collections.abc import Iterator
from datetime import date

import pytest

from indexer import build
from indexer.archive import Archive
from indexer.errors import QueryError
from indexer.model import Answer, Article, SearchRequest
from indexer.reading import HomeReadingRoom
from indexer.settings import Settings

PRESS = (
    Article("visit", "الكاظمي في طهران", "زار مصطفى الكاظمي إيران والتقى روحاني.", "المدار", "سعاد", "سياسة",
            None, "2020-07-21"),
    Article("return", "زيارة ثانية", "عاد الكاظمي إلى طهران في زيارة قصيرة.", "المدار", "سعاد الحسن", "سياسة",
            None, "2021-09-12T23:30:00+03:00"),
    Article("moscow", "بوتين ولافروف", "لقاء في موسكو حول النفط.", "مرآة الشَّرق", "عمر", "اقتصاد",
            None, "2020-12-31"),
    Article("riyadh", "قمة الرياض", "بوتين في الرياض، والنفط على الطاولة.", "صحيفة الضفتين", None, "اقتصاد",
            None, "2019-10-14"),
    Article("undated", "رأي", "هل يعود النفط إلى الواجهة؟", None, None, "رأي"),
)  # fmt: skip


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HomeReadingRoom]:
    settings = Settings(tmp_path_factory.mktemp("press") / "home")
    with Archive.open(settings.archive_file, create=True) as archive:
        archive.add(PRESS)
        build.update(settings, archive)
    with HomeReadingRoom(settings) as room:
        yield room


def ask(room: HomeReadingRoom, q: str = "", **options: object) -> Answer:
    return room.answer(SearchRequest(q=q, **options))  # type: ignore[arg-type]


def ids(answer: Answer) -> set[str]:
    return {found.article.id for found in answer.found if not found.related}


def others(answer: Answer) -> set[str]:
    return {found.article.id for found in answer.found if found.related}


def codes(answer: Answer) -> list[str]:
    return [warning.code for warning in answer.warnings]


# --- groups and operators ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("q", "operator", "total", "related", "relaxed"),
    [
        ("بوتين الرياض", "auto", 1, 1, False),
        ("بوتين الرياض", "and", 1, 0, False),
        ("بوتين الرياض", "or", 2, 0, False),
        ("بوتين غائب", "auto", 2, 0, True),
        ("بوتين غائب", "and", 0, 0, False),
        ("بوتين غائب", "or", 2, 0, False),
        ("غائب مفقود", "auto", 0, 0, False),
        ("بوتين", "auto", 2, 0, False),
        ("الرياض طهران", "auto", 3, 0, True),
    ],
)
def test_totals_of_each_operator(
    room: HomeReadingRoom, q: str, operator: str, total: int, related: int, relaxed: bool
) -> None:
    answer = ask(room, q, operator=operator)
    assert (answer.total, answer.related_total, answer.relaxed) == (total, related, relaxed)


def test_articles_with_all_words_come_before_those_with_fewer(room: HomeReadingRoom) -> None:
    answer = ask(room, "بوتين النفط الرياض")
    assert answer.found[0].article.id == "riyadh"
    assert [found.related for found in answer.found] == [False, True, True]


def test_paging_goes_on_into_the_second_group(room: HomeReadingRoom) -> None:
    whole = [found.article.id for found in ask(room, "بوتين النفط الرياض").found]
    pages = [ask(room, "بوتين النفط الرياض", offset=n, page_size=1) for n in range(4)]
    assert [found.article.id for page in pages for found in page.found] == whole
    assert len({(page.total, page.related_total) for page in pages}) == 1


def test_stop_words_never_decide_but_are_shown(room: HomeReadingRoom) -> None:
    answer = ask(room, "الكاظمي في إلى")
    assert ids(answer) == {"visit", "return"}
    assert "في" in {matched.text for found in answer.found for matched in found.matched}


def test_a_query_of_stop_words_only_is_searched_as_it_is(room: HomeReadingRoom) -> None:
    assert ids(ask(room, "في")) == {"visit", "return", "moscow", "riyadh"}


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("بوتين OR الكاظمي", {"visit", "return", "moscow", "riyadh"}),
        ("بوتين أو الكاظمي", {"visit", "return", "moscow", "riyadh"}),
        ("بوتين او الكاظمي", {"visit", "return", "moscow", "riyadh"}),
        ("بوتين | الكاظمي", {"visit", "return", "moscow", "riyadh"}),
        ("النفط الرياض أو موسكو", {"moscow", "riyadh"}),
        ("بوتين AND الرياض", {"riyadh"}),
        ("(بوتين OR الكاظمي) النفط", {"moscow", "riyadh"}),
        ("بوتين -الرياض", {"moscow"}),
        ("بوتين NOT الرياض", {"moscow"}),
        ("بوتين -\"قمة الرياض\"", {"moscow"}),
        ("بوتين -(الرياض | روحاني)", {"moscow"}),
        ("بوتين -للرياض", {"moscow"}),
        ("-بوتين", {"visit", "return", "undated"}),
        ("-بوتين -الكاظمي", {"undated"}),
        ("بوتين - الرياض", {"riyadh"}),
        ("بوتين – الرياض", {"riyadh"}),
    ],
)  # fmt: skip
def test_booleans_and_exclusions(room: HomeReadingRoom, q: str, expected: set[str]) -> None:
    assert ids(ask(room, q)) == expected


@pytest.mark.parametrize("q", ["", "*", "  ", "\u200f"])
def test_an_empty_query_means_all_articles_newest_first(room: HomeReadingRoom, q: str) -> None:
    found = [found.article.id for found in ask(room, q).found]
    assert found == ["return", "moscow", "visit", "riyadh", "undated"]


def test_what_is_excluded_is_not_highlighted(room: HomeReadingRoom) -> None:
    assert all(not found.matched for found in ask(room, "-بوتين").found)


# --- fields -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("title:بوتين", {"moscow"}),
        ("عنوان:بوتين", {"moscow"}),
        ("body:بوتين", {"riyadh"}),
        ("نص:بوتين", {"riyadh"}),
        ('title:"الكاظمي في طهران"', {"visit"}),
        ("title:(قمة OR رأي)", {"riyadh", "undated"}),
        ("title:غائب", set()),
        ("source:المدار", {"visit", "return"}),
        ("مصدر:مدار", {"visit", "return"}),
        ('source:"مراه الشرق"', {"moscow"}),
        ("source:الضفتين", {"riyadh"}),
        ("source:ضف*", set()),
        ("source:الضف*", {"riyadh"}),
        ("source:غائب", set()),
        ("author:سعاد", {"visit", "return"}),
        ("كاتب:الحسن", {"return"}),
        ("section:سياسه", {"visit", "return"}),
        ("قسم:اقتصاد", {"moscow", "riyadh"}),
        ("-source:المدار", {"moscow", "riyadh", "undated"}),
        ("النفط section:رأي", {"undated"}),
        ("source:(المدار OR الضفتين)", {"visit", "return", "riyadh"}),
    ],
)
def test_fields(room: HomeReadingRoom, q: str, expected: set[str]) -> None:
    answer = ask(room, q)
    assert (ids(answer), others(answer)) == (expected, set())


def test_a_field_with_a_space_after_its_colon_is_text(room: HomeReadingRoom) -> None:
    assert ask(room, "source: المدار").total == 0


# --- dates ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("date:2020", {"visit", "moscow"}),
        ("date:2020-07", {"visit"}),
        ("date:2020-07-21", {"visit"}),
        ("date:2020-07-22", set()),
        ("date:[2020-07-21 TO 2020-12-31]", {"visit", "moscow"}),
        ("date:[2020-07-22 TO *]", {"return", "moscow"}),
        ("date:[* TO 2020-07-21]", {"visit", "riyadh"}),
        ("تاريخ:2020/07", {"visit"}),
        ("تاريخ:[2020/07/01 إلى 2020/07/31]", {"visit"}),
        ("تاريخ:[٢٠٢٠/٠٧/٠١ الى ٢٠٢٠/٠٧/٣١]", {"visit"}),
        ("تاريخ:تموز2020", {"visit"}),
        ("تاريخ:يوليو2020", {"visit"}),
        ("تاريخ:جويلية2020", {"visit"}),
        ('تاريخ:"كانون الأول 2020"', {"moscow"}),
        ("date:1441-11H", {"visit"}),
        ("date:1441-12H", set()),
        ("date:2021-09-12", {"return"}),
        ("date:2021-09-13", set()),
        ("-date:2020", {"return", "riyadh", "undated"}),
        ("النفط date:2019", {"riyadh"}),
    ],
)
def test_dates(room: HomeReadingRoom, q: str, expected: set[str]) -> None:
    assert ids(ask(room, q)) == expected


def test_a_date_is_never_relaxed(room: HomeReadingRoom) -> None:
    answer = ask(room, "بوتين date:1999")
    assert (answer.total, answer.related_total) == (0, 0)


# --- filters, facets, order -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"include": (("source", "المدار"),)}, {"visit", "return"}),
        ({"include": (("source", "مرآة الشرق"),)}, {"moscow"}),
        ({"include": (("source", "مراه الشرق"), ("source", "المدار"))}, {"moscow", "visit", "return"}),
        ({"include": (("source", "مدار"),)}, set()),
        ({"include": (("source", "المدار"), ("section", "اقتصاد"))}, set()),
        ({"exclude": (("source", "المدار"),)}, {"moscow", "riyadh", "undated"}),
        ({"exclude": (("source", "غائب"),)}, {"visit", "return", "moscow", "riyadh", "undated"}),
        ({"years": (2020,)}, {"visit", "moscow"}),
        ({"years": (2019, 2021)}, {"riyadh", "return"}),
        ({"date_from": date(2020, 12, 31)}, {"moscow", "return"}),
        ({"date_to": date(2019, 10, 14)}, {"riyadh"}),
        ({"date_from": date(2020, 7, 21), "date_to": date(2020, 7, 21)}, {"visit"}),
        ({"include": (("author", "سعاد"),)}, {"visit"}),
    ],
)
def test_filters(room: HomeReadingRoom, options: dict[str, object], expected: set[str]) -> None:
    assert ids(ask(room, **options)) == expected


def test_filters_cut_both_groups(room: HomeReadingRoom) -> None:
    answer = ask(room, "بوتين الرياض", include=(("source", "مرآة الشَّرق"),))
    assert (answer.total, answer.relaxed, others(answer)) == (1, True, {"moscow"})


def test_facets_count_the_first_group(room: HomeReadingRoom) -> None:
    facets = dict(ask(room, "النفط", facets=("source", "section", "author", "year", "month")).facets)
    counts = {name: {b.value: b.count for b in buckets} for name, buckets in facets.items()}
    assert counts == {
        "source": {"مرآة الشَّرق": 1, "صحيفة الضفتين": 1},
        "section": {"اقتصاد": 2, "رأي": 1},
        "author": {"عمر": 1},
        "year": {"2019": 1, "2020": 1},
        "month": {"2019-10": 1, "2020-12": 1},
    }


@pytest.mark.parametrize(
    ("sort", "expected"),
    [("newest", ["moscow", "riyadh", "undated"]), ("oldest", ["riyadh", "moscow", "undated"])],
)
def test_undated_articles_sort_last_by_date(room: HomeReadingRoom, sort: str, expected: list[str]) -> None:
    assert [found.article.id for found in ask(room, "النفط", sort=sort).found] == expected


# --- caps and strict mode ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("q", "code"),
    [
        (" ".join(f"كلمة{n}" for n in range(70)), "many_clauses"),
        ("بوت* طهر* موس* نفط* ريا*", "many_wildcards"),
        ("(" * 20 + "بوتين" + ")" * 20, "too_deep"),
        ("بوتين~7", "fuzzy_distance"),
        ('"بوتين الرياض"~5000', "phrase_distance"),
        ("*ين", "short_wildcard"),
        ('"بوت*"', "phrase_wildcard"),
        ('"بوتين', "unclosed_quote"),
        ("(بوتين", "unclosed_bracket"),
        ("بوتين)", "unopened_bracket"),
        ("بوتين AND", "lone_operator"),
        ("date:غدا", "bad_date"),
        ("date:[2021 TO 2020]", "reversed_dates"),
    ],
)
def test_what_is_left_out_is_said_and_strict_mode_refuses_it(
    room: HomeReadingRoom, q: str, code: str
) -> None:
    answer = ask(room, q)
    assert code in codes(answer)
    assert all(0 <= (warning.position or 0) < len(q) for warning in answer.warnings)
    with pytest.raises(QueryError) as refused:
        ask(room, q, strict=True)
    assert refused.value.code in codes(answer)
    assert 0 <= refused.value.position < len(q)


@pytest.mark.parametrize(
    ("q", "position"),
    [("موسكو)", 5), ('قمة "الرياض', 4), ("قمة *ين", 4), ("قمة\u200f AND", 5), ("قمة date:xx", 4)],
)
def test_strict_errors_stand_where_the_fault_is_typed(room: HomeReadingRoom, q: str, position: int) -> None:
    with pytest.raises(QueryError) as refused:
        ask(room, q, strict=True)
    assert refused.value.position == position


def test_a_faultless_query_passes_strict_mode(room: HomeReadingRoom) -> None:
    q = 'title:"قمة الرياض" (بوتين OR لافروف) -غائب date:2019 بوت* نفط~ +الرياض'
    assert ids(ask(room, q, strict=True, operator="or")) == {"riyadh"}


@pytest.mark.parametrize(
    "q", ["بوتين", "زيارة بوتين أو لافروف", '="على الطاولة"', "source:المدار -طهران", "date:2020"]
)
def test_the_canonical_form_asks_the_same(room: HomeReadingRoom, q: str) -> None:
    answer = ask(room, q)
    again = ask(room, answer.canonical)
    assert again.canonical == answer.canonical
    assert [(f.article.id, f.score) for f in again.found] == [(f.article.id, f.score) for f in answer.found]
