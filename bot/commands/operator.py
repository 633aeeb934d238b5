"""`kentongan operator …`: who belongs to the staff."""

import asyncio
from typing import Annotated, cast, get_args

import typer

from bot.app import Kentongan, assembled
from bot.commands.serve import OPERATOR_BOT
from bot.commands.telling import city_time, plain, stop
from bot.services.desk.roster import UnknownAgencyError
from bot.services.desk.team import ADMINS_NEEDED, Team
from bot.settings import Settings
from storage.desk import oversight, staff
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
    plain().print(link)


async def _invite(settings: Settings, agency: str, role: Role) -> str:
    async with assembled(settings) as house:
        if role == "admin":
            await _only_the_first(house)
        token = await house.roster.invite(agency, role)
    return f"{await _bot_address(settings)}?start={token}"


async def _only_the_first(house: Kentongan) -> None:
    """A town begins with two admins made here; from then on it takes two of them to make another.

    Links that would make one too many end with the next one.

    Raises:
        typer.BadParameter: there are two already.
    """
    admins = await Team(house.core, house.roster).admins()
    if len(admins) >= ADMINS_NEEDED:
        raise typer.BadParameter(
            f"there are {len(admins)} admins: one of them asks for a further one in the operators' bot with"
            " /undang AGENCY admin, and a second one confirms it there"
        )
    missing = ADMINS_NEEDED - len(admins)
    now = house.core.clock()
    await house.core.database.write(lambda c: oversight.lapse(c, "admin", missing - 1, now))
    plain(aside=True).print(
        f"A town begins with {ADMINS_NEEDED} admins; {missing} still to come, this invitation included."
        " After that, two of them make every further one."
    )


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
        stop(f"No active operator has the id {user}.")
    plain().print(f"{user} no longer has access.")


@commands.command("list")
def list_() -> None:
    """Everybody with access, by agency and role."""
    for line in asyncio.run(_everybody(Settings())):
        plain().print(line)


async def _everybody(settings: Settings) -> list[str]:
    async with assembled(settings) as house:
        found = await house.core.database.read(staff.everybody)
    held = [(m.agency, m.role, one) for one in found for m in one.memberships]
    return [
        f"{agency}  {role}  {one.id}  {one.name}"
        for agency, role, one in sorted(held, key=lambda each: (each[0], each[1], each[2].name))
    ]


@commands.command()
def looks(
    ticket: Annotated[str, typer.Option(help="Only looks at this report number.")] = "",
    most: Annotated[int, typer.Option(help="How many, the latest first.", min=1)] = 50,
) -> None:
    """Who looked at confidential tickets and at who reported them, for the data officer."""
    for line in asyncio.run(_looks(Settings(), ticket, most)):
        plain().print(line)


async def _looks(settings: Settings, ticket: str, most: int) -> list[str]:
    async with assembled(settings) as house:
        found = await house.core.database.read(lambda c: oversight.seen(c, most, number=ticket))
    return [
        "  ".join((city_time(one.at), one.number, one.what, one.role, one.name, one.operator, one.why))
        for one in found
    ]


async def _revoke(settings: Settings, user: str) -> bool:
    async with assembled(settings) as house:
        return await house.roster.revoke(user)
