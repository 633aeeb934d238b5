"""The server's processes: started as an installation starts them, killed without a word, started again."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

READY_SECONDS = 240.0
STOP_SECONDS = 120.0
ROOT = Path(__file__).parents[2]


@dataclass(slots=True)
class Process:
    """One `kentongan serve …`, with its lives counted; whoever ends without being told is started anew."""

    arguments: tuple[str, ...]
    settings: Mapping[str, str]
    log: Path
    pids: list[int]
    kills: int = 0
    ends: list[int] = field(default_factory=list)
    _child: asyncio.subprocess.Process | None = None
    _told: bool = False
    _keeper: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        return int(self.settings["KENTONGAN_PORT"])

    async def start(self) -> None:
        """Start it, and see to it that it lives; returns when it is ready."""
        await self._begin()
        self._keeper = asyncio.create_task(self._keep())
        await self.ready()

    async def kill(self) -> None:
        """End it by SIGKILL; its keeper starts it anew."""
        assert self._child is not None
        self.kills += 1
        self._told = True
        self._child.send_signal(signal.SIGKILL)
        await self._child.wait()

    async def stop(self) -> int:
        """Ask it to stop; what it ended with."""
        assert self._child is not None
        assert self._keeper is not None
        self._keeper.cancel()
        if self._child.returncode is None:
            self._child.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self._child.wait(), STOP_SECONDS)

    async def ready(self) -> None:
        """Return once it serves."""
        async with asyncio.timeout(READY_SECONDS), aiohttp.ClientSession() as session:
            while not await self._answers(session):  # noqa: ASYNC110 another process tells nobody
                await asyncio.sleep(0.3)

    async def _answers(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(f"http://127.0.0.1:{self.port}/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def _begin(self) -> None:
        with self.log.open("ab") as out:
            self._child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", *self.arguments),
                env=os.environ | dict(self.settings), stdout=out, stderr=out, cwd=ROOT,
            )  # fmt: skip
        self.pids.append(self._child.pid)

    async def _keep(self) -> None:
        while True:
            assert self._child is not None
            code = await self._child.wait()
            self.pids.remove(self._child.pid)
            if not self._told:
                self.ends.append(code)
                await asyncio.sleep(1)
            self._told = False
            await self._begin()
