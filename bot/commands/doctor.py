"""`kentongan doctor`: what ails this installation, and what to do about it."""

import asyncio
from dataclasses import asdict
from typing import Annotated

import orjson
import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError
from rich.table import Table
from rich.text import Text

from bot.app import utc_now
from bot.commands.telling import tell_table
from bot.commands.troubles import explained
from bot.doctor.desks import Desks
from bot.doctor.duties import Duties
from bot.doctor.finding import Finding, examined
from bot.doctor.house import House
from bot.doctor.messengers import Messengers
from bot.doctor.platforms import Platforms
from bot.doctor.records import Records
from bot.settings import Settings, misspelt

COLOURS = {"well": "green", "look": "yellow", "ill": "red"}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a finding.")] = False,
) -> None:
    """Look at settings, disk, database, calendar and messengers; say what is wrong and what helps."""
    findings = asyncio.run(_findings())
    if as_json:
        for one in findings:
            typer.echo(orjson.dumps(asdict(one)))
    else:
        tell_table(_table(findings))
    if any(one.state == "ill" for one in findings):
        raise typer.Exit(1)


async def _findings() -> list[Finding]:
    try:
        settings = Settings()
    except (ValidationError, SettingsError, OSError) as error:  # the last: an `.env` of somebody else's
        return [Finding("settings", "ill", "cannot be used", explained(error) or "")]
    now = utc_now()
    records = Records(settings, now)
    asking = (Messengers(settings), Platforms(settings))
    rooms = (House(settings, now), records, Duties(records), Desks(records), *asking)
    found = [await examined(what, check) for room in rooms for what, check in room.checks()]
    return [_spelt(), *found]


def _spelt() -> Finding:
    """Whether everything that is called like a setting is one: what is misspelt changes nothing."""
    strange = misspelt()
    if not strange:
        return Finding("settings", "well", "can be used")
    meant = " ".join(f"{nearest or 'See docs/settings.md'}?" for nearest in strange.values())
    return Finding("settings", "look", f"no such setting: {', '.join(strange)}", f"Do you mean {meant}")


def _table(findings: list[Finding]) -> Table:
    table = Table("what", "how", "found", "what to do")
    for one in findings:
        table.add_row(one.what, Text(one.state, COLOURS[one.state]), one.told, one.remedy)
    return table
