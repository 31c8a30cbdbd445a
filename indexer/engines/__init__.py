"""Search engines: each reads and writes one kind of index behind the same small interface."""

from indexer.engines.base import Engine
from indexer.engines.tantivy import TantivyEngine
from indexer.engines.whoosh import WhooshEngine
from indexer.errors import RasidError

ENGINES: dict[str, type[Engine]] = {"whoosh": WhooshEngine, "tantivy": TantivyEngine}
"""Every engine by its name."""


DEFAULT_ENGINE = "whoosh"
"""What a home begins with."""


def engine_named(name: str) -> Engine:
    """The engine of that name.

    Raises:
        RasidError: there is none.
        MissingExtra: its package is not installed.
    """
    if name not in ENGINES:
        raise RasidError(f"no engine is called {name!r}: choose one of {', '.join(ENGINES)}")
    return ENGINES[name]()
