"""A written conversation played by a person at the far end of a wire, up to the ticket it leads to."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select

from bot.app import Kentongan
from bot.serving import opened
from bot.settings import Settings
from dialogs.conversation import Conversation
from dialogs.loader import read_tests
from dialogs.trial.reading import read_cases
from dialogs.trial.script import Case, Given, Move
from storage.reports import cases
from storage.rows import inbox, metadata, outbox
from storage.talks import conversations
from storage.talks.conversations import Kept, NewContact
from tests.channels.wires import WIRES
from tests.channels.wires.base import Talk, Wire

SECONDS = 20.0
MANY = 44
ON_AND_ON = 14
"""Moves after which a report that is still not sent never will be."""
ENDINGS = (
    ("Setuju", "Sarujuk", "I agree"),
    ("Kirim", "Kintun", "Send"),
    ("Betul", "Leres", "Right", "Correct"),
    ("Lewati", "Liwati", "Skip"),
    ("Tetap lapor", "Ya, catat", "Tidak"),
)
"""What a person presses who wants to be done, the likeliest last word first."""
AGAIN = "lapor lampu jalan di depan pasar godean mati"
PIN = (-7.7166, 110.3553)


@dataclass(frozen=True)
class Outcome:
    """What a conversation came to, the same on every wire."""

    said: tuple[str, ...]
    ticket: Mapping[str, Any]


class House:
    """One running installation with every wire attached."""

    def __init__(self, house: Kentongan, wires: Mapping[str, Wire]) -> None:
        self.house, self.wires = house, wires

    async def play(self, name: str, case: Case) -> Outcome:
        """Play a conversation on one wire, with nothing else ever said or filed in this town."""
        await self.forget()
        talk = await self.wires[name].person()
        player = Player(self.house, name, talk)
        await player.begin(case.given)
        for exchange in case.exchanges:
            await player.make(exchange.move)
        await player.send_off()
        return await player.outcome()

    async def forget(self) -> None:
        """Let nothing ever have been filed in this town."""
        await self.house.core.database.write(_forget)


@dataclass
class Player:
    """A person who keeps to the script, then sees the report through."""

    house: Kentongan
    channel: str
    talk: Talk
    received: int = 0
    seen: int = 0

    async def begin(self, given: Given) -> None:
        """Let the talk stand where the script wants it: language and consent, nothing said."""
        core = self.house.core
        if given.language == "id" and not given.consent:
            return
        bundle = core.bundles.live
        address, who = self.talk.address, f"warga-{self.talk.address}"
        start = Conversation.start(address, self.channel, address, who, bundle.hash, given.language)
        version = core.policies.city.privacy_version if given.consent else ""
        contact = NewContact(who, self.channel, address, given.language)
        kept = Kept(start.id, who, bundle.hash, replace(start, consent=version), 1)
        await core.database.write(lambda c: conversations.begin(c, contact, kept, core.clock()))

    async def make(self, move: Move) -> None:
        """Make one move and wait until it is answered."""
        self.seen = len(await self.talk.shown()) if self.received else 0
        self.received += await self._act(move)
        async with asyncio.timeout(SECONDS):
            while not await self.house.core.database.glance(self._quiet):  # noqa: ASYNC110 only the rows tell
                await asyncio.sleep(0.01)

    async def send_off(self) -> None:
        """Answer whatever is asked until there is a ticket."""
        for _ in range(ON_AND_ON):
            if await self.house.core.database.read(cases.all_cases):
                return
            await self.make(await self._next_move())
        raise AssertionError(f"{self.channel}: no ticket; last seen: {(await self.talk.shown())[-2:]}")

    async def outcome(self) -> Outcome:
        (case,) = await self.house.core.database.read(cases.all_cases)
        assert (case.home.channel, case.home.address) == (self.channel, self.talk.address)
        assert case.ticket.report.source == self.channel
        said = await self.house.core.database.glance(self._said)
        return Outcome(said, summary(case.ticket))

    async def _act(self, move: Move) -> int:
        if move.files:
            return await self.talk.send_files(move.files, move.text)
        if move.pin:
            return await self.talk.send_pin(*move.pin)
        return await (self.talk.press(move.button) if move.button else self.talk.write(move.text))

    async def _next_move(self) -> Move:
        fresh = (await self.talk.shown())[self.seen :]
        labels = next((one.labels for one in fresh[::-1] if one.labels), ())
        for words in ENDINGS:
            for label in labels:
                if label in words:
                    return Move(button=label)
        asked = (await self.house.core.database.glance(self._said))[-1]
        return (
            Move(pin=PIN) if "lokasi" in asked else Move(text="lapor lampu jalan di depan pasar godean mati")
        )

    def _quiet(self, connection: Any) -> bool:
        """Whether everything that was sent has arrived and is answered."""
        heard = select(inbox.c.state).where(
            inbox.c.channel == self.channel, inbox.c.address == self.talk.address
        )
        said = select(outbox.c.id).where(outbox.c.channel == self.channel, outbox.c.state == "waiting")
        states = connection.execute(heard).scalars().all()
        done = len(states) >= self.received and "waiting" not in states
        return done and connection.execute(said).first() is None

    def _said(self, connection: Any) -> tuple[str, ...]:
        mine = (outbox.c.channel == self.channel) & (outbox.c.address == self.talk.address)
        rows = connection.execute(select(outbox.c.message, outbox.c.state).where(mine).order_by(outbox.c.id))
        found = [(message["response"], state) for message, state in rows]
        assert all(state == "sent" for _, state in found), found
        return tuple(response for response, _ in found)


def summary(ticket: Any) -> dict[str, Any]:
    """What must not depend on the channel: the report, where it went, and what is known about it."""
    report = ticket.report
    return {
        "report": replace(report, evidence=(), source=""),
        "evidence": len(report.evidence),
        "title": ticket.title,
        "agency": ticket.agency,
        "status": ticket.status,
        "flags": sorted(ticket.flags),
    }


def _forget(connection: Any) -> None:
    """Empty the tickets and everything that hangs on them, in whatever tables that is."""
    gone = {"tickets"}
    for table in metadata.sorted_tables:
        if gone & {key.column.table.name for key in table.foreign_keys}:
            gone.add(table.name)
    for table in reversed(metadata.sorted_tables):
        if table.name in gone:
            connection.execute(delete(table))


def written() -> list[Case]:
    """Delivered conversations that need nothing but a person: no tickets, clocks or outages prepared.

    Those that file a report come first; of the others, which the player sees through, every language and
    kind of mishap, up to as many as are played.
    """
    files = {"darurat", "en", "jv", "koreksi", "lapor", "pola", "warga"}
    found = [one for one in read_cases(read_tests()) if _name(one.file) in files and _plain(one)]
    return sorted(found, key=lambda case: (not _files_a_report(case), _name(case.file) == "lapor"))[:MANY]


def _name(file: str) -> str:
    return file.removeprefix("tests/").removesuffix(".yml")


def _files_a_report(case: Case) -> bool:
    said = [str(one.value) for exchange in case.exchanges for one in exchange.expected]
    return any("utter_tiket_di" in one or "utter_tiket_dar" in one for one in said)


def _plain(case: Case) -> bool:
    given, moves = case.given, [exchange.move for exchange in case.exchanges]
    prepared = given.tickets or given.nearby or given.verdicts or given.broken or given.slots
    strange = any(m.silence or m.reply_to or m.meant or m.sends or m.button.startswith("/") for m in moves)
    silenced = any(m.text == "petugas" for m in moves)
    return not prepared and not strange and not silenced and given.office_hours


async def open_house(stack: AsyncExitStack, folder: Path, only: tuple[str, ...] = ()) -> House:
    """Every wire (or `only` these) prepared, and the house opened on what stands in for the platforms."""
    wires = {one.name: one() for one in WIRES if not only or one.name in only}
    told: dict[str, Any] = {"data_dir": folder / "data", "port": 0}
    for wire in wires.values():
        told |= await wire.prepare()
        stack.push_async_callback(wire.close)
    running = await stack.enter_async_context(opened(Settings(**told, _env_file=None)))
    for wire in wires.values():
        await wire.join(running.house, running.address)
    return House(running.house, wires)
