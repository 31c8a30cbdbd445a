"""What a generation is: its kind, its files and their checksums, as values and as the manifest's bytes."""

import json
import os
import re
import stat
from collections.abc import Callable
from dataclasses import asdict, dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any, NoReturn

from indexer.analysis import analysis_version
from indexer.engines import engine_named
from indexer.engines.base import Engine, SearchEngine
from indexer.errors import IndexDamaged, IndexStale
from indexer.model import Notice

MANIFEST = "manifest.json"
FORMAT = 1

NAME = re.compile(r"g([0-9]{6,})-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Kind:
    """What must agree between a generation and the program that opens it."""

    engine: str
    analysis: str
    schema: str


def kind_of(engine: Engine) -> Kind:
    """What a generation must be for this program to open it with an engine."""
    return Kind(engine.name, analysis_version(), engine.schema)


Engines = Callable[[str], tuple[Engine, Kind]]
"""The engine of a name, and what its generations must be for this program to open them."""


def installed(name: str) -> tuple[Engine, Kind]:
    """The engine of that name.

    Raises:
        RasidError: there is none, or its package is not installed.
    """
    engine = engine_named(name)
    return engine, kind_of(engine)


@dataclass(frozen=True, slots=True)
class FileSum:
    """One file of a generation: its size in bytes and the hexadecimal SHA-256 of its bytes."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a published generation is.

    Attributes:
        release: the release of Rasid that built it.
        built_at: ISO instant (UTC).
        articles: how many it holds.
        change: the archive's last change number that it has seen.
        parent: the generation that it grew from, None after a rebuild.
        files: every file but the manifest, by name.
    """

    generation: str
    kind: Kind
    release: str
    built_at: str
    articles: int
    change: int
    parent: str | None
    files: tuple[FileSum, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An open generation. `notices` say that, and why, it is not the one which should answer."""

    manifest: Manifest
    engine: SearchEngine
    notices: tuple[Notice, ...] = ()


def manifest_bytes(manifest: Manifest) -> bytes:
    """The manifest as its file holds it: JSON, sealed at its end by the SHA-256 of all before."""
    fields: dict[str, Any] = {"format": FORMAT, **asdict(manifest)}
    fields |= fields.pop("kind")
    fields["files"] = {file.name: {"size": file.size, "sha256": file.sha256} for file in manifest.files}
    head = json.dumps(fields, indent=1).removesuffix("\n}").encode()
    return head + seal(head)


def manifest_of(data: bytes) -> Manifest:
    """The manifest that these bytes hold.

    Raises:
        ValueError: a bit of them is not as it was written.
        IndexStale: a newer release wrote them.
    """
    head = data[: -len(seal(b""))]
    if data != head + seal(head):
        raise ValueError("its own checksum does not fit")
    fields = json.loads(data)
    if fields["format"] != FORMAT:
        raise IndexStale(f"the index has format {fields['format']}, not {FORMAT}: run `rasid rebuild`")
    values = {
        name: fields[name] for name in ("generation", "release", "built_at", "articles", "change", "parent")
    }
    kind = Kind(fields["engine"], fields["analysis"], fields["schema"])
    files = tuple(FileSum(name, **sums) for name, sums in fields["files"].items())
    return Manifest(kind=kind, files=files, **values)


def seal(head: bytes) -> bytes:
    return b',\n "sha256": "%s"\n}\n' % sha256(head).hexdigest().encode()


def file_sum(path: Path) -> FileSum:
    with path.open("rb", buffering=0) as file:
        digest = file_digest(file, "sha256").hexdigest()
        return FileSum(path.name, os.fstat(file.fileno()).st_size, digest)


def plain_file(path: Path) -> os.stat_result:
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        damaged(path, "it is no plain file")
    return status


def damaged(path: Path, fault: str, cause: Exception | None = None) -> NoReturn:
    raise IndexDamaged(f"{path} is damaged: {fault}; run `rasid rebuild`") from cause


def unreadable(error: OSError) -> str:
    return f"it cannot be read ({error.strerror or error})"
