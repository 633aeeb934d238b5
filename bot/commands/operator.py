"""`kentongan operator …`: who belongs to the staff."""

import asyncio
from typing import Annotated, cast, get_args

import typer
from rich.console import Console

from bot.app import assembled
from bot.commands.serve import OPERATOR_BOT
from bot.services.roster import UnknownAgencyError
from bot.settings import Settings
from tickets.ticket import Role

commands = typer.Typer(help="Invite operators, end their access.", no_args_is_help=True)
ROLES = get_args(Role)


@commands.command()
def invite(
    agency: Annotated[str, typer.Option(help="The agency's id, as in tickets/data/agencies.yml.")],
    role: Annotated[str, typer.Option(help=f"One of: {', '.join(ROLES)}.")] = "penghubung",
) -> None:
    """Print a one-time link by which somebody joins an agency's desk; good for 48 hours."""
    if role not in ROLES:
        raise typer.BadParameter(f"no role {role!r}; there are: {', '.join(ROLES)}")
    try:
        link = asyncio.run(_invite(Settings(), agency, cast("Role", role)))
    except UnknownAgencyError as error:
        raise typer.BadParameter(str(error)) from error
    Console().print(link, soft_wrap=True, highlight=False)


async def _invite(settings: Settings, agency: str, role: Role) -> str:
    async with assembled(settings) as house:
        token = await house.roster.invite(agency, role)
    return f"{await _bot_address(settings)}?start={token}"


async def _bot_address(settings: Settings) -> str:
    """Where the operators' bot is opened: on Telegram, or in the sandbox when no token is set."""
    if settings.operator_token is None:
        return f"http://{settings.host}:{settings.sandbox_port}/t.me/{OPERATOR_BOT.username}"
    from bot.operator.bot import username_of  # noqa: PLC0415 python-telegram-bot takes long to import

    name = await username_of(settings.operator_token.get_secret_value(), settings.telegram_api)
    return f"https://t.me/{name}"


@commands.command()
def revoke(user: Annotated[str, typer.Argument(help="The operator's messenger user id.")]) -> None:
    """End an operator's access at once."""
    if not asyncio.run(_revoke(Settings(), user)):
        Console(stderr=True).print(f"No active operator has the id {user}.")
        raise typer.Exit(1)
    Console().print(f"{user} no longer has access.")


async def _revoke(settings: Settings, user: str) -> bool:
    async with assembled(settings) as house:
        return await house.roster.revoke(user)
