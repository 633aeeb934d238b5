"""Reading what came over HTTP without trusting its size, or its every sign."""

import re
from typing import Any, Final

import orjson
from aiohttp import web

ESCAPED: Final = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
"""What is escaped in a text of JSON; the group is half of a character without its other half."""
UNREADABLE: Final = rb"\ufffd"


async def read_bounded(request: web.Request, limit: int) -> bytes | None:
    """The request's body, or None when it is longer than `limit` bytes."""
    if (request.content_length or 0) > limit:
        return None
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > limit:
            return None
    return bytes(body)


def read_json(body: bytes) -> Any:
    """What a body of JSON holds, with U+FFFD for halves of characters and for what is no UTF-8.

    Somebody wrote such a text all the same, and waits for an answer; turned down, it would come again and
    again, or hold up everything behind it.

    Raises:
        orjson.JSONDecodeError: it is no JSON.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return orjson.loads(ESCAPED.sub(_whole, body.decode("utf-8", "replace").encode()))


def file_name(told: str, most: int) -> str:
    """A file's own name, without folders and what is not printable, at most so many characters of it."""
    last = told.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(character for character in last if character.isprintable())[:most]


def _whole(escaped: re.Match[bytes]) -> bytes:
    return UNREADABLE if escaped[1] else escaped[0]
