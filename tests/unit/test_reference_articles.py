"""The five reference articles, plain texts of real press: which of them each query finds, told by reading.

0 Kadhimi and Rouhani (July 2020) · 1 Kadhimi and Raisi · 2 Borisov in Baghdad · 3 Shamkhani and Kadhimi ·
4 Khamenei and Kadhimi. None has a date of its own.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer import build, readers
from indexer.archive import Archive
from indexer.model import Answer, SearchRequest
from indexer.reading import HomeReadingRoom
from indexer.settings import Settings


@pytest.fixture(scope="module")
def room(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HomeReadingRoom]:
    settings = Settings(tmp_path_factory.mktemp("reference") / "home")
    records = [item for item in readers.read([str(shared / "seeds")]) if isinstance(item, readers.Record)]
    records.sort(key=lambda record: Path(record.place.file).name)
    with Archive.open(settings.archive_file, create=True) as archive:
        archive.add([record.article for record in records])
        build.update(settings, archive)
    with HomeReadingRoom(settings) as room:
        yield room


@pytest.fixture(scope="module")
def numbers(shared: Path) -> dict[str, int]:
    records = [item for item in readers.read([str(shared / "seeds")]) if isinstance(item, readers.Record)]
    return {record.article.id: int(Path(record.place.file).name[:3]) for record in records}


def first(answer: Answer, numbers: dict[str, int]) -> set[int]:
    return {numbers[found.article.id] for found in answer.found if not found.related}


QUERIES: list[tuple[str, set[int]]] = [
    ("الكاظمي", {0, 1, 2, 3, 4}),
    ("كاظمي", {0, 1, 2, 3, 4}),
    ("والكاظمى", {0, 1, 2, 3, 4}),
    ("روحاني", {0, 1, 4}),
    ("وروحانى", {0, 1, 4}),
    ("لروحاني", {0, 1, 4}),
    ("خامنئي", {1, 4}),
    ("خامنيي", {1, 4}),
    ("شمخاني", {3}),
    ("شَمْخَاني", {3}),
    ("الأدميرال شمخانی", {3}),
    ("بوريسوف", {2}),
    ("بـوريـسـوف", {2}),
    ("لافروف", {2}),
    ("سيرغي لافروف", {2}),
    ("ميشوستين", {2}),
    ("جهانغيري", {4}),
    ("السيستاني", {4}),
    ("سليماني", {3, 4}),
    ("المهندس", {3, 4}),
    ("كورونا", {0, 2, 4}),
    ("داعش", {0, 3}),
    ("طهران", {0, 1, 4}),
    ("بطهران", {0, 1, 4}),
    ("موسكو", {2}),
    ("سوريا", {2}),
    ("اليمن", {4}),
    ("كردستان", {3}),
    ("نورنيوز", {3}),
    ("الصراعات", {1, 4}),
    ("الصّراعاتُ", {1, 4}),
    ('"الصراعات الاقليميه"', {1}),
    ('"رئيس الوزراء العراقي"', {0, 1, 3, 4}),
    ('"رييس الوزرا"', set()),
    ('"أمين المجلس الأعلى"', {3}),
    ('"امين المجلس الاعلي"', {3}),
    ('"شط العرب"', {0}),
    ('"سكة حديد"', {1}),
    ('"سكه حديد شلمجه"', {1}),
    ("«البصرة المهم»", {1}),
    ('"تموز يوليو"', {1}),
    ('"آب أغسطس"', {1}),
    ('"اب اغسطس"', {1}),
    ('"تشرين الثاني نوفمبر 2020"', {2}),
    ('"تشرين الثاني نوفمبر ٢٠٢٠"', {2}),
    ("٢٠٢٠", {1, 2}),
    ("20 مليار", {0, 1}),
    ("٢٠ مليار", {0, 1}),
    ("لايسمح", {0, 4}),
    ('"لا يسمح"', {0, 4}),
    ('"العراق لا يسمح بأن"', {0, 4}),
    ('"لا تتدخل في علاقات العراق"', {4}),
    ('"لاتتدخل في علاقات العراق"', {4}),
    ('"مايمكن"', {3}),
    ('"ما يمكن"', {3}),
    ('="الصـراعاتِ الاقليمية"', {1}),
    ('="رئبس الوزراء"', {2}),
    ('="إيلاف من لندن"', {0}),
    ('="ايلاف من لندن"', {1, 2}),
    ('"إيلاف من لندن"', {0, 1, 2}),
    ("ايلاف", {0, 1, 2, 4}),
    ("لافروف OR شمخاني", {2, 3}),
    ("لافروف أو شمخاني", {2, 3}),
    ("طهران -روحاني", set()),
    ("الكاظمي -طهران", {2, 3}),
    ("الكاظمي NOT (روحاني OR بوريسوف)", {3}),
    ("خامن*", {1, 4}),
    ("*وريسوف", {2}),
    ("شمخ؟ني", {3}),
    ("شمحاني~", {3}),
    ('"الكاظمي روحاني"~4', {0}),
    ('"الكاظمي لروحاني"~1', {4}),
    ("date:2020", set()),
    ("-date:2020", {0, 1, 2, 3, 4}),
]


@pytest.mark.parametrize(("q", "expected"), QUERIES)
def test_each_query_finds_its_articles(
    room: HomeReadingRoom, numbers: dict[str, int], q: str, expected: set[int]
) -> None:
    answer = room.answer(SearchRequest(q=q))
    assert (first(answer, numbers), answer.relaxed) == (expected, False)


@pytest.mark.parametrize(
    ("q", "expected"), [("أمريكا", {3}), ("أميركا", {4}), ("اميركا", {4}), ("امريكا", {3})]
)
def test_america_is_found_in_both_spellings_at_wide(
    room: HomeReadingRoom, numbers: dict[str, int], q: str, expected: set[int]
) -> None:
    assert expected <= first(room.answer(SearchRequest(q=q)), numbers)
    assert {3, 4} <= first(room.answer(SearchRequest(q=q, match="wide")), numbers)


def test_plain_texts_are_undated(room: HomeReadingRoom) -> None:
    assert (room.status().articles, room.status().undated) == (5, 5)


def test_titles_leave_the_dateline_out(room: HomeReadingRoom) -> None:
    titles = [found.article.title for found in room.answer(SearchRequest()).found]
    assert not [title for title in titles if title.startswith(("إيلاف من", "ايلاف من", "لندن:", "نورنيوز-"))]
