"""`kentongan screen check`, `try`, `overturns`: rules an admin edits, tried out, and what came of them."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands.lines import JsonFlag, said, show
from bot.commands.telling import plain
from bot.services.desk.overturns import decided
from bot.services.talks.understanding import load_interpreter
from bot.settings import Settings
from nlu.interpreter import Interpreter
from tickets.overturns import Decision, by_rule
from tickets.policies import Policies, load_policies
from tickets.screening import reason_of, screen
from tickets.ticket import ScreeningResult

WEEK = 7
Folder = Annotated[
    Path | None, typer.Argument(help="A folder with changed policy files; the installation's own else.")
]
Changed = Annotated[Path | None, typer.Option(help="A folder with changed policy files, to compare with.")]


def check(folder: Folder = None) -> None:
    """Check the rules of screening: every fault with file, line, key and remedy."""
    found = load_policies(folder or Settings().policies_dir).screening
    plain().print(f"No faults. {len(found.rules)} rules, in order:")
    for rule in found.rules:
        then = f", then {rule.then}" if rule.then != rule.verdict else ""
        weights = f"{rule.severity}-{rule.most}" if rule.most > rule.severity else str(rule.severity)
        plain().print(f"  {rule.id}: {rule.signal} {weights} → {rule.verdict}{then}")


def try_(
    message: Annotated[str, typer.Argument(help="The text ('-': one a line from standard input).")],
    folder: Changed = None,
    as_json: JsonFlag = False,
) -> None:
    """Show what the rules make of examples; with --folder also what changed rules would."""
    now = load_policies(Settings().policies_dir)
    then = load_policies(folder) if folder else None
    reading = load_interpreter(Settings().data_dir, now.city.kode)
    for line in said(message):
        before = _judged(line, reading, now)
        after = _judged(line, reading, then) if then else None
        if as_json:
            show(_tried(line, before, after), compact=True)
        else:
            for told in _told(line, before, after, then or now):
                plain().print(told)


def _judged(text: str, reading: Interpreter, policies: Policies) -> ScreeningResult:
    return screen(text, reading.interpret(text), {}, policies)


def _tried(text: str, before: ScreeningResult, after: ScreeningResult | None) -> dict[str, Any]:
    found = {"text": text, "verdict": before.verdict, "rules": [one.rule for one in before.findings]}
    if after is None:
        return found
    return found | {"changed": after.verdict, "changed_rules": [one.rule for one in after.findings]}


def _told(
    text: str, before: ScreeningResult, after: ScreeningResult | None, policies: Policies
) -> Iterator[str]:
    """The verdict as people read it: the deciding rule, its words, and what the citizen is told."""
    result = after or before
    change = f"{before.verdict} → {after.verdict}" if after else result.verdict
    yield f"{change}  {text}"
    deciding = reason_of(result, policies)
    for found in result.findings:
        words = ", ".join(f"“{text[start:end]}”" for start, end in found.spans)
        yield f"  {'*' if found is deciding else ' '} {found.rule} ({found.signal}): {words}"
    if deciding is not None:
        yield f"    {deciding.advice}"
        yield f"    {deciding.next}"


def overturns(
    days: Annotated[int, typer.Option(min=1, help="How many days to look back.")] = WEEK,
    *,
    rows: Annotated[
        bool, typer.Option("--rows", help="Print the texts with what people decided, for `screen evaluate`.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Print what moderators decided, what they overturned, and which rules too often."""
    until = datetime.now(UTC)
    found = asyncio.run(_kept(until - timedelta(days=days), until))
    if rows:
        for one in found:
            show(_row(one), compact=True)
        return
    show(_report(found, until - timedelta(days=days), until), compact=as_json)


async def _kept(since: datetime, until: datetime) -> tuple[Decision, ...]:
    # The whole house takes a second to import: only where its records are read.
    from bot.app import records  # noqa: PLC0415

    async with records(Settings()) as database:
        return await decided(database, since, until)


def _row(one: Decision) -> dict[str, Any]:
    right = {"passed": "pass", "asked": "ask", "refused": "refuse"}
    return {"text": one.text, "verdict": right[one.outcome]}


def _report(found: tuple[Decision, ...], since: datetime, until: datetime) -> dict[str, Any]:
    return {
        "from": since.isoformat(),
        "until": until.isoformat(),
        "decisions": len(found),
        "overturned": {
            whose: sum(one.overturned == whose for one in found) for whose in ("screening", "person")
        },
        "by_rule": [
            {"id": one.rule, "decided": one.decided, "passed": one.passed, "share": round(one.share, 4)}
            for one in by_rule(found)
        ],
        "rows": [
            {
                "number": one.number,
                "at": one.at.isoformat(),
                "verdict": one.verdict,
                "rules": list(one.rules),
                "words": list(one.words),
                "decision": one.outcome,
                "overturned": one.overturned or None,
                "text": one.text,
            }
            for one in found
        ],
    }
