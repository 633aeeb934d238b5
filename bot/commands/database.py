"""`kentongan database`: moving everything kept from SQLite to PostgreSQL."""

import asyncio
from typing import Annotated

import typer

from bot.commands.telling import plain
from bot.settings import Settings
from storage.doors import server
from storage.doors.database import kind_of
from storage.migrations import upgrade
from storage.moving import Count, compare, move

commands = typer.Typer(no_args_is_help=True, help="The database: move it to another kind.")
Source = Annotated[
    str, typer.Option("--from", help="sqlite:///path/to/file.db; when left out, the file in the data folder")
]
Target = Annotated[
    str,
    typer.Option("--to", help="postgresql://user:password@host/name; when left out, KENTONGAN_DATABASE_URL"),
]


@commands.callback()
def group() -> None:
    """The database: move it to another kind."""


@commands.command("move")
def move_all(source: Source = "", target: Target = "") -> None:
    """Move everything from a SQLite file into an empty PostgreSQL; run it again after a break, it goes on."""
    source, target = _places(source, target)
    asyncio.run(server.check(target, moving=True))
    upgrade(target)
    found = asyncio.run(move(source, target, _tell))
    plain().print(f"Moved and compared: {_counted(found)}.")
    plain().print("Now set KENTONGAN_DATABASE_URL to the new place; the old file stays as it is.")


@commands.command("compare")
def compare_all(source: Source = "", target: Target = "") -> None:
    """Compare every row with the file it was moved from, before the new place is used; exit 1 if not."""
    source, target = _places(source, target)
    asyncio.run(server.check(target))
    plain().print(f"Every row is the same: {_counted(asyncio.run(compare(source, target, _tell)))}.")


def _places(source: str, target: str) -> tuple[str, str]:
    settings = Settings()
    source = source or f"sqlite:///{settings.data_dir / 'kentongan.db'}"
    target = target or settings.database
    kinds = [kind_of(url) for url in (source, target)]
    if kinds != ["sqlite", "postgresql"]:
        told = f"from sqlite to postgresql, not from {kinds[0]} to {kinds[1]}: --from, --to"
        raise typer.BadParameter(told)
    return source, target


def _tell(count: Count) -> None:
    plain().print(f"  {count.table:20} {count.rows:>9,} rows  {count.digest[:16]}")


def _counted(found: tuple[Count, ...]) -> str:
    return f"{sum(one.rows for one in found):,} rows in {len(found)} tables"
