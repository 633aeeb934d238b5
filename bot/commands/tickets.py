"""`kentongan tickets …`: the lifecycle's table, and proof that no history was changed."""

import asyncio
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.app import assembled, dialog_in_force, records, vault_of
from bot.commands.lines import JsonFlag, show
from bot.commands.telling import plain, stop, tell_faults
from bot.services.files.verifying import evidence_breaks
from bot.services.flows.taxonomy import unknown_categories
from bot.services.flows.wording import unwritten
from bot.services.referrals import FOLDER, Referrals
from bot.services.reports.ticketing import Act, DeskRefusal, UnknownTicketError
from bot.settings import Settings
from storage.files.vault import Vault
from storage.reports import chain
from storage.reports.chain import Break
from tickets import drawing
from tickets.lifecycle import refusal_text
from tickets.numbers import parse_number
from tickets.policies import Policies, load_policies
from tickets.policies.lifecycle import Lifecycle
from tickets.referral import Referral, fields
from tickets.ticket import Actor, Command

commands = typer.Typer(help="The lifecycle, the city's rules, and the histories.", no_args_is_help=True)
ALL = "all"
Folder = Annotated[
    Path | None, typer.Option(help="A folder with changed policy files; the installation's else.")
]


class Form(StrEnum):
    """How the lifecycle is drawn."""

    MERMAID = "mermaid"
    DOT = "dot"


@commands.command()
def lifecycle(
    *,
    graph: Annotated[bool, typer.Option("--graph", help="Draw it instead of listing it.")] = False,
    form: Annotated[Form, typer.Option(help="Mermaid for a page, or dot for Graphviz.")] = Form.MERMAID,
    folder: Folder = None,
) -> None:
    """Print the table of states and actions, checked; with --graph as a drawing."""
    found = load_policies(folder or Settings().policies_dir).lifecycle
    if graph:
        plain().print(drawing.dot(found) if form == Form.DOT else drawing.mermaid(found))
        return
    for line in _listed(found):
        plain().print(line)


def _listed(found: Lifecycle) -> Iterator[str]:
    """The table in lines: each state, and under it what may be done to a report there."""
    state = ""
    for row in drawing.rows(found):
        if row[0] != state:
            state = row[0]
            yield f"{state} ({found.states[row[0]].name['id']})"
        needs = f"; needs {row[4]}" if row[4] else ""
        deadline = f"; deadline {row[5]}" if row[5] else ""
        yield f"  {row[1]} -> {row[2]}: {row[3]}{needs}{deadline}"


@commands.command()
def check(folder: Folder = None) -> None:
    """Report every fault of the policy files by file, line and key, and what they leave as delivered.

    News without a text is one, and so is a rule for a category there is not: of the dialog in force.
    """
    found = load_policies(folder or Settings().policies_dir)
    dialog = asyncio.run(dialog_in_force(Settings()))
    missing = unknown_categories(found.routing, dialog.categories)
    tell_faults((*unwritten(found.lifecycle, dialog), *missing))
    for one in found.borrowed:
        plain().print(f"{one} is not in your file: it is as delivered.")
    plain().print("No faults.")


@commands.command()
def verify(
    number: Annotated[str, typer.Argument(help="A report number, or all of them.")] = ALL,
    as_json: JsonFlag = False,
    files: Annotated[bool, typer.Option(help="Read every original as well, which takes long.")] = False,
) -> None:
    """Prove that no line of a history and no file was changed, added or taken out; exit 1 where one was."""
    prefix = load_policies(Settings().policies_dir).city.prefix
    wanted = None if number == ALL else parse_number(number, prefix) or number.upper()
    looked, breaks = asyncio.run(_verified(wanted, vault_of(Settings()) if files else None))
    if wanted and not looked:
        stop(f"There is no report {wanted}.")
    if as_json:
        show({"verified": looked, "broken": breaks}, compact=True)
    else:
        _tell(looked, breaks)
    raise typer.Exit(1 if breaks else 0)


async def _verified(wanted: str | None, vault: Vault | None) -> tuple[int, tuple[Break, ...]]:
    """How many histories were looked at, and where they do not hold."""
    async with records(Settings()) as database:
        numbers = await database.read(chain.numbers)
        chosen = [one for one in numbers if wanted in (None, one)]
        found = [await database.read(lambda c, one=one: chain.find_break(c, one)) for one in chosen]  # type: ignore[misc]
        histories = [one for one in found if one is not None]
        pieces = [await evidence_breaks(database, one, vault) for one in chosen]
        return len(chosen), (*histories, *(one for several in pieces for one in several))


def _tell(looked: int, breaks: tuple[Break, ...]) -> None:
    for one in breaks:
        where = f"line {one.seq}" if one.seq else "the end"
        plain().print(f"{one.number}: broken at {where}: {one.fault}.")
    whole = looked - len({one.number for one in breaks})
    plain().print(f"{whole} of {looked} histories are unbroken.")


@commands.command()
def recount(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would change.")] = False,
) -> None:
    """Count the deadlines of open reports anew by the rules in force, and tell those concerned."""
    for line in asyncio.run(_recounted(dry_run=dry_run)):
        plain().print(line)


async def _recounted(*, dry_run: bool) -> list[str]:
    async with assembled(Settings()) as house:
        changed = await house.recounting.changed()
        if dry_run:
            return [*(one.number for one in changed), f"{len(changed)} deadlines would change."]
        return [f"{await house.recounting.run()} deadlines counted anew."]


@commands.command()
def referrals(as_json: JsonFlag = False) -> None:
    """List the reports that lie with other bodies, since when, and whether they said they have them."""
    policies = load_policies(Settings().policies_dir)
    for one in asyncio.run(_referrals(policies)):
        told = fields(one, policies) | {"tanda_terima": one.acknowledged}
        if as_json:
            show(told, compact=True)
        else:
            receipt = one.acknowledged or "no receipt yet"
            plain().print(f"{one.ticket.number}  {told['instansi_tujuan']}  {one.since:%Y-%m-%d}  {receipt}")


async def _referrals(policies: Policies) -> tuple[Referral, ...]:
    """The referrals, their files brought up to date."""
    async with records(Settings()) as database:
        desk = Referrals(database, policies, Settings().data_dir / FOLDER)
        await desk.run_once()
        return await desk.all()


@commands.command()
def acknowledge(
    number: Annotated[str, typer.Argument(help="The report's number.")],
    receipt: Annotated[str, typer.Argument(help="The other body's number or words; the citizen reads them.")],
) -> None:
    """Record that another body has received a report that was passed to it."""
    policies = load_policies(Settings().policies_dir)
    wanted = parse_number(number, policies.city.prefix) or number.upper()
    try:
        asyncio.run(_acknowledge(wanted, receipt, policies.agencies.coordinator))
    except UnknownTicketError:
        stop(f"There is no report {wanted}.")
    except DeskRefusal as refusal:
        stop(refusal_text(refusal, policies, "en"))
    plain().print(f"{wanted}: receipt recorded.")


async def _acknowledge(number: str, receipt: str, coordinator: str) -> None:
    who = Actor("operator", "", coordinator, "koordinator")
    async with assembled(Settings()) as house:
        await house.ticketing.act(number, Act(Command("acknowledge", who, text=receipt)))
