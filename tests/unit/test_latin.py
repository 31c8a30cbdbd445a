"""Names in Latin letters: segments, keys, costs, and a list of political names as the press writes them."""

from pathlib import Path

import pytest

from indexer.analysis import fold
from indexer.analysis.lexicon import entries
from indexer.query import tree
from indexer.query.exonyms import Choice, Ear, choices, exonyms, is_english, is_latin
from indexer.query.latin import alignment_cost, key_of, keys_of, plain_latin, segments
from indexer.query.sounds import Sounds
from indexer.query.wordlist import Wordlist

NAMES = Path(__file__).parent / "political_names.txt"


def political_names() -> list[tuple[str, tuple[str, ...]]]:
    rows = [line.split("|") for line in NAMES.read_text("utf-8").splitlines() if line and line[0] != "#"]
    return [(fold(arabic.strip()), tuple(spelling.strip() for spelling in rest)) for arabic, *rest in rows]


def archive_words() -> dict[str, int]:
    """The shipped words and names as an archive's vocabulary, the names of the list among them."""
    lists = ("bases.txt", "names.txt", "plurals.txt")
    ordinary = {fold(word): 60 for name in lists for _, line in entries(name) for word in line.split()}
    return ordinary | {name: 40 for name, _ in political_names()}


@pytest.fixture(scope="module")
def sounds() -> Sounds:
    return Sounds(Wordlist(30_000, archive_words()), frozenset())


def found(sounds: Sounds, latin: str) -> list[str]:
    token = plain_latin(latin).replace("al-", "").replace(" ", "")
    return [sounding.word.removeprefix("ال") for sounding in sounds.soundings(token)]


def test_the_list_holds_enough_names_and_spellings() -> None:
    assert len(political_names()) >= 120
    assert all(len(spellings) >= 2 for _, spellings in political_names())


def test_political_names_are_found_in_their_latin_spellings(sounds: Sounds) -> None:
    asked = [(name.removeprefix("ال"), latin) for name, spellings in political_names() for latin in spellings]
    answers = [(name, found(sounds, latin)) for name, latin in asked]
    first = sum(words[:1] == [name] for name, words in answers) / len(asked)
    among_five = sum(name in words[:5] for name, words in answers) / len(asked)
    assert first >= 0.73 and among_five >= 0.92, (first, among_five)


@pytest.mark.parametrize(
    ("latin", "arabic"),
    [("kadhimi", "كاظمي"), ("Sulaymani", "سليماني"), ("sulimani", "سليماني"), ("Lavrov", "لافروف"),
     ("Ghannouchi", "غنوشي"), ("Erdoğan", "اردوغان"), ("3abbas", "عباس"), ("alkadhimi", "كاظمي")],
)  # fmt: skip
def test_a_name_is_first_or_next_to_another_spelling(sounds: Sounds, latin: str, arabic: str) -> None:
    assert arabic in found(sounds, latin)[:2]


def test_key_holds_the_consonants_by_their_sound() -> None:
    assert key_of("كاظمي") == "KDM"
    assert key_of(fold("غزة")) == key_of("غز")
    assert "KDM" in keys_of(segments("kadhimi"))


def test_doubled_consonants_count_once() -> None:
    assert segments("hassan") == segments("hasan")


def test_a_nearer_spelling_costs_less() -> None:
    assert alignment_cost(segments("lavrov"), "لافروف") < alignment_cost(segments("lavrov"), "لفرف")
    assert alignment_cost(segments("trump"), "وترامب") > 2


def test_empty_and_odd_words_find_nothing_and_do_not_raise(sounds: Sounds) -> None:
    for odd in ("", "'", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "qqq", "12", "é", "x" * 500):
        assert len(sounds.soundings(plain_latin(odd))) <= 12


# --- exonyms and English words ----------------------------------------------------------------------------


def ear(df: dict[str, int], sounds: Sounds) -> Ear:
    return Ear(Wordlist(30_000, df), lambda: sounds, lambda folded: folded)


def read(text: str, sounds: Sounds, **df: int) -> list[Choice]:
    return list(choices([tree.Word(word) for word in text.split()], ear(df, sounds)))


def arabic_of(choice: Choice) -> list[str]:
    return [c.text if isinstance(c, tree.Word) else " ".join(c.words) for c in choice.clauses]


@pytest.mark.parametrize(
    ("latin", "arabic"),
    [("Aleppo", "حلب"), ("Cairo", "القاهرة"), ("election", "انتخابات"), ("Hezbollah", "حزب الله"),
     ("Saudi Arabia", "السعودية"), ("Kim Jong-un", "كيم جونغ أون")],
)  # fmt: skip
def test_exonyms_come_from_the_table(sounds: Sounds, latin: str, arabic: str) -> None:
    first = read(latin, sounds)[0]
    assert arabic_of(first)[0] == arabic and first.sure


def test_exonym_table_is_large_and_each_line_is_arabic() -> None:
    assert len(exonyms()) >= 150
    assert all(arabic and not is_latin(arabic[0]) for arabic in exonyms().values())


@pytest.mark.parametrize("word", "said help many raid list governments making stopped happily tried".split())
def test_english_words_stay_what_they_are(sounds: Sounds, word: str) -> None:
    assert is_english(word)
    (choice,) = read(word, sounds)
    assert choice.typed == (tree.Word(word),) and not choice.clauses


def test_names_are_no_english_words() -> None:
    names = [latin for _, spellings in political_names() for latin in spellings]
    assert sum(is_english(name) for name in names) <= len(names) * 0.03


def test_latin_words_of_the_archive_stay_what_they_are(sounds: Sounds) -> None:
    assert not read("lavrov", sounds, lavrov=9)[0].clauses
    assert read("lavrov", sounds, lavrov=4)[0].clauses


def test_an_article_apart_goes_with_its_name(sounds: Sounds) -> None:
    (choice,) = read("Al Kadhimi", sounds)
    assert arabic_of(choice)[0].removeprefix("ال") == "كاظمي"
