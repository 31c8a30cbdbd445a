"""What only SQLite has: pragmas, the kind of transaction, the write-ahead log, its errors."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from indexer.errors import ArchiveError

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


def sqlite_engine(path: Path, patience: float) -> Engine:
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


def truncate_log(engine: Engine) -> None:
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
def mapped(name: str) -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise ArchiveError(f"{name}: {_advice(error)}") from error


def _advice(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    fault = getattr(cause, "sqlite_errorname", "").removeprefix("SQLITE_").partition("_")[0]
    return FAULTS.get(fault, f"it cannot be used ({cause})")


def make_private(path: Path) -> None:
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
