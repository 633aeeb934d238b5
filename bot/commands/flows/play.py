"""`kentongan flows test`: the conversations that try a dialog, played on a city's data without a database."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.telling import plain, stop_for
from bot.services.flows import trying
from bot.settings import Settings
from dialogs.faults import FlowFaults
from dialogs.loader import load_bundle, read_tests
from dialogs.trial.coverage import Coverage, coverage
from dialogs.trial.play import Outcome, Town, play_all
from dialogs.trial.reading import read_cases
from dialogs.trial.telling import as_data, shortfall, told
from nlu.interpreter import Interpreter
from tickets.policies import load_policies


def town() -> Town:
    """The delivered city, for trials."""
    policies = load_policies(Settings().policies_dir)
    return trying.town(Interpreter.load(home=policies.city.kode), policies)


def tried(folder: Path | None) -> tuple[tuple[Outcome, ...], tuple[Coverage, ...]]:
    """Every conversation of a folder played, and what they cover.

    Raises:
        dialogs.faults.FlowFaults: the dialog or its conversations cannot be read.
    """
    bundle = load_bundle(folder)
    outcomes = asyncio.run(play_all(read_cases(read_tests(folder)), bundle, town()))
    return outcomes, coverage(bundle, outcomes)


def play_tests(
    folder: Annotated[
        Path | None, typer.Argument(help="The folder with domain.yml, flows/, responses/ and tests/.")
    ] = None,
    *,
    covered: Annotated[bool, typer.Option("--coverage", help="Show steps and ways no test goes.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Play the dialog's conversations; show where one differs; exit 1 when any does."""
    try:
        outcomes, shares = tried(folder)
    except FlowFaults as error:
        stop_for(error.faults)
    failed = [outcome for outcome in outcomes if outcome.difference]
    if as_json:
        typer.echo(json.dumps(as_data(outcomes, shares), ensure_ascii=False, indent=2))
    else:
        _show(outcomes, shares, covered=covered)
    if failed:
        raise typer.Exit(1)


def _show(outcomes: tuple[Outcome, ...], shares: tuple[Coverage, ...], *, covered: bool) -> None:
    console = plain()
    failed = [outcome for outcome in outcomes if outcome.difference]
    for outcome in failed:
        console.print("\n".join(told(outcome)), end="\n\n")
    for one in shares if covered else ():
        console.print("\n".join(shortfall(one)))
    ways, gone = sum(one.ways for one in shares), sum(one.ways_run for one in shares)
    console.print(f"{len(outcomes) - len(failed)} of {len(outcomes)} conversations as expected.")
    console.print(f"{gone} of {ways} ways through the flows gone ({gone / max(ways, 1):.0%}).")
