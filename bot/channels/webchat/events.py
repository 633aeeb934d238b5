"""New lines to the page: as a stream of events, or as one answer that waits for them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from bot.channels.webchat.guard import HEADERS
from bot.channels.webchat.lines import ChatLine, ChatStore, Cursor
from bot.channels.webchat.parse import Refusal
from bot.channels.webchat.render import event, render
from bot.channels.webchat.streams import Streams
from storage.doors.away import DatabaseAwayError

BEAT: Final = 15.0  # seconds between signs of life; also how soon news from another process is seen
LONG_POLL: Final = 25.0  # seconds
AWAY: Final = 2.0  # seconds until an open stream asks again for what could not be read
SIGN_OF_LIFE: Final = b":\n\n"
STREAM_HEADERS: Final = {
    **HEADERS,
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose lines are read, while `open` says so; `headers` go with the answer."""

    address: str
    open: Callable[[], bool]
    headers: Mapping[str, str]


class Events:
    """Hands an address its lines, the old ones at once and the new ones as they come."""

    def __init__(self, store: ChatStore, streams: Streams) -> None:
        self._store = store
        self._streams = streams

    async def answer(self, request: web.Request, reader: Reader) -> web.StreamResponse:
        """A stream for who accepts `text/event-stream`, else JSON as soon as there is something new.

        Raises:
            Refusal: 400 for a bad cursor, 429 when too many pages are open already.
        """
        try:
            after = Cursor.read(request.query.get("after", "0.0"))
        except ValueError:
            raise Refusal(400, "malformed") from None
        if self._streams.full(reader.address):
            raise Refusal(429, "too_many_pages", retry_after=BEAT)
        if "text/event-stream" in request.headers.get("Accept", ""):
            return await self._stream(request, reader, after)
        return await self._once(reader, after)

    async def _stream(self, request: web.Request, reader: Reader, after: Cursor) -> web.StreamResponse:
        response = web.StreamResponse(headers={**STREAM_HEADERS, **reader.headers})
        with self._streams.listening(reader.address) as page:
            await response.prepare(request)
            woken = False
            try:
                while reader.open() and not self._streams.closed:
                    lines = await self._news(reader.address, after)
                    if lines or not woken:
                        after = await _push(response, lines or (), after)
                    woken = await page.wait(AWAY if lines is None else BEAT)
            except ConnectionError:
                pass  # the page is gone; it comes back with its cursor
        return response

    async def _news(self, address: str, after: Cursor) -> Sequence[ChatLine] | None:
        """Lines after the cursor; None while the database is away: a stream can no longer say so."""
        try:
            return await self._store.history(address, after)
        except DatabaseAwayError:
            return None

    async def _once(self, reader: Reader, after: Cursor) -> web.Response:
        with self._streams.listening(reader.address) as page:
            lines = await self._store.history(reader.address, after)
            if not lines:
                await page.wait(LONG_POLL)
                lines = await self._store.history(reader.address, after) if reader.open() else ()
        body = {"lines": [render(line) for line in lines], "after": str(after.past(lines))}
        return web.json_response(body, headers={"Cache-Control": "no-store", **reader.headers})


async def _push(response: web.StreamResponse, lines: Sequence[ChatLine], after: Cursor) -> Cursor:
    """Write lines, or a sign of life where there are none; the cursor past them."""
    events = []
    for line in lines:
        after = after.past([line])
        events.append(event(line, after))
    await response.write(b"".join(events) or SIGN_OF_LIFE)
    return after
