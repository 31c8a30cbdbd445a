"""tantivy alone: the same folded terms in one field, no analysis and nothing of Rasid's."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.speed.corpus import Prepared
from benchmarks.speed.measure import Search
from benchmarks.speed.peers import package_absent
from benchmarks.speed.queries import CLASSES, Query

FIELD = "folded"
HEAP_BYTES = 128_000_000
COUNTS = {name: {"terms": {"field": name, "size": 1_000}} for name in ("source", "month")}


class TantivyAlone:
    """tantivy's Python package as it comes."""

    name = "tantivy alone"
    classes = frozenset(CLASSES) - {"whole request"}
    warms = False

    def cpu(self) -> float:
        return time.process_time()

    def absent(self) -> str | None:
        return package_absent("tantivy")

    def build(self, made: Prepared, folder: Path) -> None:
        import tantivy

        writer = _index(folder).writer(heap_size=HEAP_BYTES, num_threads=1)
        for article in made.terms():
            writer.add_document(
                tantivy.Document(
                    id=article.id, folded=article.folded, source=article.source, month=article.month
                )
            )
        writer.commit()
        writer.wait_merging_threads()

    @contextmanager
    def open(self, folder: Path) -> Iterator[Search]:
        index = _index(folder)
        searcher = index.searcher()

        def search(asked: Query) -> int:
            node = _node(asked, index.schema)
            found = searcher.search(node, limit=10)
            if asked.kind == "facets and months":
                searcher.aggregate(node, COUNTS)
            _ = [searcher.doc(address)["id"] for _, address in found.hits]
            return int(found.count)

        yield search


def _index(folder: Path) -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field(FIELD, tokenizer_name="spaces", index_option="position")
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in COUNTS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    index = tantivy.Index(builder.build(), path=str(folder))
    spaces = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("spaces", spaces)
    return index


def _node(asked: Query, schema: Any) -> Any:
    from tantivy import Occur, Query

    kind, first = asked.kind, asked.words[0]
    if kind.startswith("phrase"):
        return Query.phrase_query(schema, FIELD, list(asked.words))
    patterns = {
        "prefix": lambda: Query.regex_query(schema, FIELD, f"{re.escape(first)}.*"),
        "leading wildcard": lambda: Query.regex_query(schema, FIELD, f".*{re.escape(first)}"),
        "fuzzy": lambda: Query.fuzzy_term_query(schema, FIELD, first, 1, False),
    }
    if kind in patterns:
        return patterns[kind]()
    occur = Occur.Must if kind.startswith("and") else Occur.Should
    return Query.boolean_query([(occur, Query.term_query(schema, FIELD, word)) for word in asked.words])
