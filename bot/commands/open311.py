"""`kentongan open311 …`: who may post reports from a program of their own."""

import asyncio
from typing import Annotated

import typer
from rich.table import Table

from bot.app import assembled
from bot.commands.telling import plain, stop, tell_table
from bot.services.open311 import KeyRing
from bot.settings import Settings
from storage.reports.open311 import ApiKey

commands = typer.Typer(help="Keys for programs that post reports by Open311.", no_args_is_help=True)
key = typer.Typer(help="Give out keys, list them, end them.", no_args_is_help=True)
commands.add_typer(key, name="key")


@key.command()
def add(name: Annotated[str, typer.Argument(help="The program, and who answers for it.")]) -> None:
    """Print a new key, once; only its hash is kept."""
    made, secret = asyncio.run(_add(Settings(), name))
    plain(aside=True).print(f"Key {made.id} for {name}. It is shown only now:")
    plain().print(secret)


async def _add(settings: Settings, name: str) -> tuple[ApiKey, str]:
    async with assembled(settings) as house:
        return await KeyRing(house.core).add(name)


@key.command("list")
def every() -> None:
    """List the keys: whose, since when, and whether they are in force."""
    table = Table("key", "name", "since", "revoked")
    for one in asyncio.run(_every(Settings())):
        ended = f"{one.revoked_at:%Y-%m-%d}" if one.revoked_at else ""
        table.add_row(one.id, one.name, f"{one.created_at:%Y-%m-%d}", ended)
    tell_table(table)


async def _every(settings: Settings) -> tuple[ApiKey, ...]:
    async with assembled(settings) as house:
        return await KeyRing(house.core).every()


@key.command()
def revoke(one: Annotated[str, typer.Argument(metavar="KEY", help="The key's id, as listed.")]) -> None:
    """End a key at once."""
    if not asyncio.run(_revoke(Settings(), one)):
        stop(f"No key in force has the id {one}.")
    plain().print(f"{one} is no longer good.")


async def _revoke(settings: Settings, one: str) -> bool:
    async with assembled(settings) as house:
        return await KeyRing(house.core).revoke(one)
