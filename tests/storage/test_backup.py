"""Backups as docs/operations.md says: a server brought back to before a mistake, a file copied in use."""

import asyncio
import sqlite3
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.doors.database import Database
from storage.migrations import upgrade
from storage.talks import inbox
from storage.talks.inbox import Arrival
from tests.cluster import Cluster, binaries

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)


async def keep(url: str, *names: str) -> None:
    async with Database(url) as database:
        for name in names:
            arrival = Arrival("telegram", name, "1", NOW, {"text": name})
            await database.write(lambda c, one=arrival: inbox.keep(c, one))


async def kept(url: str) -> list[str]:
    async with Database(url) as database:
        found = await database.read(lambda c: inbox.waiting(c, "telegram", "1", 9))
    return [one.payload["text"] for one in found]


async def test_a_server_is_brought_back_to_the_moment_before_a_mistake():
    if binaries() is None:
        pytest.skip("no PostgreSQL on this machine: sh scripts/ensure_postgres.sh")
    with tempfile.TemporaryDirectory(prefix="kentongan-pg-") as named:
        folder = Path(named)
        wal, base = folder / "wal", folder / "base"
        archive = f"archive_command=test ! -f {wal}/%f && cp %p {wal}/%f"
        cluster = Cluster(folder, ("wal_level=replica", "archive_mode=on", archive))
        cluster.make()
        cluster.own(wal)
        cluster.start()
        url = cluster.url("postgres")
        await asyncio.to_thread(upgrade, url)
        await keep(url, "before the backup")
        cluster.run("pg_basebackup", "-D", base, "-h", folder, "-U", "postgres", "-c", "fast", "-X", "none")
        await keep(url, "after the backup")
        cluster.run("psql", *_asking(folder), "SELECT pg_create_restore_point('safe')")
        cluster.run("psql", *_asking(folder), "DELETE FROM inbox")
        cluster.run("psql", *_asking(folder), "SELECT pg_switch_wal()")
        cluster.stop("fast")
        assert list(wal.iterdir())

        with (base / "postgresql.auto.conf").open("a") as settings:
            settings.write(f"restore_command = 'cp {wal}/%f %p'\n")
            settings.write("recovery_target_name = 'safe'\nrecovery_target_action = 'promote'\n")
        (base / "recovery.signal").touch()
        cluster.own(base / "recovery.signal")
        cluster.data = base
        cluster.start()
        while "t" in cluster.run("psql", "-At", *_asking(folder), "SELECT pg_is_in_recovery()"):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        try:
            assert await kept(url) == ["before the backup", "after the backup"]
            await keep(url, "and on it goes")
        finally:
            cluster.stop()


@pytest.mark.sqlite("a server's backup is the test before")
async def test_a_file_is_copied_while_it_is_written_to(database_url: str, tmp_path: Path):
    await keep(database_url, "one")
    async with Database(database_url) as database:
        source = sqlite3.connect(database_url.removeprefix("sqlite:///"))
        target = sqlite3.connect(tmp_path / "copy.db")
        await database.write(lambda c: inbox.keep(c, Arrival("telegram", "two", "1", NOW, {"text": "two"})))
        source.backup(target)
        source.close()
        target.close()
    assert await kept(f"sqlite:///{tmp_path / 'copy.db'}") == ["one", "two"]


def _asking(folder: Path) -> tuple[object, ...]:
    return "-h", folder, "-U", "postgres", "-d", "postgres", "-c"
