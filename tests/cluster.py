"""A PostgreSQL of the tests' own: in a temporary folder, on a socket, gone afterwards."""

import asyncio
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

UNSAFE_BUT_QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=300")
SETTINGS = ("listen_addresses=", "unix_socket_permissions=0777", "shared_buffers=32MB")


def binaries() -> Path | None:
    """Where PostgreSQL's programs are; the newest, where there are several."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: int(one.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def _nobody() -> int | None:
    """Whom to run it as: PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return None
    return pwd.getpwnam("postgres").pw_uid


class Cluster:
    """One server; `url` names a database of it."""

    def __init__(self, folder: Path, settings: tuple[str, ...] = UNSAFE_BUT_QUICK) -> None:
        programs = binaries()
        assert programs, "no PostgreSQL on this machine: sh scripts/ensure_postgres.sh"
        self.programs, self.folder, self.data = programs, folder, folder / "data"
        self._settings = (*SETTINGS, *settings, f"unix_socket_directories={folder}")

    def make(self) -> None:
        """Set it up, owned by whom it will run as."""
        user = _nobody()
        self.folder.chmod(0o755)
        if user is not None:
            os.chown(self.folder, user, -1)
        self.run(
            "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"
        )

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = " ".join(f'-c "{one}"' for one in self._settings)
        self.run("pg_ctl", "-D", self.data, "-w", "-l", self.folder / "log", "-o", options, "start")

    def own(self, path: Path) -> None:
        """Give a file, or a folder that is made, to whom the server runs as."""
        if not path.exists():
            path.mkdir()
        user = _nobody()
        if user is not None:
            os.chown(path, user, -1)

    def stop(self, mode: str = "immediate") -> None:
        """Stop it: `immediate` as a crash would, `fast` in order."""
        self.run("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def run(self, program: str, *arguments: object) -> str:
        """Run one of PostgreSQL's programs as whom the server runs as."""
        done = subprocess.run(
            [self.programs / program, *map(str, arguments)],
            user=_nobody(), cwd="/", check=False, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def url(self, name: str) -> str:
        """The address of one of its databases, as the settings take it."""
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def create(self, name: str, template: str = "template1") -> str:
        """A new database; its address."""
        asyncio.run(self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
        return self.url(name)

    def drop(self, name: str) -> None:
        """Take a database away, whoever is still in it."""
        asyncio.run(self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(user="postgres", database="postgres", host=str(self.folder))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@contextmanager
def running(folder: Path, settings: tuple[str, ...] = UNSAFE_BUT_QUICK) -> Iterator[Cluster]:
    """A server for a while."""
    cluster = Cluster(folder, settings)
    cluster.make()
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop()
