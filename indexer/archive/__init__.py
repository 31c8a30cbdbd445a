"""The durable store of articles: every text that was ever taken, by revision.

Plain SQLAlchemy Core. `sqlite.py` holds what only SQLite has (pragmas, the kind of transaction, the
write-ahead log); another database needs nothing but its own engine.

An article that was removed and comes again is another row of the same id, so that its old text can go
while the new one stays; revision numbers of an id go on counting, so that a `Ref` names one text only.
Every adding, change and removal takes the next change number. Numbers are never used twice: an index
that has seen change n asks for what came after it.
"""

from indexer.archive.store import Archive
from indexer.archive.values import (
    CONTENT,
    Clock,
    Done,
    Outcome,
    Revision,
    digest,
    in_batches,
    instant,
    utc_now,
)

__all__ = [
    "CONTENT",
    "Archive",
    "Clock",
    "Done",
    "Outcome",
    "Revision",
    "digest",
    "in_batches",
    "instant",
    "utc_now",
]
