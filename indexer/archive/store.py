"""The archive itself: writing, reading, and the transactions of both."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Column, Connection, Engine, Select, bindparam, delete, func, insert, select, update

from indexer.archive import tables
from indexer.archive.adding import REFUSALS, Adding, kept_out_of, known_articles, live_articles
from indexer.archive.sqlite import make_private, mapped, sqlite_engine, truncate_log
from indexer.archive.tables import (
    ARTICLE,
    KEPT_OUT,
    LIVE,
    REVISION,
    bring_forward,
    chunks,
    joined,
    run,
    set_state,
    state,
    version_of,
)
from indexer.archive.values import Clock, Outcome, Revision, instant, is_text, utc_now
from indexer.errors import ArchiveError
from indexer.model import Article, Ref

_OF_REFS = (
    ARTICLE.c.id.in_(bindparam("ids", expanding=True)),
    REVISION.c.number.in_(bindparam("numbers", expanding=True)),
)
"""Two lists, not pairs, for which SQLite scans the table: whoever reads drops the few rows too many."""

_TEXTS = joined().where(*_OF_REFS)
_TITLES = (
    select(ARTICLE.c.id, REVISION.c.number, REVISION.c.title).join_from(ARTICLE, REVISION).where(*_OF_REFS)
)


def _named_by(refs: Sequence[Ref]) -> dict[str, list[Any]]:
    """The values of `_OF_REFS`."""
    return {"ids": list({ref.id for ref in refs}), "numbers": list({ref.revision for ref in refs})}


class Archive:
    """Every article, durable. Any number of threads may read; the writer holds `indexer.lock`.

    Every method raises `ArchiveError` where the database cannot be used.
    """

    def __init__(self, engine: Engine, name: str) -> None:
        """`name` stands for the archive in messages."""
        self._engine, self._name = engine, name

    @classmethod
    def open(cls, path: Path, *, create: bool = False, patience: float = 30.0) -> Self:
        """The archive in a file, brought forward to the tables of this release.

        Args:
            create: make it (file 0600, folder 0700) where there is none.
            patience: seconds to wait for another program's transaction.

        Raises:
            ArchiveError: there is none, it is damaged, or a newer release wrote it.
        """
        if create:
            make_private(path)
        elif not path.is_file():
            raise ArchiveError(f"there is no archive at {path}: run `rasid add PATH`")
        archive = cls(sqlite_engine(path, patience), str(path))
        try:
            archive._prepare(create)
        except BaseException:
            archive.close()
            raise
        return archive

    def close(self) -> None:
        """Closes every connection that is not in use."""
        with mapped(self._name):
            self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Writing

    def add(
        self, articles: Sequence[Article], *, replace: bool = False, clock: Clock = utc_now
    ) -> tuple[Outcome, ...]:
        """Stores a batch (see `in_batches`) in one transaction; it is durable when this returns.

        A text that equals any stored revision of its id is unchanged. An id that comes with another
        source and another title than it has is refused, unless `replace`; so is an id that is kept out.

        Returns:
            One outcome an article, in order.
        """
        with self._writing() as connection:
            ids = sorted({article.id for article in articles if is_text(article.id)})
            batch = Adding(
                known=known_articles(connection, ids),
                kept_out=kept_out_of(connection, ids),
                change=state(connection, "change"),
                now=instant(clock()),
            )
            outcomes = tuple(batch.take(article, replace) for article in articles)
            batch.store(connection)
        return outcomes

    def remove(self, ids: Iterable[str], *, keep_out: bool = False) -> tuple[Outcome, ...]:
        """Takes articles out: new generations lack them, `fetch` gives their text until `purge`.

        Args:
            keep_out: refuse these ids when they come again.

        Returns:
            One outcome a distinct id, in order; unknown ids are refused.
        """
        wanted = tuple(dict.fromkeys(ids))
        with self._writing() as connection:
            live = live_articles(connection, [id for id in wanted if is_text(id)])
            change = state(connection, "change")
            gone = {id: number for number, id in enumerate((id for id in wanted if id in live), change + 1)}
            rows = [{"_seq": live[id], "removed_seq": number} for id, number in gone.items()]
            run(connection, update(ARTICLE).where(ARTICLE.c.seq == bindparam("_seq")), rows)
            if keep_out:
                run(connection, insert(KEPT_OUT), [{"id": id} for id in gone])
            set_state(connection, "change", change + len(gone))
        return tuple(
            Outcome(id, "removed") if id in gone else Outcome(id, "refused", REFUSALS["unknown"])
            for id in wanted
        )

    def purge(self, seen: int) -> int:
        """Deletes for good the articles whose removal every kept generation has seen.

        Args:
            seen: the smallest change number of the kept generations.

        Returns:
            How many articles were deleted, with all their revisions.
        """
        due = ARTICLE.c.removed_seq <= seen
        with self._writing() as connection:
            last = connection.scalar(select(func.max(ARTICLE.c.removed_seq)).where(due))
            purged = connection.execute(delete(ARTICLE).where(due)).rowcount
            if last is not None:
                set_state(connection, "purged", max(last, state(connection, "purged")))
        with mapped(self._name):
            truncate_log(self._engine)
        return purged

    # Reading

    def fetch(self, refs: Sequence[Ref]) -> dict[Ref, Article]:
        """The texts that refs name, in their order; a ref whose text was purged is left out."""
        found: dict[Ref, Article] = {}
        for chunk in chunks(list(dict.fromkeys(refs))):
            articles = (Article(*row) for row in self._rows(_TEXTS, _named_by(chunk)))
            found |= {Ref(article.id, article.revision): article for article in articles}
        return {ref: found[ref] for ref in refs if ref in found}

    def titles(self, refs: Sequence[Ref]) -> tuple[str, ...]:
        """The titles of the texts that refs name, in their order; bodies are not read."""
        found: dict[Ref, str] = {}
        for chunk in chunks(list(dict.fromkeys(refs))):
            found |= {Ref(*row[:2]): row[2] for row in self._rows(_TITLES, _named_by(chunk))}
        return tuple(found[ref] for ref in refs if ref in found)

    def revisions(self, id: str) -> tuple[Revision, ...]:
        """The stored texts of an article, oldest first; empty where there is no such article."""
        if not is_text(id):
            return ()
        query = (
            select(REVISION.c.number, REVISION.c.title, REVISION.c.published, REVISION.c.stored_at)
            .join_from(ARTICLE, REVISION)
            .where(ARTICLE.c.id == id, LIVE)
            .order_by(REVISION.c.number)
        )
        return tuple(Revision(*row) for row in self._rows(query))

    def articles(self) -> Iterator[Article]:
        """Every article's current text, in the order in which they were added."""
        return self._pages(ARTICLE.c.seq, after=0)

    def changes(self, after: int) -> Iterator[Article]:
        """The current text of every article that was added or changed after a change number.

        To bring an index up to date: delete the ids of `removed_since` and of these, then write these.
        """
        return self._pages(ARTICLE.c.changed_seq, after)

    def removed_since(self, after: int) -> Iterator[str]:
        """The id of every removal after a change number (it may have been added again since)."""
        while rows := self._rows(
            select(ARTICLE.c.removed_seq, ARTICLE.c.id)
            .where(ARTICLE.c.removed_seq > after)
            .order_by(ARTICLE.c.removed_seq)
            .limit(tables.PAGE)
        ):
            yield from (row.id for row in rows)
            after = rows[-1].removed_seq

    def last_change(self) -> int:
        """The number of the last adding, change or removal; 0 in a new archive."""
        with self._reading() as connection:
            return state(connection, "change")

    def first_texts(self) -> int:
        """The last change number up to which all changes were additions whose texts are still current."""
        with self._reading() as connection:
            again = connection.scalar(select(func.min(ARTICLE.c.changed_seq)).where(ARTICLE.c.revision > 1))
            return again - 1 if again else state(connection, "change")

    def tells_since(self, change: int) -> bool:
        """Whether `changes` and `removed_since` tell all that an index which has seen `change` lacks.

        False where removals since then were purged, or where the archive is older than the index: then
        the index must be built anew.
        """
        with self._reading() as connection:
            return state(connection, "purged") <= change <= state(connection, "change")

    def count(self) -> int:
        """The number of articles."""
        with self._reading() as connection:
            return connection.scalar(select(func.count()).select_from(ARTICLE).where(LIVE)) or 0

    # Transactions

    def _prepare(self, create: bool) -> None:
        """Only an archive whose tables are to be made or changed waits for the writer."""
        with self._reading() as connection:
            ready = version_of(connection) == tables.SCHEMA
        if not ready:
            with self._writing() as connection:
                bring_forward(connection, self._name, create)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with mapped(self._name), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        engine = self._engine.execution_options(rasid_writes=True)
        with mapped(self._name), engine.begin() as connection:
            yield connection

    def _rows(self, query: Select[Any], values: Mapping[str, Any] | None = None) -> Sequence[Any]:
        with self._reading() as connection:
            return connection.execute(query, values).all()

    def _pages(self, key: Column[Any], after: int) -> Iterator[Article]:
        """Current articles by a change number, one short transaction a page."""
        query = (
            joined(key).where(REVISION.c.number == ARTICLE.c.revision, LIVE).order_by(key).limit(tables.PAGE)
        )
        while rows := self._rows(query.where(key > after)):
            yield from (Article(*row[1:]) for row in rows)
            after = rows[-1][0]
