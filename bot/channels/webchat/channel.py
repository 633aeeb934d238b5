"""The web chat: people write on our own page, and read what the database holds for them."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from aiohttp import web

from bot.channels.base import Capabilities, Delivery, FetchError, Intake, SendError, SendResult
from bot.channels.rates import Rates
from bot.channels.texts import load_texts
from bot.channels.webchat.assets import load_assets
from bot.channels.webchat.capabilities import CAPABILITIES
from bot.channels.webchat.guard import Guard
from bot.channels.webchat.lines import ChatStore
from bot.channels.webchat.parse import NAME
from bot.channels.webchat.routes import Desk, Doors
from bot.channels.webchat.sessions import Sessions, Terms
from bot.channels.webchat.streams import Streams
from dialogs.messages import Attachment

PAGE = Path(__file__).with_name("page")
READS_PER_SECOND = 10.0


@dataclass(frozen=True, slots=True)
class Options:
    """What may differ between installations.

    `public_url` is our own address as browsers see it, needed behind a proxy that changes the Host header;
    `frames` are the origins of pages that may show the chat in a frame.
    A person may send `burst` messages at once and then one every `seconds_per_message`; one network address
    may open `sessions_burst` chats at once and then one a second. A session may ask for news and files
    `reads_burst` times at once, then READS_PER_SECOND. `terms` say how long a session lasts.
    `tell` lets other processes know that something was said to an address.
    """

    public_url: str = ""
    frames: tuple[str, ...] = ()
    burst: int = 60
    seconds_per_message: float = 1.0
    sessions_burst: int = 300
    reads_burst: int = 600
    terms: Terms = field(default_factory=Terms)
    tell: Callable[[str], None] = lambda _address: None


class WebChatChannel:
    """The citizens' page; `key` seals the sessions and must outlive restarts (32 random bytes)."""

    name: str = NAME
    capabilities: Capabilities = CAPABILITIES

    def __init__(
        self,
        *,
        intake: Intake,
        store: ChatStore,
        key: bytes,
        clock: Callable[[], datetime],
        options: Options | None = None,
    ) -> None:
        options = options or Options()
        self._tell = options.tell
        self._store = store
        self._streams = Streams()
        self._guard = Guard(load_texts(PAGE / "texts.json"), options.public_url, options.frames)
        desk = Desk(
            intake=intake,
            store=store,
            sessions=Sessions(key, secrets.token_bytes, options.terms),
            streams=self._streams,
            clock=clock,
            new_sessions=Rates(options.sessions_burst, 1.0, time.monotonic),
            reads=Rates(options.reads_burst, READS_PER_SECOND, time.monotonic),
            posts=Rates(options.burst, 1 / options.seconds_per_message, time.monotonic),
        )
        self._doors = Doors(desk, load_assets(PAGE))

    def routes(self) -> list[web.RouteDef]:
        """Everything under `/chat`, for the web server."""
        return self._doors.routes(self._guard)

    async def send(self, delivery: Delivery) -> SendResult:
        """Wake the open pages of the address; the line is in the database already.

        Raises:
            SendError: whoever wrote from there has left, and nobody can read it.
        """
        if self._store.left(delivery.address):
            raise SendError("blocked", "Warga sudah keluar dari obrolan web.", retryable=False)
        self._streams.wake(delivery.address)
        self._tell(delivery.address)
        return SendResult((delivery.id,))

    def wake(self, address: str) -> None:
        """Let the pages of an address look: something was said to it, maybe by another process."""
        self._streams.wake(address)

    async def fetch(self, attachment: Attachment) -> bytes:
        """The bytes of an upload; raises FetchError where there are none, OSError while out of reach."""
        try:
            return await self._store.read_upload(attachment.ref)
        except (FileNotFoundError, LookupError) as problem:
            raise FetchError(f"upload cannot be read: {type(problem).__name__}", retryable=False) from problem

    async def stop(self) -> None:
        """Let the open pages go, so that the server can close."""
        self._streams.close()
