"""The tables, their version, and the few statements that every part needs."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Insert,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    Update,
    insert,
    inspect,
    select,
    text,
    update,
)

from indexer.archive.values import CONTENT
from indexer.errors import ArchiveError

T = TypeVar("T")

PAGE = 500
"""Articles of one reading transaction, and values of one IN list."""

NUMBER = BigInteger().with_variant(Integer(), "sqlite")
TABLES = MetaData()

STATE = Table(
    "state",
    TABLES,
    Column("name", Text, primary_key=True),
    Column("value", NUMBER, nullable=False),
)
"""`schema`: version of the tables. `change`: the last number given. `purged`: the last removal forgotten."""

ARTICLE = Table(
    "article",
    TABLES,
    Column("seq", NUMBER, primary_key=True, autoincrement=False),  # the change that added it
    Column("id", Text, nullable=False, index=True),
    Column("revision", NUMBER, nullable=False),
    Column("added", Text, nullable=False),
    Column("changed_seq", NUMBER, nullable=False, unique=True),
    Column("removed_seq", NUMBER),
)
LIVE = ARTICLE.c.removed_seq.is_(None)
_REMOVED = ARTICLE.c.removed_seq.is_not(None)
Index("article_live", ARTICLE.c.id, unique=True, sqlite_where=LIVE, postgresql_where=LIVE)
# Partial: a whole index would tempt SQLite to look up live articles by it, and to sort every page.
Index("article_removed", ARTICLE.c.removed_seq, sqlite_where=_REMOVED, postgresql_where=_REMOVED)

REVISION = Table(
    "revision",
    TABLES,
    Column("article", NUMBER, ForeignKey("article.seq", ondelete="CASCADE"), primary_key=True),
    Column("number", NUMBER, primary_key=True, autoincrement=False),
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

KEPT_OUT = Table("kept_out", TABLES, Column("id", Text, primary_key=True))

SCHEMA = 1
STEPS: tuple[tuple[int, tuple[str, ...]], ...] = ()
"""(version, statements that lead to it from the one before), oldest first. New archives start at `SCHEMA`."""

NEW_STATE = (("schema", SCHEMA), ("change", 0), ("purged", 0))

ARTICLE_COLUMNS: tuple[ColumnElement[Any], ...] = (
    ARTICLE.c.id,
    *(REVISION.c[name] for name in CONTENT),
    ARTICLE.c.added,
    REVISION.c.input_id,
    REVISION.c.number,
)
"""In the order of the fields of `Article`."""


def joined(*first: ColumnElement[Any]) -> Select[Any]:
    return select(*first, *ARTICLE_COLUMNS).join_from(ARTICLE, REVISION)


def run(connection: Connection, statement: Insert | Update, rows: Sequence[dict[str, Any]]) -> None:
    """One statement for many rows, each with the same names.

    It is compiled once and handed to the driver: SQLAlchemy's own way looks at every value of every row,
    which takes as long as storing them.
    """
    if rows:
        compiled = statement.compile(dialect=connection.dialect, column_keys=list(rows[0]))
        names = compiled.positiontup  # drivers that take values by name have none
        connection.exec_driver_sql(
            str(compiled), [tuple(map(row.__getitem__, names)) for row in rows] if names else list(rows)
        )


def state(connection: Connection, name: str) -> int:
    return int(connection.scalars(select(STATE.c.value).where(STATE.c.name == name)).one())


def set_state(connection: Connection, name: str, value: int) -> None:
    connection.execute(update(STATE).where(STATE.c.name == name).values(value=value))


def chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + PAGE] for start in range(0, len(items), PAGE))


def version_of(connection: Connection) -> int | None:
    """The version of the tables; None in an empty database, -1 in somebody else's."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    return state(connection, "schema") if STATE.name in tables else -1


def bring_forward(connection: Connection, name: str, create: bool) -> None:
    """Makes the tables of a new archive, or takes the steps that an older one lacks."""
    version = version_of(connection)
    if version is None and create:
        TABLES.create_all(connection)
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
            set_state(connection, "schema", target)
