"""A PostgreSQL server as it is found: reached, recent enough, and letting us in; else what to do about it."""

import os
import platform
import ssl
from collections.abc import Mapping
from typing import Any

import asyncpg
from sqlalchemy import URL, make_url
from sqlalchemy.dialects import postgresql

from storage.doors.away import sqlstate

OLDEST = 14
CONNECT_SECONDS = 5.0
ASKED_ALIVE = {
    "tcp_keepalives_idle": "15",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
"""The server asks a quiet connection after 15 seconds whether somebody is there, and lets go of a machine
that says nothing for as long again: what it had in hand is free then, not after two hours as by itself.
It also keeps a firewall between them from forgetting the connection."""
REMEDIES = {
    "28P01": "user or password is wrong. Check KENTONGAN_DATABASE_URL; "
    "signs such as @ : / in it are written as %40 %3A %2F.",
    "28000": "this user may not come in from here. See pg_hba.conf on the server.",
    "3D000": "there is no such database. Make it: createdb --encoding UTF8 --template template0 NAME",
    "42501": "this user may not make or change tables: GRANT CREATE ON SCHEMA public TO it, "
    "as the database's owner, and let it own them.",
    "53300": "no connection is left: each process takes up to 10. Raise max_connections.",
    "57P03": "it is still starting up. Try again in a moment.",
}


DRIVER = "postgresql+asyncpg"
AS_THE_DRIVER_SAYS = {"sslmode": "ssl"}
OPTIONS = frozenset({"host", "port", "ssl", "passfile", "target_session_attrs"})
GUARDED = frozenset({"disable", "allow", "prefer", "require", "verify-ca", "verify-full"})
ROOT = "The root certificate of the server's is named by PGSSLROOTCERT."
NAME = "kentongan"
AT_WORK = """
SELECT application_name || coalesce(' from ' || host(client_addr), '') FROM pg_stat_activity
WHERE datname = current_database()
  AND starts_with(application_name, $1) AND application_name <> $2
"""


class ServerRefusedError(Exception):
    """The server cannot be used as it is; the message says what to do."""


def address(url: str) -> URL:
    """The URL in the driver's words; that of libpq for how a connection is guarded is everybody's."""
    named = make_url(url).set(drivername=DRIVER)
    return named.set(query={AS_THE_DRIVER_SAYS.get(name, name): value for name, value in named.query.items()})


def arguments(url: str) -> dict[str, Any]:
    """The URL as the driver's own arguments; SQLAlchemy knows how to read it."""
    dialect = postgresql.asyncpg.dialect()  # type: ignore[no-untyped-call]
    found: dict[str, Any] = dialect.create_connect_args(address(url))[1]  # type: ignore[no-untyped-call]
    return found


def _check_options(url: str) -> None:
    options = dict(address(url).query)
    if unknown := sorted(options.keys() - OPTIONS):
        raise ServerRefusedError(
            f"KENTONGAN_DATABASE_URL has options that are not known: {', '.join(unknown)}. "
            f"There are {', '.join(sorted(OPTIONS))}, and sslmode for ssl. {ROOT}"
        )
    if options.get("ssl", "prefer") not in GUARDED:
        raise ServerRefusedError(
            f"KENTONGAN_DATABASE_URL: ssl (sslmode) is one of {', '.join(sorted(GUARDED))}."
        )


def refused(url: str, error: BaseException) -> ServerRefusedError:
    """What the server said no to, with what helps."""
    remedy = REMEDIES.get(sqlstate(error), f"{type(error).__name__} ({sqlstate(error)}).")
    return ServerRefusedError(f"The database at {_shown(url)} refuses: {remedy}")


def _unreached(url: str, error: Exception) -> ServerRefusedError:
    remedy = "Is the server running, and are host and port in KENTONGAN_DATABASE_URL right?"
    if isinstance(error, ssl.SSLError):
        remedy = f"Its certificate is not accepted. {ROOT}"
    elif "SSL" in str(error):
        remedy = "The server speaks no TLS: set it up there, or ask for none (ssl, sslmode in the URL)."
    return ServerRefusedError(
        f"The database at {_shown(url)} cannot be reached ({type(error).__name__}). {remedy}"
    )


def _shown(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)


def name_of_this_process() -> str:
    """What its connections are called: in `pg_stat_activity`, and in the server's log."""
    return f"{NAME} {platform.node()}:{os.getpid()}"[:63]  # no more fits


async def opened(
    url: str, settings: Mapping[str, str], within: float, patience: float | None = None
) -> "asyncpg.Connection[asyncpg.Record]":
    """A connection of this process's with these settings; a pooler lets them through only once it is open.

    `within` is how many seconds it may take to connect, `patience` how many a statement may; None is any.
    """
    given: dict[str, Any] = {"server_settings": {"application_name": name_of_this_process()}}
    connection: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(
        **arguments(url), **given, timeout=within, command_timeout=patience
    )
    try:
        every = {**ASKED_ALIVE, **settings}
        await connection.execute("; ".join(f"SET {name} = '{value}'" for name, value in every.items()))
    except BaseException:
        connection.terminate()
        raise
    return connection


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
    _check_options(url)
    try:
        connection = await asyncpg.connect(**arguments(url), timeout=CONNECT_SECONDS)
    except asyncpg.PostgresError as error:
        raise refused(url, error) from error
    except (OSError, asyncpg.InterfaceError) as error:
        raise _unreached(url, error) from error
    shown = _shown(url)
    try:
        await _usable(connection, shown)
        await _check_own(url, connection)
        if not moving and await connection.fetchval("SELECT to_regclass('kentongan_move')"):
            raise ServerRefusedError(
                f"The database at {shown} holds half of a move: finish it with kentongan database move."
            )
    finally:
        await connection.close()


async def _check_own(url: str, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Make sure that two open connections are two sessions: a pooler by transaction gives both the same."""
    other = await asyncpg.connect(**arguments(url), timeout=CONNECT_SECONDS)
    try:
        sessions = {await one.fetchval("SELECT pg_backend_pid()") for one in (connection, other, connection)}
    except (asyncpg.InvalidSQLStatementNameError, asyncpg.DuplicatePreparedStatementError):
        sessions = set()
    finally:
        await other.close()
    if len(sessions) != 2:
        raise ServerRefusedError(
            f"Before the database at {_shown(url)} is a pooler that shares sessions by transaction. "
            "Let it do so by session (pool_mode = session), or connect directly: locks belong to sessions."
        )


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
