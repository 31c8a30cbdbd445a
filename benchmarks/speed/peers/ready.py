"""Writers without analysis: all views ready made, for Rasid's tantivy writer and for tantivy as it comes.

batch-N.pickle      a part's words as numbers, and the terms of each: what Rasid's writer inverts
views.tsv           id, source, section, author, day and eight fields of terms: what tantivy indexes
"""

import pickle
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Protocol

from benchmarks.speed.corpus import Prepared
from benchmarks.speed.peers import package_absent
from benchmarks.speed.peers.tantivy_alone import HEAP_BYTES
from indexer.engines.batch import REGIONS, Batch
from indexer.engines.documents import day_number
from indexer.engines.parts import written
from indexer.model import VALUE_FIELDS, Article
from indexer.query.plan import POSITION_FIELDS, TEXT_FIELDS

FIELDS = tuple(region + view for region in REGIONS for view in TEXT_FIELDS)
COLUMNS = ("id", *VALUE_FIELDS, "day", *FIELDS)
VIEWS = "views.tsv"


class Writer(Protocol):
    """Something that indexes ready views."""

    name: str

    def build(self, made: Prepared, folder: Path) -> None:
        """Its index, in an empty folder."""


class RasidReady:
    """The files of Rasid's tantivy engine."""

    name = "Rasid, tantivy, ready views"

    def build(self, made: Prepared, folder: Path) -> None:
        from indexer.engines.tantivy.files import write_table
        from indexer.engines.tantivy.writer import write_batch

        batches = map(_unpickled, sorted(ready_folder(made).glob("batch-*")))
        write_table(folder, [write_batch(folder, number, batch) for number, batch in enumerate(batches, 1)])


class TantivyReady:
    """Eight fields of tantivy's own; frequencies to rank by, places where phrases need them."""

    name = "tantivy, ready views"

    def build(self, made: Prepared, folder: Path) -> None:
        import tantivy

        builder = tantivy.SchemaBuilder()
        for name in FIELDS:
            option = "position" if name in POSITION_FIELDS else "freq"
            builder.add_text_field(name, tokenizer_name="whitespace", index_option=option)
        for name in ("id", *VALUE_FIELDS):
            builder.add_text_field(name, stored=name == "id", tokenizer_name="raw", index_option="basic")
        builder.add_integer_field("day", indexed=True, fast=True)
        writer = tantivy.Index(builder.build(), path=str(folder)).writer(HEAP_BYTES, 1)
        with (ready_folder(made) / VIEWS).open(encoding="utf-8", newline="\n") as lines:
            for line in lines:
                row = dict(zip(COLUMNS, line.rstrip("\n").split("\t"), strict=True))
                writer.add_document(tantivy.Document(**row | {"day": int(row["day"])}))
        writer.commit()
        writer.wait_merging_threads()


def ready_writers() -> Sequence[Writer]:
    """Rasid's and tantivy's own; nobody where the package is not installed."""
    return () if package_absent("tantivy") else (RasidReady(), TantivyReady())


def ready_folder(made: Prepared) -> Path:
    """Where the ready views are."""
    return made.folder / "ready"


def make_ready(made: Prepared) -> None:
    """Analyses all articles, in the parts that Rasid's writer makes of them."""
    from indexer.engines.tantivy.writer import PART_LETTERS

    written(partial(_make_ready, ready_folder(made)), made.articles(), PART_LETTERS, jobs=1)


def _make_ready(folder: Path, placed: tuple[int, list[Article]]) -> None:
    place, articles = placed
    batch = Batch.of(articles)
    texts = [_texts(batch, region, view) for region in REGIONS for view in TEXT_FIELDS]
    with (folder / VIEWS).open("a", encoding="utf-8") as lines:
        for row, *fields in zip(batch.articles, *texts, strict=True):
            values = (str(row[name] or "") for name in ("id", *VALUE_FIELDS))
            lines.write("\t".join((*values, str(day_number(row["published"])), *fields)) + "\n")
    (folder / f"batch-{place:03d}.pickle").write_bytes(pickle.dumps(batch))


def _texts(batch: Batch, region: str, view: str) -> Iterator[str]:
    """The terms of each article, separated by spaces."""
    terms, *_, of_word = batch.columns[view]
    numbers = of_word[batch.streams[region]]
    for start, end in pairwise(accumulate(batch.lengths[region].tolist(), initial=0)):
        yield b" ".join([terms[number] for number in numbers[start:end].tolist()]).decode()


def _unpickled(file: Path) -> Batch:
    batch: Batch = pickle.loads(file.read_bytes())
    return batch
