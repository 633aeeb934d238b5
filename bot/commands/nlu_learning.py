"""`kentongan nlu train`, `versions` and `rollback`: learning from corrections, and the way back."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from bot.commands.lines import JsonFlag, rows_of, show
from bot.commands.telling import city_time, plain, tell_table
from bot.services.flows.learning import Learning, Outcome, Train, headline, learn
from bot.services.talks.understanding import models_of
from bot.settings import Settings
from nlu.data import installed_data
from nlu.evaluate import Score
from nlu.examples import Example
from storage.models import DELIVERED, UnknownVersionError, Version
from tickets.policies import load_policies

GOLD = "gold.jsonl"
REPORT = "lapor"
TRAIN_EXTRA = "Training needs scikit-learn; install it with: pip install 'kentongan[train]'"

Moves = Sequence[tuple[str, str, int]]


def train(
    gold: Annotated[
        Path | None, typer.Option(help="Rows to judge by, as for `evaluate`; else the delivered gold set.")
    ] = None,
) -> None:
    """Learn from the examples and staff's corrections; live unless a gold score falls by over a point."""
    settings, by = Settings(), _trainer()
    judged = [row for _, row in rows_of(str(gold or installed_data() / GOLD))]
    corrected, moves = asyncio.run(_corrected(settings))
    learning = Learning(settings.data_dir, load_policies(settings.policies_dir).city.kode, judged, by)
    outcome = learn(learning, corrected, datetime.now(UTC))
    _tell(outcome, moves)
    if outcome.version.refused:
        raise typer.Exit(1)


def versions(as_json: JsonFlag = False) -> None:
    """List the learnt models, oldest first; the one in use is marked."""
    models = models_of(Settings().data_dir)
    live = models.live()
    for version in models.all():
        if as_json:
            show({**_version_json(version), "live": version.name == live}, compact=True)
        else:
            plain().print(_version_line(version, live))
    if not as_json:
        plain().print(f"{_mark(DELIVERED, live)} {DELIVERED}")


def rollback(
    version: Annotated[str, typer.Argument(help="The version to go to; by default the one before.")] = "",
) -> None:
    """Go back to an earlier model; a running service takes it up at its next start."""
    models = models_of(Settings().data_dir)
    try:
        models.go_live(version or models.before_live())
    except UnknownVersionError as error:
        raise typer.BadParameter(f"no version {error}; see: kentongan nlu versions") from error
    plain().print(f"Live at the next start: {models.live()}")


def _trainer() -> Train:
    try:
        from nlu.train import learnt  # noqa: PLC0415 scikit-learn comes with an extra
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"sklearn", "scipy"}:
            raise
        plain(aside=True).print(TRAIN_EXTRA)
        raise typer.Exit(2) from None
    return learnt


async def _corrected(settings: Settings) -> tuple[list[Example], Moves]:
    """What staff corrected, as examples, and how often they moved reports from one agency to another."""
    from bot.app import records  # noqa: PLC0415 no database is needed to read a text
    from storage import learning  # noqa: PLC0415

    async with records(settings) as database:
        lessons, moves = await database.read(lambda c: (learning.lessons(c), learning.moved(c)))
    return [Example(one.text, REPORT, one.category, one.subcategory) for one in lessons], moves


def _tell(outcome: Outcome, moves: Moves) -> None:
    before, after, version = outcome.before, outcome.after, outcome.version
    console = plain()
    tell_table(_compared("gold score", headline(before), headline(after)))
    tell_table(_compared("category (F1)", _f1(before.category), _f1(after.category)))
    for was, now, count in moves:
        console.print(f"Staff moved {count} report(s) from {was} to {now}: does routing.yml know?")
    console.print(f"Version {version.name}, learnt with {version.corrections} correction(s).")
    if version.refused:
        console.print(f"Not live: {', '.join(version.refused)} fell by more than a point.")
    else:
        console.print("Live at the next start of the service. Back: kentongan nlu rollback")


def _compared(title: str, before: dict[str, float], after: dict[str, float]) -> Table:
    table = Table(title, "before", "after", "change")
    for name, value in before.items():
        now = after.get(name, 0.0)
        table.add_row(name, f"{value:.3f}", f"{now:.3f}", f"{now - value:+.3f}")
    return table


def _f1(score: Score | None) -> dict[str, float]:
    return dict(sorted(score.f1.items())) if score else {}


def _version_json(version: Version) -> dict[str, object]:
    return {
        "version": version.name,
        "made_at": version.made_at.isoformat(),
        "corrections": version.corrections,
        "scores": dict(version.scores),
        "refused": list(version.refused),
    }


def _version_line(version: Version, live: str) -> str:
    category = version.scores.get("category", 0.0)
    refused = f"  refused: {', '.join(version.refused)}" if version.refused else ""
    return (
        f"{_mark(version.name, live)} {version.name}  {city_time(version.made_at)}  "
        f"{version.corrections} correction(s)  category {category:.3f}{refused}"
    )


def _mark(name: str, live: str) -> str:
    return "*" if name == live else " "
