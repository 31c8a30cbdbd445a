"""Every error that Rasid raises on purpose.

    RasidError
    ├── InputError            a file that cannot be read at all
    ├── LexiconError          a line of a lexicon file that does not fit its format
    ├── QueryError            a query that strict mode refuses (position)
    ├── ParameterError        a request parameter that does not fit (parameter)
    ├── RequestTooLong        a query over the cap
    ├── ArticleNotFound       no such article in the open generation
    ├── GenerationGone        a cursor of a generation that was collected
    ├── IndexUnavailable      no generation can be opened
    │   ├── NoIndex           none was ever published
    │   ├── IndexDamaged      a file is changed, cut or missing
    │   └── IndexStale        built by another analysis chain or schema
    ├── ArchiveError          the archive cannot be used
    ├── WriterBusy            another process writes
    └── MissingExtra          an optional package is not installed

Each says what was wrong, what was expected and what to do. Foreign exceptions are mapped to these
where they arise, chained with ``from``.
"""


class RasidError(Exception):
    """Root of the tree. `str(error)` is one line for a person."""


class InputError(RasidError):
    """A file or folder cannot be read at all."""


class LexiconError(RasidError):
    """A line of a lexicon file does not fit its format."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}, line {line}: {reason}")
        self.file, self.line, self.reason = file, line, reason


class QueryError(RasidError):
    """A query that strict mode refuses.

    Attributes:
        code: stable name of the fault, the same as the warning's (see `indexer.messages`).
        position: code point in the query where it stands, from 0.
        values: what the message inserts.
    """

    def __init__(
        self, message: str, code: str, position: int, values: tuple[tuple[str, str], ...] = ()
    ) -> None:
        super().__init__(message)
        self.code, self.position, self.values = code, position, values


class ParameterError(RasidError):
    """A request parameter that is unknown, or whose value does not fit."""

    def __init__(self, parameter: str, reason: str) -> None:
        super().__init__(f"{parameter}: {reason}")
        self.parameter, self.reason = parameter, reason


class RequestTooLong(RasidError):
    """A query of more code points than the cap allows."""


class ArticleNotFound(RasidError):
    """No article of that id in the open generation."""


class GenerationGone(RasidError):
    """A cursor names a generation that is not kept any more: start the search again."""


class IndexUnavailable(RasidError):
    """No generation can be opened; the message names the command that helps."""


class NoIndex(IndexUnavailable):
    """No generation was ever published here."""


class IndexDamaged(IndexUnavailable):
    """A file of a generation is changed, cut, missing or not listed."""


class IndexStale(IndexUnavailable):
    """A generation was built by another analysis chain or schema."""


class ArchiveError(RasidError):
    """The archive is damaged, newer than this release, or cannot be opened."""


class WriterBusy(RasidError):
    """Another process holds the writer's lock of this home."""


class MissingExtra(RasidError):
    """An optional package is not installed; the message is the command that installs it."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} is not installed: pip install 'rasid[{extra}]'")
