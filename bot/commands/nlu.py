"""`kentongan nlu …`: what a text is understood as, how well, and learning to do it better."""

from typing import Annotated

import typer

from bot.commands.lines import JsonFlag, rows_of, said, show
from bot.commands.nlu_learning import rollback, train, versions
from bot.commands.nlu_unknown import unknown
from bot.commands.understood import reading_json, scores_json
from bot.services.flows.dispositions import agency_of
from bot.services.talks.understanding import load_interpreter
from bot.settings import Settings
from nlu.evaluate import evaluate as judge
from nlu.interpretation import CategoryGuess, Interpretation
from tickets.policies import load_policies

commands = typer.Typer(help="Read texts, judge how well they are read, and learn.", no_args_is_help=True)
commands.command()(train)
commands.command()(versions)
commands.command()(rollback)
commands.command()(unknown)


@commands.command()
def parse(
    text: Annotated[str, typer.Argument(help="The message ('-': one message a line from standard input).")],
    as_json: JsonFlag = False,
    explain: Annotated[bool, typer.Option(help="Add sub-categories and the words guesses rest on.")] = False,
) -> None:
    """Print what a message is understood as."""
    policies = load_policies(Settings().policies_dir)
    interpreter = load_interpreter(Settings().data_dir, policies.city.kode)
    for line in said(text):
        reading = interpreter.interpret(line)
        agencies = [agency_of(reading, guess, policies) for guess in reading.categories]
        show(reading_json(reading, agencies, explain=explain), compact=as_json)


@commands.command()
def evaluate(
    file: Annotated[str, typer.Argument(help="A JSON Lines file ('-': standard input).")],
    as_json: JsonFlag = False,
) -> None:
    """Judge readings on rows with `text` and the right category, agency, intent, emergency or place."""
    policies = load_policies(Settings().policies_dir)
    interpreter = load_interpreter(Settings().data_dir, policies.city.kode)

    def proposed(reading: Interpretation, guess: CategoryGuess) -> str:
        return agency_of(reading, guess, policies)

    scores = judge([row for _, row in rows_of(file)], interpreter, proposed)
    show(scores_json(scores, interpreter.silent_above), compact=as_json)
