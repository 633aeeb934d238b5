"""Mentions on X: what is said is laid out for the staff to post, files are fetched from where they stand."""

from typing import Final

import aiohttp

from bot.channels.base import BY_HAND, Capabilities, Delivery, FetchError, HeldError, SendResult
from bot.channels.rendering import split_text, with_list
from bot.channels.x.capabilities import CAPABILITIES
from bot.channels.x.export import NAME
from dialogs.messages import Attachment, OutboundMessage

SECONDS: Final = 30.0
WORDS: Final = "Jawaban di X diposting dengan tangan: kentongan channels answers"


class XChannel:
    """Nobody sends here: every answer waits until somebody posted it."""

    name: str = NAME
    capabilities: Capabilities = CAPABILITIES

    async def send(self, delivery: Delivery) -> SendResult:
        """Lay the message out for the staff; always raises HeldError."""
        del delivery
        raise HeldError(BY_HAND, WORDS)

    async def fetch(self, attachment: Attachment) -> bytes:
        """The bytes of a picture in a mention; raises FetchError."""
        most = CAPABILITIES.max_download
        try:
            timeout = aiohttp.ClientTimeout(total=SECONDS)
            async with aiohttp.ClientSession(timeout=timeout) as http, http.get(attachment.ref) as answer:
                if answer.status != 200:
                    raise FetchError(f"answered {answer.status}", retryable=answer.status >= 500)
                content = await answer.content.read(most + 1)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise FetchError(type(error).__name__, retryable=True) from None
        if len(content) > most:
            raise FetchError("larger than 20 MB", retryable=False)
        return content


def posts(message: OutboundMessage) -> list[str]:
    """The posts a message becomes, choices as a list to answer by number."""
    return split_text(with_list(message.text, message.buttons), CAPABILITIES.max_text)
