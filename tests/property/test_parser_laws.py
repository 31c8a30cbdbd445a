"""Laws of the query language that hold for any text and any tree."""

import re
import unicodedata

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from indexer.analysis import letters as at
from indexer.errors import QueryError
from indexer.query.canonical import canonical
from indexer.query.caps import MAX_CLAUSES, MAX_WILDCARDS, capped
from indexer.query.lexer import visible
from indexer.query.normal import all_of, any_of, leaves, negated, pieces, side_by_side
from indexer.query.parser import parse
from indexer.query.tree import Dates, Everything, Fuzzy, InField, Not, Phrase, Query, Wildcard, Word

WORDS = (
    "الكاظمي",
    "مُحَمَّد",
    "بغداد",
    "covid",
    "19",
    "12,345",
    "G20",
    "OR",
    "AND",
    "NOT",
    "أو",
    "او",
    "أَوْ",
    "TO",
)
FIELD_WORDS = ("title", "عنوان", "date", "تاريخ", "subject")
PATTERNS = ("كاظ*", "*اظمي", "كا?مي", "?اظمي", "a?*b", "O*R", "G*20")
SIGNS = (*'"«»“”„‟()[]|-–+=~*?؟:_#، \u200f\u200d\u00ad\u064eـ', " ", " ", "~2", "~5", '="', "12:")
PHRASES = (
    "date:2020-07",
    "date:[2020 TO *]",
    "تاريخ:[* إلى 2020/07]",
    "date:[",
    "-كما قال-",
    " -",
    " NOT ",
    "title:(",
)

TWINS = (
    (" أو ", " OR "),
    (" او ", " OR "),
    (" عنوان:a", " title:a"),
    (" نَصّ:+a ", " body:+a "),
    (" مصدر:(a b أو c) ", " SOURCE:(a b OR c) "),
    (" قسم:«a»", ' section:"a"'),
    ("«كما أو قال»", '"كما أو قال"'),
    (" تاريخ:2020/07 ", " date:2020-07 "),
    (" تأريخ:[2020/07 إلى ٢٠٢١]", " date:[2020-07 TO 2021]"),
    ("كا؟مي", "كا?مي"),
    *(
        (same, same)
        for same in (" ", "a", "b-c", " -d", " NOT ", " AND ", "(", ")", "+e", "f*", "~2", " xyz ")
    ),
)
"""Arabic forms, and what means the same."""

CONTROLS = re.compile(f"[{at.CONTROLS}]")

words = st.sampled_from(WORDS + FIELD_WORDS)
typed = st.one_of(
    st.lists(st.sampled_from(WORDS + FIELD_WORDS + PATTERNS + SIGNS + PHRASES), max_size=40).map("".join),
    st.lists(st.sampled_from(WORDS + SIGNS + PHRASES), max_size=40).map(" ".join),
    st.text(max_size=80),
)
days = st.none() | st.dates()
clauses: st.SearchStrategy[Query] = st.one_of(
    st.builds(Word, words, st.booleans()),
    st.builds(
        Phrase,
        st.lists(words, min_size=2, max_size=3).map(tuple),
        st.booleans(),
        st.none() | st.integers(1, 1000),
    ),
    st.builds(Phrase, words.map(lambda word: (word,)), st.booleans()),
    st.builds(Wildcard, st.sampled_from(PATTERNS)),
    st.builds(Fuzzy, words, st.sampled_from((1, 2))),
    st.builds(Dates, days, days).filter(lambda d: not (d.first and d.last and d.first > d.last)),
    st.just(Everything()),
)


def groups(children: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(children, min_size=1, max_size=4)
    return st.one_of(
        *(several.map(join).filter(lambda tree: tree is not None) for join in (any_of, all_of, side_by_side)),
        children.map(negated),
        st.builds(InField, st.sampled_from(("title", "body", "source", "author", "section")), children),
    )


trees = st.recursive(clauses, groups, max_leaves=12)


@given(typed)
@settings(max_examples=800)
def test_any_text_is_a_query_whose_canonical_text_is_the_same_query(text: str) -> None:
    query = parse(text).query
    assert parse(canonical(query)).query == query


@given(typed)
def test_canonical_text_is_final(text: str) -> None:
    once = canonical(parse(text).query)
    assert canonical(parse(once, strict=True).query) == once


@given(trees)
@settings(max_examples=400)
def test_any_tree_has_a_text(tree: Query) -> None:
    assume(canonical(tree).count("(") <= 16)
    assert parse(canonical(tree), strict=True).query == tree


@given(typed)
def test_strict_mode_refuses_exactly_what_is_told(text: str) -> None:
    parsed = parse(text)
    try:
        assert parse(text, strict=True) == parsed
        assert not parsed.notices
    except QueryError as error:
        first = parsed.notices[0]
        assert (error.code, error.position, error.values) == (first.code, first.position, first.values)


@given(typed)
def test_places_lie_in_the_text(text: str) -> None:
    parsed = parse(text)
    places = [notice.position for notice in parsed.notices]
    places += [leaf.position for leaf in leaves(parsed.query) if not isinstance(leaf, Everything)]
    assert all(place is not None and 0 <= place < len(text) for place in places)


@given(
    st.text(st.characters(exclude_categories=("Cs",)) | st.sampled_from("ا\u0654\u0655e\u0301\u0323\u200f"))
)
def test_visible_text_is_the_composed_text_without_controls(text: str) -> None:
    chars, origins = visible(text)
    assert chars == unicodedata.normalize("NFC", CONTROLS.sub("", text))
    assert len(origins) == len(chars)
    assert [*origins] == sorted(origins)
    assert all(text[origin] == char for char, origin in zip(chars, origins, strict=True) if char in SIGNS)


@given(st.lists(st.sampled_from(TWINS), max_size=25))
def test_arabic_forms_mean_their_latin_twins(pairs: list[tuple[str, str]]) -> None:
    arabic, latin = ("".join(forms) for forms in zip(*pairs, strict=True)) if pairs else ("", "")
    twin = parse(latin)
    assume(not any(notice.code == "lone_operator" for notice in twin.notices))
    assert parse(arabic).query == twin.query


@given(typed, st.integers(0, 40), st.sampled_from("\u200f\u200e\u061c\u2067\u2069\u200c\u200d\ufeff\u00ad"))
def test_invisible_characters_change_nothing(text: str, place: int, sign: str) -> None:
    assert parse(text[:place] + sign + text[place:]).query == parse(text).query


@given(typed)
def test_decomposed_text_is_the_same_query(text: str) -> None:
    assert parse(unicodedata.normalize("NFD", text)).query == parse(unicodedata.normalize("NFC", text)).query


@given(trees)
def test_pieces_are_leaves(tree: Query) -> None:
    assert set(pieces(tree, "title")) <= set(pieces(tree)) <= set(leaves(tree))
    assert pieces(Not(tree)) == ()


@given(st.lists(clauses, min_size=1, max_size=100).map(side_by_side), st.integers(0, 9))
def test_caps_hold_and_change_nothing_below(tree: Query, common: int) -> None:
    query, notices = capped(tree, lambda word: len(word) % (common + 1))
    left = list(leaves(query))
    assert len(left) <= MAX_CLAUSES
    assert sum(isinstance(leaf, Wildcard) for leaf in left) <= MAX_WILDCARDS
    assert bool(notices) == (query != tree)
    assert parse(canonical(query)).query == query
