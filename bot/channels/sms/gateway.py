"""What the channel needs of a gateway, and what the gateways need of the channel."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aiohttp import web

from bot.channels.base import Receipt
from bot.channels.sms.parse import Sms

MAX_BODY = 64 * 1024


@dataclass(frozen=True, slots=True)
class Handover:
    """One text for the gateway: to whom, what, and our own name for it, under which its fate is reported."""

    to: str
    text: str
    ref: str


@dataclass(frozen=True, slots=True)
class Hearing:
    """Where a gateway's posts go: an SMS, or news of one that was sent."""

    sms: Callable[[Sms], Awaitable[None]]
    receipt: Callable[[Receipt], Awaitable[None]]
    clock: Callable[[], datetime]


class Gateway(Protocol):
    """A way to the telephone network."""

    async def submit(self, handover: Handover) -> str:
        """Hand a text over and return its ref; raises SendError."""

    def routes(self, hearing: Hearing) -> list[web.RouteDef]:
        """Where the gateway posts what comes in."""

    async def fetch(self, ref: str) -> bytes:
        """The bytes of a file that came with an SMS; raises FetchError."""

    async def close(self) -> None:
        """Let its connections go."""
