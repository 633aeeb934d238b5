"""Afterwards: is everything that was said, sent, promised and accepted there, once, to the last message?"""

import asyncio
import math
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from bot.sandbox.model import Room
from bot.sandbox.world import World
from storage.doors.database import Connection, Database
from storage.reports import cases, chain
from storage.rows import deadlines, media
from storage.rows import inbox as arrivals
from storage.rows import outbox as messages
from storage.talks import inbox, outbox
from tests.soak.citizens import NUMBER, RECEIPT, Diary
from tests.soak.mouths import Page, Telegram

SETTLE_SECONDS = 900.0
KINDS = {"/telegram/citizen": "telegram", "/telegram/operator": "operator"}
MOST_TOLD = 30
MOST_UNLUCKY = 8
"""Citizens whose bad luck is told one by one: faults of other kinds must have room."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the database holds in the end, `read_at` (seconds of the epoch)."""

    arrivals: list[Any]
    messages: list[Any]
    tickets: dict[str, cases.Case]
    breaks: list[str]
    unended: list[str]
    photos: Counter[str]
    deadlines: Counter[tuple[Any, ...]]
    lost_files: int
    read_at: float = math.inf


@dataclass(slots=True)
class Reckoning:
    """The figures, and every fault found; no faults means that they add up."""

    figures: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def fault(self, what: str) -> None:
        """Note a fault."""
        if len(self.faults) < MOST_TOLD:
            self.faults.append(what)

    def check(self, holds: bool, fault: str) -> None:  # noqa: FBT001 reads as a sentence
        """Note a fault unless it holds."""
        if not holds:
            self.fault(fault)


async def settled(database: Database) -> float:
    """Seconds until nothing waited any more, or the most there is patience for."""
    begun = time.monotonic()
    while time.monotonic() - begun < SETTLE_SECONDS and any(await database.read(_waiting)):  # noqa: ASYNC110
        await asyncio.sleep(1)
    return round(time.monotonic() - begun, 1)


def _waiting(connection: Connection) -> tuple[Any, ...]:
    owed = select(media.c.id).where(media.c.state == "waiting").limit(1)
    return (
        inbox.addresses_waiting(connection),
        outbox.addresses_waiting(connection),
        connection.execute(owed).all(),
    )


def kept(connection: Connection) -> Kept:
    """Everything that is checked, read at one moment."""
    read_at = time.time()
    found = {case.ticket.number: case for case in cases.all_cases(connection)}
    files = select(media.c.number, media.c.state, media.c.role)
    rows = connection.execute(files).all()
    due = select(deadlines.c.number, deadlines.c.kind, deadlines.c.due_at)
    return Kept(
        connection.execute(select(arrivals.c.channel, arrivals.c.external_id, arrivals.c.state)).all(),  # type: ignore[arg-type]
        connection.execute(select(messages)).mappings().all(),  # type: ignore[arg-type]
        found,
        [number for number in found if chain.find_break(connection, number) is not None],
        [one for one, case in found.items() if _last(connection, one) != case.ticket.status],
        Counter(row.number for row in rows if row.state == "kept" and row.role == "evidence"),
        Counter(tuple(row) for row in connection.execute(due)),
        sum(row.state not in {"kept", "refused"} for row in rows),
        read_at,
    )


def _last(connection: Connection, number: str) -> str | None:
    return cases.history(connection, number)[-1].after


def reconcile(found: Kept, world: World, diaries: list[Diary], taken: dict[str, set[int]]) -> Reckoning:
    """Hold what was kept against what people did and saw."""
    reckoning = Reckoning()
    _arrivals(reckoning, found, diaries, taken)
    _reports(reckoning, found, world, diaries)
    _sayings(reckoning, found, world)
    _answers(reckoning, world, diaries)
    for number in found.breaks:
        reckoning.fault(f"{number}: its history is broken")
    for number in found.unended:
        reckoning.fault(f"{number}: its history does not end where it is")
    twice = [key for key, times in found.deadlines.items() if times > 1]
    reckoning.check(not twice, f"deadlines twice: {twice[:3]}")
    reckoning.check(found.lost_files == 0, f"{found.lost_files} files neither kept nor refused")
    reckoning.figures["histories_verified"] = len(found.tickets) - len(found.breaks)
    return reckoning


def _arrivals(reckoning: Reckoning, found: Kept, diaries: list[Diary], taken: dict[str, set[int]]) -> None:
    """Every update that was taken, and every message of a page, is there once and was answered."""
    states = Counter(row.state for row in found.arrivals)
    reckoning.check(set(states) == {"done"}, f"not all that came in was answered: {dict(states)}")
    there = {(row.channel, row.external_id) for row in found.arrivals}
    reckoning.check(len(there) == len(found.arrivals), "something came in twice")
    sent = {(KINDS[path], str(number)) for path, numbers in taken.items() for number in numbers}
    posted = [one for diary in diaries if isinstance(diary.mouth, Page) for one in diary.mouth.posted]
    kept_posts = {str(name).rpartition(":")[2] for channel, name in there if channel == "webchat"}
    missing = [one for one in sent if one not in there]
    reckoning.check(not missing, f"{len(missing)} updates were taken and are not there: {missing[:3]}")
    lost = set(posted) - kept_posts
    reckoning.check(not lost, f"{len(lost)} messages of pages are not there")
    reckoning.figures |= {"arrivals": len(there), "updates": len(sent), "page_messages": len(posted)}


def _reports(reckoning: Reckoning, found: Kept, world: World, diaries: list[Diary]) -> None:
    """Every receipt somebody saw has its report, every report its receipt, with all its photos."""
    told = _receipts(world) | {one.number for one in diaries if one.number}
    reckoning.check(told == set(found.tickets), f"receipts and reports differ: {told ^ set(found.tickets)}")
    numbers = [one.number for one in diaries if one.number]
    reckoning.check(len(numbers) == len(set(numbers)), "two people were told one number")
    for diary in diaries:
        there = found.photos[diary.number]
        if diary.number and there != diary.photos:
            told = f"{there} photos of {diary.photos}; {diary.mouth.name}: {diary.trail[-10:]}"
            reckoning.fault(f"{diary.number} ({diary.kind}): {told}")
    photos = sum(diary.photos for diary in diaries if diary.number)
    reckoning.figures |= {"reports": len(found.tickets), "photos_of_reports": photos}


def _receipts(world: World) -> set[str]:
    texts = (message.get("text", "") for message in _by_bots(world))
    return {match[0] for text in texts if RECEIPT in text and (match := NUMBER.search(text))}


def _by_bots(world: World) -> Iterable[dict[str, Any]]:
    for room in world.rooms.values():
        yield from (one for one in room.messages.values() if one["from"]["is_bot"])


def _sayings(reckoning: Reckoning, found: Kept, world: World) -> None:
    """Everything promised was sent, and is where it was sent to, or is listed as undeliverable."""
    states = Counter(row["state"] for row in found.messages)
    reckoning.check(set(states) <= {"sent", "failed"}, f"not everything was said: {dict(states)}")
    reasons = Counter(row["error_code"] for row in found.messages if row["state"] == "failed")
    reckoning.figures |= {"sent": states["sent"], "undeliverable": dict(reasons)}
    refs, absent = 0, 0
    for row in found.messages:
        if row["channel"] == "telegram" and row["state"] == "sent":
            room = world.rooms.get(f"{_citizen_bot(world)}:{row['address']}")
            refs += len(row["refs"] or ())
            absent += sum(room is None or int(one) not in room.messages for one in row["refs"] or ())
    reckoning.check(absent == 0, f"{absent} messages are called sent and are not there")
    again = [one for room, said in _unrecorded(found, world) for one in _repeats(reckoning, room, said)]
    reckoning.figures |= {"said_to_citizens": refs, "said_twice": len(again)}


def _unrecorded(found: Kept, world: World) -> Iterable[tuple[Room, list[dict[str, Any]]]]:
    """What the citizens' bot said that no row tells of, by room: nobody was left to write it down.

    What is said while all is being read, such as a reminder half an hour after the last word, does not count.
    """
    bot = _citizen_bot(world)
    told: dict[str, set[int]] = {}
    for row in found.messages:
        if row["channel"] == "telegram":
            told.setdefault(row["address"], set()).update(map(int, row["refs"] or ()))
    for room in world.rooms.values():
        if room.is_private and bot in room.bots:
            known = told.get(str(room.chat["id"]), set())
            said = [one for one in room.messages.values() if one["from"]["id"] == bot]
            yield (
                room,
                [one for one in said if one["message_id"] not in known and one["date"] + 1 <= found.read_at],
            )


def _repeats(reckoning: Reckoning, room: Room, said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each of them must have been said again, and recorded then."""
    texts = Counter(one.get("text") or one.get("caption", "") for one in room.messages.values())
    for one in () if room.blocked else said:  # who blocked us meanwhile was not told a second time
        text = one.get("text") or one.get("caption", "")
        reckoning.check(texts[text] > 1, f"{room.key}: said and not known of: {text[:80]!r}")
    return said


def _citizen_bot(world: World) -> int:
    return min(world.bots)


def _answers(reckoning: Reckoning, world: World, diaries: list[Diary]) -> None:
    """Nobody waits for an answer."""
    waiting = [one.mouth.name for one in diaries if _waits(world, one)]
    reckoning.check(not waiting, f"{len(waiting)} citizens wait for an answer: {waiting[:5]}")
    pages = [one.mouth for one in diaries if isinstance(one.mouth, Page)]
    unclear = [
        said for page in pages for said in page.refused if said[0] == "5" and not said.startswith("503")
    ]
    reckoning.check(not unclear, f"{len(unclear)} times a page was told nothing clear: {unclear[:2]}")
    unlucky = [one for one in diaries if one.fault]
    for one in unlucky[:MOST_UNLUCKY]:
        reckoning.fault(f"{one.kind}, {one.mouth.name}: {one.fault[:800]}")
    hidden = len(unlucky) - MOST_UNLUCKY
    reckoning.check(hidden <= 0, f"and {hidden} more citizens were left without an answer or led nowhere")
    reckoning.figures |= {
        "visits": dict(Counter(one.kind for one in diaries)),
        "turns": sum(one.turns for one in diaries),
    }


def _waits(world: World, diary: Diary) -> bool:
    if not isinstance(diary.mouth, Telegram):
        return False
    room = world.rooms.get(f"{_citizen_bot(world)}:{diary.mouth.user.id}")
    if room is None or room.blocked or not room.messages:
        return False
    return not room.messages[max(room.messages)]["from"]["is_bot"]
