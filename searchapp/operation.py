"""What supervisors and monitors ask: is the process there, can it answer, how does it do."""

import time
from dataclasses import dataclass, field

from flask import Blueprint, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from indexer.errors import NoIndex, RasidError
from indexer.reading import ReadingRoom
from searchapp.api import json_response

NO_INDEX = "no index was published yet; add articles: rasid add PATH…"

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0)
"""Bounds of the histogram of answer times; the last is the time cap of a search."""


class Metrics:
    """Counts of one application, without a word of any query: endpoints and statuses only."""

    def __init__(self, room: ReadingRoom) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "rasid_requests", "Requests answered.", ("endpoint", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "rasid_request_seconds",
            "Seconds to answer.",
            ("endpoint",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.registry.register(_Holdings(room))

    def begin(self) -> None:
        """A request has come."""
        g.began = time.perf_counter()

    def end(self, response: Response) -> Response:
        """It is answered."""
        endpoint = request.endpoint or "none"
        self._requests.labels(endpoint, str(response.status_code)).inc()
        self._seconds.labels(endpoint).observe(time.perf_counter() - g.get("began", time.perf_counter()))
        return response

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self.registry)


class _Holdings(Collector):
    """What the archive holds, asked when it is read."""

    def __init__(self, room: ReadingRoom) -> None:
        self._room = room

    def describe(self) -> list[Metric]:
        """Nothing is asked at registration."""
        return []

    def collect(self) -> list[Metric]:
        """The gauges; an archive that cannot be asked holds none and is not ready."""
        try:
            status = self._room.status()
            articles, ready = status.articles, status.generation is not None
        except RasidError:
            articles, ready = 0, False
        return [
            GaugeMetricFamily("rasid_articles", "Articles in the open generation.", articles),
            GaugeMetricFamily("rasid_ready", "1 where an index is open.", int(ready)),
        ]


@dataclass(frozen=True, slots=True)
class Operation:
    """The endpoints of operation."""

    room: ReadingRoom
    metrics: Metrics = field(repr=False)

    def blueprint(self) -> Blueprint:
        """The endpoints by address."""
        made = Blueprint("operation", __name__)
        made.add_url_rule("/healthz", "health", self.health)
        made.add_url_rule("/readyz", "ready", self.ready)
        made.add_url_rule("/metrics", "metrics", self.measured)
        return made

    def health(self) -> Response:
        """The process answers."""
        return json_response({"status": "ok"})

    def ready(self) -> Response:
        """An index is open."""
        status = self.room.status()
        if status.generation is None:
            raise NoIndex(NO_INDEX)
        return json_response({"status": "ready", "generation": status.generation})

    def measured(self) -> Response:
        """Counts for Prometheus."""
        return Response(self.metrics.text(), content_type=CONTENT_TYPE_LATEST)
