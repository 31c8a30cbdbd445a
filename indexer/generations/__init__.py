"""The life of index generations: staged, published, verified, opened, served, collected.

    index/
      CURRENT                     the name of the generation that answers, and a line feed
      g000007-1f2e3d4c/           a published generation; never changed again
        manifest.json             what it is, and the size and SHA-256 of every other file
        …                         the engine's files, flat
      .building-g000008-5a6b7c8d/ being written; becomes g000008-5a6b7c8d by one rename
      .dead-g000004-9e8f7a6b/     being deleted

Everything is on the disk before the name that leads to it. So whoever dies at whatever point, and
whatever the disk refuses, CURRENT names a whole generation. `stage`, `publish` and `collect` are for
the holder of the writer's lock; the rest is for any number of readers in any number of processes.

A generation's files are checked before any of them is opened: engines trust what they read (Whoosh
even unpickles it, so that who can write into the folder could run code).
"""

from indexer.generations.manifest import (
    MANIFEST,
    NAME,
    Engines,
    FileSum,
    Kind,
    Manifest,
    Snapshot,
    installed,
    kind_of,
    manifest_bytes,
    manifest_of,
)
from indexer.generations.opening import (
    CURRENT,
    current,
    engine_of,
    manifest_at,
    open_generation,
    open_snapshot,
    published,
    verify,
)
from indexer.generations.publishing import BUILDING, DEAD, TEMPORARY, collect, publish, stage
from indexer.generations.serving import Snapshots

__all__ = [
    "BUILDING",
    "CURRENT",
    "DEAD",
    "MANIFEST",
    "NAME",
    "TEMPORARY",
    "Engines",
    "FileSum",
    "Kind",
    "Manifest",
    "Snapshot",
    "Snapshots",
    "collect",
    "current",
    "engine_of",
    "installed",
    "kind_of",
    "manifest_at",
    "manifest_bytes",
    "manifest_of",
    "open_generation",
    "open_snapshot",
    "publish",
    "published",
    "stage",
    "verify",
]
