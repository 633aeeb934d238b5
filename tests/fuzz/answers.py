"""What comes back from Telegram, or from whoever stands in its way, as the client of calls reads it."""

import asyncio
import ssl
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from bot.channels.telegram.calls import (
    Answer,
    BrokenAnswerError,
    Host,
    LongAnswerError,
    NeverSentError,
)
from tests.fuzz.dice import Dice

SECONDS: Final = 30.0
"""Longer than an input may take: a wait would end the run."""
MOST: Final = 8
"""Bytes: fewer than some of the seeds have."""
PIECES: Final = 6
PATIENCE: Final = 8
"""Rounds of the loop in which whoever has a whole answer would ask on."""
ADDRESS: Final = "http://api.test"
SEEDS: Final = (
    b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"ok":true}',
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nha\r\n3;x=y\r\nlo!\r\n0\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhalo",
    b"HTTP/1.0 502 Bad Gateway\r\nServer: nginx\r\n\r\n<html>",
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
    b"HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
)


class _Line(asyncio.Transport):
    """A connection without a network: each request is met with the next answer, in its pieces."""

    def __init__(self, loop: asyncio.AbstractEventLoop, reads: Any, answers: list[list[bytes]]) -> None:
        super().__init__()
        self._loop, self._reads, self._answers = loop, reads, answers
        self._closed = False
        self._requests = 0
        reads.connection_made(self)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        head, _, _ = bytes(data).partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        assert lines[0].count(b" ") == 2, "nothing in an address ends or parts the first line"
        assert lines[1] == b"Host: api.test"
        for piece in self._answers.pop(0) if self._answers else ():
            self._loop.call_soon(self._hand_over, piece)
        self._requests += 1
        self._loop.call_soon(self._hang_up, self._requests, PATIENCE)

    def is_closing(self) -> bool:
        return self._closed

    def abort(self) -> None:
        if not self._closed:
            self._closed = True
            self._loop.call_soon(self._reads.connection_lost, None)

    def _hang_up(self, requests: int, rounds: int) -> None:
        """End an answer that is not taken for whole: nothing more comes, and nobody asks on."""
        if rounds and self._requests == requests:
            self._loop.call_soon(self._hang_up, requests, rounds - 1)
        elif self._requests == requests:
            self.abort()

    def _hand_over(self, piece: bytes) -> None:
        if not self._closed:
            self._reads.data_received(piece)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.new_event_loop()


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def telegrams_answers(dice: Dice) -> None:
    """Two calls over one connection: each ends in an answer within its bounds, or in a foreseen error."""
    loop, broken = _loop(), []
    loop.set_exception_handler(lambda _, context: broken.append(context))
    answers = [_pieces(dice, _answer(dice)) for _ in range(2)]

    async def connect(made: Callable[[], Any], *_: Any, **__: Any) -> tuple[_Line, Any]:
        reads = made()
        return _Line(loop, reads, answers), reads

    loop.create_connection = connect  # type: ignore[method-assign,assignment]  # the only way out of a Host
    loop.run_until_complete(_ask_twice(dice))
    assert not broken, broken


async def _ask_twice(dice: Dice) -> None:
    host = Host(f"{ADDRESS}/bot42:x", _tls())
    for ask in (_post, _get):
        try:
            found = await ask(host, f"{ADDRESS}/{dice.text()}")
        except (NeverSentError, BrokenAnswerError, LongAnswerError):
            continue
        assert 200 <= found.status <= 999
    await host.close()
    await asyncio.sleep(0)  # what was told to close closes


async def _post(host: Host, url: str) -> Answer:
    return await host.post(url, b"{}", SECONDS)


async def _get(host: Host, url: str) -> Answer:
    found = await host.get(url, SECONDS, MOST)
    assert len(found.content) <= MOST
    return found


def _answer(dice: Dice) -> bytes:
    whole = dice.one(SEEDS)
    return dice.torn(whole) if dice.number(3) else whole


def _pieces(dice: Dice, content: bytes) -> list[bytes]:
    """The content as it may come over a network: in one piece, or parted anywhere."""
    cuts = sorted(dice.number(len(content) + 1) for _ in range(dice.number(PIECES)))
    return [content[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(content)], strict=True)]
