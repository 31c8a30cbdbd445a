"""Files to read: found by walking, opened with their limits."""

import gzip
import os
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

STDIN = "-"

LONGEST_FILE = 16 * 2**20
"""Bytes, after unpacking, of a file that is read as a whole: one article, or one feed."""

LONGEST_RECORD = 16 * 2**20
"""Characters of one record in a file that is read record by record."""

DAMAGE = (OSError, EOFError, zlib.error, UnicodeError)
"""What reading a damaged or unreadable file raises."""


@dataclass(slots=True)
class Source:
    """An open file. `encoding` is filled by the format that decodes it."""

    stream: BinaryIO
    encoding: str = ""

    def whole(self) -> bytes:
        """All bytes of the file.

        Raises:
            ValueError: there are more than `LONGEST_FILE`.
        """
        data = self.stream.read(LONGEST_FILE + 1)
        if len(data) > LONGEST_FILE:
            raise ValueError(f"larger than {LONGEST_FILE // 2**20} MiB; split it")
        return data


def files_of(path: Path) -> Iterator[Path]:
    """The file, or every file below the folder, in order of name.

    Hidden files and folders below it are left out; a folder that links reach twice counts once.
    """
    if _is_folder(path):
        yield from _below(path, set())
    else:
        yield path


def is_file(path: Path) -> bool:
    """True where the path leads to a file that can be looked at."""
    try:
        return path.is_file()
    except OSError:
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _below(folder: Path, seen: set[Path]) -> Iterator[Path]:
    """`seen` ends loops of symbolic links. An unreadable folder is yielded itself, to be refused."""
    where = folder.resolve()
    if where in seen:
        return
    seen.add(where)
    try:
        entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    except OSError:
        yield folder
        return
    for entry in entries:
        if _is_folder(entry):
            yield from _below(entry, seen)
        else:
            yield entry


def name_of(path: Path) -> str:
    """The path as text that can be printed, whatever bytes the file system holds."""
    return os.fsencode(path).decode("utf-8", "replace")


def suffix_of(path: Path) -> str:
    """The suffix that decides the format, in lower case and without ``.gz``.

    >>> suffix_of(Path("news.JSONL.gz")), suffix_of(Path("Makefile"))
    ('.jsonl', '')
    """
    packed = path.suffix.lower() == ".gz"
    return Path(path.stem).suffix.lower() if packed else path.suffix.lower()


def opened(path: Path) -> BinaryIO:
    """The file, unpacked while it is read.

    Raises:
        OSError: it is missing, may not be read, or is a pipe or device, which could block for ever.
    """
    try:
        mode = path.stat().st_mode
    except ValueError as error:  # a NUL in the name
        raise OSError(f"not a file name: {error}") from error
    if not stat.S_ISREG(mode):
        raise OSError("the folder cannot be read" if stat.S_ISDIR(mode) else "not a regular file")
    if path.suffix.lower() == ".gz":
        return cast(BinaryIO, gzip.open(path, "rb"))
    return path.open("rb")


def reason_of(error: Exception) -> str:
    """One line that says what is wrong with a file."""
    if isinstance(error, FileNotFoundError):
        return "no such file or folder"
    if isinstance(error, EOFError | zlib.error | gzip.BadGzipFile):
        return f"not a whole gzip file: {error}"
    if isinstance(error, UnicodeError):
        return f"damaged text: {error}"
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return str(error)
