"""Webhooks as Meta sends them: signed over the raw body, in order, again until answered with 200."""

import asyncio
import hmac
from collections.abc import Mapping
from typing import Any

import aiohttp
import orjson

Json = Mapping[str, Any]
FIRST_PAUSE = 0.05
LONGEST_PAUSE = 5.0
MOST_TRIES = 12


class Hooks:
    """Posts webhooks to `callback`, one after the other; `given_up` counts those never taken."""

    def __init__(self, secret: str) -> None:
        self.callback = ""
        self.given_up = 0
        self.answers: list[int] = []
        self._secret = secret.encode()
        self._queue: asyncio.Queue[bytes] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self._session: aiohttp.ClientSession | None = None

    def start(self) -> None:
        """Begin to post."""
        self._session = aiohttp.ClientSession()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop, whatever is still waiting."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._session:
            await self._session.close()

    def send(self, about: str, entry: Json) -> None:
        """Put a webhook in line."""
        self._queue.put_nowait(orjson.dumps({"object": about, "entry": [entry]}))

    async def idle(self) -> None:
        """Return once everything in line was taken or given up."""
        await self._queue.join()

    async def post(self, body: bytes, signature: str | None = None) -> int:
        """Post these very bytes, with another signature if one is given; the status that came back."""
        if self._session is None:
            raise RuntimeError("start the hooks first")
        headers = {"Content-Type": "application/json"}
        told = self.signature(body) if signature is None else signature
        if told:
            headers["X-Hub-Signature-256"] = told
        async with self._session.post(self.callback, data=body, headers=headers) as answer:
            return answer.status

    async def verify(self, token: str, challenge: str) -> tuple[int, str]:
        """Ask whether the callback is ours, as when it is entered in the app's dashboard."""
        if self._session is None:
            raise RuntimeError("start the hooks first")
        query = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": challenge}
        async with self._session.get(self.callback, params=query) as answer:
            return answer.status, await answer.text()

    def signature(self, body: bytes) -> str:
        """The signature of the app."""
        return "sha256=" + hmac.new(self._secret, body, "sha256").hexdigest()

    async def _run(self) -> None:
        while True:
            body = await self._queue.get()
            try:
                await self._insist(body)
            finally:
                self._queue.task_done()

    async def _insist(self, body: bytes) -> None:
        pause = FIRST_PAUSE
        for _ in range(MOST_TRIES):
            if await self._taken(body):
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        self.given_up += 1

    async def _taken(self, body: bytes) -> bool:
        if not self.callback:
            return False
        try:
            status = await self.post(body)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False
        self.answers.append(status)
        return status == 200
