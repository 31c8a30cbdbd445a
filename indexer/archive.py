"""The durable store of articles: every text that was ever taken, by revision.

Plain SQLAlchemy Core. What only SQLite has (pragmas, the kind of transaction, the write-ahead log)
stands under "SQLite" below; another database needs nothing but its own engine.

An article that was removed and comes again is another row of the same id, so that its old text can go
while the new one stays; revision numbers of an id go on counting, so that a `Ref` names one text only.
Every adding, change and removal takes the next change number. Numbers are never used twice: an index
that has seen change n asks for what came after it.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

from sqlalchemy import (
    URL,
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Engine,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    bindparam,
    create_engine,
    delete,
    event,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from indexer.errors import ArchiveError
from indexer.model import Article, Ref

T = TypeVar("T")
Clock = Callable[[], datetime]
Done = Literal["added", "updated", "unchanged", "refused", "removed"]

CONTENT = ("title", "body", "source", "author", "section", "url", "published")
"""The fields whose change makes a new revision."""

REFUSALS = {
    "kept_out": "this id was removed and is kept out",
    "another": "another article has this id (its source and title differ): use --replace or --id-prefix",
    "no_text": "the text holds halves of characters (surrogates) and cannot be stored",
    "unknown": "no article of this id",
}

BATCH_ARTICLES = 500
BATCH_CHARACTERS = 8_000_000
"""A batch is one transaction and is held in memory: bounded both ways."""

PAGE = 500
"""Articles of one reading transaction, and values of one IN list."""

# --- Tables -----------------------------------------------------------------------------------------

_NUMBER = BigInteger().with_variant(Integer(), "sqlite")
_TABLES = MetaData()

STATE = Table(
    "state",
    _TABLES,
    Column("name", Text, primary_key=True),
    Column("value", _NUMBER, nullable=False),
)
"""`schema`: version of the tables. `change`: the last number given. `purged`: the last removal forgotten."""

ARTICLE = Table(
    "article",
    _TABLES,
    Column("seq", _NUMBER, primary_key=True, autoincrement=False),  # the change that added it
    Column("id", Text, nullable=False, index=True),
    Column("revision", _NUMBER, nullable=False),
    Column("added", Text, nullable=False),
    Column("changed_seq", _NUMBER, nullable=False, unique=True),
    Column("removed_seq", _NUMBER),
)
_LIVE = ARTICLE.c.removed_seq.is_(None)
_REMOVED = ARTICLE.c.removed_seq.is_not(None)
Index("article_live", ARTICLE.c.id, unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE)
# Partial: a whole index would tempt SQLite to look up live articles by it, and to sort every page.
Index("article_removed", ARTICLE.c.removed_seq, sqlite_where=_REMOVED, postgresql_where=_REMOVED)

REVISION = Table(
    "revision",
    _TABLES,
    Column("article", _NUMBER, ForeignKey("article.seq", ondelete="CASCADE"), primary_key=True),
    Column("number", _NUMBER, primary_key=True, autoincrement=False),
    Column("digest", LargeBinary, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("source", Text),
    Column("author", Text),
    Column("section", Text),
    Column("url", Text),
    Column("published", Text),
    Column("input_id", Text),
    Column("stored_at", Text, nullable=False),
)

KEPT_OUT = Table("kept_out", _TABLES, Column("id", Text, primary_key=True))

SCHEMA = 1
STEPS: tuple[tuple[int, tuple[str, ...]], ...] = ()
"""(version, statements that lead to it from the one before), oldest first. New archives start at `SCHEMA`."""

NEW_STATE = (("schema", SCHEMA), ("change", 0), ("purged", 0))

_ARTICLE_COLUMNS: tuple[ColumnElement[Any], ...] = (
    ARTICLE.c.id,
    *(REVISION.c[name] for name in CONTENT),
    ARTICLE.c.added,
    REVISION.c.input_id,
    REVISION.c.number,
)
"""In the order of the fields of `Article`."""

# --- SQLite -----------------------------------------------------------------------------------------

PRAGMAS = (
    ("journal_mode", "WAL"),  # readers never wait for the writer
    ("synchronous", "FULL"),  # a commit that was reported survives power loss
    ("foreign_keys", "ON"),
    ("secure_delete", "ON"),  # purged text is overwritten
)

FAULTS = {
    "BUSY": "another program is using it: try again when that is done",
    "CANTOPEN": "it cannot be opened: check that it exists and who owns it",
    "CORRUPT": "it is damaged: bring back a backup with `rasid restore FILE --force`",
    "FULL": "the disk is full: make room and run the command again; nothing stored before is lost",
    "IOERR": "the disk cannot be read or written: check it, and its free space",
    "NOTADB": "this is no archive, or it is damaged: bring back a backup with `rasid restore FILE --force`",
    "READONLY": "it may not be written: check the owner and the permissions of the file and its folder",
}
"""Class of SQLite's error → what a person can do."""


def _sqlite(path: Path, patience: float) -> Engine:
    url = URL.create("sqlite+pysqlite", database=str(path))
    engine = create_engine(url, connect_args={"timeout": patience}, max_overflow=-1)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver would start transactions of its own, and none for DDL
    for name, value in PRAGMAS:
        connection.execute(f"PRAGMA {name} = {value}").close()


def _begin(connection: Connection) -> None:
    """A writer takes the lock at once: a transaction that read first could not wait for it."""
    writes = connection.get_execution_options().get("rasid_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _truncate_log(engine: Engine) -> None:
    """Moves the write-ahead log into the file and empties it (as soon as no reader needs it)."""
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.close()
        finally:
            connection.close()


@contextmanager
def _mapped(name: str) -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise ArchiveError(f"{name}: {_advice(error)}") from error


def _advice(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    fault = getattr(cause, "sqlite_errorname", "").removeprefix("SQLITE_").partition("_")[0]
    return FAULTS.get(fault, f"it cannot be used ({cause})")


# --- Values -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article or id.

    Attributes:
        reason: one line for a person where it was refused, else None.
    """

    id: str
    done: Done
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """One stored text of an article. `stored_at` is an ISO instant (UTC)."""

    number: int
    title: str
    published: str | None
    stored_at: str


def digest(article: Article) -> bytes:
    """The SHA-256 of an article's content (`CONTENT`): equal digests are equal texts.

    Raises:
        UnicodeEncodeError: a lone surrogate in the text.
    """
    content = [getattr(article, name) for name in CONTENT]
    return sha256(json.dumps(content, ensure_ascii=False).encode()).digest()


def in_batches(items: Iterable[T], characters: Callable[[T], int]) -> Iterator[list[T]]:
    """Lists of items to add in one transaction each, bounded by number and by characters.

    >>> [len(batch) for batch in in_batches(["a"] * 501, len)]
    [500, 1]
    """
    batch: list[T] = []
    size = 0
    for item in items:
        batch.append(item)
        size += characters(item)
        if len(batch) >= BATCH_ARTICLES or size >= BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def utc_now() -> datetime:
    return datetime.now(UTC)


def instant(moment: datetime) -> str:
    """An aware time as text that sorts: ISO, UTC, whole seconds.

    >>> instant(datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC))
    '2024-05-06T07:08:09Z'
    """
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


# --- The archive ------------------------------------------------------------------------------------


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
            _make_private(path)
        elif not path.is_file():
            raise ArchiveError(f"there is no archive at {path}: run `rasid add PATH`")
        archive = cls(_sqlite(path, patience), str(path))
        try:
            archive._prepare(create)
        except BaseException:
            archive.close()
            raise
        return archive

    def close(self) -> None:
        """Closes every connection that is not in use."""
        with _mapped(self._name):
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
            ids = sorted({article.id for article in articles if _is_text(article.id)})
            batch = _Batch(
                known=_known(connection, ids),
                kept_out=_kept_out(connection, ids),
                change=_state(connection, "change"),
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
            live = _live(connection, [id for id in wanted if _is_text(id)])
            change = _state(connection, "change")
            gone = {id: number for number, id in enumerate((id for id in wanted if id in live), change + 1)}
            rows = [{"_seq": live[id], "removed_seq": number} for id, number in gone.items()]
            _run(connection, update(ARTICLE).where(ARTICLE.c.seq == bindparam("_seq")), rows)
            if keep_out:
                _run(connection, insert(KEPT_OUT), [{"id": id} for id in gone])
            _set_state(connection, "change", change + len(gone))
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
                _set_state(connection, "purged", max(last, _state(connection, "purged")))
        with _mapped(self._name):
            _truncate_log(self._engine)
        return purged

    # Reading

    def fetch(self, refs: Sequence[Ref]) -> dict[Ref, Article]:
        """The texts that refs name, in their order; a ref whose text was purged is left out."""
        found: dict[Ref, Article] = {}
        for chunk in _chunks(list(dict.fromkeys(refs))):
            # Two lists, not pairs, for which SQLite scans the table; the few rows too many go below.
            ids, numbers = {ref.id for ref in chunk}, {ref.revision for ref in chunk}
            query = _joined().where(ARTICLE.c.id.in_(ids), REVISION.c.number.in_(numbers))
            articles = (Article(*row) for row in self._rows(query))
            found |= {Ref(article.id, article.revision): article for article in articles}
        return {ref: found[ref] for ref in refs if ref in found}

    def titles(self, refs: Sequence[Ref]) -> tuple[str, ...]:
        """The titles of the texts that refs name, in their order; bodies are not read."""
        found: dict[Ref, str] = {}
        for chunk in _chunks(list(dict.fromkeys(refs))):
            ids, numbers = {ref.id for ref in chunk}, {ref.revision for ref in chunk}
            query = (
                select(ARTICLE.c.id, REVISION.c.number, REVISION.c.title)
                .join_from(ARTICLE, REVISION)
                .where(ARTICLE.c.id.in_(ids), REVISION.c.number.in_(numbers))
            )
            found |= {Ref(row[0], row[1]): row[2] for row in self._rows(query)}
        return tuple(found[ref] for ref in refs if ref in found)

    def revisions(self, id: str) -> tuple[Revision, ...]:
        """The stored texts of an article, oldest first; empty where there is no such article."""
        if not _is_text(id):
            return ()
        query = (
            select(REVISION.c.number, REVISION.c.title, REVISION.c.published, REVISION.c.stored_at)
            .join_from(ARTICLE, REVISION)
            .where(ARTICLE.c.id == id, _LIVE)
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
            .limit(PAGE)
        ):
            yield from (row.id for row in rows)
            after = rows[-1].removed_seq

    def last_change(self) -> int:
        """The number of the last adding, change or removal; 0 in a new archive."""
        with self._reading() as connection:
            return _state(connection, "change")

    def tells_since(self, change: int) -> bool:
        """Whether `changes` and `removed_since` tell all that an index which has seen `change` lacks.

        False where removals since then were purged, or where the archive is older than the index: then
        the index must be built anew.
        """
        with self._reading() as connection:
            return _state(connection, "purged") <= change <= _state(connection, "change")

    def count(self) -> int:
        """The number of articles."""
        with self._reading() as connection:
            return connection.scalar(select(func.count()).select_from(ARTICLE).where(_LIVE)) or 0

    # Transactions

    def _prepare(self, create: bool) -> None:
        """Only an archive whose tables are to be made or changed waits for the writer."""
        with self._reading() as connection:
            ready = _version(connection) == SCHEMA
        if not ready:
            with self._writing() as connection:
                _bring_forward(connection, self._name, create)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with _mapped(self._name), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        engine = self._engine.execution_options(rasid_writes=True)
        with _mapped(self._name), engine.begin() as connection:
            yield connection

    def _rows(self, query: Select[Any]) -> Sequence[Any]:
        with self._reading() as connection:
            return connection.execute(query).all()

    def _pages(self, key: Column[Any], after: int) -> Iterator[Article]:
        """Current articles by a change number, one short transaction a page."""
        query = _joined(key).where(REVISION.c.number == ARTICLE.c.revision, _LIVE).order_by(key).limit(PAGE)
        while rows := self._rows(query.where(key > after)):
            yield from (Article(*row[1:]) for row in rows)
            after = rows[-1][0]


# --- Adding a batch ---------------------------------------------------------------------------------


@dataclass(slots=True)
class _Known:
    """What is stored under one id.

    Attributes:
        seq: its live article, None where there is none.
        number: the highest revision number, those of removed articles with it.
        title, source, digests: the current title and source, and every text, of the live article.
    """

    seq: int | None = None
    number: int = 0
    title: str = ""
    source: str | None = None
    digests: frozenset[bytes] = frozenset()


class _Batch:
    """Decides article by article, seeing the articles before it, then writes all rows at once."""

    def __init__(self, known: dict[str, _Known], kept_out: frozenset[str], change: int, now: str) -> None:
        self.known, self.kept_out, self.change, self.now = known, kept_out, change, now
        self.added: list[dict[str, object]] = []
        self.revised: list[dict[str, object]] = []
        self.revisions: list[dict[str, object]] = []

    def take(self, article: Article, replace: bool) -> Outcome:
        try:
            mark = digest(article)
        except UnicodeEncodeError:
            return Outcome(article.id, "refused", REFUSALS["no_text"])
        known = self.known.setdefault(article.id, _Known())
        if refusal := self._refusal(article, known, mark, replace):
            return Outcome(article.id, "refused", REFUSALS[refusal])
        if mark in known.digests:
            return Outcome(article.id, "unchanged")
        done: Done = "added" if known.seq is None else "updated"
        self._note(article, known, mark)
        return Outcome(article.id, done)

    def _refusal(self, article: Article, known: _Known, mark: bytes, replace: bool) -> str | None:
        if not all(_is_text(name) for name in (article.id, article.input_id or "")):
            return "no_text"
        if article.id in self.kept_out:
            return "kept_out"
        if replace or known.seq is None or mark in known.digests:
            return None
        return "another" if article.source != known.source and article.title != known.title else None

    def _note(self, article: Article, known: _Known, mark: bytes) -> None:
        self.change += 1
        number = known.number + 1
        if known.seq is None:
            seq = self.change
            row = {"seq": seq, "id": article.id, "revision": number, "added": self.now, "changed_seq": seq}
            self.added.append(row)
        else:
            seq = known.seq
            self.revised.append({"_seq": seq, "revision": number, "changed_seq": self.change})
        self.revisions.append(_revision_row(article, seq, number, mark, self.now))
        self.known[article.id] = _Known(seq, number, article.title, article.source, known.digests | {mark})

    def store(self, connection: Connection) -> None:
        _run(connection, insert(ARTICLE), self.added)
        _run(connection, insert(REVISION), self.revisions)
        _run(connection, update(ARTICLE).where(ARTICLE.c.seq == bindparam("_seq")), self.revised)
        _set_state(connection, "change", self.change)


def _revision_row(article: Article, seq: int, number: int, mark: bytes, now: str) -> dict[str, object]:
    content = {name: getattr(article, name) for name in (*CONTENT, "input_id")}
    return {"article": seq, "number": number, "digest": mark, "stored_at": now, **content}


def _known(connection: Connection, ids: Sequence[str]) -> dict[str, _Known]:
    columns = (REVISION.c.number, REVISION.c.digest, REVISION.c.title, REVISION.c.source)
    query = (
        select(ARTICLE.c.id, ARTICLE.c.seq, ARTICLE.c.removed_seq, *columns)
        .join_from(ARTICLE, REVISION)
        .order_by(ARTICLE.c.seq, REVISION.c.number)
    )
    known: dict[str, _Known] = {}
    for chunk in _chunks(ids):
        for row in connection.execute(query.where(ARTICLE.c.id.in_(chunk))):
            before = known.get(row.id, _Known())
            known[row.id] = _with_revision(before, row)
    return known


def _with_revision(known: _Known, row: Any) -> _Known:
    number = max(known.number, row.number)
    if row.removed_seq is not None:
        return _Known(number=number)
    return _Known(row.seq, number, row.title, row.source, known.digests | {row.digest})


def _kept_out(connection: Connection, ids: Sequence[str]) -> frozenset[str]:
    query = select(KEPT_OUT.c.id)
    rows = (connection.scalars(query.where(KEPT_OUT.c.id.in_(chunk))) for chunk in _chunks(ids))
    return frozenset(id for chunk in rows for id in chunk)


def _live(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    query = select(ARTICLE.c.id, ARTICLE.c.seq).where(_LIVE)
    rows = (connection.execute(query.where(ARTICLE.c.id.in_(chunk))) for chunk in _chunks(ids))
    return {row.id: row.seq for chunk in rows for row in chunk}


# --- Small things -----------------------------------------------------------------------------------


def _joined(*first: ColumnElement[Any]) -> Select[Any]:
    return select(*first, *_ARTICLE_COLUMNS).join_from(ARTICLE, REVISION)


def _run(connection: Connection, statement: Any, rows: Sequence[dict[str, Any]]) -> None:
    """One statement for many rows; SQLAlchemy would take an empty list for a row of defaults."""
    if rows:
        connection.execute(statement, rows)


def _state(connection: Connection, name: str) -> int:
    return int(connection.scalars(select(STATE.c.value).where(STATE.c.name == name)).one())


def _set_state(connection: Connection, name: str, value: int) -> None:
    connection.execute(update(STATE).where(STATE.c.name == name).values(value=value))


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + PAGE] for start in range(0, len(items), PAGE))


def _is_text(value: str) -> bool:
    """Whether it can be stored: half a surrogate pair cannot."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _make_private(path: Path) -> None:
    """Makes an empty file for its owner only, durable in its folder."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise ArchiveError(f"{path} cannot be made: {error.strerror}; choose another --home") from error


def _version(connection: Connection) -> int | None:
    """The version of the tables; None in an empty database, -1 in somebody else's."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    return _state(connection, "schema") if STATE.name in tables else -1


def _bring_forward(connection: Connection, name: str, create: bool) -> None:
    """Makes the tables of a new archive, or takes the steps that an older one lacks."""
    version = _version(connection)
    if version is None and create:
        _TABLES.create_all(connection)
        rows = [{"name": name, "value": value} for name, value in NEW_STATE]
        connection.execute(insert(STATE), rows)
    elif version is None or version < 0:
        raise ArchiveError(f"{name}: this is no archive of Rasid: choose another --home")
    elif version > SCHEMA:
        raise ArchiveError(
            f"{name}: a newer Rasid wrote it (version {version}; this release knows {SCHEMA}): "
            "upgrade with `pip install --upgrade rasid`"
        )
    else:
        _take_steps(connection, version)


def _take_steps(connection: Connection, version: int) -> None:
    for target, statements in STEPS:
        if target > version:
            for statement in statements:
                connection.execute(text(statement))
            _set_state(connection, "schema", target)
