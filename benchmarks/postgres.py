"""A PostgreSQL server of the benchmark's own: durable, on this disk, gone afterwards."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.servers import disk
from tests.cluster import Cluster, binaries, running

DURABLE = ("fsync=on", "full_page_writes=on", "synchronous_commit=on", "max_connections=100")


def is_here() -> bool:
    """Whether PostgreSQL's programs are installed."""
    return binaries() is not None


@contextmanager
def durable_server() -> Iterator[Cluster]:
    """A server with every commit on disk before it is answered."""
    place = tempfile.TemporaryDirectory(prefix="bench-postgres-", dir=disk().resolve())
    with place as folder, running(Path(folder), DURABLE) as cluster:
        yield cluster
