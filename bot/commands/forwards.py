"""`kentongan forwards …`: reports passed on to other governments' systems."""

import asyncio
from typing import Annotated

import typer
from rich.table import Table

from bot.app import assembled
from bot.commands.telling import plain, stop, tell_table
from bot.forwarding.wire import ForwardError, Wire
from bot.settings import Settings
from storage.reports import forwards
from storage.reports.forwards import Forward
from tickets.policies import load_policies
from tickets.policies.forwarding import Target

commands = typer.Typer(help="Reports passed on to other governments' systems.", no_args_is_help=True)


@commands.command("list")
def every(
    unsent: Annotated[bool, typer.Option("--unsent", help="Only what is not sent.")] = False,
) -> None:
    """List what was passed on: where to, under which number there, what they said, or why it was not sent."""
    table = Table("id", "report", "to", "target", "state", "their number", "their word", "reason")
    for one in asyncio.run(_every(Settings(), unsent=unsent)):
        theirs = one.their_id or (f"token {one.token}" if one.token else "")
        table.add_row(
            str(one.id), one.number, one.agency, one.target, one.state, theirs, one.told, one.reason
        )
    tell_table(table)


async def _every(settings: Settings, *, unsent: bool) -> tuple[Forward, ...]:
    async with assembled(settings) as house:
        await house.forwarding.note_new()
        return await house.core.database.read(lambda c: forwards.every(c, unsent=unsent))


@commands.command()
def retry(row: Annotated[int, typer.Argument(metavar="ID", help="The id, as listed.")]) -> None:
    """Try one again that failed, or that has a target by now."""
    if not asyncio.run(_retry(Settings(), row)):
        stop(f"{row} cannot be sent: it is sent, confidential, or has no target.")
    plain().print(f"{row} is sent again by the running server.")


async def _retry(settings: Settings, row: int) -> bool:
    async with assembled(settings) as house:
        return await house.forwarding.again(row)


@commands.command()
def check() -> None:
    """Ask every target for its services and compare the codes; exit 1 when one does not answer or fit."""
    settings = Settings()
    troubles = asyncio.run(_check(settings, load_policies(settings.policies_dir).forwarding.targets))
    for line in troubles:
        plain(aside=True).print(line)
    if troubles:
        raise typer.Exit(1)
    plain().print("Every target answers and has the services named.")


async def _check(settings: Settings, targets: tuple[Target, ...]) -> list[str]:
    wire = Wire({name: key.get_secret_value() for name, key in settings.forward_keys.items()})
    try:
        return [line for target in targets for line in await _faults(wire, target)]
    finally:
        await wire.close()


async def _faults(wire: Wire, target: Target) -> list[str]:
    if target.kind != "open311":
        return []
    try:
        known = await wire.services(target)
    except ForwardError as error:
        return [f"{target.id}: {error.text}"]
    missing = sorted(set(target.services.values()) - known)
    return [f"{target.id}: there is no service {code}" for code in missing]
