"""How much is measured, by the number of articles."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Updates:
    """What is added to each size of the growth: `first` articles at once, then `times` times `each`."""

    first: int
    times: int
    each: int

    @property
    def articles(self) -> int:
        return self.first + self.times * self.each


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured.

    Attributes:
        rounds: how often every query is asked and counted.
        each: queries of a class.
        requests: requests by many clients, before a server's memory is read.
        growth: numbers of articles.
    """

    rounds: int
    each: int
    requests: int
    updates: Updates
    growth: tuple[int, ...] = ()


EFFORTS = {
    1_000: Effort(1, 3, 16, Updates(2, 2, 1)),
    10_000: Effort(3, 20, 400, Updates(100, 5, 20)),
}
"""Below so many articles, so much is enough; the first only shows that everything runs."""

USUAL = Effort(3, 30, 2_000, Updates(100, 20, 20))

FULL_ARTICLES = 30_175
FULL_GROWTH = (10_000, 30_000, 85_000)


def effort_for(articles: int) -> Effort:
    """The effort that a number of articles deserves."""
    return next((effort for below, effort in EFFORTS.items() if articles < below), USUAL)
