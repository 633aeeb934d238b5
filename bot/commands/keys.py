"""`kentongan keys`: the keys personal data is sealed with."""

import asyncio

import typer

from bot.app import records, vault_of
from bot.commands.telling import plain
from bot.services.databases import at_rest, holder_of
from bot.services.keys import look_through, rotate
from bot.settings import Settings
from storage.sealing import Survey
from storage.seals import new_key

commands = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)


@commands.command()
def new() -> None:
    """Make a key and print it: put it first in KENTONGAN_KEYS, and a copy where the database is not."""
    plain().print(new_key())


@commands.command()
def check() -> None:
    """Try to unseal every value; say what cannot be read and which keys are needed; exit 1 for faults."""
    found = asyncio.run(_survey())
    for line in _told(found):
        plain().print(line)
    raise typer.Exit(1 if found.faults else 0)


@commands.command("rotate")
def turn() -> None:
    """Seal everything anew with the first of the keys; the service must be stopped, this may be too."""
    asyncio.run(_rotate())


async def _survey() -> Survey:
    async with records(Settings()) as database:
        return await look_through(database)


def _told(found: Survey) -> list[str]:
    lines = [f"{one.table} {one.row}: {one.column}: {one.why}." for one in found.faults]
    counts = [f"{count} value(s) sealed with the key {key}." for key, count in sorted(found.keys.items())]
    return [*lines, *(counts or ["Nothing is sealed yet."]), f"{len(found.faults)} fault(s)."]


async def _rotate() -> None:
    settings = Settings()
    async with at_rest(settings) as database:
        await rotate(database, vault_of(settings), holder_of(settings), plain().print)
        found = await look_through(database)
    for line in _told(found):
        plain().print(line)
    raise typer.Exit(1 if found.faults else 0)
