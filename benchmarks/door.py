"""A lean HTTP client for one address: what the load process spends on posting, the measure cannot spend."""

import asyncio
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
STATUS_AT = slice(9, 12)
JSON = "application/json"


class RefusedError(Exception):
    """What was posted was not taken."""


class Door:
    """Kept-open connections to one address, one for each request under way."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        parts = urlsplit(url)
        self._address = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._path = parts.path
        lines = {"Host": parts.netloc, **headers}
        self._head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._open: list[asyncio.StreamWriter] = []

    async def post(self, body: bytes, kind: str = JSON, path: str = "") -> bytes:
        """Post something, elsewhere on the same connections where a path is named; the body of the answer.

        Raises:
            RefusedError: the answer was not 200.
            OSError, asyncio.IncompleteReadError: the connection broke.
        """
        line = self._idle.pop() if self._idle else await asyncio.open_connection(*self._address)
        reader, writer = line
        told = f"{self._head}Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        try:
            writer.write(f"POST {path or self._path} HTTP/1.1\r\n{told}".encode() + body)
            head = await reader.readuntil(b"\r\n\r\n")
            answer = await _body(reader, head)
        except BaseException:
            writer.close()
            raise
        self._idle.append(line)
        if head[STATUS_AT] != b"200":
            raise RefusedError(f"{head[:40]!r} {answer[:200]!r}")
        return answer

    async def stream(self) -> asyncio.StreamReader:
        """Get something that goes on coming; its pieces, as they stand on the wire."""
        reader, writer = await asyncio.open_connection(*self._address)
        self._open.append(writer)
        writer.write(f"GET {self._path} HTTP/1.1\r\n{self._head}\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if head[STATUS_AT] != b"200":
            raise RefusedError(f"{head[:40]!r}")
        return reader

    def close(self) -> None:
        """Let go of the connections."""
        for writer in (*self._open, *(writer for _, writer in self._idle)):
            writer.close()
        self._idle.clear()
        self._open.clear()


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
