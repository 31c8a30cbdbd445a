"""What an update leaves: the same answers as a rebuild on texts of every length, few parts, linked files."""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from indexer.engines import ENGINES, engine_named
from indexer.engines.base import Engine, SearchEngine
from indexer.errors import MissingExtra
from indexer.model import Article
from indexer.query import plan
from indexer.query.plan import Node, Plan
from tests.conftest import missing

THREADS = Path("/proc/self/task")

WORDS = [f"كلمة{letter}{other}" for letter in "ابتثجحخدذرز" for other in "سشصضطظعغفق"]


@pytest.fixture(params=sorted(ENGINES), scope="module")
def engine(request: pytest.FixtureRequest) -> Engine:
    try:
        return engine_named(request.param)
    except MissingExtra as error:
        missing(request.param, str(error))


def article(number: int, revision: int = 1) -> Article:
    """Words of unequal frequency; texts of 1 to 400 words, longer than a byte can say exactly."""
    chance = random.Random(f"{number} {revision}")
    words = [WORDS[int(chance.random() ** 3 * len(WORDS))] for _ in range(chance.choice((1, 20, 90, 400)))]
    return Article(f"a{number}", " ".join(words[:7]), " ".join(words), "المنبر", revision=revision)


def written(engine: Engine, folder: Path, articles: list[Article]) -> Path:
    folder.mkdir()
    writer = engine.writer(folder)
    writer.write(articles)
    writer.finish()
    return folder


def updated(engine: Engine, base: Path, folder: Path, current: dict[str, Article], gone: set[str]) -> Path:
    """`current` in a new folder, grown from `base`; articles named in `gone` are new there, or left out."""
    folder.mkdir()
    writer = engine.writer(folder, base)
    writer.delete(gone)
    again = {ref.id for ref in writer.drop_small_segments()}
    writer.write([current[id_] for id_ in sorted(gone | again) if id_ in current])
    writer.finish()
    return folder


@pytest.fixture(scope="module")
def grown(
    engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[SearchEngine, SearchEngine]]:
    """The same articles after an update, and after a rebuild."""
    folder = tmp_path_factory.mktemp("grown")
    base = written(engine, folder / "base", [article(n) for n in range(400)])
    current = {f"a{n}": article(n, revision=2 if n % 5 == 0 else 1) for n in range(20, 450)}
    gone = {f"a{n}" for n in range(450) if n < 20 or n % 5 == 0 or n >= 400}
    snapshots = (
        engine.open(updated(engine, base, folder / "grown", current, gone)),
        engine.open(written(engine, folder / "rebuilt", list(current.values()))),
    )
    yield snapshots
    for snapshot in snapshots:
        snapshot.close()


def nodes() -> list[Node]:
    chance = random.Random(5)

    def terms(combine: str = "sum") -> plan.Terms:
        field = chance.choice(("folded", "stem", "title_light", "title_folded"))
        return plan.Terms(field, tuple((word, 1.0) for word in chance.sample(WORDS[:40], 3)), combine)

    made: list[Node] = []
    for _ in range(12):
        made += [
            terms(),
            plan.Or((terms("max"), terms(), terms()), coverage=0.5),
            plan.And((terms(), plan.Not(terms()))),
            plan.Phrase("folded", (tuple(WORDS[:3]), tuple(WORDS[1:5]))),
            plan.Phrase("folded", tuple(tuple(chance.sample(WORDS[:9], 2)) for _ in range(3)), slop=6),
        ]
    return made


@pytest.mark.parametrize("number", range(60))
def test_an_update_of_long_texts_answers_as_a_rebuild_does(
    grown: tuple[SearchEngine, SearchEngine], number: int
) -> None:
    one, other = grown
    asked = Plan(nodes()[number], words=((WORDS[0],), (WORDS[1], WORDS[2])) if number % 2 else ())
    assert one.search(asked) == other.search(asked)


@pytest.mark.parametrize("number", range(60))
def test_as_many_articles_are_counted_as_are_found(
    grown: tuple[SearchEngine, SearchEngine], number: int
) -> None:
    snapshot, filters = grown[0], plan.Not(nodes()[number - 1])
    for asked in (Plan(nodes()[number]), Plan(nodes()[number], filters=filters)):
        assert snapshot.count(asked) == snapshot.counting()(asked) == snapshot.search(asked).total


@pytest.mark.parametrize("number", range(60))
def test_a_page_is_the_beginning_of_the_whole_answer(
    grown: tuple[SearchEngine, SearchEngine], number: int
) -> None:
    snapshot, asked = grown[0], Plan(nodes()[number])
    for sort in ("relevance", "newest", "oldest"):
        whole = snapshot.search(asked, sort=sort, limit=1000).hits
        assert snapshot.search(asked, sort=sort, offset=3, limit=5).hits == whole[3:8]


def test_terms_are_counted_over_live_articles(grown: tuple[SearchEngine, SearchEngine]) -> None:
    one, other = grown
    for field in ("folded", "title_stem"):
        assert [one.df(field, word) for word in WORDS] == [other.df(field, word) for word in WORDS]


def test_an_update_links_what_it_did_not_change(engine: Engine, tmp_path: Path) -> None:
    base = written(engine, tmp_path / "base", [article(n) for n in range(300)])
    before = {path.name: path.read_bytes() for path in base.iterdir()}
    current = {f"a{n}": article(n) for n in range(305)}
    grown = updated(engine, base, tmp_path / "grown", current, {f"a{n}" for n in range(300, 305)})
    own = [path for path in grown.iterdir() if path.stat().st_nlink == 1]
    assert sum(path.stat().st_size for path in own) < sum(map(len, before.values())) / 4
    assert {path.name: path.read_bytes() for path in base.iterdir()} == before


def test_many_updates_leave_few_files(engine: Engine, tmp_path: Path) -> None:
    current = {f"a{n}": article(n) for n in range(30)}
    folder = written(engine, tmp_path / "0", list(current.values()))
    least = len(list(folder.iterdir()))
    for number in range(30, 50):
        current[f"a{number}"] = article(number)
        folder = updated(engine, folder, tmp_path / str(number), current, {f"a{number}"})
    assert len(list(folder.iterdir())) <= 9 * least
    snapshot = engine.open(folder)
    assert {ref.id for ref in snapshot.refs(Plan(plan.All()))} == set(current)
    snapshot.close()


def test_articles_of_one_segment_are_deleted_by_several_updates(engine: Engine, tmp_path: Path) -> None:
    current = {f"a{n}": article(n) for n in range(60)}
    folder = written(engine, tmp_path / "0", list(current.values()))
    for number in range(0, 20, 5):
        gone = {f"a{n}" for n in range(number, number + 5)}
        current = {id_: kept for id_, kept in current.items() if id_ not in gone}
        folder = updated(engine, folder, tmp_path / f"without {number}", current, gone)
    grown, rebuilt = (
        engine.open(folder),
        engine.open(written(engine, tmp_path / "all", list(current.values()))),
    )
    asked = Plan(plan.Terms("folded", ((WORDS[0], 1.0), (WORDS[5], 1.0))))
    assert grown.search(asked) == rebuilt.search(asked)
    assert grown.count(Plan(plan.All())) == grown.articles == 40
    for snapshot in (grown, rebuilt):
        snapshot.close()


def test_threads_share_a_snapshot(grown: tuple[SearchEngine, SearchEngine]) -> None:
    plans = [Plan(node) for node in nodes()]
    alone = [grown[1].search(asked) for asked in plans]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(3):
            assert list(pool.map(grown[0].search, plans)) == alone


def test_articles_without_a_word_are_kept(engine: Engine, tmp_path: Path) -> None:
    snapshot = engine.open(
        written(engine, tmp_path / "wordless", [Article("a", "", "…"), Article("b", "!", "")])
    )
    assert [hit.ref.id for hit in snapshot.search(Plan(plan.All())).hits] == ["a", "b"]
    snapshot.close()


def test_the_end_of_a_very_long_article_is_found(engine: Engine, tmp_path: Path) -> None:
    """Places there need more than 16 bits."""
    long = Article("a", "طويل", f"{'كلمة ' * 70_000}قمة بغداد")
    snapshot = engine.open(written(engine, tmp_path / "long", [long, Article("b", "قصير", "بغداد قمة")]))
    found = snapshot.search(Plan(plan.Phrase("folded", (("قمه",), ("بغداد",)))))
    assert [hit.ref.id for hit in found.hits] == ["a"]
    snapshot.close()


@pytest.mark.skipif(not THREADS.is_dir(), reason="threads are counted there")
def test_no_thread_works_on_after_finish(engine: Engine, tmp_path: Path) -> None:
    before = set(THREADS.iterdir())
    written(engine, tmp_path / "one", [article(n) for n in range(20)])
    patience = time.monotonic() + 10
    while set(THREADS.iterdir()) - before and time.monotonic() < patience:
        time.sleep(0.05)
    assert not set(THREADS.iterdir()) - before
