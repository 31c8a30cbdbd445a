"""What is typed, and how it is understood."""

import time
from datetime import date
from random import Random

import pytest

from indexer.errors import QueryError
from indexer.query.canonical import canonical
from indexer.query.caps import MAX_CLAUSES, MAX_WILDCARDS, capped
from indexer.query.normal import leaves, pieces
from indexer.query.notices import MAX_NOTICES, NOTICES
from indexer.query.parser import parse
from indexer.query.tree import (
    AllOf,
    AnyOf,
    Dates,
    Everything,
    FieldName,
    Fuzzy,
    InField,
    Not,
    Phrase,
    Query,
    Wildcard,
    Word,
    Words,
)

A, B, C, D = (Word(letter) for letter in "abcd")
JULY = Dates(date(2020, 7, 1), date(2020, 7, 31))


def either(*children: Query) -> AnyOf:
    return AnyOf(children)


def both(*children: Query) -> AllOf:
    return AllOf(children)


def beside(*children: Query) -> Words:
    return Words(children)


def plain(text: str) -> Words:
    return Words(tuple(map(Word, text.split())))


def phrase(*words: str, as_written: bool = False, slop: int | None = None) -> Phrase:
    return Phrase(words, as_written, slop)


def title(child: Query) -> InField:
    return InField("title", child)


UNDERSTOOD: dict[str, list[tuple[str, Query]]] = {
    "words": [
        ("", Everything()),
        ("  \n\t ", Everything()),
        ("، . …؛", Everything()),
        ("الكاظمي", Word("الكاظمي")),
        ("مُحَمَّد", Word("مُحَمَّد")),
        ("رئيس الوزراء", beside(Word("رئيس"), Word("الوزراء"))),
        ("كوفيد-19", beside(Word("كوفيد"), Word("19"))),
        ("#حزب_الله", beside(Word("حزب"), Word("الله"))),
        ("تموز2020", beside(Word("تموز"), Word("2020"))),
        ("12,345", Word("12,345")),
        ("بغداد، أربيل؛ دمشق.", beside(Word("بغداد"), Word("أربيل"), Word("دمشق"))),
        ("زار و ليس and or not", plain("زار و ليس and or not")),
        ("ماذا حدث؟", beside(Word("ماذا"), Word("حدث"))),
        ("a & b = c", beside(A, B, C)),
    ],
    "as written, without stemming": [
        ('="مُحَمَّد"', phrase("مُحَمَّد", as_written=True)),
        ('="a b"', phrase("a", "b", as_written=True)),
        ("=«a b»", phrase("a", "b", as_written=True)),
        ("=a", A),
        ('= "a"', phrase("a")),
        ('x="a"', beside(Word("x"), phrase("a"))),
        ("+الكتاب", Word("الكتاب", plain=True)),
        ("+a-b", beside(Word("a", plain=True), Word("b", plain=True))),
        ("a+b", beside(A, B)),
        ("+ a", A),
        ('+"a b"', phrase("a", "b")),
        ("+OR", Word("OR", plain=True)),
    ],
    "phrases": [
        ('"a b"', phrase("a", "b")),
        ("«a b»", phrase("a", "b")),
        ("“a b”", phrase("a", "b")),
        ("”a b“", phrase("a", "b")),
        ("”a b”", phrase("a", "b")),
        ("„a b“", phrase("a", "b")),
        ("„a b”", phrase("a", "b")),
        ("‟a b”", phrase("a", "b")),
        ('"a «b» c"', phrase("a", "b", "c")),
        ('«a "b" c»', phrase("a", "b", "c")),
        ('"a OR -b (c) title:d"', phrase("a", "OR", "b", "c", "title", "d")),
        ('"a"', phrase("a")),
        ('""', Everything()),
        ('a "" b', beside(A, B)),
        ('"a"b', beside(phrase("a"), B)),
        ('"a b"~5', phrase("a", "b", slop=5)),
        ('"a b"~٥', phrase("a", "b", slop=5)),
        ('="a b"~5', phrase("a", "b", as_written=True, slop=5)),
        ('"a b"~5، c', beside(phrase("a", "b", slop=5), C)),
        ('"a b"~0', phrase("a", "b")),
        ('"a b"~', phrase("a", "b")),
        ('"a b"~5c', beside(phrase("a", "b"), Word("5c"))),
        ('"a b" ~5', beside(phrase("a", "b"), Word("5"))),
        ('"a"~5', phrase("a")),
    ],
    "booleans": [
        ("a OR b", either(A, B)),
        ("a | b", either(A, B)),
        ("a|b", either(A, B)),
        ("a||b", either(A, B)),
        ("a OR b OR c", either(A, B, C)),
        ("a OR (b OR c)", either(A, B, C)),
        ("زيارة بوتين أو لافروف", beside(Word("زيارة"), either(Word("بوتين"), Word("لافروف")))),
        ("a b OR c d", beside(A, either(B, C), D)),
        ("a OR b c OR d", beside(either(A, B), either(C, D))),
        ("a AND b", both(A, B)),
        ("a AND b AND c", both(A, B, C)),
        ("a AND (b AND c)", both(A, B, C)),
        ("a AND b OR c", both(A, either(B, C))),
        ("a b AND c", both(beside(A, B), C)),
        ("a or b", beside(A, Word("or"), B)),
        ("a Or b", beside(A, Word("Or"), B)),
        ("(a)OR(b)", either(A, B)),
        ('"a"OR"b"', either(phrase("a"), phrase("b"))),
        ("a OR كوفيد-19", either(A, beside(Word("كوفيد"), Word("19")))),
        ("xOR b", beside(Word("xOR"), B)),
        ("a OR, b", beside(A, Word("OR"), B)),
    ],
    "أو and او": [
        ("a او b", either(A, B)),
        ("a أَوْ b", either(A, B)),
        ("a أوـ b", either(A, B)),
        ("أو a", beside(Word("أو"), A)),
        ("a أو", beside(A, Word("أو"))),
        ("(a أو) b", beside(A, Word("أو"), B)),
        ("أو", Word("أو")),
        ("«a أو b»", phrase("a", "أو", "b")),
        ("a أو (b c)", either(A, beside(B, C))),
        ("a أو -b", either(A, Not(B))),
    ],
    "exclusions": [
        ("NOT a", Not(A)),
        ("-a", Not(A)),
        ("a -b", beside(A, Not(B))),
        ("a NOT b c", beside(A, Not(B), C)),
        ("-a -b", beside(Not(A), Not(B))),
        ("NOT NOT a", A),
        ("NOT -a", A),
        ("NOT (NOT a)", A),
        ("NOT (-(NOT a))", Not(A)),
        ("a AND NOT b", both(A, Not(B))),
        ("NOT a OR b", either(Not(A), B)),
        ('-"a b"', Not(phrase("a", "b"))),
        ("-«a b»", Not(phrase("a", "b"))),
        ('-="a"', Not(phrase("a", as_written=True))),
        ("-(a b)", Not(beside(A, B))),
        ("NOT(a)", Not(A)),
        ("(-a b)", beside(Not(A), B)),
        ("-19", Not(Word("19"))),
        ("-كوفيد-19", Not(beside(Word("كوفيد"), Word("19")))),
        ("-title:a", Not(title(A))),
        ("-a*", Not(Wildcard("a*"))),
        ("-a~", Not(Fuzzy("a"))),
        ("NOT *", Not(Everything())),
    ],
    "hyphens that are text": [
        ("a - b", beside(A, B)),
        ("a – b", beside(A, B)),
        ("a –b– c", beside(A, B, C)),
        ("a-b", beside(A, B)),
        ("a- b", beside(A, B)),
        ("--a", A),
        ("-", Everything()),
        ("-،a", A),
        ('"a"-b', beside(phrase("a"), B)),
        ("قال -كما قال- بوتين", plain("قال كما قال بوتين")),
        ("a -b-", beside(A, B)),
        ("a -b؟-", beside(A, B)),
        ("-(a b)-", beside(A, B)),
        ('-"a b"-', phrase("a", "b")),
        ("-a «b»- c", beside(A, phrase("b"), C)),
        ("-a -b c- d", beside(Not(A), B, C, D)),
        ("(-a b) c-", beside(Not(A), B, C)),
        ('-a "b- c"', beside(Not(A), phrase("b", "c"))),
        ("-a b -", beside(Not(A), B)),
    ],
    "brackets": [
        ("(a)", A),
        ("((a))", A),
        ("()", Everything()),
        ("a () b", beside(A, B)),
        ("a OR () b", beside(A, B)),
        ("-() a", A),
        ("title:() a", A),
        ("((()))", Everything()),
        ("(a b) c", beside(A, B, C)),
        ("(a OR b) c", beside(either(A, B), C)),
        ("(a AND b) c", beside(both(A, B), C)),
        ("(a b) OR c", either(beside(A, B), C)),
        ("a(b)c", beside(A, B, C)),
        ("(a (b OR (c AND d)))", beside(A, either(B, both(C, D)))),
    ],
    "fields": [
        ("title:a", title(A)),
        ("TITLE:a", title(A)),
        ("body:a", InField("body", A)),
        ("source:a", InField("source", A)),
        ("author:a", InField("author", A)),
        ("section:a", InField("section", A)),
        ("title:a b", beside(title(A), B)),
        ('title:"a b"', title(phrase("a", "b"))),
        ("title:«a b»~3", title(phrase("a", "b", slop=3))),
        ('title:="a"', title(phrase("a", as_written=True))),
        ("title:(a b)", title(beside(A, B))),
        ("title:(a OR b) c", beside(title(either(A, B)), C)),
        ("title:(NOT a)", title(Not(A))),
        ("title:(body:a b)", title(beside(InField("body", A), B))),
        ("title:كوفيد-19", title(beside(Word("كوفيد"), Word("19")))),
        ("title:+a", title(Word("a", plain=True))),
        ("title:a*", title(Wildcard("a*"))),
        ("title:*abc", title(Wildcard("*abc"))),
        ("title:a~2", title(Fuzzy("a", 2))),
        ("title:OR", title(Word("OR"))),
        ("title:*", title(Everything())),
        ("title:a OR title:b", either(title(A), title(B))),
        ("title: a", beside(Word("title"), A)),
        ("مصدر: ولي العهد", plain("مصدر ولي العهد")),
        ("title:", Word("title")),
        ("title:، a", beside(Word("title"), A)),
        ("title:-a", beside(Word("title"), A)),
        ("title:body:a", title(beside(Word("body"), A))),
        ("subject:a", beside(Word("subject"), A)),
        ('subject:"a b"', beside(Word("subject"), phrase("a", "b"))),
        ("https://example.org/a", plain("https example org a")),
        ("10:30", beside(Word("10"), Word("30"))),
    ],
    "dates": [
        ("date:2020-07", JULY),
        ("DATE:2020/07", JULY),
        ("date:2020-07.", JULY),
        ("date:2020-07، a", beside(JULY, A)),
        ('date:"2020/07"', JULY),
        ("(date:2020-07)", JULY),
        ("-date:2020-07", Not(JULY)),
        ("date:[2020-07]", JULY),
        ("date:[2020-07-01 TO 2020-07-31]", JULY),
        ("date:[2020-07-01 to 2020-07-31]", JULY),
        ("date:[2020/07/01 إلى 2020/07/31]", JULY),
        ("date:[ 2020-07  TO  2020-07 ]", JULY),
        ("date:[2020-07-01 TO *]", Dates(date(2020, 7, 1), None)),
        ("date:[* TO 2020-07-31]", Dates(None, date(2020, 7, 31))),
        ("date:[* TO *]", Dates(None, None)),
        ("date:*", Dates(None, None)),
        ("date: 2020", beside(Word("date"), Word("2020"))),
        ("date:", Word("date")),
        ("a date:2020-07 b", beside(A, JULY, B)),
        ("date:2020-07|a", either(JULY, A)),
        ("title:(date:2020-07 a)", title(beside(JULY, A))),
    ],
    "wildcards": [
        ("*", Everything()),
        ("**", Everything()),
        ("* a", A),
        ("5 * 3", beside(Word("5"), Word("3"))),
        ("* -a", Not(A)),
        ("* OR a", either(Everything(), A)),
        ("كاظ*", Wildcard("كاظ*")),
        ("*اظمي", Wildcard("*اظمي")),
        ("كا?مي", Wildcard("كا?مي")),
        ("كا؟مي", Wildcard("كا?مي")),
        ("?اظمي", Wildcard("?اظمي")),
        ("كا**مي", Wildcard("كا*مي")),
        ("كا*?*مي", Wildcard("كا?*مي")),
        ("كا?*", Wildcard("كا?*")),
        ("كاظمي?", Word("كاظمي")),
        ("كاظمي؟؟", Word("كاظمي")),
        ("كاظ*؟", Wildcard("كاظ*")),
        ("كاظ*، a", beside(Wildcard("كاظ*"), A)),
        ("a.b*", beside(A, Wildcard("b*"))),
        ("تموز2020*", beside(Word("تموز"), Wildcard("2020*"))),
        ("a.*", A),
        ("?", Everything()),
        ("+كاظ*", Wildcard("كاظ*")),
        ("كاظ*~", Wildcard("كاظ*")),
        ("ك*", Wildcard("ك*")),
    ],
    "near spellings": [
        ("كلمة~", Fuzzy("كلمة")),
        ("كلمة~1", Fuzzy("كلمة")),
        ("كلمة~2", Fuzzy("كلمة", 2)),
        ("كلمة~٢", Fuzzy("كلمة", 2)),
        ("كلمة~2، a", beside(Fuzzy("كلمة", 2), A)),
        ("كلمة~0", Word("كلمة")),
        ("كوفيد-19~2", beside(Word("كوفيد"), Fuzzy("19", 2))),
        ("a~b", beside(A, B)),
        ("كلمة~2ب", beside(*map(Word, ("كلمة", "2", "ب")))),
        ("~", Everything()),
        ("a ~ b", beside(A, B)),
        ("OR~", Fuzzy("OR")),
    ],
}

CASES = [pytest.param(typed, tree, id=typed) for cases in UNDERSTOOD.values() for typed, tree in cases]


@pytest.mark.parametrize(("typed", "tree"), CASES)
def test_query_is_understood(typed: str, tree: Query) -> None:
    assert parse(typed).query == tree


@pytest.mark.parametrize(("typed", "tree"), CASES)
def test_canonical_text_is_the_same_query(typed: str, tree: Query) -> None:
    assert parse(canonical(tree)).query == tree


TWINS = [
    ("عنوان:a", "title:a"),
    ("نص:a", "body:a"),
    ("مصدر:a", "source:a"),
    ("كاتب:a", "author:a"),
    ("قسم:a", "section:a"),
    ("عُنوان:a", "title:a"),
    ("عنـوان:a", "title:a"),
    ("ﻋﻨﻮان:a", "title:a"),
    ("عنوان:«a b»", 'title:"a b"'),
    ("عنوان:(a أو b)", "title:(a OR b)"),
    ("-عنوان:a", "NOT title:a"),
    ("تاريخ:2020/07", "date:2020-07"),
    ("تأريخ:2020/07", "date:2020-07"),
    ("تاريخ:٢٠٢٠/٠٧", "date:2020-07"),
    ("تاريخ:[2020/07/01 إلى 2020/07/31]", "date:[2020-07-01 TO 2020-07-31]"),
    ("تاريخ:[2020/07/01 الى *]", "date:[2020-07-01 TO *]"),
    ("a أو b", "a OR b"),
    ("a او b", "a OR b"),
    ("a | b", "a OR b"),
    ("«a b»", '"a b"'),
    ("“a b”~5", '"a b"~5'),
    ("كا؟مي", "كا?مي"),
]


@pytest.mark.parametrize(("arabic", "latin"), TWINS)
def test_arabic_form_means_its_latin_twin(arabic: str, latin: str) -> None:
    assert parse(arabic).query == parse(latin).query
    assert parse(arabic).notices == parse(latin).notices == ()


@pytest.mark.parametrize(
    "typed", ["تاريخ:تموز2020", 'تاريخ:"تموز 2020"', "date:[1 تموز 2020 إلى 31 تموز 2020]"]
)
def test_dates_may_name_the_month(typed: str) -> None:
    assert parse(typed).query == JULY


CANONICAL = [
    ("", "*"),
    ("a|b", "a OR b"),
    ("(a أو b) -c", "(a OR b) NOT c"),
    ("a OR (b c)", "a OR (b c)"),
    ("a b AND c", "(a b) AND c"),
    ("زيارة بوتين أو لافروف", "زيارة (بوتين OR لافروف)"),
    ("a AND b OR c -d", "a AND ((b OR c) NOT d)"),
    ("(a AND b) c", "(a AND b) c"),
    ("عنوان:«a b»~5", 'title:"a b"~5'),
    ("عنوان:(a)", "title:a"),
    ("-كوفيد-19", "NOT (كوفيد 19)"),
    ('="مُحَمَّد" +a b~1 c~2 d؟e', '="مُحَمَّد" +a b~ c~2 d?e'),
    ("تاريخ:2020/07", "date:[2020-07-01 TO 2020-07-31]"),
    ("date:1441م", "date:[1441-01-01AD TO 1441-12-31AD]"),
    ("a OR, b", "a _OR b"),
    ("أو a", "_أو a"),
]


@pytest.mark.parametrize(("typed", "text"), CANONICAL)
def test_canonical_text(typed: str, text: str) -> None:
    assert canonical(parse(typed).query) == text


def test_canonical_text_never_needs_deeper_brackets_than_were_typed() -> None:
    typed = "(x OR " * 16 + "NOT +كوفيد-19 -a.b* OR c.d~2" + ")" * 16
    parsed = parse(typed)
    assert not parsed.notices
    assert parse(canonical(parsed.query)) == parsed


def test_brackets_are_spared_where_they_would_nest_too_deep() -> None:
    parsed = parse("(x y OR " * 16 + "z" + ")" * 16)
    assert canonical(parsed.query).startswith("x y OR (x y OR (")
    assert parse(canonical(parsed.query)) == parsed


# --- notices ----------------------------------------------------------------------------------------------

NOTED = [
    ('a "b c', "unclosed_quote", 2, {}, beside(A, B, C)),
    ("a b» c", "unclosed_quote", 3, {}, beside(A, B, C)),
    ('a "b" c" -d', "unclosed_quote", 7, {}, beside(A, phrase("b"), C, Not(D))),
    ('a title:"b c', "unclosed_quote", 8, {}, beside(A, title(B), C)),
    ('a -"b', "unclosed_quote", 3, {}, beside(A, Not(B))),
    ('title:"', "unclosed_quote", 6, {}, Word("title")),
    ('a -" b', "unclosed_quote", 3, {}, beside(A, B)),
    ("a (b", "unclosed_bracket", 2, {}, beside(A, B)),
    ("a (b (c) d", "unclosed_bracket", 2, {}, beside(A, B, C, D)),
    ("a) b", "unopened_bracket", 1, {}, beside(A, B)),
    ("a title:(", "unclosed_bracket", 8, {}, beside(A, Word("title"))),
    ("(" * 17 + "a OR b" + ")" * 17, "too_deep", 16, {"limit": "16"}, either(A, B)),
    ("OR a", "lone_operator", 0, {"operator": "OR"}, beside(Word("OR"), A)),
    ("a AND", "lone_operator", 2, {"operator": "AND"}, beside(A, Word("AND"))),
    ("(a OR) b", "lone_operator", 3, {"operator": "OR"}, beside(A, Word("OR"), B)),
    ("a NOT", "lone_operator", 2, {"operator": "NOT"}, beside(A, Word("NOT"))),
    ("NOT OR a", "lone_operator", 0, {"operator": "NOT"}, either(Word("NOT"), A)),
    ("a OR OR b", "lone_operator", 2, {"operator": "OR"}, beside(A, either(Word("OR"), B))),
    ("a date:2020-13", "bad_date", 2, {"date": "2020-13"}, beside(A, *map(Word, ("date", "2020", "13")))),
    ("date:أمس", "bad_date", 0, {"date": "أمس"}, beside(Word("date"), Word("أمس"))),
    ("date:[2020 TO b]", "bad_date", 0, {"date": "2020 TO b"}, plain("date 2020 TO b")),
    ("date:[2020 a", "bad_date", 0, {"date": "[2020"}, beside(Word("date"), Word("2020"), A)),
    ('date:"a b"', "bad_date", 0, {"date": "a b"}, beside(Word("date"), phrase("a", "b"))),
    ("date:(2020)", "bad_date", 0, {"date": "("}, beside(Word("date"), Word("2020"))),
    (
        "date:[2020-07-31 TO 2020-07-01]",
        "reversed_dates",
        0,
        {"first": "2020-07-01", "last": "2020-07-31"},
        JULY,
    ),
    ("a *اظ", "short_wildcard", 2, {"word": "اظ", "letters": "3"}, beside(A, Word("اظ"))),
    ("?b", "short_wildcard", 0, {"word": "b", "letters": "3"}, B),
    ("*ab*cde", "short_wildcard", 0, {"word": "ab*cde", "letters": "3"}, Wildcard("ab*cde")),
    ("*بَـلَ", "short_wildcard", 0, {"word": "بَـلَ", "letters": "3"}, Word("بَـلَ")),
    ('a "b* c"', "phrase_wildcard", 4, {}, beside(A, phrase("b", "c"))),
    ("a b~3", "fuzzy_distance", 3, {"asked": "3", "used": "2"}, beside(A, Fuzzy("b", 2))),
    ('"a b"~5000', "phrase_distance", 5, {"asked": "5000", "used": "1000"}, phrase("a", "b", slop=1000)),
]


@pytest.mark.parametrize(("typed", "code", "position", "values", "tree"), NOTED)
def test_fault_is_told_with_its_place(
    typed: str, code: str, position: int, values: dict[str, str], tree: Query
) -> None:
    parsed = parse(typed)
    assert parsed.query == tree
    assert [(n.code, n.position, dict(n.values)) for n in parsed.notices] == [(code, position, values)]


@pytest.mark.parametrize(("typed", "code", "position", "values", "tree"), NOTED)
def test_strict_mode_refuses_the_fault(
    typed: str, code: str, position: int, values: dict[str, str], tree: Query
) -> None:
    with pytest.raises(QueryError) as refusal:
        parse(typed, strict=True)
    error = refusal.value
    assert (error.code, error.position, dict(error.values)) == (code, position, values)
    assert NOTICES[code].format_map(values) == str(error)


@pytest.mark.parametrize(("typed", "tree"), CASES)
def test_strict_mode_takes_what_is_sound(typed: str, tree: Query) -> None:
    assert parse(typed, strict=True).query == tree


def test_every_notice_has_a_test() -> None:
    assert {code for _, code, *_ in NOTED} | {"many_clauses", "many_wildcards"} == set(NOTICES)


def test_notices_come_in_order_and_once() -> None:
    notices = parse('(a OR (b "c ~ *d').notices
    assert [notice.code for notice in notices] == ["unclosed_bracket", "unclosed_quote", "short_wildcard"]


def test_notices_are_bounded() -> None:
    typed = " ".join(f"date:x{n}" for n in range(200))
    assert len(parse(typed).notices) == MAX_NOTICES


# --- positions --------------------------------------------------------------------------------------------


def test_clauses_know_where_they_stand() -> None:
    typed = 'ab +cd "ef g" title:hi jk* lm~ ="n" date:2020-07 op-qr'
    places = [leaf.position for leaf in leaves(parse(typed).query) if not isinstance(leaf, Everything)]
    starts = ["ab", "cd", '"ef', "hi", "jk", "lm", '="n', "date:", "op", "qr"]
    assert places == [typed.index(start) for start in starts]


def test_field_knows_where_it_stands() -> None:
    query = parse("a title:b").query
    assert isinstance(query, Words)
    assert isinstance(field := query.children[1], InField)
    assert field.position == 2


@pytest.mark.parametrize(
    "before", ["\u200f", "e\u0301", "e\u0323\u0302\u200d", "\u00ad\u200c", "ا\u0655\u064e", "각"]
)
def test_positions_refer_to_the_text_as_given(before: str) -> None:
    typed = f"{before}a (b"
    assert parse(typed).notices[0].position == typed.index("(")


# --- invisible characters and normal forms ----------------------------------------------------------------

INVISIBLE = (
    "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)


@pytest.mark.parametrize("sign", INVISIBLE)
@pytest.mark.parametrize(
    "typed",
    [
        "a أو b",
        "a OR b",
        "a -b",
        "-كما قال- a",
        "عنوان:a",
        "title:(a NOT b)",
        '="a b"~5',
        "كاظ* كا؟مي *اظمي",
        "a~2 +b",
        "date:[2020-07-01 TO 2020-07-31]",
        "تاريخ:2020/07",
    ],
)
def test_invisible_characters_change_nothing(typed: str, sign: str) -> None:
    assert parse(sign.join(["", *typed, ""])).query == parse(typed).query


def test_composed_and_decomposed_text_are_the_same_query() -> None:
    assert parse("a\u0627\u0654\u0648 cafe\u0301").query == parse("aأو café").query
    assert parse("b \u0627\u0654\u0648 c").query == either(B, C)


# --- linear time ------------------------------------------------------------------------------------------

HEAVY = {
    "letters": "ب" * 20_000,
    "tatweel": "ـ" * 100_000 + "ب",
    "marks": "ب" + "\u0651\u064e" * 50_000,
    "open brackets": "(" * 3_000,
    "close brackets": ")" * 3_000,
    "bracket pairs": "(" * 3_000 + "a" + ")" * 3_000,
    "negations": "NOT " * 3_000,
    "negated brackets": "-(" * 3_000 + "a" + ")" * 3_000,
    "minuses": "-a " * 30_000,
    "hyphens": "-" * 100_000 + "a",
    "tildes": "~" * 100_000 + "a",
    "digits after a tilde": '"a b"~' + "1" * 20_000 + "x",
    "stars": "*" * 100_000 + "a",
    "stars in a word": "a*" * 50_000,
    "question marks": "a?" * 50_000,
    "angle quotes": "«" * 100_000,
    "curly quotes": "“ " * 50_000,
    "equals and quotes": '="' * 50_001,
    "fields": "title:" * 20_000 + "a",
    "fields in brackets": "title:(" * 3_000 + "a" + ")" * 3_000,
    "open ranges": "date:[" * 20_000,
    "dates": "date:2020 " * 5_000,
    "pipes": "a|" * 50_000,
    "operators": "OR " * 30_000,
    "arabic operators": "أو " * 30_000,
    "spaces": " " * 100_000 + "a",
    "chunks": "a-" * 50_000,
    "random": "".join(Random(7).choices('ab اب"«»“”()|-+=~*?؟:_[] \u200fOR1', k=100_000)),
    "random text": "".join(chr(Random(8).randrange(0x20, 0xD000)) for _ in range(100_000)),
}


@pytest.mark.parametrize("typed", HEAVY.values(), ids=HEAVY.keys())
def test_time_is_linear(typed: str) -> None:
    start = time.perf_counter()
    parsed = parse(typed)
    assert time.perf_counter() - start < 5
    canonical(parsed.query)
    assert len(parsed.notices) <= MAX_NOTICES


# --- pieces -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "field", "texts"),
    [
        ("a -b (c OR d)", None, "a c d"),
        ("-a", None, ""),
        ("NOT (a OR -b)", None, ""),
        ('"a b" c* d~', None, '"a b" c* d~'),
        ("title:a body:b c", None, "a b c"),
        ("title:a body:b c", "title", "a c"),
        ("title:a body:b c", "body", "b c"),
        ("* date:2020", None, ""),
    ],
)
def test_pieces_are_the_positive_clauses_in_order(typed: str, field: FieldName | None, texts: str) -> None:
    assert " ".join(map(canonical, pieces(parse(typed).query, field))) == texts


# --- caps -------------------------------------------------------------------------------------------------


def never(word: str) -> int:
    raise AssertionError(f"df of {word} was asked below the cap")


def test_query_within_the_caps_is_left_alone() -> None:
    query = parse(" ".join(f"w{n}" for n in range(MAX_CLAUSES - MAX_WILDCARDS)) + " a* b* c* d*").query
    assert capped(query, never) == (query, ())


def test_commonest_words_beyond_the_cap_are_left_out() -> None:
    typed = " ".join(f"w{n}" for n in range(MAX_CLAUSES + 2))
    query, (notice,) = capped(parse(typed).query, lambda word: {"w3": 9, "w40": 8}.get(word, 1))
    assert canonical(query) == typed.replace(" w3 ", " ").replace(" w40 ", " ")
    assert (notice.code, notice.position) == ("many_clauses", typed.index("w3"))
    assert dict(notice.values) == {"limit": "64", "count": "2", "clauses": "w3 w40"}


def test_equally_common_words_go_from_the_end() -> None:
    query, _ = capped(parse(" ".join(f"w{n}" for n in range(70))).query, lambda word: 1)
    assert canonical(query) == " ".join(f"w{n}" for n in range(64))


def test_other_clauses_go_from_the_end_when_no_words_are_left() -> None:
    phrases = [f'"a w{n}"' for n in range(MAX_CLAUSES + 1)]
    query, (notice,) = capped(parse("x " + " ".join(phrases)).query, lambda word: 1)
    assert canonical(query) == " ".join(phrases[:-1])
    assert dict(notice.values)["clauses"] == f"x {phrases[-1]}"


def test_wildcards_beyond_the_cap_are_left_out() -> None:
    query, (notice,) = capped(parse("a* (b* OR c*) d* -e* title:f* x").query, never)
    assert canonical(query) == "a* (b* OR c*) d* x"
    assert (notice.code, notice.position) == ("many_wildcards", 18)
    assert dict(notice.values) == {"limit": "4", "count": "2", "clauses": "e* f*"}


def test_groups_shrink_with_what_is_left_out() -> None:
    words = " ".join(f"w{n}" for n in range(MAX_CLAUSES - 1))
    query, _ = capped(
        parse(f"{words} (big OR a) NOT huge").query, lambda word: len(word) if word[0] != "w" else 0
    )
    assert canonical(query) == f"{words} a"


@pytest.mark.parametrize("typed", ["a* b* c* d* e*", "a " * 65])
def test_strict_mode_refuses_what_lies_beyond_the_caps(typed: str) -> None:
    with pytest.raises(QueryError):
        capped(parse(typed).query, lambda word: 1, strict=True)
