"""How commands speak: words as they are, faults in plain lines, and a sentence to end with."""

from collections.abc import Sequence
from typing import NoReturn

import typer
from rich.console import Console
from rich.table import Table

from dialogs.faults import Fault
from tickets.policies.faults import Fault as PolicyFault


def plain(*, aside: bool = False) -> Console:
    """A console that prints words as they are; `aside` is standard error, apart from what was asked for."""
    return Console(stderr=aside, highlight=False, soft_wrap=True, markup=False)


def tell_table(table: Table) -> None:
    """Print a table, its words as they are and wrapped in their cells."""
    plain().print(table, soft_wrap=False)


def stop(text: str) -> NoReturn:
    """End the command with a sentence and exit code 1."""
    plain(aside=True).print(text)
    raise typer.Exit(1)


def tell_faults(faults: Sequence[Fault | PolicyFault]) -> None:
    """Print faults, if any, and end the command then with exit code 1."""
    if faults:
        stop_for(faults)


def stop_for(faults: Sequence[Fault | PolicyFault]) -> NoReturn:
    """Print faults and end the command with exit code 1."""
    for fault in faults:
        plain().print(str(fault))
    plain().print(f"{len(faults)} fault(s).")
    raise typer.Exit(1)
