"""`kentongan flows abandoned`: which questions people do not answer."""

import asyncio
from datetime import datetime, time, timedelta
from typing import Annotated

import typer

from bot.app import dialog_in_force, records, utc_now
from bot.commands.lines import JsonFlag, show
from bot.commands.telling import plain, stop
from bot.settings import Settings
from dialogs.abandoned import Ledger, Question, Tally, questions
from storage import exchanges
from tickets.policies import load_policies

DAYS = timedelta(days=30)
COUNTS = ("reached", "answered", "again", "cancelled", "silent", "left", "waiting")


def abandoned(
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day; 30 days ago else.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day; today else.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Count what became of each question: answered, cancelled, met with silence; shows nobody's words."""
    since, until = _period(first, last)
    if since >= until:
        stop(f"The period ends ({until - timedelta(days=1):%Y-%m-%d}) before it begins ({since:%Y-%m-%d}).")
    ledger = asyncio.run(_counted(Settings(), since, until))
    asked = {question.name: question for question in ledger.asks.values()}
    found = sorted(ledger.tallies.items(), key=lambda one: (-one[1].abandoned, -one[1].reached, one[0]))
    for name, tally in found:
        if as_json:
            show(_fields(asked[name], tally), compact=True)
        else:
            plain().print(_line(asked[name], tally))
    if not found and not as_json:
        plain().print("No question was put in these days.")


def _period(first: datetime | None, last: datetime | None) -> tuple[datetime, datetime]:
    """From the first day's beginning to the last day's end, by the city's clock."""
    zone = load_policies(Settings().policies_dir).city.timezone
    until = (last or utc_now().astimezone(zone)).date()
    since = first.date() if first else until - DAYS
    return datetime.combine(since, time(), zone), datetime.combine(until + timedelta(days=1), time(), zone)


async def _counted(settings: Settings, since: datetime, until: datetime) -> Ledger:
    bundle = await dialog_in_force(settings)
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
