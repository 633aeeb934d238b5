"""A server that cannot be used as it is says so in a sentence with what helps, and tells no password."""

import ssl
import tempfile
import uuid
from pathlib import Path

import asyncpg
import pytest

from benchmarks.servers import free_port
from storage.doors.bell import Bell
from storage.doors.database import Database, UnsupportedDatabaseError, check_supported
from storage.doors.server import ServerRefusedError, check
from storage.migrations import upgrade
from tests.cluster import UNSAFE_BUT_QUICK, Cluster, running

NOWHERE = "127.0.0.1:1"
ASKED = "SHOW tcp_keepalives_idle"
"""Over a socket in a folder the server asks nobody; so this needs one of its own on a port."""


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("warga:rah/asia@x@db/kentongan", "%2F"),
        ("warga:rah@sia@db/kentongan", "%40"),
        ("warga:rahasia@db:satu/kentongan", "cannot be read"),
        (f"warga:rahasia@{NOWHERE}/kentongan?sslrootcert=/ca.pem", "sslrootcert.*PGSSLROOTCERT"),
        (f"warga:rahasia@{NOWHERE}/kentongan?connect_timeout=3&sslmode=disable", "connect_timeout"),
        (f"warga:rahasia@{NOWHERE}/kentongan?sslmode=disable", "Is the server running"),
        (f"warga:rahasia@{NOWHERE}/kentongan?sslmode=often", "sslmode"),
    ],
)
async def test_an_address_that_does_not_do_is_told_without_its_password(address: str, told: str):
    with pytest.raises((ServerRefusedError, UnsupportedDatabaseError), match=told) as refused:
        await _used(f"postgresql://{address}")
    assert not any(part in str(refused.value) for part in ("rah", "sia"))


async def _used(url: str) -> None:
    check_supported(url)
    await check(url)


async def test_how_a_connection_is_guarded_is_said_as_everywhere(postgres_url: str):
    async with Database(f"{postgres_url}&sslmode=prefer") as database:
        await check(f"{postgres_url}&sslmode=disable")
        assert await database.write(lambda c: c.exec_driver_sql("SELECT 1").scalar()) == 1
        assert await database.take("a")


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (ConnectionError('PostgreSQL server at "db" rejected SSL upgrade'), "no TLS"),
        (ssl.SSLCertVerificationError("self-signed"), "PGSSLROOTCERT"),
    ],
)
async def test_trouble_with_tls_is_not_told_as_a_server_away(
    monkeypatch: pytest.MonkeyPatch, trouble, told: str
):
    async def connect(**_: object) -> None:
        raise trouble

    with monkeypatch.context() as changed:
        changed.setattr(asyncpg, "connect", connect)
        with pytest.raises(ServerRefusedError, match=told):
            await check(f"postgresql://warga:rahasia@{NOWHERE}/kentongan")


def _say(cluster: Cluster, database: str, statement: str) -> None:
    cluster.run("psql", "-h", cluster.folder, "-U", "postgres", "-d", database, "-c", statement)


def test_who_may_make_no_tables_is_told_what_to_grant(cluster: Cluster):
    name = f"test-{uuid.uuid4().hex}"
    url = cluster.create(name)
    _say(cluster, name, "REVOKE CREATE ON SCHEMA public FROM public")
    _say(cluster, name, f'CREATE ROLE "{name}" LOGIN')
    try:
        with pytest.raises(ServerRefusedError, match="GRANT CREATE ON SCHEMA public"):
            upgrade(url.replace("postgres@", f"{name}@"))
    finally:
        cluster.drop(name)
        _say(cluster, "postgres", f'DROP ROLE "{name}"')


async def test_a_machine_that_vanished_is_noticed_by_the_server():
    port = free_port()
    with (
        tempfile.TemporaryDirectory(prefix="kentongan-pg-") as folder,
        running(Path(folder), (*UNSAFE_BUT_QUICK, "listen_addresses=127.0.0.1", f"port={port}")),
    ):
        url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        async with Database(url) as database:
            for door in (database.write, database.read, database.glance):
                assert await door(lambda c: c.exec_driver_sql(ASKED).scalar()) == "15"
        word = await Bell(url)._connected()
        assert await word.fetchval(ASKED) == "15"
        await word.close()


async def test_a_pooler_is_told_nothing_that_it_does_not_know(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
):
    told: set[str] = set()
    connect = asyncpg.connect

    async def noted(**given: object) -> asyncpg.Connection:
        told.update(given["server_settings"])
        return await connect(**given)

    with monkeypatch.context() as changed:
        changed.setattr(asyncpg, "connect", noted)
        async with Database(postgres_url) as database:
            assert await database.take("a")
            for door in (database.write, database.read, database.glance):
                assert await door(lambda c: c.exec_driver_sql("SHOW jit").scalar()) == "off"
    assert told == {"application_name"}


async def test_a_pooler_that_shares_sessions_by_transaction_is_found(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
):
    session = await asyncpg.connect(postgres_url)

    async def shared(**_: object) -> asyncpg.Connection:
        return session

    with monkeypatch.context() as changed:
        changed.setattr(asyncpg, "connect", shared)
        with pytest.raises(ServerRefusedError, match="pool_mode = session"):
            await check(postgres_url)
    await session.close()
    await check(postgres_url)
