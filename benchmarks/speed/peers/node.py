"""OpenSearch with its `arabic` analyzer over the raw articles; needs a running node."""

import contextlib
import socket
import subprocess
import warnings
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from benchmarks.speed.corpus import ROOT, Prepared, Row
from benchmarks.speed.measure import Search, processor_seconds
from benchmarks.speed.peers import package_absent
from benchmarks.speed.queries import CLASSES, Query
from benchmarks.speed.wire import Client

INDEX = "rasid-speed"
NODE_TOOL = ROOT.parent / "shared" / "tools" / "opensearch-node.sh"
START = "start"

SETTINGS = {"number_of_shards": 1, "number_of_replicas": 0}
FIELDS = {
    **{name: {"type": "text", "analyzer": "arabic"} for name in ("title", "body")},
    **{name: {"type": "keyword"} for name in ("source", "category", "url")},
    "date": {"type": "date", "ignore_malformed": True},
}
TERMS = {name: {"terms": {"field": name}} for name in ("source", "category")}
SPANS = {
    name: {"date_histogram": {"field": "date", "calendar_interval": name, "min_doc_count": 1}}
    for name in ("month", "year")
}
MONTHS = {"source": TERMS["source"], "month": SPANS["month"]}
FOUR = {**TERMS, **SPANS}
SHOWN = {"fields": {name: {"number_of_fragments": 1, "fragment_size": 200} for name in ("title", "body")}}


class OpenSearch:
    """A node at an address."""

    name = "OpenSearch"
    classes = frozenset(CLASSES)
    warms = False

    def __init__(self, url: str | None) -> None:
        self.url = url

    def absent(self) -> str | None:
        if self.url is None:
            return f"--opensearch URL, or --opensearch {START} where {NODE_TOOL.name} is"
        return package_absent("opensearchpy")

    def cpu(self) -> float:
        """The processor seconds of the node: what it tells itself is a second old."""
        return processor_seconds(self.pid)

    @cached_property
    def pid(self) -> int:
        """The node's process, on this machine."""
        with self._client() as client:
            nodes = client.document("/_nodes/process")["nodes"]
        return int(next(iter(nodes.values()))["process"]["id"])

    def build(self, made: Prepared, folder: Path) -> None:
        """All articles by the bulk helper of its Python client, until they can be found."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from opensearchpy import OpenSearch as Node
            from opensearchpy import helpers

        self.clear()
        node = Node(self.url)
        node.indices.create(
            index=INDEX,
            body={"settings": SETTINGS, "mappings": {"dynamic": False, "properties": FIELDS}},
        )
        helpers.bulk(node, _actions(made.rows()), request_timeout=120)
        node.indices.refresh(index=INDEX)

    def settle(self) -> None:
        """One segment, as the other participants have."""
        with self._client() as client:
            client.asked(f"/{INDEX}/_forcemerge?max_num_segments=1", method="POST")
            client.asked(f"/{INDEX}/_refresh", method="POST")

    def size_mb(self) -> float:
        """The index on the disk."""
        with self._client() as client:
            stats = client.document(f"/{INDEX}/_stats/store")
        return float(stats["_all"]["total"]["store"]["size_in_bytes"]) / 1e6

    def clear(self) -> None:
        """Takes the index away."""
        with self._client() as client:
            client.asked(f"/{INDEX}?ignore_unavailable=true", method="DELETE")

    @contextlib.contextmanager
    def open(self, folder: Path) -> Iterator[Search]:
        with self._client() as client:

            def search(asked: Query) -> int:
                body = whole_body(asked) if asked.kind == "whole request" else body_of(asked)
                found = client.document(f"/{INDEX}/_search", body)
                return int(found["hits"]["total"]["value"])

            yield search

    def _client(self) -> Client:
        assert self.url is not None
        return Client(self.url)


def _actions(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        yield {"_index": INDEX, "_id": row["id"], **{name: row[name] for name in FIELDS}}


def body_of(asked: Query) -> Row:
    """A query of the engines' classes: the body alone, as the other participants are asked."""
    first, text = asked.words[0], " ".join(asked.words)
    patterns = {
        "prefix": {"prefix": {"body": first}},
        "leading wildcard": {"wildcard": {"body": f"*{first}"}},
        "fuzzy": {"fuzzy": {"body": {"value": first, "fuzziness": 1, "prefix_length": 0}}},
    }
    joined = "and" if asked.kind.startswith("and") else "or"
    phrase = {"match_phrase": {"body": text}}
    words = {"match": {"body": {"query": text, "operator": joined}}}
    query = patterns.get(asked.kind) or (phrase if asked.kind.startswith("phrase") else words)
    counted = {"size": 0, "aggs": MONTHS} if asked.kind == "facets and months" else {}
    return {"query": query, "_source": False, "track_total_hits": True, **counted, "size": 10}


def whole_body(asked: Query, four: bool = False) -> Row:
    """A whole request: title and body, counts, ten results with a passage of each."""
    text = asked.text if asked.kind in ("headline", "whole request") else " ".join(asked.words)
    how: Row = {"type": "phrase"} if asked.kind.startswith("phrase") else {"type": "most_fields"}
    if asked.kind.startswith("and"):
        how = {"type": "cross_fields", "operator": "and"}
    return {
        "query": {"multi_match": {"query": text, "fields": ["title", "body"], **how}},
        "size": 10,
        "_source": ["title", "source", "category", "date", "url"],
        "track_total_hits": True,
        "highlight": SHOWN,
        "aggs": FOUR if four else MONTHS,
    }


# --- a node of our own ------------------------------------------------------------------------------------


@contextlib.contextmanager
def node_at(asked: str | None, folder: Path) -> Iterator[str | None]:
    """The address of the node: the one asked for, or that of a node which runs as long as this lasts."""
    if asked != START:
        yield asked
        return
    port = _free_port()
    tool = [str(NODE_TOOL)]
    where = ["--port", str(port), "--data", str(folder)]
    subprocess.run([*tool, "start", *where, "--jvm", "server"], check=True, capture_output=True)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        subprocess.run([*tool, "stop", *where], check=False, capture_output=True)


def _free_port() -> int:
    """A port that is free, and so is the one 100 above it, which nodes use among themselves."""
    for port in range(19_500, 19_600):
        with contextlib.suppress(OSError), socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", port))
            other.bind(("127.0.0.1", port + 100))
            return port
    raise RuntimeError("no free port for OpenSearch")
