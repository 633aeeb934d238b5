"""Server processes: started, pinned to a processor of their own, watched, ended."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import sysconfig
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.telegram import FakeTelegram
from storage.seals import new_key

KEY = new_key()
"""What personal data is sealed with here, so that the checks afterwards can read it."""
START_SECONDS = 180.0
KILOBYTE = 1024
"""What /proc counts memory in."""
ROOMS = ("benchmarks", "bot", "dialogs", "nlu", "storage", "tickets")
TICK = os.sysconf("SC_CLK_TCK")
PROCESSORS = tuple(sorted(os.sched_getaffinity(0)))
"""Those there are to share out: looked up before this process is kept on one of them."""


class NotStartedError(Exception):
    """A server did not come up."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What a process holds, in megabytes: `rss` counts pages it shares with others whole, `pss` its share."""

    pid: int
    rss: float
    pss: float


@dataclass(frozen=True, slots=True)
class Server:
    """A running server with the processes it started, and how long it took until it could be spoken to."""

    pid: int
    started_in: float

    def cpu_seconds(self) -> float:
        """Processor time used so far, in all threads of all its processes."""
        return sum(map(_cpu_seconds, _family(self.pid)))

    def apart(self) -> bool:
        """Whether it and this process never take turns on a processor, where there are two."""
        own = os.sched_getaffinity(0)
        shared = any(os.sched_getaffinity(one) & own for one in _family(self.pid))
        return len(PROCESSORS) < 2 or not shared

    def memory(self) -> list[Memory]:
        """What each of its processes holds now."""
        return [_memory(pid) for pid in _family(self.pid)]


def _family(pid: int) -> list[int]:
    found = [pid]
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [one for child in listed.read_text().split() for one in _family(int(child))]
    return found


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def _memory(pid: int) -> Memory:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    held = {name: int(size.split()[0]) * KILOBYTE / 1e6 for name, size in (line.split(":") for line in lines)}
    return Memory(pid, held["Rss"], held["Pss"])


def disk() -> Path:
    """Beside the data of a real installation: a folder in memory would make every commit free."""
    folder = Path("data")
    folder.mkdir(exist_ok=True)
    return folder


def compiled() -> None:
    """Bytecode for every module that our servers import, as pip leaves it behind where it installs.

    Where Python may write none as it runs (`PYTHONDONTWRITEBYTECODE`, a read-only disk), each start would
    compile two thousand modules anew, which is no start of theirs.
    """
    house = Path(__file__).parents[1]
    folders = [sysconfig.get_path("purelib"), *(str(house / room) for room in ROOMS)]
    subprocess.run([sys.executable, "-m", "compileall", "-q", *folders], check=False, capture_output=True)  # noqa: S603


def pin(pid: int, processor: int) -> bool:
    """Keep a process, and those it starts, on one processor; false where there is only one."""
    if len(PROCESSORS) < 2:
        return False
    os.sched_setaffinity(pid, {PROCESSORS[processor]})
    return True


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def floor_command(kind: str, api: str, token: str, database: Path) -> list[str]:
    """How a floor is started."""
    where = ["--api", api, "--token", token, "--port", str(free_port()), "--database", str(database)]
    return [sys.executable, "-m", "benchmarks.floors", kind, *where]


def kentongan_command(profile: str) -> list[str]:
    """How Kentongan is started; `profile` names a file for what cProfile saw."""
    if profile:
        return [sys.executable, "-m", "benchmarks.profiled", profile]
    return [sys.executable, "-m", "bot", "serve"]


def kentongan_settings(api: str, token: str, data: Path) -> dict[str, str]:
    """The environment Kentongan is started with."""
    port = str(free_port())
    return {
        "KENTONGAN_TELEGRAM_API": api,
        "KENTONGAN_CITIZEN_TOKEN": token,
        "KENTONGAN_WEBHOOK_SECRET": "the-benchmarks-secret",
        "KENTONGAN_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "KENTONGAN_PORT": port,
        "KENTONGAN_DATA_DIR": str(data),
        "KENTONGAN_LOG_LEVEL": "WARNING",
        "KENTONGAN_KEYS": KEY,
    }


@contextlib.asynccontextmanager
async def running(
    command: Sequence[str], settings: Mapping[str, str], log: Path, ready: "Ready | Listening"
) -> AsyncIterator[Server]:
    """Start a server on the first processor, wait until its webhook is set, and end it afterwards.

    Raises:
        NotStartedError: it ended, or set no webhook in a minute; its own words are in the message.
    """
    began = perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: ASYNC220, S603 - returns at once; our own command
            command, env={**os.environ, **settings}, stdout=out, stderr=subprocess.STDOUT
        )
        pin(process.pid, 0)
        try:
            await ready.wait(process, log)
            yield Server(process.pid, perf_counter() - began)
        finally:
            process.terminate()
            await asyncio.to_thread(process.wait, 30)


async def _wait(
    answers: Callable[[], Awaitable[bool]], process: "subprocess.Popen[bytes]", log: Path
) -> None:
    """Return when a server answers.

    Raises:
        NotStartedError: it ended, or did not in time.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(START_SECONDS):
            while process.poll() is None:
                if await answers():
                    return
                await asyncio.sleep(0.05)
    words = await asyncio.to_thread(log.read_text)
    raise NotStartedError(f"{process.args!r} did not start:\n{words[-2000:]}")


@dataclass(frozen=True, slots=True)
class Ready:
    """What a bot must have done before it is measured: set its webhook, and answer there."""

    telegram: FakeTelegram
    token: str

    async def wait(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        """Return when it is ready; raises NotStartedError."""
        await _wait(self._answers, process, log)

    async def _answers(self) -> bool:
        hook = self.telegram.webhooks.get(self.token)
        return hook is not None and await _opens(hook.url.split("/")[2])


@dataclass(frozen=True, slots=True)
class Listening:
    """What a server without webhooks must do: answer at its address."""

    address: str

    async def wait(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        """Return when it is ready; raises NotStartedError."""
        await _wait(lambda: _opens(self.address), process, log)


async def _opens(address: str) -> bool:
    host, port = address.split(":")
    try:
        _, writer = await asyncio.open_connection(host, int(port))
    except OSError:
        return False
    writer.close()
    return True
