"""What an engine is: a reader of one immutable snapshot, and a writer of the next one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from indexer.model import Article, Bucket, Ref, Results, Sort
from indexer.query.plan import Plan


class Vocabulary(Protocol):
    """The terms of the live articles of a snapshot."""

    @property
    def articles(self) -> int:
        """The number of live articles."""

    def df(self, field: str, term: str) -> int:
        """In how many live articles a term occurs in a field; 0 where it does not."""

    def terms(self, prefix: str = "") -> Sequence[str]:
        """The folded words of titles and bodies that start so, in code point order.

        Words that only deleted articles hold may be among them: their `df` is 0.
        """

    def form_counts(self) -> Sequence[int]:
        """For each of `terms()`, how many live articles hold it in title or body."""

    def values(self, field: str) -> Sequence[str]:
        """The distinct values of `source`, `section` or `author`, in code point order."""


class SearchEngine(Vocabulary, Protocol):
    """An open, immutable snapshot: one generation. Safe for any number of threads."""

    def search(
        self,
        plan: Plan,
        *,
        sort: Sort = "relevance",
        offset: int = 0,
        limit: int = 10,
        facets: Sequence[str] = (),
        deadline: float | None = None,
    ) -> Results:
        """The hits ``offset … offset+limit`` of a plan, its totals and facets.

        Ties are broken by newest (no date last), then id. `deadline` is a `time.monotonic` instant
        after which the answer may be partial.
        """

    def count(self, plan: Plan) -> int:
        """How many articles the plan's first group holds."""

    def counting(self) -> Callable[[Plan], int]:
        """A `count` for many plans that share clauses: it keeps what it evaluated, so let go of it soon."""

    def refs(self, plan: Plan) -> Sequence[Ref]:
        """Every article of the plan's first group, newest first."""

    def ref(self, id: str) -> Ref | None:
        """The revision of an article in this snapshot, or None."""

    def writings(self, wanted: frozenset[tuple[str, str]]) -> frozenset[str]:
        """The words that have a wanted term, as the view `written` has them.

        Words that do not, or that only deleted articles hold, may be among them.

        Args:
            wanted: (view, term) pairs; the view is `folded`, `light` or `stem`.
        """

    def histogram(self, plan: Plan, interval: str) -> Sequence[Bucket]:
        """Articles of the first group per `day`, `week`, `month` or `year` (start date), oldest first."""

    def fingerprints(self) -> Iterator[tuple[str, tuple[int, int]]]:
        """(id, (revision, sum of `indexer.query.plan.term_mark` over its words)) of every live article."""

    def warm(self, terms: Iterable[tuple[str, str]]) -> None:
        """Makes (field, term) pairs quick to ask for, the first ones at least. Never needed for an answer."""

    def close(self) -> None:
        """Releases files. The snapshot is not used after this."""


class IndexWriter(Protocol):
    """Writes one generation's files into a folder."""

    def write(self, articles: Iterable[Article]) -> int:
        """Adds articles that are not in the index yet; their number."""

    def delete(self, ids: Iterable[str]) -> int:
        """Takes articles of the generation that this one grows from out; their number."""

    def drop_small_segments(self) -> Sequence[Ref]:
        """Leaves small parts of the base behind; the articles that must be written again."""

    def finish(self) -> None:
        """Completes every file in the folder; nothing is durable before the caller syncs it."""


class Engine(Protocol):
    """A kind of index: opens snapshots and starts writers."""

    name: str
    schema: str

    def open(self, folder: Path, before: SearchEngine | None = None) -> SearchEngine:
        """Opens a generation whose files have been verified.

        Args:
            before: a snapshot of whatever generation and engine: what it has made of parts that this one has
                too is used again. It may be closed by now.
        """

    def writer(self, folder: Path, base: Path | None = None, jobs: int = 1) -> IndexWriter:
        """A writer into an empty folder.

        Args:
            base: the generation to grow from.
            jobs: processes that may share the work; what is written is the same for any number.
        """
