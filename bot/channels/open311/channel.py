"""Open311 as a channel: people come by a program of their own and read how things stand by asking for it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from bot.channels.base import Capabilities, Delivery, FetchError, SendResult
from bot.channels.open311.fetching import Fetcher
from dialogs.messages import Attachment

NAME: Final = "open311"
UPLOAD: Final = "upload:"
CAPABILITIES: Final = Capabilities(
    max_text=4000,
    max_buttons=0,
    max_button_label=64,
    sends_photos=False,
    asks_location=False,
    max_download=10 * 1024 * 1024,
)


@dataclass(slots=True)
class Open311Channel:
    """Leaves what is said to be asked for; `read_upload` gives the bytes of a file that was posted."""

    fetcher: Fetcher
    read_upload: Callable[[str], Awaitable[bytes]]
    name: str = NAME
    capabilities: Capabilities = CAPABILITIES

    async def send(self, delivery: Delivery) -> SendResult:
        """Leave the message where it is: whoever posted the report asks for its state."""
        return SendResult((delivery.id,))

    async def fetch(self, attachment: Attachment) -> bytes:
        """The bytes behind a `media_url`, or of a posted file; raises FetchError, OSError."""
        if not attachment.ref.startswith(UPLOAD):
            return await self.fetcher.fetch(attachment.ref)
        try:
            return await self.read_upload(attachment.ref.removeprefix(UPLOAD))
        except FileNotFoundError as problem:
            raise FetchError(f"upload cannot be read: {type(problem).__name__}", retryable=False) from problem
