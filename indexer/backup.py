"""Archive and lexicon in one file, consistent while a server or a writer runs, and back again."""

import shutil
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from indexer import build
from indexer.archive import Archive
from indexer.errors import ArchiveError, InputError
from indexer.lock import writer_lock
from indexer.settings import Settings

ARCHIVE_MEMBER = "archive.sqlite3"
LEXICON_MEMBER = "lexicon/"


def backup(settings: Settings, file: Path) -> None:
    """Writes a gzipped tar of the archive as it is at one moment, and the home's lexicon.

    Raises:
        ArchiveError: there is no archive.
    """
    if not settings.archive_file.is_file():
        raise ArchiveError(f"there is no archive at {settings.archive_file}")
    unfinished = file.with_name(f".{file.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=settings.home) as folder:
            copy = Path(folder) / ARCHIVE_MEMBER
            with (
                closing(sqlite3.connect(settings.archive_file)) as source,
                closing(sqlite3.connect(copy)) as target,
            ):
                source.backup(target)
            with tarfile.open(unfinished, "w:gz") as tar:
                tar.add(copy, ARCHIVE_MEMBER)
                for path in sorted(settings.lexicon_folder.glob("*.txt")):
                    tar.add(path, LEXICON_MEMBER + path.name)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def restore(settings: Settings, file: Path, *, force: bool = False, wait: float = 0.0) -> int:
    """Puts a backup into a home, brings its archive forward and builds the index; the number of articles.

    Raises:
        InputError: the file is no backup.
        ArchiveError: the home is not empty and `force` is false, or a newer release wrote the backup.
    """
    with writer_lock(settings.home, wait):
        if settings.archive_file.exists() and not force:
            raise ArchiveError(
                f"{settings.home} is not empty: choose another --home, or --force to replace it"
            )
        with tempfile.TemporaryDirectory(dir=settings.home) as folder:
            _unpack(file, Path(folder))
            _put_in_place(settings, Path(folder))
        with Archive.open(settings.archive_file) as archive:
            return build.rebuild(settings, archive).articles


def _unpack(file: Path, folder: Path) -> None:
    """The members that a backup may have, and nothing else; the archive is checked before it is used."""
    try:
        with tarfile.open(file, "r:gz") as tar:
            for member in tar:
                name = member.name
                is_list = name.startswith(LEXICON_MEMBER) and name.endswith(".txt") and name.count("/") == 1
                if member.isfile() and (name == ARCHIVE_MEMBER or is_list):
                    tar.extract(member, folder, filter="data")
        Archive.open(folder / ARCHIVE_MEMBER).close()
    except (OSError, tarfile.TarError, EOFError) as error:
        raise InputError(f"{file} is no backup: {error}") from error
    except ArchiveError as error:
        raise InputError(f"{file}: {error}") from error


def _put_in_place(settings: Settings, folder: Path) -> None:
    """The index goes first: its generations number the changes of another archive."""
    shutil.rmtree(settings.index_folder, ignore_errors=True)
    for suffix in ("-wal", "-shm"):
        settings.archive_file.with_name(settings.archive_file.name + suffix).unlink(missing_ok=True)
    shutil.rmtree(settings.lexicon_folder, ignore_errors=True)
    if (folder / "lexicon").is_dir():
        (folder / "lexicon").replace(settings.lexicon_folder)
    (folder / ARCHIVE_MEMBER).replace(settings.archive_file)
    settings.archive_file.chmod(0o600)
