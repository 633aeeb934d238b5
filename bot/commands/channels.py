"""`kentongan channels`: what each can do, WhatsApp's templates, and mentions on X."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.app import Kentongan, assembled
from bot.channels.declared import table
from bot.channels.whatsapp.templates import Template, Templates, load_templates
from bot.channels.x.channel import XChannel, posts
from bot.channels.x.export import NAME, ExportError, read_export
from bot.commands.telling import city_time, plain, stop
from bot.doors.meta import slots_of
from bot.settings import Settings
from dialogs.loader import load_bundle
from storage.talks import by_hand
from storage.talks.by_hand import ByHand
from tickets.policies import PolicyFaults

commands = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)


@commands.command("table")
def show_table() -> None:
    """Print the table of channels and what they can do, in Markdown."""
    plain().print(table())


@commands.command()
def templates(
    file: Annotated[
        Path | None, typer.Argument(help="The file; without it the one the settings name, or the delivered.")
    ] = None,
) -> None:
    """Check WhatsApp's templates and print what to register with Meta; exit 1 when something is wrong."""
    try:
        found = load_templates(file or Settings().whatsapp_templates, slots_of(load_bundle()))
    except PolicyFaults as error:
        stop(str(error))
    for template in found.templates.values():
        plain().print("\n".join(_told(found, template)), end="\n\n")


def _told(found: Templates, template: Template) -> list[str]:
    state = "approved" if template.approved else "NOT approved: never sent"
    lines = [f"{template.name}  ({template.category}, {state})"]
    for language, text in template.texts.items():
        buttons = "".join(f" [{label}]" for label in template.buttons.get(language, ()))
        lines.append(f"  {language}  {text}{buttons}")
    for response, use in found.uses.items():
        if use.template == template:
            more = " – a notice, the message follows" if use.notice else ""  # noqa: RUF001 a dash, for people
            lines.append(f"  for {response}: {', '.join(use.parameters)}{more}")
    return lines


@commands.command()
def mentions(
    file: Annotated[Path, typer.Argument(help="JSON, JSON lines or CSV exported from X.")],
) -> None:
    """Take in mentions on X from an export; those taken in before are left alone."""
    try:
        found = read_export(file, datetime.now(UTC))
    except ExportError as error:
        stop(str(error))
    for reason in found.left_out:
        plain().print(f"left out: {reason}")

    async def take() -> int:
        async with assembled(Settings()) as house:
            house.channels[NAME] = XChannel()
            new = [await house.intake.citizen(message) for message in found.messages]
            await house.settle()
            return sum(new)

    new = asyncio.run(take())
    plain().print(f"{new} new, {len(found.messages) - new} known before. Next: kentongan channels answers")


@commands.command()
def answers(
    posted: Annotated[list[int] | None, typer.Option(help="Numbers of answers that were posted.")] = None,
) -> None:
    """Print the answers to mentions on X that somebody has to post, or note that some were."""

    async def look(house: Kentongan) -> tuple[ByHand, ...]:
        return await house.core.database.read(lambda c: by_hand.waiting(c, NAME))

    async def work() -> tuple[ByHand, ...]:
        async with assembled(Settings()) as house:
            for row in posted or ():
                await _note(house, row)
            return await look(house)

    for one in asyncio.run(work()):
        about = f"  {one.ticket}" if one.ticket else ""
        plain().print(f"#{one.id}  to {one.address}{about}  {city_time(one.created_at)}")
        for post in posts(one.message):
            plain().print("  " + post.replace("\n", "\n  "), end="\n\n")


async def _note(house: Kentongan, row: int) -> None:
    now = house.core.clock()
    if not await house.core.database.write(lambda c: by_hand.posted(c, NAME, row, now)):
        plain().print(f"#{row} waits for nobody; see the numbers below")
