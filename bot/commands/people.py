"""`kentongan people`: what is kept about people, for the data protection officer."""

import asyncio
import os
from getpass import getuser
from pathlib import Path
from typing import Annotated

import typer

from bot.app import Kentongan, assembled, records
from bot.commands.telling import city_time, plain, stop
from bot.services.files.copies import as_json, as_text
from bot.services.people.rights import Erased, UnknownPersonError
from bot.settings import Settings
from storage.desk import oversight
from storage.desk.oversight import Look
from storage.people import requests
from storage.people.requests import Request
from tickets.numbers import parse_number
from tickets.policies.retention import Term

commands = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)


@commands.callback()
def _people() -> None:
    """What is kept about people, for the data protection officer."""


@commands.command()
def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would go.")] = False,
) -> None:
    """Let go of what has been kept for its whole term; the service does so by itself every six hours."""
    asyncio.run(_retained(dry_run=dry_run))


async def _retained(*, dry_run: bool) -> None:
    async with assembled(Settings()) as house:
        policy = house.core.policies.retention
        waiting = {**await house.retention.waiting(), "reporters": await house.rights.aging()}
        for term in (*policy.terms, policy.reporters):
            plain().print(_due(term, waiting[term.kind]))
        if not dry_run:
            await _let_go(house)
    verb = "would go" if dry_run else "went"
    plain().print(f"{sum(waiting.values())} row(s) {verb}.")


def _due(term: Term, rows: int) -> str:
    return f"{term.kind}: {rows} row(s) older than {term.keep.days} days. {term.why}"


async def _let_go(house: Kentongan) -> None:
    while await house.rights.age():
        pass
    while await house.retention.run_once():
        pass


Whom = Annotated[str, typer.Argument(help="A report's number, the id in a request, or channel:address.")]
Why = Annotated[str, typer.Option(help="Why you look: it is kept in the log.")]


@commands.command()
def find(whom: Whom, why: Why) -> None:
    """Tell who somebody is here: their id, where they write from, and their reports."""
    asyncio.run(_find(whom, why))


async def _find(whom: str, why: str) -> None:
    async with assembled(Settings()) as house:
        rights, contact = house.rights, await _contact(house, whom)
        who = await rights.person(contact)
        await rights.note(getuser(), "find", why, *_number(house, whom))
    plain().print(f"id: {who.contact}")
    for channel, address in who.addresses:
        plain().print(f"{channel}:{address}")
    plain().print(f"closed reports: {' '.join(one.number for one in who.closed) or '-'}")
    plain().print(f"open reports: {' '.join(who.open) or '-'}")


@commands.command()
def export(
    whom: Whom,
    why: Why,
    to: Annotated[
        Path, typer.Option("--to", help="The JSON file to write; the text gets its name with .txt.")
    ],
) -> None:
    """Write everything kept about somebody for them, as JSON and as text beside it, readable by you alone."""
    asyncio.run(_export(whom, why, to))
    plain().print(f"Written to {to} and, to be read, {to.with_suffix('.txt')}. Delete both once handed over.")


async def _export(whom: str, why: str, to: Path) -> None:
    async with assembled(Settings()) as house:
        contact = await _contact(house, whom)
        await house.rights.note(getuser(), "export", why, *_number(house, whom))
        found = await house.rights.export(contact)
        await house.rights.answered(contact, "export")
    _keep(to, as_json(found))
    _keep(to.with_suffix(".txt"), as_text(found))


def _keep(to: Path, content: bytes) -> None:
    handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)


@commands.command()
def erase(
    whom: Whom,
    why: Why,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; it cannot be taken back.")] = False,
) -> None:
    """Take somebody out of everything; what an open report or a running limit needs goes when that ends."""
    if not yes:
        typer.confirm("This cannot be taken back. Erase?", abort=True)
    came = asyncio.run(_erase(whom, why))
    plain().print(f"Without their reporter now: {' '.join(came.numbers) or 'no report'}.")
    if came.complete:
        plain().print("Nothing else of them is left.")
    if came.open:
        plain().print(f"Held back while open: {' '.join(came.open)}. It goes by itself once they are closed.")
    if came.banned:
        plain().print("Held back while a limit on them runs. It goes by itself once that is over.")


async def _erase(whom: str, why: str) -> Erased:
    async with assembled(Settings()) as house:
        contact = await _contact(house, whom)
        await house.rights.note(getuser(), "erase", why, *_number(house, whom))
        return await house.rights.erase(contact)


@commands.command()
def corrected(
    whom: Whom,
    why: Why,
    tell: Annotated[str, typer.Option(help="What was corrected, for the person to read.")] = "",
) -> None:
    """Note that what somebody asked to have corrected was dealt with, and tell them within a minute."""
    number = asyncio.run(_corrected(whom, why, tell))
    plain().print("Noted; they are told." if number else "Nothing was asked to be corrected.")


async def _corrected(whom: str, why: str, tell: str) -> int:
    async with assembled(Settings()) as house:
        contact = await _contact(house, whom)
        await house.rights.note(getuser(), "correct", why, *_number(house, whom))
        return await house.requests.corrected(contact, tell)


@commands.command("requests")
def asked() -> None:
    """List what people asked for about their data and is not done yet, the most pressing first."""
    for one in asyncio.run(_asked()):
        times = f"asked {city_time(one.asked_at)}  due {city_time(one.due_at)}"
        told = (one.right, one.contact, times, one.words.replace("\n", " / "))
        plain().print("  ".join(filter(None, told)))


async def _asked() -> tuple[Request, ...]:
    async with records(Settings()) as database:
        return await database.read(requests.still_open)


@commands.command()
def again() -> None:
    """Erase those on the list of the erased who are back, as after a backup was restored."""
    plain().print(f"{asyncio.run(_again())} person(s) erased again.")


async def _again() -> int:
    async with assembled(Settings()) as house:
        return await house.rights.again()


@commands.command("log")
def looks(most: Annotated[int, typer.Option(help="How many lines at most.")] = 100) -> None:
    """List who looked at whose data, the latest first: staff in their bot, users of these commands."""
    for one in asyncio.run(_looks(most)):
        number = one.number or "-"
        plain().print(f"{city_time(one.at)}  {one.name}  {one.role}  {one.what}  {number}  {one.why}")


async def _looks(most: int) -> tuple[Look, ...]:
    async with records(Settings()) as database:
        return await database.read(lambda c: oversight.seen(c, most))


def _number(house: Kentongan, whom: str) -> tuple[str, ...]:
    found = parse_number(whom, house.core.policies.city.prefix)
    return (found,) if found else ()


async def _contact(house: Kentongan, whom: str) -> str:
    """The person meant; ends the command when there is none."""
    number = next(iter(_number(house, whom)), "")
    channel, _, address = whom.partition(":")
    try:
        if not number and not address:
            return (await house.rights.person(whom)).contact
        return await house.rights.find(number, channel, address)
    except UnknownPersonError:
        stop(f"Nobody is known as {whom}. Give a report's number, an id, or telegram:12345 and the like.")
