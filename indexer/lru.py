"""The one cache of the project: what was used last, up to a size, safe for any number of threads."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

LARGEST = 8
"""No value takes more than this part of the room, unless said otherwise: none shall drive all others out."""

_MISSING = object()


class Lru(Generic[Key, Value]):
    """Values by key; those not used for the longest time make room.

    >>> kept = Lru(room=8, size=lambda key, value: len(value))
    >>> for letter in "abcdefghi":
    ...     _ = kept.put(letter, letter)
    >>> kept.get("a"), kept.get("b"), kept.put("long", "long"), kept.get("long")
    (None, 'b', 'long', None)
    """

    def __init__(self, room: int, size: Callable[[Key, Value], int], largest: int | None = None) -> None:
        """`size` tells what a key and its value take of the room: never less than 0, and always the same."""
        self._room, self._size, self._taken = room, size, 0
        self._largest = room // LARGEST if largest is None else largest
        self._held: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def filled(self) -> float:
        """The share of the room that is taken."""
        return self._taken / self._room

    def get(self, key: Key, default: Value | None = None) -> Value | None:
        """The value of a key, from now on the one used last."""
        with self._lock:
            value = self._held.get(key, _MISSING)
            if value is _MISSING:
                return default
            self._held.move_to_end(key)
            return value  # type: ignore[return-value]

    def put(self, key: Key, value: Value) -> Value:
        """Keeps a value, unless it is too large or another one came first; gives it back."""
        size = self._size(key, value)
        with self._lock:
            if key in self._held or size > self._largest:
                return value
            self._held[key] = value
            self._taken += size
            while self._taken > self._room:
                self._taken -= self._size(*self._held.popitem(last=False))
        return value
