"""A PostgreSQL server as it is found: reached, recent enough, and letting us in; else what to do about it."""

import os
import platform
from typing import Any

import asyncpg
from sqlalchemy import make_url
from sqlalchemy.dialects import postgresql

from storage.doors.away import sqlstate

OLDEST = 14
CONNECT_SECONDS = 5.0
REMEDIES = {
    "28P01": "the password is wrong. Check KENTONGAN_DATABASE_URL; "
    "signs such as @ : / in it are written as %40 %3A %2F.",
    "28000": "this user may not come in from here. See pg_hba.conf on the server.",
    "3D000": "there is no such database. Make it: createdb --encoding UTF8 --template template0 NAME",
    "42501": "this user may not make tables: GRANT CREATE ON SCHEMA public TO it, as the database's owner.",
    "53300": "no connection is left: each process takes up to 10. Raise max_connections.",
    "57P03": "it is still starting up. Try again in a moment.",
}


NAME = "kentongan"
AT_WORK = """
SELECT application_name || coalesce(' from ' || host(client_addr), '') FROM pg_stat_activity
WHERE datname = current_database()
  AND starts_with(application_name, $1) AND application_name <> $2
"""


class ServerRefusedError(Exception):
    """The server cannot be used as it is; the message says what to do."""


def arguments(url: str) -> dict[str, Any]:
    """The URL as the driver's own arguments; SQLAlchemy knows how to read it."""
    dialect = postgresql.asyncpg.dialect()  # type: ignore[no-untyped-call]
    found: dict[str, Any] = dialect.create_connect_args(make_url(url))[1]  # type: ignore[no-untyped-call]
    return found


def name_of_this_process() -> str:
    """What its connections are called: in `pg_stat_activity`, and in the server's log."""
    return f"{NAME} {platform.node()}:{os.getpid()}"[:63]  # no more fits


async def others_at_work(url: str) -> tuple[str, ...]:
    """What other processes of Kentongan call themselves that are connected now."""
    connection = await asyncpg.connect(**arguments(url), timeout=CONNECT_SECONDS)
    try:
        found = await connection.fetch(AT_WORK, NAME, name_of_this_process())
    finally:
        await connection.close()
    return tuple(sorted({row[0] for row in found}))


async def check(url: str, *, moving: bool = False) -> None:
    """Make sure the server can be used; half of a move in it is in nobody's way but the move's.

    Raises:
        ServerRefusedError: it cannot.
    """
    shown = make_url(url).render_as_string(hide_password=True)
    try:
        connection = await asyncpg.connect(**arguments(url), timeout=CONNECT_SECONDS)
    except asyncpg.PostgresError as error:
        remedy = REMEDIES.get(sqlstate(error), f"{type(error).__name__} ({sqlstate(error)}).")
        raise ServerRefusedError(f"The database at {shown} refuses: {remedy}") from error
    except (OSError, asyncpg.InterfaceError) as error:
        raise ServerRefusedError(
            f"The database at {shown} cannot be reached ({type(error).__name__}). "
            "Is the server running, and are host and port in KENTONGAN_DATABASE_URL right?"
        ) from error
    try:
        await _usable(connection, shown)
        if not moving and await connection.fetchval("SELECT to_regclass('kentongan_move')"):
            raise ServerRefusedError(
                f"The database at {shown} holds half of a move: finish it with kentongan database move."
            )
    finally:
        await connection.close()


async def _usable(connection: "asyncpg.Connection[asyncpg.Record]", shown: str) -> None:
    version = connection.get_server_version().major
    if version < OLDEST:
        raise ServerRefusedError(
            f"The database at {shown} is PostgreSQL {version}; {OLDEST} or newer is needed."
        )
    encoding = await connection.fetchval("SHOW server_encoding")
    if encoding != "UTF8":
        raise ServerRefusedError(
            f"The database at {shown} holds {encoding}, not UTF8. Make another: "
            "createdb --encoding UTF8 --template template0 NAME"
        )
