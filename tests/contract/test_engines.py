"""What every engine must answer, checked against stock Whoosh and against plain loops over the texts."""

import contextlib
import itertools
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.analysis import Term, tokens
from indexer.analysis.tokenize import word_list
from indexer.engines import ENGINES, engine_named
from indexer.engines.base import Engine, SearchEngine
from indexer.engines.snapshot import ArraySnapshot
from indexer.engines.writings import SALTS
from indexer.errors import MissingExtra
from indexer.model import Article, Bucket
from indexer.query import plan
from indexer.query.plan import POSITION_FIELDS, Node, Plan
from tests.conftest import missing

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from whoosh import analysis, fields, index, query, scoring
    from whoosh.filedb.filestore import FileStorage, RamStorage

WORDS = "وزير الوزير وزراء بوتين وبوتين زيارة القاهرة إيران ايران سوريا قمة القمة في على".split()
FIELDS = ("written", "folded", "light", "stem")


@pytest.fixture(params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest) -> Engine:
    try:
        return engine_named(request.param)
    except MissingExtra as error:
        missing(request.param, str(error))


def text_of(words: Sequence[str]) -> str:
    return " ".join(words)


texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(text_of)
archives = st.lists(
    st.tuples(texts, texts, st.sampled_from([None, "2020-07-21", "2021-09-12T10:00:00+03:00"])), max_size=9
)
terms_of_fields = {
    view: [*sorted({getattr(token.term, view) for word in WORDS for token in tokens(word)}), "غائب"]
    for view in FIELDS
}
text_fields = st.sampled_from([prefix + view for prefix in ("", "title_") for view in FIELDS])


def articles_of(rows: Sequence[tuple[str, str, str | None]]) -> list[Article]:
    sources = itertools.cycle(["المنبر", "الضفاف", None])
    return [
        Article(f"a{n}", title, body, next(sources), published=published)
        for n, (title, body, published) in enumerate(rows)
    ]


@st.composite
def term_nodes(draw: st.DrawFn, combine: str = "sum") -> plan.Terms:
    field = draw(text_fields)
    pool = terms_of_fields[field.removeprefix("title_")]
    chosen = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=3, unique=True))
    weights = draw(st.lists(st.sampled_from([0.3, 0.6, 1.0]), min_size=len(chosen), max_size=len(chosen)))
    return plan.Terms(field, tuple(zip(chosen, weights, strict=True)), combine)


trees: st.SearchStrategy[Node] = st.recursive(
    term_nodes(),
    lambda children: st.one_of(
        st.lists(children, min_size=2, max_size=3).map(lambda c: plan.Or(tuple(c))),
        st.lists(children, min_size=2, max_size=3).map(lambda c: plan.And(tuple(c))),
        st.tuples(children, children).map(lambda c: plan.And((c[0], plan.Not(c[1])))),
    ),
    max_leaves=6,
)


Folder = partial(TemporaryDirectory, ignore_cleanup_errors=True)
"""A thread of tantivy's may still put its lock file back while a folder is being emptied."""


class Opened:
    """An engine's snapshot of some articles, in a folder of its own."""

    def __init__(self, engine: Engine, articles: Sequence[Article]) -> None:
        self._engine, self._articles = engine, articles

    def __enter__(self) -> SearchEngine:
        self._folder = Folder()
        writer = self._engine.writer(Path(self._folder.name))
        writer.write(self._articles)
        writer.finish()
        self._snapshot = self._engine.open(Path(self._folder.name))
        return self._snapshot

    def __exit__(self, *exception: object) -> None:
        self._snapshot.close()
        self._folder.cleanup()


class OwnWeighting(scoring.WeightingModel):  # type: ignore[misc]
    """BM25 as Rasid computes it, inside Whoosh's own searcher, over the lengths that an engine keeps."""

    def __init__(self, lengths_of: Callable[[Any, str], list[int]]) -> None:
        self.lengths_of = lengths_of

    def scorer(self, searcher: Any, fieldname: str, text: bytes, qf: int = 1) -> Any:
        return OwnScorer(searcher, fieldname, text, self.lengths_of(searcher.reader(), fieldname))


class OwnScorer(scoring.WeightLengthScorer):  # type: ignore[misc]
    def __init__(self, searcher: Any, fieldname: str, text: bytes, lengths: list[int]) -> None:
        df = searcher.reader().doc_frequency(fieldname, text)
        self.idf = float(np.log1p((len(lengths) - df + 0.5) / (df + 0.5)))
        self.average = max(1.0, sum(lengths) / len(lengths))
        self.setup(searcher, fieldname, text)
        self.dfl = lengths.__getitem__

    def supports_block_quality(self) -> bool:
        return False

    def _score(self, weight: float, length: float) -> float:
        return self.idf * weight * 2.2 / (weight + 1.2 * (0.25 + 0.75 * length / self.average))


def weighting(engine: Engine, articles: Sequence[Article]) -> OwnWeighting:
    """Whoosh keeps lengths in one byte; every other engine keeps them as they are."""

    def rounded(reader: Any, field: str) -> list[int]:
        return [reader.doc_field_length(n, field, 0) or 0 for n in range(reader.doc_count_all())]

    def exact(_reader: Any, field: str) -> list[int]:
        return [len(word_list(a.title if field.startswith("title_") else a.body)) for a in articles]

    return OwnWeighting(rounded if engine.name == "whoosh" else exact)


def stock_index(articles: Sequence[Article]) -> Any:
    """The same terms in an index that stock Whoosh wrote with its own writer."""
    text = fields.TEXT(analyzer=analysis.SpaceSeparatedTokenizer(), phrase=True)
    schema = fields.Schema(
        id=fields.STORED, **{prefix + view: text for prefix in ("", "title_") for view in FIELDS}
    )
    ix = RamStorage().create_index(schema)
    writer = ix.writer()
    for article in articles:
        row = {"id": article.id}
        for prefix, content in (("", article.body), ("title_", article.title)):
            for view in FIELDS:
                row[prefix + view] = " ".join(getattr(token.term, view) for token in tokens(content))
        writer.add_document(**row)
    writer.commit()
    return ix


def stock_query(node: Node) -> Any:
    match node:
        case plan.Terms(field, terms, "sum"):
            return query.Or([query.Term(field, term, boost=weight) for term, weight in terms])
        case plan.Or(children):
            return query.Or([stock_query(child) for child in children])
        case plan.And(children):
            return query.And([stock_query(child) for child in children])
        case plan.Phrase(field, slots):
            return query.Phrase(field, [slot[0] for slot in slots])
    raise AssertionError(node)


def has_not(node: Node) -> bool:
    return isinstance(node, plan.Not) or any(has_not(child) for child in getattr(node, "children", ()))


def stock_scores(searcher: Any, node: Node) -> dict[str, float]:
    """What stock Whoosh answers; exclusions are set algebra, for its own let documents through."""
    if not has_not(node):
        return {hit["id"]: hit.score for hit in searcher.search(stock_query(node), limit=100)}
    if isinstance(node, plan.Not):
        return {}
    assert isinstance(node, plan.Or | plan.And)
    parts = [stock_scores(searcher, child) for child in node.children if not isinstance(child, plan.Not)]
    dropped = [stock_scores(searcher, child.child) for child in node.children if isinstance(child, plan.Not)]
    join = set.union if isinstance(node, plan.Or) else set.intersection
    kept = join(*map(set, parts)).difference(*dropped)
    return {id_: sum(part.get(id_, 0.0) for part in parts) for id_ in kept}


@settings(max_examples=30)
@given(rows=archives, nodes=st.lists(trees, min_size=20, max_size=40))
def test_articles_and_scores_are_those_of_stock_whoosh(
    engine: Engine, rows: list[Any], nodes: list[Node]
) -> None:
    articles = articles_of(rows or [("قمة", "قمة", None)])
    with (
        Opened(engine, articles) as snapshot,
        stock_index(articles).searcher(weighting=weighting(engine, articles)) as searcher,
    ):
        for node in nodes:
            ours = {hit.ref.id: hit.score for hit in snapshot.search(Plan(node), limit=100).hits}
            assert ours == pytest.approx(stock_scores(searcher, node), abs=2e-5)


@settings(max_examples=30)
@given(
    rows=archives,
    phrases=st.lists(st.lists(st.sampled_from(terms_of_fields["folded"]), min_size=2, max_size=3)),
)
def test_phrases_are_those_of_stock_whoosh(engine: Engine, rows: list[Any], phrases: list[list[str]]) -> None:
    articles = articles_of(rows or [("قمة", "قمة", None)])
    with Opened(engine, articles) as snapshot, stock_index(articles).searcher() as searcher:
        for words in phrases:
            node = plan.Phrase("folded", tuple((word,) for word in words))
            ours = {hit.ref.id for hit in snapshot.search(Plan(node), limit=100).hits}
            assert ours == {hit["id"] for hit in searcher.search(stock_query(node), limit=100)}


@settings(max_examples=30)
@given(rows=archives, node=term_nodes("max"))
def test_the_best_of_several_terms_counts_where_the_best_is_asked_for(
    engine: Engine, rows: list[Any], node: plan.Terms
) -> None:
    """Stock Whoosh is no judge here: its maximum mixes up neighbouring documents."""
    with Opened(engine, articles_of(rows)) as snapshot:
        best: dict[str, float] = {}
        for pair in node.terms:
            for hit in snapshot.search(Plan(plan.Terms(node.field, (pair,))), limit=100).hits:
                best[hit.ref.id] = max(hit.score, best.get(hit.ref.id, 0.0))
        ours = {hit.ref.id: hit.score for hit in snapshot.search(Plan(node), limit=100).hits}
    assert ours == pytest.approx(best)


def near(words: Sequence[str], slots: Sequence[Sequence[str]], slop: int) -> bool:
    """Whether different places of a text hold the slots within `slop`, by trying all of them."""
    places = [[n for n, word in enumerate(words) if word in slot] for slot in slots]
    return any(
        len(set(combination)) == len(slots) and max(combination) - min(combination) <= slop
        for combination in itertools.product(*places)
    )


@settings(max_examples=30)
@given(
    rows=archives,
    slots=st.lists(
        st.sampled_from([("وزير",), ("في", "علي"), ("ايران",), ("قمه",)]), min_size=2, max_size=3, unique=True
    ),
    slop=st.integers(1, 6),
)
def test_proximity_is_any_order_within_the_distance(
    engine: Engine, rows: list[Any], slots: list[tuple[str, ...]], slop: int
) -> None:
    articles = articles_of(rows)
    with Opened(engine, articles) as snapshot:
        hits = snapshot.search(Plan(plan.Phrase("folded", tuple(slots), slop)), limit=100).hits
    expected = {a.id for a in articles if near([t.term.folded for t in tokens(a.body)], slots, slop)}
    assert {hit.ref.id for hit in hits} == expected


@settings(max_examples=30)
@given(old=archives, new=archives, node=trees)
def test_an_update_answers_as_a_rebuild_does(
    engine: Engine, old: list[Any], new: list[Any], node: Node
) -> None:
    """Half of the old articles are replaced, one is deleted; the rest stays in its segment."""
    before = articles_of(old)
    changed = [
        Article(a.id, title, body, revision=2) for a, (title, body, _) in zip(before[1::2], new, strict=False)
    ]
    added = [Article(f"n{n}", title, body, published=day) for n, (title, body, day) in enumerate(new)]
    gone = {before[0].id} if before else set()
    with Folder() as one, Folder() as two:
        first = engine.writer(Path(one))
        first.write(before)
        first.finish()
        second = engine.writer(Path(two), Path(one))
        second.delete(gone | {a.id for a in changed})
        again = {ref.id for ref in second.drop_small_segments()}
        current = {a.id: a for a in [*before, *changed, *added] if a.id not in gone}
        second.write([*changed, *added, *(current[id_] for id_ in sorted(again))])
        second.finish()
        grown = engine.open(Path(two))
        with Opened(engine, list(current.values())) as rebuilt:
            for sort in ("relevance", "newest", "oldest"):
                request = {"limit": 100, "sort": sort, "facets": ("source", "year", "month")}
                assert grown.search(Plan(node), **request) == rebuilt.search(Plan(node), **request)
            assert dict(grown.fingerprints()) == dict(rebuilt.fingerprints())
        grown.close()


@settings(max_examples=40)
@given(rows=archives.filter(bool), more=archives, asked=st.lists(term_nodes(), max_size=4))
def test_writings_are_the_words_that_have_a_wanted_term(
    engine: Engine, rows: list[Any], more: list[Any], asked: list[plan.Terms]
) -> None:
    before = articles_of(rows)
    added = [Article(f"n{n}", title, body) for n, (title, body, _) in enumerate(more)]
    pairs = {(node.field.removeprefix("title_"), term) for node in asked for term, _ in node.terms}
    wanted = frozenset((view, term) for view, term in pairs if view in SALTS)
    with Folder() as one, Folder() as two:
        first = engine.writer(Path(one))
        first.write(before)
        first.finish()
        second = engine.writer(Path(two), Path(one))
        second.write(added)
        second.finish()
        with contextlib.closing(engine.open(Path(two))) as snapshot:
            texts = (text for a in (*before, *added) for text in (a.title, a.body))
            terms = {token.term for text in texts for token in tokens(text)}
            assert snapshot.writings(wanted) == {t.written for t in terms if wanted & _views(t)}
            assert snapshot.writings(wanted) is snapshot.writings(wanted)


@settings(max_examples=40)
@given(
    rows=archives.filter(lambda rows: len(rows) > 1),
    gone=st.integers(0, 8),
    asked=st.lists(text_fields, min_size=2, max_size=5),
)
def test_terms_of_many_fields_are_read_as_each_alone(
    engine: Engine, rows: list[Any], gone: int, asked: list[str]
) -> None:
    terms = [(field, term) for field in asked for term in terms_of_fields[field.removeprefix("title_")]]
    with Folder() as one, Folder() as two:
        first = engine.writer(Path(one))
        first.write(articles_of(rows))
        first.finish()
        second = engine.writer(Path(two), Path(one))
        second.delete({f"a{gone}"})
        second.write([Article("n", "قمة", "وزير قمة")])
        second.finish()
        with contextlib.closing(engine.open(Path(two))) as snapshot:
            assert isinstance(snapshot, ArraySnapshot)
            read = snapshot._postings.read
            for together, term in zip(read(terms), terms, strict=True):
                (alone,) = read([term])
                for column in ("docs", "scores", "starts", "positions"):
                    np.testing.assert_array_equal(getattr(together, column), getattr(alone, column))
                assert (together.starts is None) is (term[0] not in POSITION_FIELDS or not len(together.docs))


def test_a_search_reads_what_it_lacks_at_once(opened: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(opened, ArraySnapshot)
    inverted, read = opened._postings._inverted, []
    postings = inverted.postings
    monkeypatch.setattr(inverted, "postings", lambda terms: read.append(terms) or postings(terms))
    fields = ("folded", "title_folded", "light")
    found = opened.search(Plan(plan.Or(tuple(plan.Terms(field, (("قمه", 1.0),)) for field in fields))))
    assert found.total == 3 and len(read) == 1 and {field for field, _ in read[0]} == set(fields)


def _views(term: Term) -> frozenset[tuple[str, str]]:
    return frozenset((view, getattr(term, view)) for view in SALTS)


@pytest.fixture
def opened(engine: Engine) -> Iterator[SearchEngine]:
    articles = [
        Article("old", "قمة", "قمة بغداد", "المنبر", section="سياسة", published="2019-12-31"),
        Article("new", "قمة", "قمة بغداد", "الضفاف", published="2021-01-01T01:00:00+03:00"),
        Article("undated", "قمة", "قمة بغداد", "المنبر"),
        Article("also-old", "زيارة", "زيارة بغداد", "المنبر", published="2019-12-31"),
    ]
    with Opened(engine, articles) as snapshot:
        yield snapshot


def ids(snapshot: SearchEngine, node: Node, **arguments: Any) -> list[str]:
    return [hit.ref.id for hit in snapshot.search(Plan(node), **arguments).hits]


SUMMIT = plan.Terms("folded", (("قمه", 1.0),))


def test_ties_are_broken_by_newest_then_id_and_no_date_comes_last(opened: SearchEngine) -> None:
    assert ids(opened, plan.All()) == ["new", "also-old", "old", "undated"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [("newest", ["new", "also-old", "old", "undated"]), ("oldest", ["also-old", "old", "new", "undated"])],
)
def test_date_sorts_put_undated_articles_last(opened: SearchEngine, sort: Any, expected: list[str]) -> None:
    assert ids(opened, plan.All(), sort=sort) == expected


def test_the_day_of_an_article_is_that_of_its_own_zone(opened: SearchEngine) -> None:
    day = 737791  # 2021-01-01, which is still 2020 in UTC
    assert ids(opened, plan.Days(day, day)) == ["new"]


def test_undated_articles_lie_outside_every_range(opened: SearchEngine) -> None:
    assert "undated" not in ids(opened, plan.Days(None, 800_000))


def test_facets_count_the_first_group(opened: SearchEngine) -> None:
    results = opened.search(Plan(SUMMIT, plan.All()), facets=("source", "section", "year", "month"))
    assert (results.total, results.related_total) == (3, 1)
    assert dict(results.facets) == {
        "source": (Bucket("المنبر", 2), Bucket("الضفاف", 1)),
        "section": (Bucket("سياسة", 1),),
        "year": (Bucket("2019", 1), Bucket("2021", 1)),
        "month": (Bucket("2019-12", 1), Bucket("2021-01", 1)),
    }


def test_facets_count_the_second_group_where_the_first_is_empty(opened: SearchEngine) -> None:
    results = opened.search(Plan(plan.Nothing(), SUMMIT), facets=("source",))
    assert (results.total, results.related_total) == (0, 3)
    assert results.facets == (("source", (Bucket("المنبر", 2), Bucket("الضفاف", 1))),)


def test_paging_goes_on_into_the_second_group(opened: SearchEngine) -> None:
    request = Plan(SUMMIT, plan.All())
    pages = [opened.search(request, offset=n, limit=1).hits[0] for n in range(4)]
    assert [(hit.ref.id, hit.related) for hit in pages] == [
        (hit.ref.id, hit.related) for hit in opened.search(request, limit=4).hits
    ]
    assert [hit.related for hit in pages] == [False, False, False, True]


def test_filters_cut_both_groups(opened: SearchEngine) -> None:
    results = opened.search(Plan(SUMMIT, plan.All(), plan.Values("source", ("المنبر",))))
    assert (results.total, results.related_total) == (2, 1)


def test_a_deadline_that_passed_makes_a_partial_answer(opened: SearchEngine) -> None:
    assert opened.search(Plan(SUMMIT), deadline=0.0).partial


def test_histogram_starts_each_span_at_its_first_day(opened: SearchEngine) -> None:
    assert opened.histogram(Plan(plan.All()), "month") == [Bucket("2019-12-01", 2), Bucket("2021-01-01", 1)]
    assert opened.histogram(Plan(plan.All()), "week") == [Bucket("2019-12-30", 2), Bucket("2020-12-28", 1)]


def test_stock_whoosh_opens_a_generation_and_answers_words_and_booleans(tmp_path: Path) -> None:
    articles = articles_of(
        [("قمة", f"وزير {'بوتين' if n % 3 else 'ايران'} في القاهرة", None) for n in range(3000)]
    )
    writer = engine_named("whoosh").writer(tmp_path)
    writer.write(articles)
    writer.finish()
    ix = index.FileIndex(FileStorage(str(tmp_path)))
    with ix.searcher() as searcher:
        both = query.And([query.Term("folded", "وزير"), query.Term("folded", "ايران")])
        assert {hit["id"] for hit in searcher.search(both, limit=None)} == {
            f"a{n}" for n in range(0, 3000, 3)
        }
        assert len(searcher.search(query.Term("stem", "وزير"), limit=None)) in (0, 3000)


def test_pages_of_a_search_share_their_order_and_no_other_search_takes_it(engine: Engine) -> None:
    bodies = ("زيارة بوتين القاهرة", "بوتين زيارة", "القاهرة زيارة سوريا بوتين", "قمة القاهرة", "بوتين")
    articles = [Article(f"a{n}", "عنوان", body) for n, body in enumerate(bodies)]
    asked = [
        Plan(
            plan.Or((plan.Terms("folded", (("زياره", one),)), plan.Terms("folded", (("بوتين", other),)))),
            words=(("زياره",), ("بوتين",)),
        )
        for one, other in ((1.0, 1.0), (1.0, 3.0), (3.0, 1.0))
    ]
    with Opened(engine, articles) as kept:
        for each in (*asked, *reversed(asked)):
            pages = (kept.search(each, offset=start, limit=2).hits for start in (0, 2))
            with Opened(engine, articles) as fresh:
                assert tuple(itertools.chain(*pages)) == fresh.search(each, limit=4).hits
