"""`kentongan messages`: what is not with the person it is for, and why."""

import asyncio
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.app import assembled
from bot.settings import Settings
from storage import outbox


def messages() -> None:
    """List messages that were laid aside or could not be delivered, each with its reason."""
    held, failed = asyncio.run(_undelivered(Settings()))
    if not (held or failed):
        Console().print("Every message arrived, or is on its way.")
        return
    table = Table("message", "state", "channel", "report", "code", "reason", "again at")
    for state, rows in (("held", held), ("failed", failed)):
        for row in rows:
            again = f"{row['not_before']:%Y-%m-%d %H:%M} UTC" if state == "held" else ""
            table.add_row(str(row["id"]), state, *_facts(row), again)
    Console().print(table)


def _facts(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(row[name] or "") for name in ("channel", "ticket", "error_code", "error_text"))


async def _undelivered(settings: Settings) -> tuple[tuple[dict[str, Any], ...], ...]:
    async with assembled(settings) as house:
        read = house.core.database.read
        return (
            await read(lambda c: outbox.undeliverable(c, "held")),
            await read(lambda c: outbox.undeliverable(c, "failed")),
        )
