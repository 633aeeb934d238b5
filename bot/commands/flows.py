"""`kentongan flows …`: the dialog an admin edits."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands import flows_abandoned, flows_look, flows_publish, flows_test, flows_trace, flows_try
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


commands.command("test")(flows_test.play_tests)
commands.command("try")(flows_try.try_out)
commands.command("graph")(flows_look.graph)
commands.command("diff")(flows_look.diff)
commands.command("impact")(flows_look.impact)
commands.command("publish")(flows_publish.publish)
commands.command("rollback")(flows_publish.rollback)
commands.command("history")(flows_look.history)
commands.command("trace")(flows_trace.trace)
commands.command("abandoned")(flows_abandoned.abandoned)
