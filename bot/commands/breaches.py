"""`kentongan breaches`: failures to protect personal data, and who was told of them in time."""

import asyncio
from datetime import datetime
from getpass import getuser
from typing import Annotated

import typer

from bot.app import assembled, records, utc_now
from bot.commands.telling import city_time, city_zone, plain, stop
from bot.services.people.breaches import Breaches, FutureError
from bot.settings import Settings
from storage.people import breaches
from storage.people.breaches import PARTIES, Account, Breach, Party

commands = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)
FORMS = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]
NAMES = {"people": "those affected", "authority": "the data protection authority"}
Known = Annotated[
    datetime | None, typer.Option(formats=FORMS, help="When it became known, by the city's clock.")
]
Number = Annotated[int, typer.Argument(help="Its number in the list.")]


@commands.callback()
def _breaches() -> None:
    """Failures to protect personal data, and who was told of them in time."""


@commands.command()
def record(
    data: Annotated[str, typer.Argument(help="Which data of whom: kinds and numbers, no names.")],
    how: Annotated[str, typer.Option(help="When and how it came about.")],
    measures: Annotated[str, typer.Option(help="What was done about it, and is being done.")],
    known: Known = None,
) -> None:
    """Put a breach on record; officers are told at once, and reminded before the law's time is over."""
    found = asyncio.run(_record(Account(data, how, measures), known))
    plain().print(_line(found))
    plain().print(f"Next: kentongan breaches notice {found.id}, and once they are told:")
    plain().print(f"kentongan breaches told {found.id} --to people; likewise --to authority")


async def _record(account: Account, known: datetime | None) -> Breach:
    async with assembled(Settings()) as house:
        at = known.replace(tzinfo=house.core.policies.city.timezone) if known else utc_now()
        try:
            return await Breaches(house.core, house.deliveries).record(account, at, getuser())
        except FutureError:
            stop("It cannot become known later than now. Write --known as the city's clock showed it.")


@commands.command("list")
def list_() -> None:
    """List breaches: those somebody is still to be told of first, the most pressing one on top."""
    found = asyncio.run(_every())
    for one in found:
        plain().print(_line(one))
    if not found:
        plain().print("None on record.")


@commands.command()
def told(
    number: Number,
    to: Annotated[str, typer.Option(help="people or authority.")],
    at: Annotated[datetime | None, typer.Option(formats=FORMS, help="When, by the city's clock.")] = None,
) -> None:
    """Note that those affected, or the authority, were told in writing."""
    party = next((one for one in PARTIES if one == to), None)
    if party is None:
        stop(f"Nobody is called '{to}' here. Write --to {' or --to '.join(PARTIES)}.")
    if not asyncio.run(_told(number, party, at)):
        stop(f"There is no breach {number} of which they are still to be told: kentongan breaches list.")
    plain().print(f"Noted: {NAMES[party]} were told of breach {number}.")


async def _told(number: int, party: Party, at: datetime | None) -> bool:
    moment = at.replace(tzinfo=city_zone()) if at else utc_now()
    async with records(Settings()) as database:
        return await database.write(lambda c: breaches.told(c, number, party, moment))


@commands.command()
def notice(number: Number, language: Annotated[str, typer.Option(help="id, jv or en.")] = "id") -> None:
    """Print the notice that the law asks for, to be completed and sent."""
    found = next((one for one in asyncio.run(_every()) if one.id == number), None)
    if found is None:
        stop(f"There is no breach {number}: kentongan breaches list.")
    plain().print(asyncio.run(_letter(found, language)))


async def _letter(found: Breach, language: str) -> str:
    async with assembled(Settings()) as house:
        return Breaches(house.core, house.deliveries).letter(found, language)


async def _every() -> tuple[Breach, ...]:
    async with records(Settings()) as database:
        return await database.read(breaches.every)


def _line(one: Breach) -> str:
    due = f"due {city_time(one.due_at)}"
    late = "  LATE" if one.waiting and one.due_at <= utc_now() else ""
    times = [f"{party} told {city_time(at)}" for party, at in one.told.items()]
    waiting = [f"{NAMES[party]} not told" for party in one.waiting]
    known = f"known {city_time(one.known_at)}"
    return "  ".join((f"{one.id}{late}", one.account.data, known, due, *times, *waiting))
