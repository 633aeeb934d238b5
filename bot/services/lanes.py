"""One thing at a time per address, many addresses at once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import structlog

from storage.doors.database import DatabaseAwayError, Hands
from storage.talks.outbox import Outgoing

Key = tuple[str, str]
"""The channel and the address of a lane."""
Keys = tuple[Key, ...]
Step = Callable[[str, str], Awaitable[float | None]]
"""One piece of work for (channel, address): None when nothing is left, else seconds until the next."""

log = structlog.get_logger(__name__)
AFTER_A_FAULT = 1.0
ELSEWHERE = 0.2
"""How soon to look again at an address that another process has in hand."""


def keys_of(messages: Iterable[Outgoing]) -> Keys:
    """The lanes that messages wait in, each once."""
    return tuple(dict.fromkeys((one.channel, one.address) for one in messages))


class OnlyHere:
    """For lanes that no other process has."""

    async def take(self, name: str) -> bool:  # noqa: ARG002 whatever it is
        """It is always free."""
        return True

    def free(self, name: str) -> None:
        """Nobody waits for it."""


class Lanes:
    """Runs a step again and again for each address that was woken, until nothing is left for it.

    Within an address steps never overlap, in whatever process, so order is kept; addresses do not wait for
    each other.
    """

    def __init__(self, name: str, step: Step, hands: Hands | None = None) -> None:
        self._name = name
        self._step = step
        self._hands = hands or OnlyHere()
        self._running: dict[Key, asyncio.Task[None]] = {}
        self._woken: dict[Key, asyncio.Event] = {}
        self._stopping = False

    def wake(self, channel: str, address: str) -> None:
        """There may be work for this address."""
        key = (channel, address)
        if key in self._woken:
            self._woken[key].set()
        elif not self._stopping:
            self._woken[key] = asyncio.Event()
            self._running[key] = asyncio.create_task(self._run(key), name=self._name)

    def wake_all(self, keys: Iterable[Key]) -> None:
        """There may be work for all of these."""
        for channel, address in keys:
            self.wake(channel, address)

    async def done(self, channel: str, address: str) -> None:
        """Return once the lane of one address has no work in hand."""
        while (running := self._running.get((channel, address))) is not None:
            await asyncio.wait([running])

    async def idle(self) -> None:
        """Return once no lane has work in hand."""
        while self._running:
            await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def stop(self) -> None:
        """Finish the steps in hand, start no more."""
        self._stopping = True
        for woken in self._woken.values():
            woken.set()
        await self.idle()

    async def _run(self, key: Key) -> None:
        woken = self._woken[key]
        try:
            while not self._stopping:
                woken.clear()
                pause = await self._guarded(key)
                if pause is None and not woken.is_set():
                    return
                if pause:
                    await self._sleep(woken, pause)
        finally:
            del self._woken[key], self._running[key]

    async def _guarded(self, key: Key) -> float | None:
        try:
            return await self._alone(key)
        except DatabaseAwayError as error:
            log.warning("waiting for the database", lane=self._name, reason=str(error))
            return AFTER_A_FAULT
        except Exception:
            log.exception("a step failed", lane=self._name)
            return AFTER_A_FAULT

    async def _alone(self, key: Key) -> float | None:
        name = f"{self._name}:{key[0]}:{key[1]}"
        if not await self._hands.take(name):
            return ELSEWHERE
        try:
            return await self._step(*key)
        finally:
            self._hands.free(name)

    @staticmethod
    async def _sleep(woken: asyncio.Event, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await woken.wait()
        except TimeoutError:
            pass
