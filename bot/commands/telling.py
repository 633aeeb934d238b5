"""How commands speak: words as they are, faults in plain lines, and a sentence to end with."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import NoReturn
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from bot.settings import Settings
from dialogs.faults import Fault
from tickets.policies import load_policies
from tickets.policies.faults import Fault as PolicyFault

MINUTES, SECONDS = "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"
"""How exactly a time is told."""


def plain(*, aside: bool = False) -> Console:
    """A console that prints words as they are; `aside` is standard error, apart from what was asked for."""
    return Console(stderr=aside, highlight=False, soft_wrap=True, markup=False)


@cache
def city_zone() -> ZoneInfo:
    """The time zone of the city."""
    return load_policies(Settings().policies_dir).city.timezone


def city_time(moment: datetime, form: str = MINUTES) -> str:
    """A moment as the city's clocks show it, with the name of its time: the law's hours are read from it."""
    return f"{moment.astimezone(city_zone()):{form} %Z}"


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
