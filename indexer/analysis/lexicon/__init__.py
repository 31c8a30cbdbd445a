"""The word lists: data, one entry a line, ``#`` comments. The shipped ones, and a home's own beside them.

| file          | a line                              | used for                                   |
|---------------|-------------------------------------|--------------------------------------------|
| names.txt     | name                                | never stemmed                              |
| bases.txt     | word                                | its first letter is no proclitic           |
| clitics.txt   | proclitic                           | what can be glued before a word            |
| plurals.txt   | singular plural …                   | found with each other, at lower weight     |
| variants.txt  | spelling | spelling | …             | found with each other                      |
| stopwords.txt | word, spelled as meant              | left out of ranking                        |
| months.txt, hijri_months.txt | number | name | … | dates                                      |

`names`, `bases` and `clitics` as shipped are part of the analysis chain; a home's own names, plurals,
variants and stop words work at query time, so they need no rebuild.
"""

import codecs
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from indexer.analysis.normalize import fold, written
from indexer.errors import LexiconError

FOLDER = Path(__file__).parent
HOME_FILES = ("names.txt", "plurals.txt", "variants.txt", "stopwords.txt")
"""The files that a home's ``lexicon/`` may hold."""

SEPARATOR = "|"


def entries(name: str, folder: Path = FOLDER) -> Iterator[tuple[int, str]]:
    """The (line number, entry) pairs of a word list, comments and blank lines left out.

    Raises:
        LexiconError: a line is not UTF-8.
    """
    lines = (folder / name).read_bytes().removeprefix(codecs.BOM_UTF8).splitlines()
    for number, line in enumerate(lines, 1):
        try:
            entry = line.decode().partition("#")[0].strip()
        except UnicodeDecodeError as error:
            raise LexiconError(
                str(folder / name), number, "UTF-8 is expected: save the file as UTF-8"
            ) from error
        if entry:
            yield number, entry


@dataclass(frozen=True)
class Lexicon:
    """What is known of words at query time, everything folded.

    Attributes:
        names: a home's own names.
        plurals: word → its singulars and plurals.
        variants: word, or words joined by a space → its other spellings.
        stopwords: function words, in letters as typed (`written`): على is one, علي is not.
        digest: changes whenever an entry does.
    """

    names: frozenset[str] = frozenset()
    plurals: dict[str, tuple[str, ...]] = field(default_factory=dict)
    variants: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stopwords: frozenset[str] = frozenset()
    digest: str = ""


def lexicon_of(home_folder: Path | None = None) -> Lexicon:
    """The shipped lexicon, extended by a home's own files.

    Raises:
        LexiconError: a line of a home's file does not fit its format.
    """
    return _lexicon(home_folder, _stamp(home_folder) if home_folder else ())


Stamp = tuple[tuple[str, int, int], ...]


def _stamp(folder: Path) -> Stamp:
    """The state of a home's files: each request asks for it."""
    found = []
    for file in _files_of(folder):
        with suppress(FileNotFoundError, NotADirectoryError):
            status = file.stat()
            found.append((file.name, status.st_mtime_ns, status.st_size))
    return tuple(found)


@cache
def _files_of(folder: Path) -> tuple[Path, ...]:
    return tuple(folder / name for name in HOME_FILES)


@cache
def _lexicon(home_folder: Path | None, stamp: Stamp) -> Lexicon:
    """One lexicon per state of a home's files (`stamp`)."""
    folders = [FOLDER] if home_folder is None else [FOLDER, home_folder]
    present = {name: [folder for folder in folders if (folder / name).is_file()] for name in HOME_FILES}
    digest = hashlib.sha256()
    for name in HOME_FILES:
        for folder in present[name]:
            digest.update((folder / name).read_bytes())
    return Lexicon(
        names=frozenset(
            fold(word) for folder in present["names.txt"][1:] for word in _words("names.txt", folder)
        ),
        plurals=_families(_groups("plurals.txt", None, present["plurals.txt"])),
        variants=_families(_groups("variants.txt", SEPARATOR, [*present["variants.txt"]], months=True)),
        stopwords=frozenset(
            written(word) for folder in present["stopwords.txt"] for word in _words("stopwords.txt", folder)
        ),
        digest=digest.hexdigest()[:16],
    )


def _words(name: str, folder: Path) -> Iterator[str]:
    for number, entry in entries(name, folder):
        if len(entry.split()) != 1 or SEPARATOR in entry:
            raise LexiconError(str(folder / name), number, f"one word a line is expected, not {entry!r}")
        yield entry


def _groups(
    name: str, separator: str | None, folders: Iterable[Path], months: bool = False
) -> Iterator[tuple[str, ...]]:
    for folder in folders:
        for number, entry in entries(name, folder):
            group = tuple(dict.fromkeys(fold(" ".join(part.split())) for part in entry.split(separator)))
            if len(entry.split(separator)) < 2 or not all(group):
                expected = f"two words or more, separated by {separator or 'spaces'}"
                raise LexiconError(str(folder / name), number, f"{expected}, are expected, not {entry!r}")
            yield group
    if months:
        for _, entry in entries("months.txt"):
            yield tuple(fold(part.strip()) for part in entry.split(SEPARATOR)[1:] if len(part.strip()) > 3)


def _families(groups: Iterable[tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Each member → the others of its groups, in order.

    >>> _families([("a", "b"), ("b", "c")])["b"]
    ('a', 'c')
    """
    found: dict[str, dict[str, None]] = {}
    for group in groups:
        for member in group:
            found.setdefault(member, {}).update((other, None) for other in group if other != member)
    return {member: tuple(others) for member, others in found.items() if others}
