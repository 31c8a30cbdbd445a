"""What dates mean, in every form that people and files write."""

from datetime import date

import pytest

from indexer.query.dates import LONGEST, published, span

JULY_2020 = (date(2020, 7, 1), date(2020, 7, 31))
JULY_21 = (date(2020, 7, 21), date(2020, 7, 21))
JANUARY_2020 = (date(2020, 1, 1), date(2020, 1, 31))
YEAR_1441 = (date(2019, 8, 31), date(2020, 8, 19))
LAST_MONTH_1441 = (date(2020, 7, 22), date(2020, 8, 19))
SACRIFICE_1441 = (date(2020, 7, 31), date(2020, 7, 31))

SPANS = {
    "2020": (date(2020, 1, 1), date(2020, 12, 31)),
    "٢٠٢٠": (date(2020, 1, 1), date(2020, 12, 31)),
    "2020-07": JULY_2020,
    "2020/07": JULY_2020,
    "2020/7": JULY_2020,
    "۲۰۲۰/۰۷": JULY_2020,
    "2020-02": (date(2020, 2, 1), date(2020, 2, 29)),
    "2020-07-21": JULY_21,
    "2020/07/21": JULY_21,
    "20200721": JULY_21,
    "21/07/2020": JULY_21,
    "21-7-2020": JULY_21,
    " 21 / 7 / 2020 ": JULY_21,
    "21.07.2020": JULY_21,
    "تموز2020": JULY_2020,
    "تموز 2020": JULY_2020,
    "تموز ٢٠٢٠": JULY_2020,
    "يوليو 2020": JULY_2020,
    "تموز يوليو 2020": JULY_2020,
    "تموز/يوليو 2020": JULY_2020,
    "يوليو (تموز) 2020": JULY_2020,
    "2020 تموز": JULY_2020,
    "July 2020": JULY_2020,
    "jul 2020": JULY_2020,
    "21 تموز 2020": JULY_21,
    "21 من تموز عام 2020": JULY_21,
    "21 يوليو 2020م": JULY_21,
    "21 July 2020": JULY_21,
    "July 21, 2020": JULY_21,
    "July 21st, 2020": JULY_21,
    "كانون الثاني 2020": JANUARY_2020,
    "كانون 2 2020": JANUARY_2020,
    "جانفي 2020": JANUARY_2020,
    "1441H": YEAR_1441,
    "١٤٤١ هـ": YEAR_1441,
    "1441-12H": LAST_MONTH_1441,
    "1441/12 هـ": LAST_MONTH_1441,
    "ذو الحجة 1441": LAST_MONTH_1441,
    "1441-12-10H": SACRIFICE_1441,
    "10/12/1441هـ": SACRIFICE_1441,
    "10 ذو الحجة 1441": SACRIFICE_1441,
    "10 ذي الحجة 1441 هـ": SACRIFICE_1441,
    "0001-01-01": (date(1, 1, 1), date(1, 1, 1)),
    "9999-12-31": (date(9999, 12, 31), date(9999, 12, 31)),
}

NO_SPANS = {
    "": "expected 2020",
    "أمس": "expected 2020",
    "تموز": "expected 2020",
    "2020-07-21-05": "expected 2020",
    "2020-07 2021": "expected 2020",
    "2020-07-21T14:30": "expected 2020",
    "21 تموز 2020 الساعة": "expected 2020",
    "2020-13": "no month 13",
    "2020-00": "no month 0",
    "2020-02-30": "no day 30",
    "0000": "no day 1",
    "تموز/شباط 2020": "not the same month",
    "تموز 2020 هـ": "marked as hijri",
    "1441": "expected 1441H",
    "1441-12": "expected 1441H",
    "1342H": "outside 1343H to 1500H",
    "1501H": "outside 1343H to 1500H",
    "1441-12-30H": "no day 30",
    "9" * (LONGEST + 1): "longer than",
}

PUBLISHED = {
    "2020-07-21": "2020-07-21",
    "2020/7/3": "2020-07-03",
    "2020-07-21T14:30:00Z": "2020-07-21T14:30:00+00:00",
    "2020-07-21T14:30:00+03:00": "2020-07-21T14:30:00+03:00",
    "2020-07-21T14:30:00.123456+0300": "2020-07-21T14:30:00+03:00",
    "2020-07-21T14:30:00-05:30": "2020-07-21T14:30:00-05:30",
    "2020-07-21 14:30": "2020-07-21T14:30:00+00:00",
    "2020-07-21 14:30:05 UTC": "2020-07-21T14:30:05+00:00",
    "2020-07-21 14:30 GMT+3": "2020-07-21T14:30:00+03:00",
    "20200721T143000Z": "2020-07-21T14:30:00+00:00",
    "20200721143000": "2020-07-21T14:30:00+00:00",
    "Tue, 21 Jul 2020 14:30:00 +0300": "2020-07-21T14:30:00+03:00",
    "Tue, 21 Jul 2020 14:30:00 +0000 (UTC)": "2020-07-21T14:30:00+00:00",
    "21 Jul 2020 14:30 EST": "2020-07-21T14:30:00-05:00",
    "Tue Jul 21 14:30:00 +0000 2020": "2020-07-21T14:30:00+00:00",
    "July 21, 2020 at 2:30 PM": "2020-07-21T14:30:00+00:00",
    "الثلاثاء 21 تموز/يوليو 2020 - 14:30": "2020-07-21T14:30:00+00:00",
    "الثلاثاء، ٢١ يوليو ٢٠٢٠ ٠٢:٣٠ مساءً": "2020-07-21T14:30:00+00:00",
    "21/07/2020 12:30 ص": "2020-07-21T00:30:00+00:00",
    "21/07/2020 12:30 م": "2020-07-21T12:30:00+00:00",
    "نُشر في: 21 يوليو 2020 - 14:30 بتوقيت غرينتش": "2020-07-21T14:30:00+00:00",
    "21 يوليو 2020، 14:30 بتوقيت بيروت": "2020-07-21",
    "21 يوليو 2020": "2020-07-21",
    "٢١ تموز ٢٠٢٠": "2020-07-21",
    "21/07/2020": "2020-07-21",
    "21/07/20": "2020-07-21",
    "21/07/85": "1985-07-21",
    "\u200f21\u200f/\u200f07\u200f/\u200f2020": "2020-07-21",
    "10 ذو الحجة 1441": "2020-07-31",
    "1441/12/10 هـ": "2020-07-31",
    "30 ذو القعدة 1441 هـ - 21 يوليو 2020 م": "2020-07-21",
    "1595341800": "2020-07-21T14:30:00+00:00",
    "1595341800000": "2020-07-21T14:30:00+00:00",
    "1595341800.0": "2020-07-21T14:30:00+00:00",
}

NOT_PUBLISHED = {
    "أمس": "not a date",
    "21 يوليو 2020 العدد 15211": "not a date",
    "2020": "names no day",
    "تموز 2020": "names no day",
    "12/31/2018": "other order",
    "2019-02-29": "no day 29",
    "1599-12-31": "outside 1600 to 2200",
    "2201-01-01": "outside 1600 to 2200",
    "9999999999": "outside 1600 to 2200",
    "1441-12-10": "expected 1441H",
    "2020-07-21T25:00": "not a time",
    "2020-07-21T14:60": "not a time",
    "2020-07-21T14:30+99:00": "not a time",
}


@pytest.mark.parametrize(("text", "days"), SPANS.items())
def test_a_date_means_its_days(text: str, days: tuple[date, date]) -> None:
    assert span(text) == days


@pytest.mark.parametrize(("text", "reason"), NO_SPANS.items())
def test_what_is_no_span_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        span(text)


@pytest.mark.parametrize("month", range(1, 13))
def test_each_month_ends_where_the_next_begins(month: int) -> None:
    _, last = span(f"2021-{month}")
    following, _ = span(f"2021-{month + 1}" if month < 12 else "2022-01")
    assert (following - last).days == 1


@pytest.mark.parametrize(("text", "iso"), PUBLISHED.items())
def test_a_date_of_an_article_becomes_iso(text: str, iso: str) -> None:
    assert published(text) == iso


@pytest.mark.parametrize("iso", sorted(set(PUBLISHED.values())))
def test_normalised_dates_stay_as_they_are(iso: str) -> None:
    assert published(iso) == iso


@pytest.mark.parametrize(("text", "reason"), NOT_PUBLISHED.items())
def test_what_is_no_date_of_an_article_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        published(text)


@pytest.mark.parametrize(
    ("text", "order", "iso"),
    [
        ("03/04/2018", "dmy", "2018-04-03"),
        ("03/04/2018", "mdy", "2018-03-04"),
        ("12/31/2018", "mdy", "2018-12-31"),
        ("03/04/2018", "ymd", "2018-04-03"),
        ("18/04/03", "ymd", "2018-04-03"),
        ("2018/04/03", "dmy", "2018-04-03"),
        ("2018-04-03", "mdy", "2018-04-03"),
    ],
)
def test_the_order_decides_where_the_year_does_not(text: str, order: str, iso: str) -> None:
    assert published(text, order) == iso


def test_no_text_is_no_date() -> None:
    assert published("") is None
    assert published(" \n") is None


def test_a_refusal_names_the_value_and_stays_short() -> None:
    with pytest.raises(ValueError, match=r"^«خبر خبر") as refusal:
        published("خبر " * 1000)
    assert len(str(refusal.value)) < 200
