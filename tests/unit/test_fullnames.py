"""Names of several words: read by what the archive has side by side."""

from collections.abc import Sequence

from indexer.query.fullnames import Candidate, Part, side_by_side

PAIRS = {("عبد", "الفتاح"): 90, ("تيريزا", "ماي"): 95, ("الفتاح", "السيسي"): 80, ("عمر", "البشير"): 40,
         ("حزب", "الله"): 300, ("ترامب", "السيد"): 4}  # fmt: skip


def together(first: Sequence[str], then: Sequence[str]) -> int:
    return sum(PAIRS.get((one, other), 0) for one in first for other in then)


def part(*words: str, articles: int = 100, doubtful: bool = False) -> Part:
    """A part whose candidates rank as they stand."""
    return Part(tuple(Candidate(w, articles, 0.5 - n / 10, 0.1) for n, w in enumerate(words)), doubtful)


def read(*parts: Part) -> list[tuple[str, ...]]:
    return side_by_side(parts, together, 3)


def test_the_word_beside_its_neighbour_wins() -> None:
    assert read(part("عبد"), part("فتاة", "الفتاح")) == [("عبد",), ("الفتاح",)]


def test_a_chain_is_read_as_a_whole() -> None:
    assert read(part("عبد"), part("فتاة", "الفتاح"), part("سياسي", "السيسي"))[2] == ("السيسي",)


def test_words_are_given_with_the_article_that_they_have_there() -> None:
    assert read(part("العمر"), part("بشير")) == [("عمر",), ("البشير",)]


def test_without_a_neighbour_nothing_is_told() -> None:
    assert read(part("عمر"), part("الفتاح")) == [(), ()]
    assert read(part("عمر")) == [()]
    assert read(part(), part("الفتاح")) == [(), ()]


def test_a_doubtful_word_is_a_name_where_the_pair_is_most_of_it() -> None:
    assert read(part("تيريزا"), part("ماي", doubtful=True)) == [("تيريزا",), ("ماي",)]
    assert read(part("ترامب"), part("السيد", doubtful=True)) == [(), ()]


def test_two_doubtful_words_are_no_name() -> None:
    assert read(part("تيريزا", doubtful=True), part("ماي", doubtful=True)) == [(), ()]
