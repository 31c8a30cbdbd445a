"""``.txt``: one article a file, nothing but its body."""

from collections.abc import Iterator

from indexer.readers.encoding import decoded
from indexer.readers.sources import Source
from indexer.readers.values import Fault, Options, Row


def rows(source: Source, options: Options) -> Iterator[Row | Fault]:
    """The one row of a text file."""
    try:
        source.encoding, text = decoded(source.whole())
    except ValueError as error:
        yield Fault("", str(error))
        return
    yield Row("", {"body": text})
