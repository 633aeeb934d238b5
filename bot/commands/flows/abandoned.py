"""`kentongan flows abandoned`: which questions people do not answer."""

import asyncio

from bot.app import dialog_in_force, records, utc_now
from bot.commands.lines import JsonFlag, show
from bot.commands.period import Days, First, Last, period
from bot.commands.telling import plain
from bot.settings import Settings
from dialogs.abandoned import Ledger, Question, Tally, questions
from storage.talks import exchanges

COUNTS = ("reached", "answered", "again", "cancelled", "silent", "left", "waiting")


def abandoned(first: First = None, last: Last = None, as_json: JsonFlag = False) -> None:
    """Count what became of each question: answered, cancelled, met with silence; shows nobody's words."""
    ledger = asyncio.run(_counted(Settings(), period(first, last)))
    asked = {question.name: question for question in ledger.asks.values()}
    found = sorted(ledger.tallies.items(), key=lambda one: (-one[1].abandoned, -one[1].reached, one[0]))
    for name, tally in found:
        if as_json:
            show(_fields(asked[name], tally), compact=True)
        else:
            plain().print(_line(asked[name], tally))
    if not found and not as_json:
        plain().print("No question was put in these days.")


async def _counted(settings: Settings, days: Days) -> Ledger:
    bundle = await dialog_in_force(settings)
    since, until = days
    ledger = Ledger(questions(bundle.flows.values()), bundle.settings.expire_after)

    async with records(settings) as database:
        await database.read(lambda c: ledger.take_all(exchanges.between(c, since, until)))
    ledger.close(min(until, utc_now()))
    return ledger


def _fields(asked: Question, tally: Tally) -> dict[str, object]:
    counts = {name: getattr(tally, name) for name in COUNTS}
    return {"question": asked.name, "steps": sorted(asked.steps), **counts}


def _line(asked: Question, tally: Tally) -> str:
    """One question: where it is put, how often nothing came of it, and the counts behind that."""
    share = f"{tally.abandoned / tally.reached:.0%}"
    counts = ", ".join(f"{name} {getattr(tally, name)}" for name in COUNTS if getattr(tally, name))
    return f"{asked.name} ({', '.join(sorted(asked.steps))}): {share} abandoned; {counts}"
