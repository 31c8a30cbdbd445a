"""Every parameter: what it gives, what it refuses, and how."""

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from indexer.errors import ParameterError, RequestTooLong
from indexer.model import SearchRequest
from searchapp import cursor, links, parameters, params
from searchapp.parameters import SEARCH
from searchapp.params import search_request


def asked(*pairs: tuple[str, str], api: bool = True) -> SearchRequest:
    return search_request(MultiDict(pairs), api=api).request


def codes(*pairs: tuple[str, str]) -> list[str]:
    return [notice.code for notice in search_request(MultiDict(pairs), api=False).notices]


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("q", " قمة بغداد ", "q", " قمة بغداد "),
        ("source", "قناة", "include", (("source", "قناة"),)),
        ("section", "-رأي", "exclude", (("section", "رأي"),)),
        ("author", "سلمى", "include", (("author", "سلمى"),)),
        ("year", "2020", "years", (2020,)),
        ("year", "٢٠٢٠", "years", (2020,)),
        ("from", "2020-07", "date_from", date(2020, 7, 1)),
        ("to", "2020-07", "date_to", date(2020, 7, 31)),
        ("to", "تموز 2020", "date_to", date(2020, 7, 31)),
        ("match", "wide", "match", "wide"),
        ("operator", "or", "operator", "or"),
        ("sort", "oldest", "sort", "oldest"),
        ("page_size", "100", "page_size", 100),
        ("page_size", "٢٥", "page_size", 25),
        ("facets", "source,month", "facets", ("source", "month")),
        ("rescue", "0", "rescue", False),
        ("strict", "1", "strict", True),
    ],
)
def test_parameter_is_read(name: str, text: str, field: str, value: object) -> None:
    assert getattr(asked((name, text)), field) == value
    assert getattr(asked((name, text), api=False), field) == value


BAD = [
    ("source", "-"),
    ("year", "20"),
    ("year", "0000"),
    ("year", "²020"),
    ("from", "بعد غد"),
    ("to", "2020-13"),
    ("match", "STEM"),
    ("operator", "xor"),
    ("sort", "random"),
    ("page_size", "0"),
    ("page_size", "101"),
    ("page_size", "-1"),
    ("page_size", "1.5"),
    ("facets", "source,colour"),
    ("highlight", "xml"),
    ("format", "pdf"),
    ("rescue", "yes"),
    ("strict", "2"),
]


@pytest.mark.parametrize(("name", "text"), BAD)
def test_bad_value_is_refused_by_name_for_programs(name: str, text: str) -> None:
    with pytest.raises(ParameterError) as error:
        asked((name, text))
    assert error.value.parameter == name


@pytest.mark.parametrize(("name", "text"), BAD)
def test_bad_value_is_told_and_left_out_on_pages(name: str, text: str) -> None:
    request, _, notices = search_request(MultiDict([(name, text)]), api=False)
    assert request == SearchRequest()
    assert [(notice.code, notice.values) for notice in notices] == [
        ("bad_parameter", (("parameter", name), ("value", text)))
    ]


def test_unknown_parameter_is_refused_for_programs_and_ignored_on_pages() -> None:
    with pytest.raises(ParameterError, match="utm_source: unknown"):
        asked(("utm_source", "x"))
    assert codes(("utm_source", "x"), ("q", "قمة")) == []


@pytest.mark.parametrize("name", [row.name for row in SEARCH])
def test_empty_value_is_absent(name: str) -> None:
    assert asked((name, "")) == asked((name, " ")) == SearchRequest()


@pytest.mark.parametrize("name", [row.name for row in SEARCH if not row.repeatable and row.where == "both"])
def test_parameter_given_twice_is_an_error(name: str) -> None:
    good = {"from": "2020", "to": "2020", "page_size": "5", "rescue": "1", "strict": "1", "forms": "1"}
    good |= {"match": "stem", "operator": "and", "sort": "newest", "highlight": "none", "format": "json"}
    pair = (name, good.get(name, "س"))
    with pytest.raises(ParameterError, match="more than 1 time"):
        asked(pair, pair)
    assert codes(pair, pair) == ["bad_parameter"]


def test_repeatable_parameters_collect_values_once() -> None:
    request = asked(
        ("source", "أ"),
        ("source", "ب"),
        ("source", "أ"),
        ("source", "-ج"),
        ("year", "2020"),
        ("year", "2021"),
    )
    assert request.include == (("source", "أ"), ("source", "ب"))
    assert request.exclude == (("source", "ج"),)
    assert request.years == (2020, 2021)


def test_too_many_values_are_refused() -> None:
    with pytest.raises(ParameterError, match="more than 64 times"):
        asked(*(("source", str(n)) for n in range(65)))


def test_values_are_compared_in_nfc() -> None:
    assert asked(("source", "ا\u0653لاء")).include == (("source", "آلاء"),)


def test_page_is_for_pages_and_cursor_for_programs() -> None:
    with pytest.raises(ParameterError, match=r"page: .*links\.next"):
        asked(("page", "2"))
    with pytest.raises(ParameterError, match=r"cursor: .*page="):
        asked(("cursor", "x"), api=False)
    with pytest.raises(ParameterError, match="lang"):
        asked(("lang", "en"))


def test_page_gives_the_offset() -> None:
    assert asked(("page", "3"), ("page_size", "20"), api=False).offset == 40


def test_pages_end_at_ten_thousand_results() -> None:
    assert asked(("page", "100"), ("page_size", "100"), api=False).offset == 9_900
    assert codes(("page", "101"), ("page_size", "100")) == ["bad_parameter"]
    assert asked(("page", "101"), ("page_size", "100"), api=False).offset == 0


def test_long_query_is_refused_for_programs_and_cut_on_pages() -> None:
    assert asked(("q", "ق" * 1024)).q == "ق" * 1024
    with pytest.raises(RequestTooLong):
        asked(("q", "ق" * 1025))
    request, _, notices = search_request(MultiDict({"q": "ق" * 2000}), api=False)
    assert request.q == "ق" * 1024
    assert [notice.code for notice in notices] == ["query_cut"]


def test_dates_in_the_wrong_order_are_said() -> None:
    pairs = (("from", "2021"), ("to", "2020"))
    with pytest.raises(ParameterError, match=r"to: .*before from"):
        asked(*pairs)
    assert codes(*pairs) == ["bad_parameter"]


def test_arguments_of_a_request_give_the_request_again() -> None:
    request = asked(
        *(
            ("q", 'عنوان:"قمة & بغداد"'),
            ("source", "أ+ب"),
            ("source", "-ج"),
            ("year", "2020"),
            ("from", "2020"),
        ),
        *(("match", "exact"), ("operator", "or"), ("sort", "newest"), ("page_size", "7"), ("rescue", "0")),
        *(("strict", "1"), ("facets", "source,year")),
    )
    assert asked(*links.search_args(request)) == request


# --- cursor -----------------------------------------------------------------------------------------------


def token(request: SearchRequest, offset: int = 10) -> str:
    return cursor.encode(cursor.Cursor(offset, cursor.digest(request), "g7", "lexicon-1"))


def test_cursor_continues_its_request_in_its_generation() -> None:
    request = asked(("q", "قمة"), ("cursor", token(asked(("q", "قمة")))), ("page_size", "5"))
    assert (request.offset, request.generation, request.page_size) == (10, "g7", 5)


def test_cursor_of_another_request_is_refused() -> None:
    with pytest.raises(ParameterError, match="another search"):
        asked(("q", "قمم"), ("cursor", token(asked(("q", "قمة")))))


def test_changed_cursor_is_refused() -> None:
    good = token(SearchRequest())
    for at in range(len(good)):
        changed = good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :]
        with pytest.raises(ParameterError, match=r"links\.next"):
            cursor.decode(changed)


@pytest.mark.parametrize("bad", ["x", "====", "é", "a b", "ab\ncd", "A" * 5000, "W10"])
def test_invented_cursor_is_refused(bad: str) -> None:
    with pytest.raises(ParameterError):
        cursor.decode(bad)


def test_cursor_before_the_first_hit_is_refused() -> None:
    with pytest.raises(ParameterError):
        cursor.decode(cursor.encode(cursor.Cursor(-1, "", "g", "l")))


def test_analyze_takes_a_text_within_the_cap() -> None:
    assert params.text_of(MultiDict({"text": "قمة"}), parameters.ANALYZE) == "قمة"
    with pytest.raises(RequestTooLong):
        params.text_of(MultiDict({"text": "ق" * 1025}), parameters.ANALYZE)
    with pytest.raises(ParameterError):
        params.text_of(MultiDict({"q": "قمة"}), parameters.ANALYZE)
