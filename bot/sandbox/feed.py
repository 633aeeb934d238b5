"""Updates waiting for one bot, and the rules of `getUpdates`."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from bot.sandbox.errors import conflict
from bot.sandbox.model import Json

KEPT_SECONDS = 24 * 3600
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
TERMINATED = "terminated by other getUpdates request; make sure that only one bot instance is running"
BY_WEBHOOK = "terminated by setWebhook request"
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


@dataclass(frozen=True, slots=True)
class Pending:
    """An update not yet confirmed: its JSON as it was when it happened, and the chat whose order it keeps."""

    serial: int
    update_id: int
    body: bytes
    date: float
    lane: int


@dataclass(frozen=True, slots=True)
class Poll:
    """What a `getUpdates` call asks for; `timeout` in seconds."""

    offset: int = 0
    limit: int = 100
    timeout: float = 0.0


class Feed:
    """One bot's queue of updates, either polled or handed to a webhook courier."""

    def __init__(self, clock: Callable[[], float], first_id: int) -> None:
        self.pending: dict[int, Pending] = {}
        self.allowed: tuple[str, ...] = ()
        self.next_id = first_id
        self.webhook_active = False
        self.on_push: Callable[[Pending], None] | None = None
        self._clock = clock
        self._serial = 0
        self._poller: asyncio.Future[str | None] | None = None

    def push(self, kind: str, payload: Json, lane: int) -> None:
        """Queue an update of `kind`, unless the bot did not ask for that kind."""
        if self.allows(kind):
            self.put({"update_id": self.next_id, kind: payload}, lane)

    def put(self, update: Json, lane: int, date: float | None = None) -> None:
        """Queue a whole update as it is; also one whose number was used before."""
        self._serial += 1
        pending = Pending(
            self._serial, update["update_id"], orjson.dumps(update), date or self._clock(), lane
        )
        self.next_id = max(self.next_id, pending.update_id + 1)
        self.pending[pending.serial] = pending
        if self.on_push:
            self.on_push(pending)
        self._wake(None)

    def allows(self, kind: str) -> bool:
        """Whether the bot wants updates of this kind; by default all but three."""
        return kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT

    def confirm(self, pending: Pending) -> None:
        """Forget one update that a webhook has taken."""
        self.pending.pop(pending.serial, None)

    async def poll(self, ask: Poll) -> list[orjson.Fragment]:
        """Updates from `ask.offset` on, waiting up to `ask.timeout` for the first.

        Raises:
            ApiError: 409 when a webhook is set, or as soon as somebody else polls.
        """
        if self.webhook_active:
            raise conflict(WEBHOOK_ACTIVE)
        self._wake(TERMINATED)
        self._forget(ask.offset)
        if not self.pending and ask.timeout > 0:
            await self._wait(ask.timeout)
        first = max(0, ask.offset)
        ready = [p for p in self._fresh() if p.update_id >= first]
        return [orjson.Fragment(pending.body) for pending in ready[: ask.limit]]

    def end_polling(self) -> None:
        """Tell a waiting poller that a webhook takes over."""
        self._wake(BY_WEBHOOK)

    async def _wait(self, seconds: float) -> None:
        poller: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._poller = poller
        try:
            reason = await asyncio.wait_for(poller, seconds)
        except TimeoutError:
            reason = None
        finally:
            if self._poller is poller:
                self._poller = None
        if reason:
            raise conflict(reason)

    def _wake(self, reason: str | None) -> None:
        if self._poller and not self._poller.done():
            self._poller.set_result(reason)
            self._poller = None

    def _forget(self, offset: int) -> None:
        known = list(self.pending.values())
        gone = known[:offset] if offset < 0 else [pending for pending in known if pending.update_id < offset]
        for pending in gone:
            del self.pending[pending.serial]

    def _fresh(self) -> list[Pending]:
        oldest = self._clock() - KEPT_SECONDS
        for stale in [p for p in self.pending.values() if p.date < oldest]:
            del self.pending[stale.serial]
        return list(self.pending.values())


def lane_of(payload: Json) -> int:
    """The chat (or else the person) whose order an update keeps."""
    message: Any = payload.get("message") or payload
    chat = message.get("chat") or payload.get("chat") or payload.get("from") or payload.get("user") or {}
    return int(chat.get("id", 0))
