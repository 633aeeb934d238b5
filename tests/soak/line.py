"""The way updates take from the platform to us on a bad day: late, twice, out of order, and until taken."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence

import aiohttp
import orjson
from aiohttp import web

TWICE, LATER = 0.2, 0.08
"""Shares of the updates that come a second time at once, and of those that come again long after."""
LATE_SECONDS = (5.0, 40.0)
UNEVEN_SECONDS = 0.4
AGAIN_SECONDS = 0.5
TAKEN = 200
KEPT_KINDS = ("message", "edited_message", "callback_query")


class Line:
    """Takes an update from the platform and carries it, as the platform would, until a process takes it."""

    def __init__(self, ports: Sequence[int], chance: random.Random) -> None:
        self.taken: dict[str, set[int]] = {}
        self.counts: Counter[str] = Counter()
        self.answers: Counter[int] = Counter()
        self._ports, self._chance = ports, chance
        self._under_way: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    async def start(self, port: int) -> web.AppRunner:
        """Listen where the bots' webhooks point."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=90))
        application = web.Application()
        application.router.add_post("/{path:.*}", self._hand)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        return runner

    async def empty(self) -> None:
        """Return once everything was carried there, the late ones included."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def stop(self) -> None:
        """Carry nothing more."""
        for task in self._under_way:
            task.cancel()
        assert self._session is not None
        await self._session.close()

    async def _hand(self, request: web.Request) -> web.Response:
        body = await request.read()
        task = asyncio.create_task(self._carry(request.path, dict(request.headers), body))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return web.Response()

    async def _carry(self, path: str, headers: dict[str, str], body: bytes) -> None:
        await asyncio.sleep(self._chance.random() * UNEVEN_SECONDS)
        self.counts["updates"] += 1
        copies = 2 if self._chance.random() < TWICE else 1
        await asyncio.gather(*(self._surely(path, headers, body) for _ in range(copies)))
        self._note(path, orjson.loads(body))
        if self._chance.random() < LATER:
            await asyncio.sleep(self._chance.uniform(*LATE_SECONDS))
            await self._surely(path, headers, body)
            copies += 1
        self.counts["repeated"] += copies - 1

    def _note(self, path: str, update: dict[str, object]) -> None:
        if any(kind in update for kind in KEPT_KINDS):
            self.taken.setdefault(path, set()).add(int(str(update["update_id"])))

    async def _surely(self, path: str, headers: dict[str, str], body: bytes) -> None:
        while await self._posted(path, headers, body) != TAKEN:
            self.counts["refused"] += 1
            await asyncio.sleep(AGAIN_SECONDS)

    async def _posted(self, path: str, headers: dict[str, str], body: bytes) -> int:
        assert self._session is not None
        kept = {name: value for name, value in headers.items() if name.startswith("X-Telegram")}
        port = self._chance.choice(self._ports)
        try:
            address = f"http://127.0.0.1:{port}{path}"
            async with self._session.post(address, data=body, headers=kept) as answer:
                self.answers[answer.status] += 1
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            return 0
