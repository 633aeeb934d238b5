"""What both Telegram bots share, whatever library speaks for them."""

from typing import Final
from urllib.parse import quote

from aiohttp import web

from bot.channels.bodies import read_bounded
from bot.channels.secrets import same

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of the header
MAX_UPDATE: Final = 1024 * 1024  # bytes
CHAT_GONE: Final = ("chat not found", "user not found", "chat_id is empty", "peer_id_invalid")
"""How Telegram says, among other things in lower case, that there is nobody to write to."""


async def read_secured(request: web.Request, secret: str) -> bytes:
    """What a webhook was posted by somebody who knows its secret.

    Raises:
        aiohttp.web.HTTPUnauthorized: the secret is not the one.
        aiohttp.web.HTTPRequestEntityTooLarge: no update is that long.
    """
    if not same(request.headers.get(SECRET_HEADER, ""), secret):
        raise web.HTTPUnauthorized
    body = await read_bounded(request, MAX_UPDATE)
    if body is None:
        raise web.HTTPRequestEntityTooLarge(MAX_UPDATE, (request.content_length or 0))
    return body


def scrubbed(text: str, token: str) -> str:
    """The text without the token, plain or as it stands in an address."""
    for form in (token, quote(token, safe="")):
        text = text.replace(form, "<token>")
    return text
