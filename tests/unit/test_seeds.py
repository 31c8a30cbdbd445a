"""The starter corpus: sound by itself, and found as its README promises."""

import re
from pathlib import Path

import pytest

from indexer import readers
from indexer.analysis import fold
from indexer.model import Article, SearchRequest
from indexer.reading import HomeReadingRoom

SEEDS = Path(__file__).parents[2] / "seeds"
RECORDS = [item for item in readers.read([str(SEEDS)]) if isinstance(item, readers.Record)]
ARTICLES = [record.article for record in RECORDS]
NAMES = {
    Path(record.place.file).name: record.article.id
    for record in RECORDS
    if record.place.file.endswith(".txt")
}
ROWS = re.findall(
    r"^\| (\d+) \| ([^|]+?) \| ([^|]+?) \|", (SEEDS / "README.md").read_text("utf-8"), re.MULTILINE
)


def test_every_record_is_taken() -> None:
    refused = [item for item in readers.read([str(SEEDS)]) if isinstance(item, readers.Refused)]
    assert not refused
    assert len(ARTICLES) >= 60
    assert len({article.id for article in ARTICLES}) == len(ARTICLES)


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.id[:12])
def test_each_article_is_short_and_whole(article: Article) -> None:
    assert article.title.strip()
    assert 80 <= len(article.body.split()) <= 260
    if article.url:
        assert all((article.source, article.section, article.author))
        assert ".example/" in article.url
        assert article.published and "2015" <= article.published[:4] <= "2023"


def found(answer_room: HomeReadingRoom, q: str, match: str) -> set[str]:
    answer = answer_room.answer(SearchRequest(q=q, match=match, page_size=100))  # type: ignore[arg-type]
    return {found.article.id for found in answer.found}


@pytest.mark.parametrize(("number", "q", "cell"), ROWS, ids=[row[0] for row in ROWS])
def test_known_answers_are_found(seed_room: HomeReadingRoom, number: str, q: str, cell: str) -> None:
    titles = {fold(article.title): article.id for article in ARTICLES}
    names = [name.strip() for name in cell.split("<br>")]
    if q.startswith('"'):
        names = names[:1]  # the others write another spelling of the name, which a phrase does not reach
    wanted = {NAMES[name.strip("`")] if name.startswith("`") else titles[fold(name)] for name in names}
    assert wanted <= found(seed_room, q, "wide")


def test_the_readme_lists_its_known_answers() -> None:
    assert len(ROWS) >= 25


@pytest.mark.parametrize(
    ("q", "title"),
    [
        ("الكاظمي روحاني", "الكاظمي وروحاني يبحثان في طهران الربط السككي بين الشلامجة والبصرة"),
        ("الكاظمي رئيسي تأشيرات", "الكاظمي يلتقي رئيسي في طهران وإعلان إلغاء التأشيرات"),
        ("بوريسوف برهم صالح", "برهم صالح يبحث مع بوريسوف تخفيف توترات المنطقة"),
        ("ماكرون بيروت", "ماكرون يتفقد أحياء بيروت المنكوبة ويدعو إلى ميثاق سياسي جديد"),
    ],
)
def test_the_best_answer_comes_first(seed_room: HomeReadingRoom, q: str, title: str) -> None:
    assert seed_room.answer(SearchRequest(q=q)).found[0].article.title == title
