"""`kentongan flows trace`: why the bot did what it did."""

import asyncio
from getpass import getuser
from typing import Annotated

import typer

from bot.app import assembled
from bot.commands.telling import SECONDS, city_time, plain
from bot.settings import Settings
from dialogs.trace import lines
from storage.reports import cases
from storage.talks import inbox
from storage.talks.inbox import Told

MOST = 5


def trace(
    whose: Annotated[str, typer.Argument(help="A ticket's number, or an address as CHANNEL/ADDRESS.")],
    most: Annotated[int, typer.Option(help="How many of the newest turns.")] = MOST,
) -> None:
    """Show the newest turns of a talk: what was understood, which steps ran and why, what was written.

    It may tell who somebody is: that it was looked at is kept, with the name of the machine's user.
    """
    turns = asyncio.run(_turns(Settings(), whose, most))
    if not turns:
        raise typer.BadParameter(f"nothing is known of {whose}; give a ticket's number or CHANNEL/ADDRESS")
    for turn in turns:
        plain().print(f"{city_time(turn.received_at, SECONDS)} · {turn.state}")
        for line in lines(turn.trace or {}):
            plain().print(f"  {line}")


async def _turns(settings: Settings, whose: str, most: int) -> tuple[Told, ...]:
    async with assembled(settings) as house:
        channel, _, address = whose.partition("/")
        number = "" if address else whose.upper()
        await house.rights.note(getuser(), "trace", "", number)
        if not address:
            case = await house.core.database.read(lambda c: cases.case(c, number))
            if case is None:
                return ()
            channel, address = case.home.channel, case.home.address
        return await house.core.database.read(lambda c: inbox.told(c, channel, address, most))
