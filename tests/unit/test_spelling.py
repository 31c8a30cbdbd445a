"""Spelling rescue: which words are doubted, what stands for them, and in which order."""

import statistics
import time

import pytest

from indexer.analysis import fold, term_of
from indexer.analysis.lexicon import Lexicon, lexicon_of
from indexer.query.spelling import (
    CONFUSABLE_COST,
    EXTRA_COST,
    KNOWN_SHARE,
    LOST_COST,
    NEIGHBOUR_COST,
    REPLACED_COST,
    SWAPPED_COST,
    WEIGHTS,
    edit_cost,
    edits,
    is_listed,
    spelling_of,
    written_form,
)
from indexer.query.wordlist import Wordlist

PRESS = {fold(word): df for word, df in (
    ("الكاظمي", 120), ("كاظمي", 9), ("الحرب", 900), ("العرب", 700), ("الغرب", 300), ("المغرب", 400),
    ("انتخابات", 500), ("مفاوضات", 80), ("سلاح", 200), ("في", 9000), ("على", 9000), ("بين", 5000),
)}  # fmt: skip


def rescue(df: dict[str, int], articles: int = 30_000, lexicon: Lexicon | None = None):  # type: ignore[no-untyped-def]
    stems: dict[str, int] = {}
    for word, count in df.items():
        stems[term_of(word).stem] = stems.get(term_of(word).stem, 0) + count
    return spelling_of(Wordlist(articles, df), lexicon or lexicon_of(), lambda stem: stems.get(stem, 0))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("الكاضمي", "الكاظمي"), ("الاكظمي", "الكاظمي"), ("انتخبات", "انتخابات"), ("انتخاببات", "انتخابات"),
     ("مفاوطات", "مفاوضات"), ("مقاوضات", "مفاوضات")],
)  # fmt: skip
def test_one_wrong_letter_is_rescued(typed: str, meant: str) -> None:
    assert rescue(PRESS)(typed)[0] == (meant, 1.0)


def test_words_that_look_well_are_left_alone() -> None:
    alternatives = rescue(PRESS)
    for word in ("الكاظمي", "المغرب", "الغرب", "في", "عل", "2020", "cnn", "كتابو" * 9):
        assert alternatives(word) == ()


def test_function_words_stand_for_nothing() -> None:
    assert "علي" not in dict(rescue(PRESS)("علب"))
    assert "بين" not in dict(rescue(PRESS)("بجين"))


def test_words_of_the_lexicon_are_never_doubted() -> None:
    lexicon = lexicon_of()
    assert is_listed(fold("نتنياهو"), lexicon) and is_listed(fold("والوزراء"), lexicon)
    assert rescue({"ترمب": 100})(fold("ترامب")) == ()


def test_a_rare_word_is_doubted_only_beside_a_far_commoner_one_of_another_stem() -> None:
    df = PRESS | {"الحزب": 1, "الخرب": 4}
    assert dict(rescue(df)("الخرب"))["الحرب"] == pytest.approx(KNOWN_SHARE)
    assert rescue(PRESS | {"الخرب": 6})("الخرب") == ()
    assert rescue({"الخرب": 4, "الحرب": 39})("الخرب") == ()


def test_rarity_scales_with_the_archive() -> None:
    small = {"الخرب": 2, "الحرب": 90}
    assert rescue(small, 30_000)("الخرب") and not rescue(small, 500)("الخرب")


def test_alternatives_are_few_and_their_weights_fall() -> None:
    found = rescue(PRESS)("المرب")
    assert 1 < len(found) <= len(WEIGHTS)
    assert tuple(weight for _, weight in found) == WEIGHTS[: len(found)]


def test_without_a_near_word_the_stem_is_looked_for() -> None:
    assert dict(rescue({"سويسرا": 40})("لصويسرا"))


@pytest.mark.parametrize(
    ("typed", "meant", "cost"),
    [("كاضمي", "كاظمي", CONFUSABLE_COST), ("سلاة", "سلام", REPLACED_COST), ("سلن", "سلم", NEIGHBOUR_COST),
     ("حبر", "حرب", SWAPPED_COST), ("حرب", "حروب", LOST_COST), ("حربق", "حرب", EXTRA_COST)],
)  # fmt: skip
def test_likely_slips_cost_less(typed: str, meant: str, cost: float) -> None:
    assert edit_cost(fold(typed), meant) == pytest.approx(cost)


def test_a_wrong_first_letter_costs_more() -> None:
    assert edit_cost("سرب", "حرب") > edit_cost("حسب", "حرب")


def test_edits_hold_every_kind_of_slip() -> None:
    near = set(edits("حرب"))
    assert {"حر", "رحب", "حزب", "حروب", "حرب"} <= near


def test_the_commonest_writing_is_shown() -> None:
    writings = {"أردوغان": 9, "اردوغان": 3}
    assert written_form("اردوغان", lambda word: writings.get(word, 0)) == "أردوغان"
    assert written_form("شيء", lambda word: 0) == "شيء"


def test_a_word_costs_a_millisecond_at_most() -> None:
    alternatives = rescue(PRESS | {f"كلمه{n}": 1 for n in range(50_000)})
    alternatives("الكاضمي")
    runs = []
    for _ in range(50):
        started = time.thread_time()
        alternatives("الكاضمي")
        runs.append(time.thread_time() - started)
    assert statistics.median(runs) < 0.005  # a loaded machine is given room
