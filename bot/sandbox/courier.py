"""Carries a bot's updates to its webhook: in order within a chat, again until taken."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp
import orjson

from bot.sandbox.feed import Feed, Pending
from bot.sandbox.limits import Limits
from bot.sandbox.model import Json

READ_SECONDS = 60.0
Answered = Callable[[Json], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates go."""

    url: str
    secret: str = ""
    max_connections: int = 40
    ip_address: str = ""


class Courier:
    """One bot's delivery; idle until `start`."""

    def __init__(
        self, feed: Feed, limits: Callable[[], Limits], clock: Callable[[], float], answered: Answered
    ) -> None:
        self.webhook: Webhook | None = None
        self._feed = feed
        self._limits = limits
        self._clock = clock
        self._answered = answered
        self._lanes: dict[int, deque[Pending]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._gate = asyncio.Semaphore(1)
        self._session: aiohttp.ClientSession | None = None
        self._error: tuple[float, str] | None = None

    def start(self, webhook: Webhook) -> None:
        """Deliver to `webhook` from now on, beginning with what already waits."""
        self._cancel()
        self.webhook, self._error = webhook, None
        self._gate = asyncio.Semaphore(webhook.max_connections)
        self._feed.webhook_active = True
        self._feed.on_push = self._take
        for pending in list(self._feed.pending.values()):
            self._take(pending)

    def stop(self) -> None:
        """Deliver no more; what waits stays with the feed."""
        self._cancel()
        self.webhook = None
        self._feed.webhook_active = False
        self._feed.on_push = None

    async def close(self) -> None:
        """Cancel what is on its way and free the connections."""
        tasks = list(self._tasks)
        self._cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session:
            await self._session.close()

    def info(self) -> Json:
        """The delivery's part of `WebhookInfo`."""
        if self.webhook is None:
            return {"url": "", "has_custom_certificate": False}
        info: Json = {"url": self.webhook.url, "has_custom_certificate": False}
        info["max_connections"] = self.webhook.max_connections
        if self.webhook.ip_address:
            info["ip_address"] = self.webhook.ip_address
        if self._error:
            info |= {"last_error_date": int(self._error[0]), "last_error_message": self._error[1]}
        return info

    def _cancel(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()
        self._lanes.clear()

    def _take(self, pending: Pending) -> None:
        lane = self._lanes.get(pending.lane)
        if lane is not None:
            lane.append(pending)
            return
        self._lanes[pending.lane] = deque([pending])
        task = asyncio.get_running_loop().create_task(self._drive(pending.lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drive(self, lane: int) -> None:
        waiting = self._lanes[lane]
        delay = self._limits().webhook_first_retry
        while waiting:
            if waiting[0].serial not in self._feed.pending or await self._deliver(waiting[0]):
                self._feed.confirm(waiting.popleft())
                delay = self._limits().webhook_first_retry
            else:
                await asyncio.sleep(delay)
                delay = min(delay * 2, self._limits().webhook_longest_retry)
        if self._lanes.get(lane) is waiting:
            del self._lanes[lane]

    async def _deliver(self, pending: Pending) -> bool:
        try:
            async with self._gate:
                answer = await self._post(pending.body)
        except TimeoutError:
            return self._failed("Read timeout expired")
        except aiohttp.ClientConnectorError:
            return self._failed("Connection refused")
        except aiohttp.ClientError as problem:
            return self._failed(f"Connection failed: {type(problem).__name__}")
        if answer is not None:
            await self._answered(answer)
        return answer is not None

    async def _post(self, body: bytes) -> Json | None:
        assert self.webhook is not None  # noqa: S101 - lanes are cancelled when the webhook goes
        headers = {"Content-Type": "application/json"}
        if self.webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.webhook.secret
        async with self._connections().post(
            self.webhook.url, data=body, headers=headers, allow_redirects=False
        ) as response:
            content = await response.read()
            if 200 <= response.status < 300:
                return _method_call(content)
            self._failed(f"Wrong response from the webhook: {response.status} {response.reason}")
            return None

    def _connections(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0, ssl=False)
            timeout = aiohttp.ClientTimeout(total=READ_SECONDS)
            self._session = aiohttp.ClientSession(connector=connector, timeout=timeout)
        return self._session

    def _failed(self, reason: str) -> bool:
        self._error = (self._clock(), reason)
        return False


def _method_call(content: bytes) -> Json:
    if not content.startswith(b"{"):
        return {}
    try:
        answer = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return answer if isinstance(answer, dict) and "method" in answer else {}
