"""What the house counts while it works, for Prometheus; never anybody's words, address or number."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Generic, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from storage.talks.backlog import Heap

QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds a machine needs."""
PATIENCE = (0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 300.0)
"""Seconds a person waits."""

Meter = TypeVar("Meter", Counter, Histogram)


class Family(Generic[Meter]):
    """Meters of one name, one for each set of labels; the library takes longer to find one than to count."""

    def __init__(self, family: Meter) -> None:
        # Channels, outcomes, jobs: there are a few dozen.
        self._found: Callable[..., Meter] = cache(family.labels)

    def labels(self, *labels: str) -> Meter:
        """The meter with these labels."""
        return self._found(*labels)


class Meters:
    """Counters and clocks of one house, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.arrivals = self._counter("arrivals", "Things that came in, new or again.", "channel", "outcome")
        self.turns = self._counter("turns", "Turns taken, by how they ended.", "channel", "outcome")
        self.turn_seconds = self._seconds("turn", QUICK, "A turn, its commit included.", "channel")
        self.answer_seconds = self._seconds(
            "answer", PATIENCE, "From a message's arrival until its answer was in line.", "channel"
        )
        self.sends = self._counter("sends", "Messages given to a platform.", "channel", "outcome")
        self.send_seconds = self._seconds("send", QUICK, "Giving a platform one message.", "channel")
        self.files = self._counter("files", "Files that people sent, by what became of them.", "outcome")
        self.jobs = self._counter("jobs", "Rounds of the clock's jobs.", "name", "outcome")
        self.conflicts = self._counter(
            "token_conflicts", "Times a messenger told that somebody else asks with a bot's token.", "channel"
        )
        self.job_seen = Gauge(
            "kentongan_job_last_success_timestamp_seconds",
            "When a job of the clock last ended well.",
            ("name",),
            registry=self.registry,
        )

        self.faults = Gauge(
            "kentongan_database_faults",
            "Faults that the last look through the database found.",
            registry=self.registry,
        )

    def _counter(self, name: str, told: str, *labels: str) -> Family[Counter]:
        return Family(Counter(f"kentongan_{name}", told, labels, registry=self.registry))

    def _seconds(self, name: str, buckets: tuple[float, ...], told: str, *labels: str) -> Family[Histogram]:
        full = f"kentongan_{name}_seconds"
        return Family(Histogram(full, f"Seconds: {told}", labels, buckets=buckets, registry=self.registry))

    @contextmanager
    def round(self, job: str) -> Iterator[None]:
        """Count one round of a clock's job; an exception goes on to the caller."""
        try:
            yield
        except Exception:
            self.jobs.labels(job, "failed").inc()
            raise
        self.jobs.labels(job, "done").inc()
        self.job_seen.labels(job).set_to_current_time()

    def page(self, heaps: Iterable[Heap], now: datetime) -> bytes:
        """Everything counted and what waits at the moment, in Prometheus's text format."""
        waiting = CollectorRegistry()
        waiting.register(_Waiting(heaps, now))
        return generate_latest(self.registry) + generate_latest(waiting)


class _Waiting(Collector):
    """What one look at the database found waiting, as gauges."""

    def __init__(self, heaps: Iterable[Heap], now: datetime) -> None:
        self._heaps = tuple(heaps)
        self._now = now

    def collect(self) -> Iterator[Metric]:
        labels = ("kind", "channel")
        count = GaugeMetricFamily("kentongan_waiting", "Things that wait.", labels=labels)
        age = GaugeMetricFamily("kentongan_waiting_seconds", "Age of the oldest of them.", labels=labels)
        for heap in self._heaps:
            count.add_metric((heap.kind, heap.channel), heap.count)
            waited = (self._now - heap.since).total_seconds() if heap.since else 0.0
            age.add_metric((heap.kind, heap.channel), max(0.0, waited))
        yield count
        yield age
