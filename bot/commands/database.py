"""`kentongan database`: moving everything kept from SQLite to PostgreSQL."""

import asyncio
from typing import Annotated

import typer

from bot.commands.telling import plain
from storage import server
from storage.database import kind_of
from storage.migrations import upgrade
from storage.moving import Count, move

commands = typer.Typer(no_args_is_help=True, help="The database: move it to another kind.")


@commands.callback()
def group() -> None:
    """The database: move it to another kind."""


@commands.command("move")
def move_all(
    source: Annotated[str, typer.Option("--from", help="sqlite:///path/to/file.db")],
    target: Annotated[str, typer.Option("--to", help="postgresql://user:password@host/name, empty")],
) -> None:
    """Move everything from a SQLite file into an empty PostgreSQL; run it again after a break, it goes on."""
    kinds = [kind_of(url) for url in (source, target)]
    if kinds != ["sqlite", "postgresql"]:
        raise typer.BadParameter(f"from sqlite to postgresql, not from {kinds[0]} to {kinds[1]}")
    console = plain()

    def told(count: Count) -> None:
        console.print(f"  {count.table:20} {count.rows:>9,} rows  {count.digest[:16]}")

    asyncio.run(server.check(target, moving=True))
    upgrade(target)
    found = asyncio.run(move(source, target, told))
    console.print(f"Moved and compared: {sum(one.rows for one in found):,} rows in {len(found)} tables.")
    console.print("Now set KENTONGAN_DATABASE_URL to the new place; the old file stays as it is.")
