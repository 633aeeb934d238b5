"""A whole town for the soak: the platform's stand-in, the bad line, the server's processes, the database."""

import asyncio
import os
import random
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from benchmarks.servers import KEY, disk, free_port
from bot.commands.serve import CITIZEN_BOT, OPERATOR_BOT
from bot.sandbox.client import SandboxClient
from bot.sandbox.limits import Limits
from bot.sandbox.server import Sandbox, start_sandbox
from tests.cluster import Cluster
from tests.soak.line import Line
from tests.soak.processes import ROOT, Process
from tests.soak.troubles import Outage, locked, restarted

SHARES = {"sqlite": (("serve",),), "postgresql": (("serve",), ("serve", "--doors-only"))}
"""The processes of each: on PostgreSQL the second is killed all through."""
PASSING = Limits(webhook_first_retry=0.2, webhook_longest_retry=2.0)


@dataclass(frozen=True, slots=True)
class Town:
    """Everything at work."""

    sandbox: Sandbox
    client: SandboxClient
    session: aiohttp.ClientSession
    line: Line
    processes: list[Process]
    pids: list[int]
    folder: Path
    url: str
    outage: Outage

    @property
    def ports(self) -> list[int]:
        return [one.port for one in self.processes]

    async def invite(self, agency: str, role: str) -> str:
        """An invitation, made as an admin makes it; the token in its link."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "operator", "invite", "--agency", agency, "--role", role),
            env=dict(self.processes[0].settings), cwd=ROOT, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        said, _ = await process.communicate()
        return said.decode().strip().rpartition("start=")[2]

    def log(self) -> str:
        """What the processes had to say."""
        return "".join(one.log.read_text(errors="replace") for one in self.processes)


@asynccontextmanager
async def town(kind: str, chance: random.Random) -> AsyncIterator[Town]:
    """Set it up on one kind of database, and take it down."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(_folder())
        url, outage = await asyncio.to_thread(_database, stack, kind, folder)
        sandbox = await start_sandbox(bots=[CITIZEN_BOT, OPERATOR_BOT], limits=PASSING, record=False)
        stack.push_async_callback(sandbox.stop)
        ports = [free_port() for _ in SHARES[kind]]
        line, door = Line(ports, chance), free_port()
        runner = await line.start(door)
        stack.push_async_callback(runner.cleanup)
        stack.push_async_callback(line.stop)
        settings = _settings(sandbox, door, folder, url)
        pids: list[int] = []
        processes = [
            Process(share, settings | {"KENTONGAN_PORT": str(port)}, folder / f"log-{port}.txt", pids)
            for share, port in zip(SHARES[kind], ports, strict=True)
        ]
        for process in processes:
            await process.start()
            stack.push_async_callback(process.stop)
        client = await stack.enter_async_context(SandboxClient(sandbox.base_url))
        connector = aiohttp.TCPConnector(limit=0)
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
        yield Town(sandbox, client, session, line, processes, pids, folder, url, outage)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="soak-", dir=disk()) as name:
        yield Path(name).resolve()


def _database(stack: AsyncExitStack, kind: str, folder: Path) -> tuple[str, Outage]:
    if kind == "sqlite":
        path = folder / "kentongan.db"
        return f"sqlite:///{path}", locked(str(path))
    place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="soak-pg-")))
    cluster = Cluster(place, ("max_connections=100",))  # as durable as it comes
    cluster.make()
    cluster.start()
    stack.callback(cluster.stop)
    return cluster.create("kentongan"), restarted(cluster)


def _settings(sandbox: Sandbox, door: int, folder: Path, url: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "KENTONGAN_TELEGRAM_API": sandbox.base_url,
        "KENTONGAN_CITIZEN_TOKEN": CITIZEN_BOT.token,
        "KENTONGAN_OPERATOR_TOKEN": OPERATOR_BOT.token,
        "KENTONGAN_WEBHOOK_SECRET": "the-secret-of-the-soak",
        "KENTONGAN_PUBLIC_URL": f"http://127.0.0.1:{door}",
        "KENTONGAN_DATA_DIR": str(folder),
        "KENTONGAN_DATABASE_URL": url,
        "KENTONGAN_KEYS": KEY,
        "KENTONGAN_LOG_LEVEL": "WARNING",
    }
