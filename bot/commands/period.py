"""The days a command looks at: `--from` and `--to`, the last thirty where nothing is said."""

from datetime import UTC, datetime, time, timedelta
from typing import Annotated

import typer

from bot.commands.telling import stop
from bot.settings import Settings
from tickets.policies import load_policies

DAYS = timedelta(days=30)
First = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day; 30 days ago else.")
]
Last = Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day; today else.")]
Days = tuple[datetime, datetime]


def period(first: datetime | None, last: datetime | None) -> Days:
    """From the first day's beginning to the last day's end, by the city's clock; ends the command if none."""
    zone = load_policies(Settings().policies_dir).city.timezone
    until = (last or datetime.now(UTC).astimezone(zone)).date()
    since = first.date() if first else until - DAYS
    if since > until:
        stop(f"The period ends ({until}) before it begins ({since}).")
    return datetime.combine(since, time(), zone), datetime.combine(until + timedelta(days=1), time(), zone)
