"""How long a start takes and what it holds, process by process: `python -m benchmarks.start`.

The first start finds no data and makes a database and a key; the others find both. Memory is read after some
conversations with albums, so that the examiner is up and caches are filled, and again as the process began.
"""

import argparse
import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks import report
from benchmarks.citizens import Bot, Crowd
from benchmarks.conversation import PHOTOS, cases
from benchmarks.mouths import TelegramWire
from benchmarks.servers import Ready, Server, compiled, disk, kentongan_command, kentongan_settings, running
from benchmarks.telegram import FakeTelegram

TOKEN = "1001:start"  # noqa: S105 a name
CITIZENS, SECONDS = 16, 5.0


async def starts(times: int) -> None:
    """Start and stop that often on the same data, telling of each."""
    telegram = FakeTelegram()
    api = await telegram.start()
    try:
        with tempfile.TemporaryDirectory(prefix="bench-start-", dir=disk()) as folder:
            for turn in range(times):
                telegram.webhooks.clear()
                settings = kentongan_settings(api, TOKEN, Path(folder))
                ready, log = Ready(telegram, TOKEN), Path(folder) / "server.log"
                async with running(kentongan_command(""), settings, log, ready) as server:
                    print(f"{server.started_in:5.1f} s, {server.cpu_seconds():5.1f} s of a processor")
                    _tell("at once", server)
                    if turn == times - 1:
                        await _talk(telegram)
                        _tell("after talks", server)
    finally:
        await telegram.stop()


async def _talk(telegram: FakeTelegram) -> None:
    crowd = Crowd(Bot(report.TELEGRAM, TelegramWire(telegram, TOKEN, 0, PHOTOS), pauses=True), cases())
    rehearsed = await crowd.rehearse()
    crowd.bot = replace(crowd.bot, answers=tuple(len(turn.answers) for turn in rehearsed[0]))
    await crowd.run(CITIZENS, SECONDS)


def _tell(when: str, server: Server) -> None:
    for one in server.memory():
        print(f"      {when:>12}  process {one.pid}: {one.rss:4.0f} MB RSS, {one.pss:4.0f} MB PSS")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    compiled()
    asyncio.run(starts(given.times))


if __name__ == "__main__":
    main()
