"""A lean HTTP client for one webhook: what the load process spends on posting, the measure cannot spend."""

import asyncio
import re
from urllib.parse import urlsplit

from benchmarks.telegram import Webhook

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
STATUS_AT = slice(9, 12)


class RefusedError(Exception):
    """The webhook did not take an update."""


class Door:
    """Kept-open connections to a webhook, one for each update under way."""

    def __init__(self, webhook: Webhook) -> None:
        parts = urlsplit(webhook.url)
        self._address = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._head = (
            f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {webhook.secret}\r\nContent-Length: "
        ).encode()
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def post(self, body: bytes) -> bytes:
        """Post one update; returns the body of the webhook's answer.

        Raises:
            RefusedError: the answer was not 200.
        """
        line = self._idle.pop() if self._idle else await asyncio.open_connection(*self._address)
        reader, writer = line
        writer.write(self._head + str(len(body)).encode() + b"\r\n\r\n" + body)
        head = await reader.readuntil(b"\r\n\r\n")
        answer = await _body(reader, head)
        self._idle.append(line)
        if head[STATUS_AT] != b"200":
            raise RefusedError(f"{head[:40]!r} {answer[:200]!r}")
        return answer

    def close(self) -> None:
        """Let go of the connections."""
        for _, writer in self._idle:
            writer.close()
        self._idle.clear()


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    length = LENGTH.search(head)
    if length:
        return await reader.readexactly(int(length[1]))
    if b"chunked" not in head.lower():
        return b""
    body = b""
    while size := int(await reader.readline(), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readline()
    return body
