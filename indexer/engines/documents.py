"""The documents of a snapshot as columns: who they are, when, where from, and in which order ties stand."""

import calendar
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.model import VALUE_FIELDS, Bucket, Ref

NO_DAY = 0
"""Day number of an undated article; real days are proleptic ordinals from 1."""

COLUMNS = ("id", "revision", "published", *VALUE_FIELDS)
"""What an index keeps of an article to filter, sort and name it by."""

Ints = NDArray[np.int64]
Scores = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Codes:
    """A column of few distinct values: for each document the number of its value, −1 for none."""

    values: tuple[str, ...]
    of: NDArray[np.int32]

    @classmethod
    def coded(cls, column: Sequence[str | None]) -> "Codes":
        values = tuple(sorted({value for value in column if value is not None}))
        numbers: dict[str | None, int] = {value: number for number, value in enumerate(values)}
        return cls(values, np.fromiter((numbers.get(v, -1) for v in column), np.int32, len(column)))

    def having(self, values: Iterable[str]) -> Mask:
        """The documents whose value is one of these."""
        wanted = [number for number, value in enumerate(self.values) if value in frozenset(values)]
        mask: Mask = np.isin(self.of, wanted)
        return mask


class Documents:
    """Columns over the documents of a snapshot, by document number."""

    def __init__(self, columns: dict[str, list[str]], live: Mask) -> None:
        self.size = len(live)
        self.live = live
        self.articles = int(live.sum())
        self.zeros: Scores = np.zeros(self.size)
        self.zeros.flags.writeable = False
        self.ids: Sequence[str] = columns["id"]
        self.revisions: Sequence[int] = [int(number) for number in columns["revision"]]
        self.codes = {name: Codes.coded(columns[name]) for name in VALUE_FIELDS}
        self.days: Ints = np.fromiter(map(day_number, columns["published"]), np.int64, self.size)
        self._instants: Ints = np.fromiter(map(instant, columns["published"]), np.int64, self.size)
        self.numbers = {id_: number for number, id_ in enumerate(self.ids) if live[number]}

    @cached_property
    def newest_first(self) -> Ints:
        """Each document's place when sorted by newest, no date last, then id."""
        return self._places(lambda keys: (keys[0] == NO_DAY, -keys[0], -keys[1]))

    @cached_property
    def oldest_first(self) -> Ints:
        """Each document's place when sorted by oldest, no date last, then id."""
        return self._places(lambda keys: (keys[0] == NO_DAY, keys[0], keys[1]))

    def _places(self, ordered: Callable[[tuple[Ints, Ints]], tuple[NDArray[np.generic], ...]]) -> Ints:
        by_id = np.argsort(np.argsort(np.array(self.ids, dtype=object), kind="stable"), kind="stable")
        undated, day, time_ = ordered((self.days, self._instants))
        order = np.lexsort((by_id, time_, day, undated))
        places = np.empty(self.size, dtype=np.int64)
        places[order] = np.arange(self.size)
        return places

    @cached_property
    def periods(self) -> dict[str, Codes]:
        """Years (``2020``) and months (``2020-07``) as coded columns."""
        dates = [None if day == NO_DAY else date.fromordinal(day).isoformat() for day in self.days.tolist()]
        return {
            "year": Codes.coded([day and day[:4] for day in dates]),
            "month": Codes.coded([day and day[:7] for day in dates]),
        }

    def held_values(self, field: str) -> list[str]:
        """The distinct values of `source`, `section` or `author` of live documents, in code point order."""
        codes = self.codes[field]
        held = np.unique(codes.of[self.live])
        return [codes.values[number] for number in held.tolist() if number >= 0]

    def in_days(self, first: int | None, last: int | None) -> Mask:
        """Live documents of these days, ends included; undated ones never."""
        within = self.live & (self.days != NO_DAY)
        if first is not None:
            within &= self.days >= first
        if last is not None:
            within &= self.days <= last
        mask: Mask = within
        return mask

    def with_values(self, field: str, values: Iterable[str]) -> Mask:
        """Live documents whose source, section or author is one of these."""
        mask: Mask = self.live & self.codes[field].having(values)
        return mask

    def with_ids(self, ids: Iterable[str]) -> Mask:
        """Live documents of these ids."""
        mask = np.zeros(self.size, dtype=bool)
        mask[[number for id_ in ids if (number := self.numbers.get(id_)) is not None]] = True
        return mask

    def ref(self, number: int) -> Ref:
        return Ref(self.ids[number], self.revisions[number])

    def buckets(self, field: str, selected: Mask | NDArray[np.int32]) -> tuple[Bucket, ...]:
        """The values of a field over selected documents, by mask or number.

        Periods come by time, others by count, then by value.
        """
        codes = self.periods[field] if field in ("year", "month") else self.codes[field]
        chosen = codes.of[selected]
        counts = np.bincount(chosen[chosen >= 0], minlength=len(codes.values)).tolist()
        buckets = [Bucket(value, count) for value, count in zip(codes.values, counts, strict=True) if count]
        if field not in ("year", "month"):
            buckets.sort(key=lambda bucket: (-bucket.count, bucket.value))
        return tuple(buckets)


def day_number(published: str | None) -> int:
    """The ordinal of an article's calendar day in its own zone; `NO_DAY` for none.

    >>> day_number("2020-07-21T23:30:00+03:00") == date(2020, 7, 21).toordinal()
    True
    """
    return date.fromisoformat(published[:10]).toordinal() if published else NO_DAY


def instant(published: str | None) -> int:
    """Seconds since 1970 of a date-time; a day without a time counts as its first moment, in UTC."""
    if not published:
        return 0
    moment = datetime.fromisoformat(published)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return calendar.timegm(moment.utctimetuple())


def write_documents(folder: Path, segment: str, rows: Sequence[dict[str, str | int | None]]) -> None:
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    (folder / f"{segment}.documents.json").write_text(json.dumps(columns, ensure_ascii=False), "utf-8")


def read_documents(folder: Path, segment: str) -> dict[str, list[str]]:
    """The columns `id`, `revision`, `published`, `source`, `section`, `author` of a segment's documents.

    Equal values are one string: as many as there are documents would take up room among what lasts.
    """
    columns: dict[str, list[str]] = json.loads((folder / f"{segment}.documents.json").read_text("utf-8"))
    one: dict[str, str] = {}
    return {name: list(map(one.setdefault, column, column)) for name, column in columns.items()}
