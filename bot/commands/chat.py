"""`kentongan chat`: a conversation in the terminal, typed or played from a file."""

import asyncio
import json
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import SecretStr
from rich.console import Console

from bot.app import Kentongan, assembled, utc_now
from bot.channels.base import Delivery, SendResult
from bot.channels.console import ConsoleChannel, ConsoleError
from bot.logs import set_up
from bot.settings import Settings
from dialogs.messages import InboundMessage
from storage.codec import talk
from storage.reports import cases
from storage.reports.cases import Case
from storage.seals import new_key
from storage.talks import conversations

INTRODUCTION = (
    "Ketik pesan seperti warga menulis. "
    "!photo BERKAS…, !location LAT,LON, !button LABEL. Ctrl-D untuk selesai."
)


class Recorder(ConsoleChannel):
    """The terminal channel that also keeps the bot's side of the talk, for the transcript."""

    def __init__(self, *, aloud: bool) -> None:
        super().__init__(Console(highlight=False, markup=False).print if aloud else _silent)
        self.lines: list[dict[str, Any]] = []

    async def send(self, delivery: Delivery) -> SendResult:
        """Note the message, then show it."""
        labels = [button.label for row in delivery.message.buttons for button in row]
        self.lines.append({"from": "bot", "text": delivery.message.text, "buttons": labels})
        return await super().send(delivery)


def _silent(_text: str) -> None:
    """Where the terminal is to stay quiet."""


@dataclass(slots=True)
class Talk:
    """One conversation on the terminal channel."""

    house: Kentongan
    channel: Recorder
    said: int = 0
    problems: list[str] = field(default_factory=list)

    async def play(self, line: str) -> None:
        """Send one line as the citizen and wait for everything it brings about.

        Raises:
            ConsoleError: the line cannot be played.
        """
        self.said += 1
        message = self.channel.parse_line(line, self.said, utc_now())
        self.channel.lines.append({"from": "citizen", "text": _shown(message, line), "buttons": []})
        await self.house.intake.citizen(message)
        await self.house.settle()

    async def outcome(self) -> dict[str, Any]:
        """The transcript, the slots as they stand, and the tickets that were opened."""
        database = self.house.core.database
        name = self.channel.name
        kept = await database.read(lambda c: conversations.load(c, name, name))
        found = await database.read(cases.all_cases)
        return {
            "transcript": self.channel.lines,
            "slots": {key: value for key, value in talk(kept.state).slots.items() if value is not None}
            if kept
            else {},
            "tickets": [_ticket(one) for one in found],
        }


def _shown(message: InboundMessage, line: str) -> str:
    return message.text if message.kind == "text" else line


def _ticket(case: Case) -> dict[str, Any]:
    ticket, report = case.ticket, case.ticket.report
    return {
        "number": ticket.number,
        "classification": report.classification,
        "category": report.category,
        "subcategory": report.subcategory,
        "agency": ticket.agency,
        "status": ticket.status,
        "place": {
            "kode": report.place.kode,
            "kalurahan": report.place.kalurahan,
            "kapanewon": report.place.kapanewon,
        },
        "verdict": report.screening.verdict,
        "evidence": len(report.evidence),
    }


async def played(lines: Iterable[str], *, aloud: bool, dialog: Path | None = None) -> dict[str, Any]:
    """Play lines as a citizen on a throw-away database; the transcript, slots and tickets.

    `dialog` is the folder of another dialog than the delivered one.
    """
    with tempfile.TemporaryDirectory(prefix="kentongan-") as folder:
        settings = Settings(data_dir=Path(folder), database_url="", keys=SecretStr(new_key()), _env_file=None)  # type: ignore[call-arg]
        async with assembled(settings, dialog=dialog) as house:
            channel = Recorder(aloud=aloud)
            house.channels[channel.name] = channel
            talk = Talk(house, channel)
            for line in lines:
                await _try(talk, line)
            return await talk.outcome()


async def _try(talk: Talk, line: str) -> None:
    try:
        await talk.play(line)
    except ConsoleError as error:
        Console(stderr=True).print(str(error), style="red", markup=False)


def _script_lines(script: Path) -> list[str]:
    text = sys.stdin.read() if str(script) == "-" else script.read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def chat(
    script: Annotated[
        Path | None, typer.Option(help="Play the lines of this file ('-': standard input).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print transcript, slots and tickets.")] = False,
) -> None:
    """Talk to Kentongan in the terminal, on a database that is thrown away afterwards."""
    set_up("WARNING")
    if script is None:
        Console().print(INTRODUCTION, style="dim")
        asyncio.run(played(typed(), aloud=True))
        return
    if str(script) != "-" and not script.is_file():
        raise typer.BadParameter(f"there is no file {script}")
    outcome = asyncio.run(played(_script_lines(script), aloud=not as_json))
    if as_json:
        typer.echo(json.dumps(outcome, ensure_ascii=False, indent=2))


def typed() -> Iterable[str]:
    """Lines as they are typed, until the end of input."""
    while True:
        try:
            line = input("» ")
        except (EOFError, KeyboardInterrupt):
            return
        if line.strip():
            yield line
