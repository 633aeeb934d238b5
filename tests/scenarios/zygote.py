"""Processes that are there at once: everything is imported by one that forks, and each fork is one `serve`.

A fork may be told to die, by SIGKILL, at its n-th step: just before or after a write is committed, a message
is given to the platform, a file is fetched or kept. Run as a program it is the one that forks.
"""

import asyncio
import functools
import itertools
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import bot.channels.telegram.rare  # noqa: F401 each fork would import aiogram by itself
from bot.channels.telegram.channel import TelegramChannel
from bot.commands.serve import serve
from storage.doors.database import Database
from storage.files.vault import Folder

STEPS: tuple[tuple[type, str], ...] = (
    (Database, "write"),
    (TelegramChannel, "send"),
    (TelegramChannel, "fetch"),
    (Folder, "put"),
)
"""What a step is: each of these counts twice, before and after."""


class Zygote:
    """The process that forks, as its user sees it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._ended: dict[int, asyncio.Future[int]] = {}
        self._born: asyncio.Queue[int] = asyncio.Queue()
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, log: Path) -> "Zygote":
        """Import everything, once."""
        with log.open("ab") as out:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.scenarios.zygote"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=out,
                cwd=Path(__file__).parents[2],
            )
        return cls(process)

    async def serve(self, environment: dict[str, str], die_at: int = 0) -> int:
        """Start one more; the id of its process. With `die_at` it dies at that step, counted from 1."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([environment, die_at]).encode() + b"\n")
        await self._process.stdin.drain()
        return await self._born.get()

    async def ended(self, pid: int) -> int:
        """Wait for its end: 0 when it stopped as asked, the negative signal when it was killed."""
        return await self._ended[pid]

    def is_alive(self, pid: int) -> bool:
        """Whether it is still running."""
        return not self._ended[pid].done()

    async def stop(self) -> None:
        """End the one that forks, and what it forked."""
        for pid, ended in self._ended.items():
            if not ended.done():
                os.kill(pid, signal.SIGKILL)
        self._process.kill()
        await self._process.wait()
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            what, pid, code = json.loads(line)
            if what == "born":
                self._ended[pid] = asyncio.get_running_loop().create_future()
                self._born.put_nowait(pid)
            else:
                self._ended[pid].set_result(code)


def _tell(*words: Any) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def _mortal(die_at: int) -> None:
    """Have this process die at that step."""
    steps = itertools.count(1)

    def step() -> None:
        if next(steps) == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        @functools.wraps(method)
        async def stepping(*values: Any, **named: Any) -> Any:
            step()
            found = await method(*values, **named)
            step()
            return found

        return stepping

    for kind, name in STEPS:
        setattr(kind, name, around(getattr(kind, name)))


def _child(environment: dict[str, str], die_at: int) -> None:
    os.environ.update(environment)
    os.dup2(2, 1)
    if die_at:
        _mortal(die_at)
    serve()
    os._exit(0)


def _reap(*_signal: Any) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        _tell("ended", pid, os.waitstatus_to_exitcode(status))


def main() -> None:
    """Fork for each line of standard input; tell of births and ends on standard output."""
    for line in sys.stdin:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        environment, die_at = json.loads(line)
        pid = os.fork()
        if not pid:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
            _child(environment, die_at)
        _tell("born", pid, 0)
        signal.signal(signal.SIGCHLD, _reap)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})


if __name__ == "__main__":
    main()
