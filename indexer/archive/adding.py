"""Decides what becomes of each article of a batch, and writes their rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from indexer.archive.tables import ARTICLE, KEPT_OUT, LIVE, REVISION, chunks, run, set_state
from indexer.archive.values import CONTENT, Done, Outcome, digest, is_text
from indexer.model import Article

REFUSALS = {
    "kept_out": "this id was removed and is kept out",
    "another": "another article has this id (its source and title differ): use --replace or --id-prefix",
    "no_text": "the text holds halves of characters (surrogates) and cannot be stored",
    "unknown": "no article of this id",
}


@dataclass(slots=True)
class Known:
    """What is stored under one id.

    Attributes:
        seq: its live article, None where there is none.
        number: the highest revision number, those of removed articles with it.
        title, source, digests: the current title and source, and every text, of the live article.
    """

    seq: int | None = None
    number: int = 0
    title: str = ""
    source: str | None = None
    digests: frozenset[bytes] = frozenset()


class Adding:
    """Decides article by article, seeing the articles before it, then writes all rows at once."""

    def __init__(self, known: dict[str, Known], kept_out: frozenset[str], change: int, now: str) -> None:
        self.known, self.kept_out, self.change, self.now = known, kept_out, change, now
        self.added: list[dict[str, object]] = []
        self.revised: list[dict[str, object]] = []
        self.revisions: list[dict[str, object]] = []

    def take(self, article: Article, replace: bool) -> Outcome:
        try:
            mark = digest(article)
        except UnicodeEncodeError:
            return Outcome(article.id, "refused", REFUSALS["no_text"])
        known = self.known.setdefault(article.id, Known())
        if refusal := self._refusal(article, known, mark, replace):
            return Outcome(article.id, "refused", REFUSALS[refusal])
        if mark in known.digests:
            return Outcome(article.id, "unchanged")
        done: Done = "added" if known.seq is None else "updated"
        self._note(article, known, mark)
        return Outcome(article.id, done)

    def _refusal(self, article: Article, known: Known, mark: bytes, replace: bool) -> str | None:
        if not all(is_text(name) for name in (article.id, article.input_id or "")):
            return "no_text"
        if article.id in self.kept_out:
            return "kept_out"
        if replace or known.seq is None or mark in known.digests:
            return None
        return "another" if article.source != known.source and article.title != known.title else None

    def _note(self, article: Article, known: Known, mark: bytes) -> None:
        self.change += 1
        number = known.number + 1
        if known.seq is None:
            seq = self.change
            row = {"seq": seq, "id": article.id, "revision": number, "added": self.now, "changed_seq": seq}
            self.added.append(row)
        else:
            seq = known.seq
            self.revised.append({"_seq": seq, "revision": number, "changed_seq": self.change})
        self.revisions.append(_revision_row(article, seq, number, mark, self.now))
        self.known[article.id] = Known(seq, number, article.title, article.source, known.digests | {mark})

    def store(self, connection: Connection) -> None:
        run(connection, insert(ARTICLE), self.added)
        run(connection, insert(REVISION), self.revisions)
        run(connection, update(ARTICLE).where(ARTICLE.c.seq == bindparam("_seq")), self.revised)
        set_state(connection, "change", self.change)


def _revision_row(article: Article, seq: int, number: int, mark: bytes, now: str) -> dict[str, object]:
    content = {name: getattr(article, name) for name in (*CONTENT, "input_id")}
    return {"article": seq, "number": number, "digest": mark, "stored_at": now, **content}


def known_articles(connection: Connection, ids: Sequence[str]) -> dict[str, Known]:
    columns = (REVISION.c.number, REVISION.c.digest, REVISION.c.title, REVISION.c.source)
    query = (
        select(ARTICLE.c.id, ARTICLE.c.seq, ARTICLE.c.removed_seq, *columns)
        .join_from(ARTICLE, REVISION)
        .order_by(ARTICLE.c.seq, REVISION.c.number)
    )
    known: dict[str, Known] = {}
    for chunk in chunks(ids):
        for row in connection.execute(query.where(ARTICLE.c.id.in_(chunk))):
            before = known.get(row.id, Known())
            known[row.id] = _with_revision(before, row)
    return known


def _with_revision(known: Known, row: Any) -> Known:
    number = max(known.number, row.number)
    if row.removed_seq is not None:
        return Known(number=number)
    return Known(row.seq, number, row.title, row.source, known.digests | {row.digest})


def kept_out_of(connection: Connection, ids: Sequence[str]) -> frozenset[str]:
    query = select(KEPT_OUT.c.id)
    rows = (connection.scalars(query.where(KEPT_OUT.c.id.in_(chunk))) for chunk in chunks(ids))
    return frozenset(id for chunk in rows for id in chunk)


def live_articles(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    query = select(ARTICLE.c.id, ARTICLE.c.seq).where(LIVE)
    rows = (connection.execute(query.where(ARTICLE.c.id.in_(chunk))) for chunk in chunks(ids))
    return {row.id: row.seq for chunk in rows for row in chunk}
