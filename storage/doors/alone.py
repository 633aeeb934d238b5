"""One process serves from an embedded database: a second one would answer and send everything once more."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from storage.doors.database import InUseError, is_embedded


@contextmanager
def serving_alone(url: str) -> Iterator[None]:
    """Hold the database for this process, until it ends in whatever way; any number may share a server's.

    Raises:
        InUseError: another process serves from it.
    """
    path = make_url(url).database if is_embedded(url) else None
    if not path:
        yield
        return
    with Path(f"{path}.serving").open("ab") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InUseError(
                f"Another Kentongan serves from {path}: end that one, or use PostgreSQL for several at once."
            ) from None
        yield
