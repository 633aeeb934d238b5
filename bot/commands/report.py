"""`kentongan report`: the figures of a period as Markdown, CSV, XLSX, a picture, or to be read aloud."""

import asyncio
import sys
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.app import records, utc_now
from bot.commands.lines import STDIN
from bot.commands.telling import plain, stop
from bot.reporting.days import before, last_month
from bot.reporting.drawing import drawing
from bot.reporting.labels import Labels
from bot.reporting.picture import draw
from bot.reporting.spoken import speech
from bot.reporting.tables import paper
from bot.reporting.written import csv_of, csv_text, markdown, xlsx
from bot.services.desk.figures import FigureDesk
from bot.services.reports.naming import labels_of
from bot.settings import Settings
from storage.files.vault import write_whole
from tickets.figures import Figures
from tickets.policies import Policies, load_policies

LANGUAGES = ("id", "jv", "en")


class Form(StrEnum):
    """What a report is written in."""

    MD = "md"
    CSV = "csv"
    XLSX = "xlsx"
    PNG = "png"
    TICKETS = "tickets"
    LISAN = "lisan"


BINARY = frozenset({Form.XLSX, Form.PNG})


def report(
    first: Annotated[
        datetime | None,
        typer.Option(
            "--from", formats=["%Y-%m-%d"], help="First day; the year's else, for lisan last month's."
        ),
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day; today else.")
    ] = None,
    form: Annotated[
        Form, typer.Option("--format", help="tickets: CSV, a line a report. lisan: to read aloud.")
    ] = Form.MD,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file ('-': print).")] = None,
    agency: Annotated[str, typer.Option(help="One agency alone, by its id.")] = "",
    language: Annotated[str, typer.Option(help="id, jv or en.")] = "id",
) -> None:
    """Write the figures of the reports received in a period, standing as of its end."""
    policies = load_policies(Settings().policies_dir)
    _check(policies, agency, language)
    days = _days(policies, first, last, form)
    found, was = asyncio.run(_figures(policies, days, agency or None))
    labels = labels_of(policies, language)
    if form == Form.LISAN:
        content = speech(found, was, labels, agency or None).encode()
    else:
        content = _written(found, labels, form, agency or None)
    _deliver(content, form, output, found)


def _check(policies: Policies, agency: str, language: str) -> None:
    if agency and agency not in policies.agencies:
        stop(f"There is no agency {agency!r}. There are: {', '.join(sorted(policies.agencies.by_id))}.")
    if language not in LANGUAGES:
        stop(f"There is no language {language!r}. There are: {', '.join(LANGUAGES)}.")


def _days(policies: Policies, first: datetime | None, last: datetime | None, form: Form) -> tuple[date, date]:
    today = utc_now().astimezone(policies.city.timezone).date()
    if form == Form.LISAN and first is None and last is None:
        return last_month(today)
    until = last.date() if last else today
    since = first.date() if first else until.replace(month=1, day=1)
    if since > until:
        stop(f"The period ends ({until}) before it begins ({since}).")
    return since, until


async def _figures(
    policies: Policies, days: tuple[date, date], agency: str | None
) -> tuple[Figures, Figures]:
    """Those of these days, and of as many before them."""
    async with records(Settings()) as database:
        desk = FigureDesk(database, policies, utc_now)
        return await desk.of(desk.days(*days), agency), await desk.of(desk.days(*before(*days)), agency)


def _written(found: Figures, labels: Labels, form: Form, agency: str | None) -> bytes:
    if form == Form.PNG:
        return draw(drawing(found, labels, agency))
    made = paper(found, labels, agency)
    if form == Form.XLSX:
        return xlsx(made)
    if form == Form.MD:
        return markdown(made).encode()
    return (csv_of(made.tickets) if form == Form.TICKETS else csv_text(made)).encode()


def _deliver(content: bytes, form: Form, output: Path | None, found: Figures) -> None:
    """Write to the file named, whole or not at all; text without one goes to standard output."""
    if str(output) == STDIN or (output is None and form not in BINARY):
        sys.stdout.buffer.write(content)
        return
    path = output or Path(f"laporan-{found.period.start:%Y-%m-%d}.{form}")
    write_whole(path, content)
    plain().print(f"{path}: {len(content)} bytes")
