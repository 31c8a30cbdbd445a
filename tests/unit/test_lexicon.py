"""The shipped word lists: every line fits its format and does its work; a home's lists join them at once."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import pytest

from indexer.analysis import fold, written
from indexer.analysis import names as shield
from indexer.analysis.lexicon import FOLDER, HOME_FILES, SEPARATOR, entries, lexicon_of
from indexer.engines import engine_named
from indexer.engines.base import SearchEngine
from indexer.errors import LexiconError
from indexer.model import Article, Match, SearchRequest
from indexer.query.expand import Expander
from indexer.query.parser import parse
from indexer.query.plan import All
from indexer.reading import HomeReadingRoom
from indexer.settings import Settings
from searchapp.app import create_app
from searchapp.cli import main

MakeRoom = Callable[..., HomeReadingRoom]
MakeShelf = Callable[[Iterable[Iterable[str]]], "Shelf"]

SINGLE = ("names.txt", "bases.txt", "stopwords.txt", "clitics.txt", "english.txt")
PARTED = ("variants.txt", "months.txt", "hijri_months.txt", "exonyms.txt", "keyboard.txt")


def groups(name: str, separator: str | None) -> list[tuple[str, ...]]:
    """The entries of a file, each as its folded parts."""
    return [tuple(fold(part.strip()) for part in entry.split(separator)) for _, entry in entries(name)]


PLURALS = groups("plurals.txt", None)
VARIANTS = groups("variants.txt", SEPARATOR)
MONTHS = [tuple(n for n in group[1:] if len(n) > 3) for group in groups("months.txt", SEPARATOR)]


def one_word_articles(words: Iterable[str]) -> list[Article]:
    return [Article(str(n), "", word) for n, word in enumerate(dict.fromkeys(words))]


def found(room: HomeReadingRoom, q: str, match: Match = "stem") -> set[str]:
    """The bodies that answer, folded."""
    answer = room.answer(SearchRequest(q=q, page_size=100, match=match, rescue=False))
    return {fold(hit.article.body) for hit in answer.found}


@dataclass(frozen=True)
class Shelf:
    """An index of articles of one word each, asked without texts and snippets: thousands of questions."""

    engine: SearchEngine
    words: list[str]

    def found(self, q: str, match: Match = "stem") -> dict[str, tuple[bool, float]]:
        """Word → (related, score) of what answers."""
        expander = Expander(self.engine, lexicon_of(), match, "auto", lambda phrase, among: frozenset())
        hits = self.engine.search(expander.expand(parse(q).query, All()).plan, limit=100).hits
        return {self.words[int(hit.ref.id)]: (hit.related, hit.score) for hit in hits}


@pytest.fixture
def make_shelf(tmp_path: Path) -> Iterator[Callable[[Iterable[Iterable[str]]], Shelf]]:
    engine = engine_named("whoosh")
    opened: list[SearchEngine] = []

    def made(families: Iterable[Iterable[str]]) -> Shelf:
        articles = one_word_articles(word for family in families for word in family)
        writer = engine.writer(tmp_path)
        writer.write(articles)
        writer.finish()
        opened.append(engine.open(tmp_path))
        return Shelf(opened[-1], [article.body for article in articles])

    yield made
    for snapshot in opened:
        snapshot.close()


# --- the format of the shipped files ----------------------------------------------------------------------


def test_every_shipped_list_is_documented_and_says_its_source() -> None:
    told = (FOLDER.parents[2] / "docs" / "lexicon.md").read_text(encoding="utf-8")
    for path in FOLDER.glob("*.txt"):
        assert f"`{path.name}`" in told
        assert "# Source: " in path.read_text(encoding="utf-8"), path.name


@pytest.mark.parametrize("name", SINGLE)
def test_lists_of_single_words_hold_one_a_line(name: str) -> None:
    for number, entry in entries(name):
        assert SEPARATOR not in entry and (name == "english.txt" or len(entry.split()) == 1), (name, number)


@pytest.mark.parametrize("name", PARTED)
def test_lists_of_parts_have_two_at_least_and_none_empty(name: str) -> None:
    for number, entry in entries(name):
        parts = [part.strip() for part in entry.split(SEPARATOR)]
        assert len(parts) >= 2 and all(parts), (name, number)


@pytest.mark.parametrize("name", ["names.txt", "bases.txt", "clitics.txt"])
def test_no_word_is_listed_twice(name: str) -> None:
    words = [fold(entry) for _, entry in entries(name)]
    assert sorted(words) == sorted(set(words))


def test_no_stop_word_is_listed_twice() -> None:
    words = [written(entry) for _, entry in entries("stopwords.txt")]
    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize("families", [PLURALS, VARIANTS, MONTHS], ids=["plurals", "variants", "months"])
def test_no_word_stands_in_two_families(families: list[tuple[str, ...]]) -> None:
    words = [word for family in families for word in family]
    assert sorted(words) == sorted(set(words))


def test_names_are_no_ordinary_words() -> None:
    assert not shield.names() & shield.bases()


def test_no_name_is_a_stop_word() -> None:
    assert not shield.names() & {fold(entry) for _, entry in entries("stopwords.txt")}


def test_the_lists_are_as_long_as_promised() -> None:
    assert sum(len(family) - 1 for family in PLURALS) >= 300
    assert len(VARIANTS) >= 150


def test_the_shipped_lexicon_is_read_without_a_fault() -> None:
    lexicon = lexicon_of()
    assert {word for family in PLURALS for word in family} <= set(lexicon.plurals)
    assert {word for family in VARIANTS for word in family} <= set(lexicon.variants)


# --- what the families do ---------------------------------------------------------------------------------


def test_singular_and_plural_find_each_other_below_the_word_itself(make_shelf: MakeShelf) -> None:
    shelf = make_shelf(PLURALS)
    missed, not_below = [], []
    for family in PLURALS:
        answers = {word: shelf.found(word) for word in family}
        for one, other in permutations(family, 2):
            if answers[one].get(other, (True,))[0]:
                missed.append((one, other))
            elif answers[one][other][1] >= answers[one][one][1]:
                not_below.append((one, other))
    assert (missed, not_below) == ([], [])


def test_plurals_are_off_for_a_word_as_written(make_room: MakeRoom) -> None:
    room = make_room(*one_word_articles(["وزير", "وزراء"]))
    assert found(room, '="وزير"') == {"وزير"}
    assert found(room, "وزير", "spelling") == {"وزير"}


@pytest.mark.parametrize("families", [VARIANTS, MONTHS], ids=["variants", "months"])
def test_variants_are_related_by_default_and_counted_at_wide(
    make_shelf: MakeShelf, families: list[tuple[str, ...]]
) -> None:
    spellings = [tuple(word for word in family if len(word.split()) <= 2) for family in families]
    shelf = make_shelf(spellings)
    missed = []
    for family in filter(None, spellings):
        for one in family:
            wide = shelf.found(one, "wide")
            missed += [(one, other) for other in family if wide.get(other, (True,))[0]]
        near = shelf.found(family[0])
        missed += [(family[0], other) for other in family if other not in near]
    assert missed == []


# --- a home's own lists -----------------------------------------------------------------------------------

OWN = (
    ("variants.txt", "قرنبول | كرنبول", "قرنبول", "كرنبول", "wide"),
    ("plurals.txt", "بزموط زبامط", "بزموط", "زبامط", "stem"),
)


def write(room_home: Path, name: str, text: str) -> None:
    (room_home / "lexicon").mkdir(exist_ok=True)
    (room_home / "lexicon" / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(("name", "line", "one", "other", "match"), OWN, ids=[own[0] for own in OWN])
def test_a_home_extends_the_shipped_lists_at_once(
    make_room: MakeRoom, tmp_path: Path, name: str, line: str, one: str, other: str, match: Match
) -> None:
    room = make_room(*one_word_articles([one, other, "وزير", "وزراء"]), home=tmp_path / "news")
    before = room.status(), room.state()
    assert found(room, one, match) == {one}
    write(tmp_path / "news", name, line + "\n")
    assert found(room, one, match) == found(room, other, match) == {one, other}
    assert found(room, "وزير") == {"وزير", fold("وزراء")}
    after = room.status(), room.state()
    assert after[0].generation == before[0].generation
    assert after[0].lexicon != before[0].lexicon
    assert after[1] != before[1]
    (tmp_path / "news" / "lexicon" / name).unlink()
    assert found(room, one, match) == {one}
    assert room.state() == before[1]


def test_a_name_of_the_home_is_not_stemmed_when_asked_for(make_room: MakeRoom, tmp_path: Path) -> None:
    room = make_room(*one_word_articles(["بزموط", "بزموطات", "والبزموط"]), home=tmp_path / "news")
    assert found(room, "بزموط") == {"بزموط", "بزموطات", "والبزموط"}
    write(tmp_path / "news", "names.txt", "بزموط\n")
    assert found(room, "بزموط") == {"بزموط", "والبزموط"}


def test_a_stop_word_of_the_home_is_not_needed(make_room: MakeRoom, tmp_path: Path) -> None:
    room = make_room(Article("1", "", "زيارة بغداد"), home=tmp_path / "news")
    asked = SearchRequest(q="عاجل بغداد", rescue=False)
    assert room.answer(asked).relaxed
    write(tmp_path / "news", "stopwords.txt", "عاجل\n")
    assert not room.answer(asked).relaxed


BAD = (
    ("names.txt", "# أسماء\n\nكلمة واحدة\n", 3),
    ("plurals.txt", "وزير وزراء\nوحيد\n", 2),
    ("variants.txt", "ترامب | ترمب\nترامب |\n", 2),
    ("variants.txt", "ترامب\n", 1),
    ("stopwords.txt", "في | من\n", 1),
)


@pytest.mark.parametrize(("name", "text", "line"), BAD)
def test_a_line_that_does_not_fit_is_told_with_file_and_line(
    tmp_path: Path, name: str, text: str, line: int
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(LexiconError, match=rf"{name}, line {line}: ") as caught:
        lexicon_of(tmp_path)
    assert (caught.value.file, caught.value.line) == (str(tmp_path / name), line)


def test_a_file_that_is_no_utf8_is_a_fault_of_the_lexicon(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_bytes("كاظمي\nحلبوسي\n".encode("cp1256"))
    with pytest.raises(LexiconError, match=r"names.txt, line 1: .*UTF-8"):
        lexicon_of(tmp_path)


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_is_read(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_bytes("\ufeffقرنبول\r\nبزموط\r\n".encode())
    assert lexicon_of(tmp_path).names == {"قرنبول", "بزموط"}


def test_other_files_of_a_home_count_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "bases.txt").write_text("كلمة واحدة\n", encoding="utf-8")
    assert lexicon_of(tmp_path) == lexicon_of()
    assert "bases.txt" not in HOME_FILES


def test_over_http_a_bad_line_is_a_problem_and_a_page_never_a_trace(
    make_room: MakeRoom, tmp_path: Path
) -> None:
    home = tmp_path / "news"
    room = make_room(Article("1", "", "زيارة بغداد"), home=home)
    client = create_app(room, Settings(home)).test_client()
    write(home, "names.txt", "كلمة واحدة\n")
    for path in (
        "/",
        "/search?q=بغداد",
        "/status",
        "/feed.atom?q=بغداد",
        "/api/v1/search?q=بغداد",
        "/readyz",
    ):
        response = client.get(path)
        assert response.status_code == 503, path
        assert "Traceback" not in response.get_data(as_text=True)
    problem = client.get("/api/v1/search?q=بغداد")
    assert problem.content_type.startswith("application/problem+json")
    assert json.loads(problem.data)["status"] == 503
    write(home, "names.txt", "كلمة\n")
    assert client.get("/api/v1/search?q=بغداد").status_code == 200


def test_the_terminal_says_a_bad_line_in_one_line(
    make_room: MakeRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "news"
    make_room(Article("1", "", "زيارة بغداد"), home=home)
    write(home, "plurals.txt", "وحيد\n")
    monkeypatch.setattr("sys.argv", ["rasid", "--home", str(home), "search", "بغداد"])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr()
    assert (ended.value.code, told.out) == (1, "")
    (line,) = told.err.splitlines()
    assert line.startswith(f"rasid: {home / 'lexicon' / 'plurals.txt'}, line 1: ")
