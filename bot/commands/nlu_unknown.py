"""`kentongan nlu unknown`: which words people used that the bot does not know."""

import asyncio
from dataclasses import asdict
from typing import Annotated

import typer

from bot.commands.lines import JsonFlag, show
from bot.commands.period import Days, First, Last, period
from bot.commands.telling import plain
from bot.services.talks.understanding import load_interpreter
from bot.settings import Settings
from nlu.unknown import UnknownWord, UnknownWords
from tickets.policies import load_policies

HELP = "Teach them: slang.yml for spellings, nlu/*.yml for examples (nlu_data/README.md tells how)."


def unknown(
    first: First = None,
    last: Last = None,
    most: Annotated[int, typer.Option(min=1, help="How many words, the most used first.")] = 50,
    as_json: JsonFlag = False,
) -> None:
    """List words that no list and no example knows, of several people only: no names, no numbers."""
    words = asyncio.run(_counted(Settings(), period(first, last)))
    least = load_policies(Settings().policies_dir).figures.least_word_people
    found = words.of_many(least)[:most]
    for one in found:
        if as_json:
            show(asdict(one), compact=True)
        else:
            plain().print(_line(one))
    if not as_json:
        plain().print(HELP if found else f"No unknown word was used by {least} people or more in these days.")


def _line(one: UnknownWord) -> str:
    missed = f", {one.missed} not understood" if one.missed else ""
    return f"{one.word}: {one.people} people, {one.messages} message(s){missed}"


async def _counted(settings: Settings, days: Days) -> UnknownWords:
    from bot.app import records  # noqa: PLC0415 no database is needed to read a text
    from bot.services.flows.vocabulary import count  # noqa: PLC0415

    policies = load_policies(settings.policies_dir)
    interpreter = load_interpreter(settings.data_dir, policies.city.kode)
    async with records(settings) as database:
        return await database.read(lambda c: count(c, days, interpreter, policies))
