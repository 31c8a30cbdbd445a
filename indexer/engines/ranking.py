"""What every engine ranks by: BM25, and how far the first hits are ranked anew."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

K1, B = 1.2, 0.75
"""BM25's saturation and length normalisation: the values of the field, kept by the measurements."""

SCORE_DIGITS = 6
"""Scores are compared so rounded: sums of the same numbers in another order still tie."""

ROUNDING = 10.0**-SCORE_DIGITS
"""Two scores that are equal when rounded are no farther apart."""

RERANK_DEPTH, RERANK_WORDS = 100, 32
GRAM_WEIGHT = 0.45
"""Share of the 4-gram overlap in the score of the first hits (`docs/relevance.md`)."""
PAIR_WEIGHT = 0.3
"""Share of words that stand next to each other as they do in the query."""
LIKENESS_WEIGHT = 0.3
"""What being like the best few is worth, as a share of the best score."""

INTERVALS: dict[str, Callable[[date], date]] = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
    "year": lambda day: day.replace(month=1, day=1),
}
"""The first day of the span that a day belongs to."""


def inverse_frequency(df: int, articles: int) -> float:
    """Lucene's idf, never negative: ln(1 + (N − df + ½) / (df + ½))."""
    return float(inverse_frequencies(np.array(df), articles))


def inverse_frequencies(df: NDArray[np.integer], articles: int) -> NDArray[np.float64]:
    """`inverse_frequency` of many."""
    return np.asarray(np.log1p((articles - df + 0.5) / (df + 0.5)))
