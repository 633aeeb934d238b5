"""Calls over HTTP/1.1 to one host, many and small: connections stay open, httptools reads the answers.

No redirects, no cookies, no compression, no proxies: the Bot API has none of them, and a client that has
takes four times as long over a call.
"""

import asyncio
import ssl
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import quote, urlsplit

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

AT_ONCE: Final = 100
"""Connections at a time; who comes beyond that waits for one."""
IDLE_SECONDS: Final = 15.0
"""A connection that rested for longer is not trusted: the other side may be closing it just now."""
MOST_BYTES: Final = 16 * 1024 * 1024
HEAD_BYTES: Final = 64 * 1024
SOONER: Final = 0.25
"""Seconds until the next of a host's addresses is tried beside the first."""
PORTS: Final = {"https": 443, "http": 80}
DELIMITED: Final = frozenset({b"content-length", b"transfer-encoding"})


class NeverSentError(OSError):
    """No connection came about, so nothing was asked."""


class BrokenAnswerError(OSError):
    """The answer ended early or is no HTTP; what was asked may have been done all the same."""


class LongAnswerError(OSError):
    """The answer is longer than whoever asked can use."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: HTTP's status and the body."""

    status: int
    content: bytes


class Host:
    """The host of an address and the connections to it; `tls` is for an address that begins with https."""

    def __init__(self, address: str, tls: ssl.SSLContext) -> None:
        url = urlsplit(address)
        self._origin = f"{url.scheme}://{url.netloc}"
        self._at = (url.hostname or "", url.port or PORTS[url.scheme])
        self._tls = tls if url.scheme == "https" else None
        named = url.netloc.rpartition("@")[2]
        self._named = f"HTTP/1.1\r\nHost: {named}\r\nUser-Agent: Kentongan\r\n".encode()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._resting: list[_Connection] = []

    async def post(self, url: str, json: bytes, seconds: float) -> Answer:
        """Send JSON and read the answer; connecting and answering may take so many seconds each.

        Raises:
            NeverSentError: nobody was reached.
            BrokenAnswerError: the answer makes no sense, or the connection ended before it.
            LongAnswerError: the answer has no end.
            TimeoutError: the answer did not come in time.
        """
        head = b"POST %b %bContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        return await self._ask(head % (self._target(url), self._named, len(json)) + json, seconds, MOST_BYTES)

    async def get(self, url: str, seconds: float, most: int) -> Answer:
        """Fetch what lies there, at most so many bytes; raises as `post` does."""
        return await self._ask(b"GET %b %b\r\n" % (self._target(url), self._named), seconds, most)

    async def close(self) -> None:
        """Close the connections nobody uses."""
        for connection in self._resting:
            connection.close()
        self._resting.clear()
        await asyncio.sleep(0)  # the loop closes them in its next round

    def _target(self, url: str) -> bytes:
        """What of an address stands in a request, quoted: nothing in it ends the line."""
        return quote(url.removeprefix(self._origin), safe="/:%", errors="replace").encode()

    async def _ask(self, request: bytes, seconds: float, most: int) -> Answer:
        async with self._room:
            connection = self._rested() or await self._connect(seconds)
            answer = await connection.ask(request, seconds, most)
            if connection.stays():
                self._resting.append(connection)
            else:
                connection.close()
            return answer

    def _rested(self) -> "_Connection | None":
        """The connection used last, if it can be used again; older ones can even less."""
        while self._resting:
            connection = self._resting.pop()
            if connection.stays():
                return connection
            connection.close()
        return None

    async def _connect(self, seconds: float) -> "_Connection":
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(seconds):
                _, connection = await loop.create_connection(
                    _Connection, *self._at, ssl=self._tls, happy_eyeballs_delay=SOONER
                )
        except OSError as problem:
            raise NeverSentError(type(problem).__name__) from problem
        return connection


class _Connection(asyncio.Protocol):
    """One connection, for one call after the other. httptools calls what begins with `on_`."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._parser = HttpResponseParser(self)
        self._found: asyncio.Future[Answer | OSError] | None = None
        self._content = bytearray()
        self._received = self._most = 0
        self._begun = self._delimited = self._lasting = False
        self._rested_at = 0.0

    async def ask(self, request: bytes, seconds: float, most: int) -> Answer:
        """Send a request and wait for its answer; after an error the connection is closed."""
        self._found = self._loop.create_future()
        self._received, self._most, self._begun = 0, most, False
        patience = self._loop.call_later(seconds, self._fail, TimeoutError("no answer"))
        self._transport.write(request)
        try:
            found = await self._found
        except asyncio.CancelledError:
            self.close()  # an answer that still comes would be taken for the next one's
            raise
        finally:
            patience.cancel()
            self._found = None
        if isinstance(found, OSError):
            raise found
        self._rested_at = self._loop.time()
        return found

    def stays(self) -> bool:
        """Whether the next call may be made over it."""
        fresh = self._loop.time() - self._rested_at < IDLE_SECONDS
        return self._lasting and fresh and not self._transport.is_closing()

    def close(self) -> None:
        """Close it without waiting for the other side."""
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is open."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is closed: the end of an answer that has no other, or of one that never came."""
        if exc is None and self._begun and not self._delimited:
            self.on_message_complete()
        self._fail(BrokenAnswerError("the connection ended"))

    def data_received(self, data: bytes) -> None:
        """Read on in the answer; what nobody asked for ends the connection."""
        self._received += len(data)
        if self._found is None or self._received > 2 * self._most + HEAD_BYTES:
            self._fail(LongAnswerError("no end"))
            return
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            self._fail(BrokenAnswerError("no HTTP"))

    def on_message_begin(self) -> None:
        """An answer begins, or a second one that nobody asked for."""
        self._content = bytearray()
        self._begun = self._delimited = False
        if self._found is None or self._found.done():
            self.close()

    def on_header(self, name: bytes, _value: bytes) -> None:
        """Note whether the answer tells where it ends."""
        self._delimited = self._delimited or name.lower() in DELIMITED

    def on_headers_complete(self) -> None:
        """Note whether the connection stays open."""
        self._begun, self._lasting = True, self._parser.should_keep_alive()

    def on_body(self, piece: bytes) -> None:
        """Keep a piece."""
        self._content += piece
        if len(self._content) > self._most:
            self._fail(LongAnswerError("too long"))

    def on_message_complete(self) -> None:
        """Hand over the answer; what is only announced (1xx) is none yet."""
        status = self._parser.get_status_code()
        if status >= 200 and self._found is not None and not self._found.done():
            self._found.set_result(Answer(status, bytes(self._content)))

    def _fail(self, error: OSError) -> None:
        """Whoever waits hears of it, and the connection ends."""
        if self._found is not None and not self._found.done():
            self._found.set_result(error)
        self.close()
