"""`kentongan flows …`: the dialog an admin edits."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.flows import abandoned, look, play, publish, trace, try_out
from bot.commands.telling import plain, tell_faults
from dialogs.check import check as check_sources
from dialogs.loader import read_sources

commands = typer.Typer(
    help="Check, try, compare and publish the dialog's flows and texts.", no_args_is_help=True
)


@commands.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="The folder with domain.yml, flows/ and responses/.")
    ] = None,
) -> None:
    """Report every fault by file, line, flow and step; exit 1 when there is one."""
    tell_faults(check_sources(read_sources(folder)))
    plain().print("No faults.")


commands.command("test")(play.play_tests)
commands.command("try")(try_out.try_out)
commands.command("graph")(look.graph)
commands.command("diff")(look.diff)
commands.command("impact")(look.impact)
commands.command("publish")(publish.publish)
commands.command("rollback")(publish.rollback)
commands.command("history")(look.history)
commands.command("trace")(trace.trace)
commands.command("abandoned")(abandoned.abandoned)
