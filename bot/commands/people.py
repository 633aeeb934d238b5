"""`kentongan people`: what is kept about people, for the data protection officer."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

import typer

from bot.app import records, utc_now
from bot.commands.telling import plain
from bot.services.retaining import Retention
from bot.settings import Settings
from storage.database import Database
from tickets.policies import load_policies

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
    async with records(Settings()) as database:
        desk = _retention(database)
        waiting = await desk.waiting()
        _tell(desk, waiting)
        if not dry_run:
            while await desk.run_once():
                pass
    verb = "would go" if dry_run else "went"
    plain().print(f"{sum(waiting.values())} row(s) {verb}.")


def _retention(database: Database) -> Retention:
    return Retention(database, load_policies(Settings().policies_dir).retention, utc_now)


def _tell(desk: Retention, waiting: Mapping[str, int]) -> None:
    for term in desk.policy.terms:
        plain().print(
            f"{term.kind}: {waiting[term.kind]} row(s) older than {term.keep.days} days. {term.why}"
        )
