"""One person on a wire of Meta's, far enough to have filed a report, and the staff's side of it."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from bot.app import Kentongan
from bot.sandbox.graph.model import Person
from bot.sandbox.graph.server import GraphSandbox, text_of
from bot.services.reports.ticketing import Act
from dialogs.messages import OutboundMessage
from dialogs.trial.script import Move
from storage.reports import cases
from storage.rows import hearings
from storage.rows import outbox as rows
from storage.talks import outbox
from storage.talks.outbox import Outgoing
from tests.channels.playing import Player, open_house
from tests.channels.wires.meta import MetaTalk, MetaWire
from tickets.ticket import Actor, Command

STAFF = Actor("operator", "op-1", "dishub", "penghubung")
DAY = timedelta(hours=25)


@dataclass
class Line:
    """A house and one person on a wire of Meta's, far enough to have filed a report."""

    house: Kentongan
    sandbox: GraphSandbox
    player: Player
    someone: Person

    async def settle(self) -> None:
        """Wait until everybody has told everything: the house what it has to say, Meta what became of it."""
        await self.house.settle()
        await self.sandbox.hooks.idle()
        await self.house.settle()

    async def until(self, so) -> None:
        """Wait until something is so, then until all is quiet."""
        async with asyncio.timeout(10):
            while not so():  # noqa: ASYNC110 it shows at Meta's, which tells nobody
                await asyncio.sleep(0.02)
        await self.settle()

    async def say(self, text: str) -> None:
        await self.player.make(Move(text=text))
        await self.settle()

    async def file(self) -> str:
        """A report, from the first word to the number."""
        await self.say("lampu jalan depan pasar godean mati udah seminggu")
        await self.player.send_off()
        await self.settle()
        return (await self.case()).ticket.number

    async def case(self):
        (found,) = await self.house.core.database.read(cases.all_cases)
        return found

    async def act(
        self, action: str, text: str = "", *, origin: str = "", settle: bool = True, **more
    ) -> None:
        number = (await self.case()).ticket.number
        await self.house.ticketing.act(number, Act(Command(action, STAFF, text, **more), origin=origin))
        if settle:
            await self.settle()

    async def push(self, message: OutboundMessage, *, settle: bool = True) -> None:
        """Say something to the person that is no answer."""
        at = (self.player.channel, self.player.talk.address)
        now = self.house.core.clock()
        await self.house.core.database.write(lambda c: outbox.add(c, [Outgoing(*at, message)], now))
        self.house.deliveries.wake(*at)
        await (self.settle() if settle else self.house.settle())

    async def fall_silent(self, long: timedelta = DAY) -> None:
        """Let the person have written that long ago, here and at Meta's."""
        self.someone.wrote_at -= long.total_seconds()
        then = self.house.core.clock() - long
        await self.house.core.database.write(lambda c: c.execute(update(hearings).values(heard_at=then)))

    @property
    def screen(self) -> list[str]:
        return [text_of(one) for one in self.someone.seen]

    async def to_staff(self) -> list[tuple[str, str]]:
        """What the staff were told: name of the message and its words."""
        query = rows.select().where(rows.c.channel == "operator").order_by(rows.c.id)
        found = await self.house.core.database.glance(lambda c: c.execute(query).mappings().all())
        return [(one["message"]["response"], one["message"]["text"]) for one in found]

    async def states(self, response: str) -> list[str]:
        """How the messages of that name to the person stand."""
        query = rows.select().where(rows.c.channel == self.player.channel).order_by(rows.c.id)
        found = await self.house.core.database.glance(lambda c: c.execute(query).mappings().all())
        return [one["state"] for one in found if one["message"]["response"] == response]

    async def undeliverable(self):
        return await self.house.core.database.glance(outbox.undeliverable)


async def open_line(stack: AsyncExitStack, folder: Path, name: str) -> Line:
    house = await open_house(stack, folder, (name,))
    wire = house.wires[name]
    assert isinstance(wire, MetaWire)
    talk = await wire.person()
    assert isinstance(talk, MetaTalk)
    return Line(house.house, wire.sandbox, Player(house.house, name, talk), talk.someone)
