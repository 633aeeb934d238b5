"""Telling a database that is away, or that somebody else got in the way of, from all other troubles."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

CONNECTION = "08"
SHUTDOWN = frozenset({"57P01", "57P02", "57P03", "57P05", "25P03", "53300"})
"""Going down, crashed, starting up, idle for too long, and no connection left."""
OUT_OF_USE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)
"""A file held by somebody else, made read-only, or on a disk that is full or gone."""
HELD = "Another process holds the database's file: end it, or try again in a moment."
GIVE = "give it and its folder to the user Kentongan runs as (KENTONGAN_DATA_DIR)."
RESTORE = "keep it, and restore a backup (docs/operations.md)."
REMEDIES = {
    sqlite3.SQLITE_FULL: "The disk is full: make room, or move the data folder (KENTONGAN_DATA_DIR).",
    sqlite3.SQLITE_CANTOPEN: f"The database's file cannot be opened: {GIVE}",
    sqlite3.SQLITE_READONLY: f"The database's file cannot be written: {GIVE}",
    sqlite3.SQLITE_BUSY: HELD,
    sqlite3.SQLITE_LOCKED: HELD,
    sqlite3.SQLITE_IOERR: "The disk under the database's file is in trouble: see the system's log (dmesg).",
    sqlite3.SQLITE_CORRUPT: f"The database's file is damaged: {RESTORE}",
    sqlite3.SQLITE_NOTADB: f"The database's file is damaged, or none of ours: {RESTORE}",
}
"""What helps a file that cannot be used."""
DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
CONFLICTS = frozenset({"40001", "40P01"})
"""Two transactions that cannot both have been first, and two that wait for each other."""


class DatabaseAwayError(Exception):
    """The database cannot be reached at the moment; it holds what was committed, and may be asked again."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(f"the database cannot be reached ({type(cause).__name__})")


def _of_driver(*names: str) -> tuple[type[Exception], ...]:
    """Kinds of error of PostgreSQL's driver; none where it was never imported, as on SQLite."""
    driver = sys.modules.get("asyncpg")
    return tuple(getattr(driver, name) for name in names) if driver else ()


def sqlstate(error: BaseException | None) -> str:
    """PostgreSQL's five characters for what went wrong; empty when it was not PostgreSQL."""
    inner = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(inner, "sqlstate", None) or "")


def is_away(error: BaseException) -> bool:
    """Whether the server could not be reached, or went while it was asked, or the file cannot be used."""
    inner = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(inner, sqlite3.Error):
        return isinstance(inner, sqlite3.OperationalError) and _of_file(inner) in OUT_OF_USE
    if is_outdated(error):
        return False
    # The last: the server's farewell was read, and the end of the connection not yet.
    kinds: tuple[type[Exception], ...] = (OSError, *_of_driver("InterfaceError", "InternalClientError"))
    broken = any(isinstance(one, kinds) for one in (inner, _cause(inner)))
    code = sqlstate(error)
    return broken or code.startswith(CONNECTION) or code in SHUTDOWN


def unusable(error: BaseException | None) -> str:
    """Why a file cannot be used, in a sentence with its remedy; empty when it is something else."""
    return REMEDIES.get(_of_file(error), "")


def is_damaged(error: BaseException) -> bool:
    """Whether a file is there and cannot be read as a database."""
    return _of_file(error) in DAMAGED


def _of_file(error: BaseException | None) -> int:
    """SQLite's number for what is wrong; 0 when it is not SQLite's to say."""
    inner = error.orig if isinstance(error, DBAPIError) else error
    return getattr(inner, "sqlite_errorcode", 0) & 0xFF if isinstance(inner, sqlite3.Error) else 0


@contextmanager
def told_apart() -> Iterator[None]:
    """Raise what tells that the database is away as just that; everything else as it is.

    Raises:
        DatabaseAwayError: it is.
    """
    try:
        yield
    except (DBAPIError, sqlite3.OperationalError) as error:  # prepared statements know no SQLAlchemy
        if is_away(error):
            raise DatabaseAwayError(error) from error
        raise


def is_conflict(error: BaseException) -> bool:
    """Whether it went wrong only because of what somebody else did at the same time."""
    return sqlstate(error) in CONFLICTS or is_outdated(error)


def is_outdated(error: BaseException) -> bool:
    """Whether a connection's prepared statements are of before somebody changed the tables."""
    inner = error.orig if isinstance(error, DBAPIError) else error
    kinds = _of_driver("InvalidCachedStatementError", "OutdatedSchemaCacheError")
    return any(isinstance(one, kinds) for one in (inner, _cause(inner)))


def _cause(error: BaseException | None) -> BaseException | None:
    """The driver's own error under SQLAlchemy's face of it."""
    return error.__cause__ if error is not None else None
