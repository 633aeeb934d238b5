"""`kentongan messages`: what could not be answered, what is not with the person it is for, and why."""

import asyncio
from collections.abc import Mapping
from getpass import getuser
from typing import Annotated, Any

import orjson
import typer
from rich.table import Table

from bot.app import Kentongan, assembled
from bot.commands.telling import city_time, plain, stop, tell_table
from bot.settings import Settings
from storage.talks import inbox, outbox
from storage.talks.inbox import SetAside

Again = Annotated[
    list[int] | None, typer.Option(help="Let this message of a citizen be tried again; any number of times.")
]
Read = Annotated[int | None, typer.Option(help="Show what this message of a citizen says; wants --why.")]
Why = Annotated[str, typer.Option(help="Why you read it: it is kept in the log.")]


def messages(again: Again = None, read: Read = None, why: Why = "") -> None:
    """List messages that could not be answered, were laid aside or not delivered, each with its reason."""
    if read is not None:
        asyncio.run(_read(read, why))
    elif again:
        asyncio.run(_put_back(again))
    else:
        asyncio.run(_listed())


async def _listed() -> None:
    async with assembled(Settings()) as house:
        look = house.core.database.read
        aside = await look(inbox.set_aside)
        held = await look(lambda c: outbox.undeliverable(c, "held"))
        failed = await look(lambda c: outbox.undeliverable(c, "failed"))
    if not (aside or held or failed):
        plain().print("Every message was answered, and every answer arrived or is on its way.")
    if aside:
        plain().print("Could not be answered, three times each; who wrote them was told:")
        tell_table(_asides(aside))
        plain().print("Once it is mended: kentongan messages --again NUMBER. To see one: --read NUMBER")
    if held or failed:
        tell_table(_undelivered(held, failed))


def _asides(aside: tuple[SetAside, ...]) -> Table:
    table = Table("message", "channel", "arrived", "tries", "reason")
    for one in aside:
        arrived = city_time(one.received_at)
        table.add_row(str(one.id), one.channel, arrived, str(one.tries), one.error)
    return table


Rows = tuple[dict[str, Any], ...]


def _undelivered(held: Rows, failed: Rows) -> Table:
    table = Table("message", "state", "channel", "report", "code", "reason", "again at")
    for state, rows in (("held", held), ("failed", failed)):
        for row in rows:
            again = city_time(row["not_before"]) if state == "held" else ""
            table.add_row(str(row["id"]), state, *_facts(row), again)
    return table


def _facts(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(row[name] or "") for name in ("channel", "ticket", "error_code", "error_text"))


async def _put_back(rows: list[int]) -> None:
    async with assembled(Settings()) as house:
        done = await house.core.database.write(lambda c: inbox.put_back(c, rows))
    for row in done:
        plain().print(f"{row}: in line again; whoever serves takes it up within a minute.")
    if missing := [str(row) for row in rows if row not in done]:
        stop(f"{', '.join(missing)}: not among what could not be answered. See kentongan messages")


async def _read(row: int, why: str) -> None:
    if not why.strip():
        stop("Say why you read it, it is kept in the log: --why 'the program was mended, is it urgent?'")
    async with assembled(Settings()) as house:
        said = await _noted(house, row, why)
    if said is None:
        stop(f"{row}: not among what could not be answered. See kentongan messages")
    plain().print(orjson.dumps(said, option=orjson.OPT_INDENT_2).decode())


async def _noted(house: Kentongan, row: int, why: str) -> Any:
    await house.rights.note(getuser(), "message", why)
    return await house.core.database.read(lambda c: inbox.said_in(c, row))
