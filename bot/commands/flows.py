"""`kentongan flows …`: the dialog an admin edits."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from dialogs.check import check as check_sources
from dialogs.loader import read_sources

commands = typer.Typer(help="Check the dialog's flows and texts.", no_args_is_help=True)


@commands.callback()
def flows() -> None:
    """Check the dialog's flows and texts."""


@commands.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="The folder with domain.yml, flows/ and responses/.")
    ] = None,
) -> None:
    """Report every fault by file, line, flow and step; exit 1 when there is one."""
    faults = check_sources(read_sources(folder))
    console = Console(highlight=False, soft_wrap=True, markup=False)
    for fault in faults:
        console.print(str(fault))
    if faults:
        console.print(f"{len(faults)} fault(s).")
        raise typer.Exit(1)
    console.print("No faults.")
