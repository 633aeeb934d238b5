"""`kentongan route …`: where a text or a ticket goes, by which rule, and whether the examples still hold."""

import asyncio
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from bot.app import records
from bot.commands.lines import JsonFlag, TextFirst, said, show
from bot.commands.telling import plain, stop
from bot.services.flows.dispositions import judged, report_from
from bot.services.talks.understanding import load_interpreter
from bot.settings import Settings
from nlu.interpreter import Interpreter
from storage.reports import cases
from tickets.numbers import parse_number
from tickets.policies import Policies, load_policies
from tickets.policies.examples import GIVEN
from tickets.routing import Disposition, Tried, accused_units, route, tried
from tickets.ticket import Report

commands = typer.Typer(cls=TextFirst, no_args_is_help=True)


@commands.callback()
def routing() -> None:
    """Print where TEXT ('-': one a line from standard input) or a ticket goes, or check the examples."""


@commands.command(hidden=True)
def text(
    message: Annotated[str, typer.Argument(help="The text ('-': one a line from standard input).")] = "",
    ticket: Annotated[str, typer.Option(help="A report number instead of a text.")] = "",
    given: Annotated[list[str] | None, typer.Option("--with", help="A fact: category=jalan.")] = None,
    explain: Annotated[bool, typer.Option(help="Show every rule that was tried, and why not.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Print the agency, the rule that chose it and why."""
    policies = load_policies(Settings().policies_dir)
    for report in _reports(message, ticket, _facts(given or []), policies):
        found = route(report, policies)
        steps = tuple(tried(report, policies)) if explain else ()
        if as_json:
            show(_json(found, report, steps, policies), compact=True)
        else:
            _tell(found, report, steps, policies)


@commands.command()
def check(as_json: JsonFlag = False) -> None:
    """Route every example of routing_examples.yml; exit 1 when one does not go where it should."""
    policies = load_policies(Settings().policies_dir)
    interpreter = _interpreter(policies)
    wrong = 0
    for example in policies.examples:
        found, right = judged(example, interpreter, policies)
        wrong += not right
        if as_json:
            show(_judged_json(example.text, example.agency, found, right=right), compact=True)
        elif not right:
            where = f"routing_examples.yml:{example.line}: {example.text}"
            wanted = f"{example.agency} by {example.rule or 'any rule'}"
            plain().print(f"{where}: goes to {found.agency} by {found.rule or 'no rule'}, not to {wanted}")
    if not as_json:
        plain().print(f"{len(policies.examples) - wrong} of {len(policies.examples)} examples are right.")
    raise typer.Exit(1 if wrong else 0)


def _interpreter(policies: Policies) -> Interpreter:
    return load_interpreter(Settings().data_dir, policies.city.kode)


def _facts(given: list[str]) -> dict[str, str]:
    facts = dict(one.partition("=")[::2] for one in given)
    unknown = [name for name in facts if name not in GIVEN]
    if unknown:
        raise typer.BadParameter(f"no fact {unknown[0]!r}; there are: {', '.join(GIVEN)}")
    return facts


def _reports(message: str, ticket: str, facts: dict[str, str], policies: Policies) -> Iterator[Report]:
    if ticket:
        yield asyncio.run(_filed(parse_number(ticket, policies.city.prefix) or ticket.upper()))
        return
    if not message:
        raise typer.BadParameter("name a text, - for standard input, or --ticket NUMBER")
    interpreter = _interpreter(policies)
    for line in said(message):
        try:
            yield report_from(line, interpreter, policies, facts)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error


async def _filed(number: str) -> Report:
    async with records(Settings()) as database:
        case = await database.read(lambda c: cases.case(c, number))
    if case is None:
        stop(f"There is no report {number}.")
    return case.ticket.report


def _json(found: Disposition, report: Report, steps: tuple[Tried, ...], policies: Policies) -> dict[str, Any]:
    told = {
        "agency": found.agency,
        "name": policies.agencies.short(found.agency),
        "rule": found.rule or None,
        "why": found.why,
        "flags": sorted(found.flags),
        "external": found.external,
        "sure": found.sure,
        "category": report.category,
        "classification": report.classification,
        "place": report.place.kode or None,
        "accused": sorted(accused_units(report, policies)),
    }
    rules = [{"rule": one.rule, "fits": one.fits, "missing": list(one.missing)} for one in steps]
    return told | ({"rules": rules} if steps else {})


def _judged_json(text: str, wanted: str, found: Disposition, *, right: bool) -> dict[str, Any]:
    return {"text": text, "wanted": wanted, "agency": found.agency, "rule": found.rule, "right": right}


def _tell(found: Disposition, report: Report, steps: tuple[Tried, ...], policies: Policies) -> None:
    console = plain()
    for one in steps:
        console.print(f"  {'fits' if one.fits else 'no  '} {one.rule}: {'; '.join(one.missing) or found.why}")
    name = policies.agencies[found.agency].name
    notes = [f"rule {found.rule}" if found.rule else "no rule fits", found.why]
    notes += ["passed to another body"] if found.external else []
    notes += [] if found.sure else ["the coordinator looks first"]
    notes += [f"flags {', '.join(sorted(found.flags))}"] if found.flags else []
    console.print(f"{found.agency} ({name}): {'; '.join(notes)}")
    place = report.place.kode or "no place"
    console.print(f"  read as {report.category}, {report.classification}, {place}")
