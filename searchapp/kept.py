"""A reading room that remembers what changes only with its state."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from indexer.archive import Revision
from indexer.model import VALUE_FIELDS, Answer, Article, Bucket, Found, SearchRequest, Status
from indexer.reading import MOST_SIMILAR, Completion, ReadingRoom
from indexer.series import Attention, Coverage, Interval
from searchapp.guide import Live, queries

Value = TypeVar("Value")

OF_ALL = SearchRequest(page_size=1, facets=VALUE_FIELDS)

OF_EACH_MONTH = SearchRequest(page_size=1, facets=("month",))


class KeptRoom:
    """The same room; what every page shows is asked once for each state.

    Threads may ask twice at a change; both get a right answer.
    """

    def __init__(self, room: ReadingRoom) -> None:
        self._room = room
        self._kept: dict[str, tuple[str, object]] = {}

    def answer(self, request: SearchRequest) -> Answer:
        return self._room.answer(request)

    def article(self, id: str) -> tuple[Article, int]:
        return self._room.article(id)

    def revisions(self, id: str) -> tuple[Revision, ...]:
        return self._room.revisions(id)

    def marked(self, article: Article, request: SearchRequest) -> Found:
        return self._room.marked(article, request)

    def similar(self, id: str, limit: int = MOST_SIMILAR) -> tuple[Found, ...]:
        return self._room.similar(id, limit)

    def attention(self, requests: Sequence[SearchRequest], interval: Interval) -> Attention:
        return self._room.attention(requests, interval)

    def every(self, request: SearchRequest) -> Iterator[Article]:
        return self._room.every(request)

    def completions(self, typed: str) -> tuple[Completion, ...]:
        return self._room.completions(typed)

    def state(self) -> str:
        return self._room.state()

    def status(self) -> Status:
        return self._once("status", self._room.status)

    def coverage(self) -> tuple[Coverage, ...]:
        return self._once("coverage", self._room.coverage)

    def months(self) -> tuple[Bucket, ...]:
        """How many articles the archive has of each month."""
        return self._once("months", lambda: dict(self._room.answer(OF_EACH_MONTH).facets).get("month", ()))

    def examples(self) -> Live:
        """The guide's examples with names of this archive, and what each finds."""
        return self._once("examples", self._examples)

    def _examples(self) -> Live:
        if self.status().generation is None:
            return Live({}, {})
        facets = dict(self._room.answer(OF_ALL).facets)
        values = {name: facets[name][0].value for name in VALUE_FIELDS if facets.get(name)}
        if months := self.months():
            fullest = max(months, key=lambda month: (month.count, month.value)).value
            values |= {"iso": fullest, "month": fullest.replace("-", "/")}
        requests = [SearchRequest(q=q, rescue=False) for q in queries(values)]
        seen = self._room.attention(requests, "year")
        return Live(values, {one.q: one.total for one in seen.series})

    def _once(self, name: str, ask: Callable[[], Value]) -> Value:
        state = self._room.state()
        held = self._kept.get(name)
        if held and held[0] == state:
            return held[1]  # type: ignore[return-value]  # what `ask` gave under this name
        value = ask()
        self._kept[name] = (state, value)
        return value
