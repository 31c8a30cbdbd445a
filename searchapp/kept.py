"""A reading room that remembers what changes only with its state."""

from collections.abc import Callable
from typing import TypeVar

from indexer.model import Answer, Article, Bucket, SearchRequest, Status
from indexer.reading import ReadingRoom

Value = TypeVar("Value")

OF_EACH_MONTH = SearchRequest(page_size=1, facets=("month",))


class KeptRoom:
    """The same room; status and months are asked once for each state, as every page shows them.

    Threads may ask twice at a change; both get a right answer.
    """

    def __init__(self, room: ReadingRoom) -> None:
        self._room = room
        self._kept: dict[str, tuple[str, object]] = {}

    def answer(self, request: SearchRequest) -> Answer:
        return self._room.answer(request)

    def article(self, id: str) -> tuple[Article, int]:
        return self._room.article(id)

    def state(self) -> str:
        return self._room.state()

    def status(self) -> Status:
        return self._once("status", self._room.status)

    def months(self) -> tuple[Bucket, ...]:
        """How many articles the archive has of each month."""
        return self._once("months", lambda: dict(self._room.answer(OF_EACH_MONTH).facets).get("month", ()))

    def _once(self, name: str, ask: Callable[[], Value]) -> Value:
        state = self._room.state()
        held = self._kept.get(name)
        if held and held[0] == state:
            return held[1]  # type: ignore[return-value]  # what `ask` gave under this name
        value = ask()
        self._kept[name] = (state, value)
        return value
