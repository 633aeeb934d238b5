"""Citizens on Matrix: one room with the bot is one talk."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import structlog

from bot.channels.base import (
    Capabilities,
    Delivery,
    Intake,
    Membership,
    MembershipChange,
    OutboundFile,
    ReceiptNote,
    SeenUntil,
    SendError,
    SendResult,
)
from bot.channels.matrix import render
from bot.channels.matrix.capabilities import CAPABILITIES
from bot.channels.matrix.client import MatrixClient
from bot.channels.matrix.parse import NAME, parse
from bot.channels.sending import content_of, send_parts
from bot.channels.stumbles import Aside, Stumbles, each, never
from dialogs.messages import Attachment, InboundMessage
from storage.doors.away import DatabaseAwayError

FIRST_PAUSE: Final = 1.0  # seconds
LONGEST_PAUSE: Final = 60.0
MOST_PAGES: Final = 50
"""Pages of a hundred events that are read back after an outage; what is older than all of them is let go."""
COUNTED: Final = 5_000
"""Rooms whose people were counted; forgetting them costs each one question when it is heard again."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class House:
    """Where the channel hands things on to."""

    intake: Intake
    membership: MembershipChange
    receipt: ReceiptNote
    clock: Callable[[], datetime]
    aside: Aside = never


class MatrixChannel:
    """Hears by long polling; `bookmark` is the file that remembers how far it has heard."""

    name: str = NAME
    capabilities: Capabilities = CAPABILITIES

    def __init__(self, client: MatrixClient, house: House, bookmark: Path) -> None:
        self._client = client
        self._house = house
        self._bookmark = bookmark
        self._me = ""
        self._stumbles = Stumbles(NAME, house.aside)
        self._crowds: dict[str, bool] = {}

    async def start(self, _public_url: str = "") -> None:
        """Make sure of who we are.

        Raises:
            SendError: the homeserver refuses or is out of reach.
        """
        try:
            self._me = await self._client.whoami()
        except SendError as error:
            error.retryable = error.code != "token"
            raise

    async def stop(self) -> None:
        """Let the connections go."""
        await self._client.close()

    async def poll(self) -> None:
        """Hear until cancelled; survives every error."""
        failures = 0
        while True:
            try:
                await self.step()
                failures = 0
            except SendError as problem:
                failures += 1
                log.warning("matrix.sync_failed", code=problem.code)
                pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(failures - 1, 10))
                await asyncio.sleep(max(pause, problem.retry_after))
            except DatabaseAwayError:
                log.warning("matrix.not_kept", reason="the database is out of reach")
                await asyncio.sleep(FIRST_PAUSE)
            except Exception:
                log.exception("matrix.not_kept")
                await asyncio.sleep(FIRST_PAUSE)

    async def step(self) -> None:
        """Ask once what happened and hand it on; only then is it remembered as heard."""
        since = self._bookmark.read_text() if self._bookmark.exists() else ""
        told = await self._client.sync(since)
        rooms = told.get("rooms", {})
        await each(self._works(rooms, since))
        new = self._bookmark.with_suffix(".new")
        new.write_text(str(told["next_batch"]))
        new.replace(self._bookmark)

    def _works(self, rooms: Mapping[str, Any], since: str) -> Iterator[Awaitable[None]]:
        """What is to be done about each room that something happened in."""
        for room in rooms.get("invite", {}):
            yield self._enter(room)
        for room in rooms.get("leave", {}):
            yield self._reachable(room, now=False)
        for room, news in rooms.get("join", {}).items():
            yield self._visit(room, news, since)

    async def send(self, delivery: Delivery) -> SendResult:
        """Send one message, as several events where it needs them; raises SendError.

        Each event has a key of its own, so that the homeserver takes a repeated one for what it is.
        """
        parts: list[Mapping[str, Any] | OutboundFile] = [*render.words(delivery), *delivery.files]

        async def say(at: int) -> tuple[str, ...]:
            event = await self._event(parts[at])
            return (await self._client.say(delivery.address, f"kentongan-{delivery.id}-{at}", event),)

        return await send_parts(range(len(delivery.sent), len(parts)), say, delivery.sent)

    async def fetch(self, attachment: Attachment) -> bytes:
        """The file's bytes; raises FetchError, also when it is larger than we keep."""
        return await self._client.download(attachment.ref, CAPABILITIES.max_download)

    async def _event(self, part: Mapping[str, Any] | OutboundFile) -> Mapping[str, Any]:
        if not isinstance(part, OutboundFile):
            return part
        content = await content_of(part)
        return render.file(part, await self._client.upload(content, part.mime, part.name), len(content))

    async def _enter(self, room: str) -> None:
        """Accept an invitation; one that is withdrawn or of a server out of reach is let be."""
        try:
            await self._client.join(room)
        except SendError as problem:
            log.info("matrix.not_joined", code=problem.code)
            return
        await self._reachable(room, now=True)

    async def _reachable(self, room: str, *, now: bool) -> None:
        change = Membership(NAME, room, reachable=now, at=self._house.clock())
        await self._house.membership(change)

    async def _visit(self, room: str, news: Mapping[str, Any], since: str) -> None:
        """Hear what is new in a room; one that is closed to us meanwhile is let be."""
        try:
            await self._hear(room, news, since)
        except SendError as problem:
            if problem.retryable:
                raise
            log.warning("matrix.room_closed", code=problem.code)

    async def _hear(self, room: str, news: Mapping[str, Any], since: str) -> None:
        timeline = news.get("timeline", {})
        events = list(timeline.get("events", ()))
        if any(event.get("type") == "m.room.member" for event in events):
            self._crowds.pop(room, None)
        if timeline.get("limited") and since:
            events = [*await self._missed(room, str(timeline.get("prev_batch", "")), since), *events]
        theirs = [event for event in events if event.get("sender") not in {self._me, None}]
        if theirs and not await self._crowded(room):
            for event in theirs:
                await self._heard(parse(room, event, CAPABILITIES.max_download))
        await self._note_seen(room, news.get("ephemeral", {}).get("events", ()))

    async def _heard(self, message: InboundMessage | None) -> None:
        if message is None:
            return
        try:
            await self._house.intake(message)
        except Exception as error:
            if not await self._stumbles.over(message.external_id, message, error):
                raise

    async def _missed(self, room: str, at: str, since: str) -> list[Mapping[str, Any]]:
        """The events between what was heard and a gap in the timeline, oldest first."""
        found: list[Mapping[str, Any]] = []
        for _ in range(MOST_PAGES):
            if not at:
                break
            page = await self._client.before(room, at, since)
            found += page.get("chunk", ())
            at = str(page.get("end", "")) if page.get("chunk") else ""
        return found[::-1]

    async def _crowded(self, room: str) -> bool:
        """Whether more than one person is in the room: there the bot keeps silent."""
        if room not in self._crowds:
            if len(self._crowds) >= COUNTED:
                self._crowds.clear()
            self._crowds[room] = len(await self._client.members(room) - {self._me}) > 1
        return self._crowds[room]

    async def _note_seen(self, room: str, events: Sequence[Mapping[str, Any]]) -> None:
        """A person's read mark says that everything said before it was read."""
        for event in events:
            if event.get("type") != "m.receipt":
                continue
            for marks in event.get("content", {}).values():
                for user, mark in marks.get("m.read", {}).items():
                    if user != self._me and isinstance(mark.get("ts"), int):
                        until = datetime.fromtimestamp(mark["ts"] / 1000, UTC)
                        await self._house.receipt(SeenUntil(NAME, room, "read", until))
