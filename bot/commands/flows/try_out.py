"""`kentongan flows try`: talking to a dialog that is not published."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.commands.chat import INTRODUCTION, played, typed
from bot.commands.telling import tell_faults
from bot.logs import set_up
from dialogs.check import check
from dialogs.loader import read_sources


def try_out(
    folder: Annotated[Path, typer.Argument(help="The folder with domain.yml, flows/ and responses/.")],
) -> None:
    """Talk to a folder's dialog in the terminal, on a database that is thrown away afterwards."""
    tell_faults(check(read_sources(folder)))
    set_up("WARNING")
    Console().print(INTRODUCTION, style="dim")
    asyncio.run(played(typed(), aloud=True, dialog=folder))
