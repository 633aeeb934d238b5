"""What both doors share: who may speak, keeping what is said, and who waits for the answers."""

import hmac
import secrets
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.channels.base import Intake
from bot.channels.rasa.ends import Ends
from bot.channels.rasa.parse import NAME, UNGUESSABLE, UnreadableError, Uttered, message_of
from bot.channels.rates import Rates
from bot.channels.secrets import same
from bot.channels.texts import load_texts, pick
from dialogs.messages import Attachment

FILES: Final = "/webhooks/rest/files"


@dataclass(frozen=True, slots=True)
class File:
    """A kept file on its way to the widget."""

    content: bytes
    mime: str


@dataclass(frozen=True, slots=True)
class Options:
    """What may differ between installations.

    `token` is asked of whoever calls (`?token=`, or as a bearer; in socket.io's `auth`), if set. `any_sender`
    lets guessable sender names in without it. `origins` are the pages that may call from a browser; "*" is
    any. `base` is our own address as browsers see it. A sender may send `burst` messages at once, then one a
    second.
    """

    token: str = field(default="", repr=False)
    any_sender: bool = False
    origins: tuple[str, ...] = ()
    base: str = ""
    burst: int = 60


@dataclass(frozen=True, slots=True)
class House:
    """What the channel needs of the house.

    `answered` returns once everything an address sent is answered; `returned` lets go what was held for it,
    `waited_for` tells which of some addresses anything is held for; `file` gives a file that was sent to an
    address, or None.
    """

    intake: Intake
    answered: Callable[[str, str], Awaitable[None]]
    returned: Callable[[str, str], Awaitable[None]]
    waited_for: Callable[[Collection[str]], Awaitable[Sequence[str]]]
    file: Callable[[str, str], Awaitable[File | None]]
    clock: Callable[[], datetime]


class Talks:
    """The talks of all widgets; `key` seals the addresses of files."""

    def __init__(self, house: House, key: bytes, options: Options) -> None:
        self.options = options
        self.ends = Ends()
        self._house = house
        self._key = key
        self._rates = Rates(options.burst, 1.0, time.monotonic)
        self._texts = load_texts(Path(__file__).with_name("texts.json"))

    async def hear(self, uttered: Uttered) -> None:
        """Keep what somebody said.

        Raises:
            UnreadableError: they send too much too fast.
        """
        message = message_of(uttered, secrets.token_hex(16), self._house.clock())
        if self._rates.wait(message.address):
            raise UnreadableError("too_fast")
        await self._house.intake(message)

    async def answered(self, address: str) -> None:
        """Return once everything this address sent is answered."""
        await self._house.answered(NAME, address)

    async def returned(self, address: str) -> None:
        """Somebody waits at this address again: what was held for it may go."""
        await self._house.returned(NAME, address)

    async def catch_up(self) -> int:
        """Let go what was held where a page is open: another process did not know of it; always 0."""
        for address in await self._house.waited_for(self.ends.lasting()):
            await self.returned(address)
        return 0

    async def file(self, address: str, ref: str, seal: str) -> File | None:
        """A file under the address it was shown at; None for an address that was not made here."""
        return await self._house.file(address, ref) if same(seal, self._seal(address, ref)) else None

    def admits(self, sender: str, token: str) -> bool:
        """Whether this sender's name may be used: who calls is known to us, or nobody can guess it."""
        if self.options.token:
            return same(token, self.options.token)
        return self.options.any_sender or len(sender) >= UNGUESSABLE

    def allows(self, origin: str) -> bool:
        """Whether a page of this origin may call from a browser."""
        return "*" in self.options.origins or origin in self.options.origins

    def seen_at(self, address: str, base: str) -> Callable[[Attachment], str]:
        """Gives the URL under which the owner of an address, and nobody else, sees a file."""

        def url(attachment: Attachment) -> str:
            ref = attachment.media_id or attachment.ref
            return f"{self.options.base or base}{FILES}/{address}/{ref}/{self._seal(address, ref)}"

        return url

    def sorry(self, code: str, language: str = "") -> str:
        """The sentence that says what was wrong and what to do."""
        return pick(self._texts, language)[f"error_{code}"]

    def _seal(self, address: str, ref: str) -> str:
        return hmac.digest(self._key, f"file:{address}:{ref}".encode(), "sha256").hex()[:32]
