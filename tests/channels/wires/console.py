"""The terminal: lines in, lines out."""

import itertools
import shlex
import tempfile
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.app import Kentongan
from bot.channels.base import Delivery, SendResult
from bot.channels.console import ConsoleChannel, render
from bot.channels.rendering import flat
from tests.channels.wires.base import Shown, Talk, content


class Terminals:
    """Many terminals behind one channel, each with its own address."""

    name = ConsoleChannel.name
    capabilities = ConsoleChannel.capabilities

    def __init__(self) -> None:
        self.screens: dict[str, ConsoleTalk] = {}

    async def send(self, delivery: Delivery) -> SendResult:
        screen = self.screens[delivery.address]
        labels = tuple(one.label for one in flat(delivery.message.buttons))
        screen.lines.append(Shown(render(delivery), labels))
        return await screen.channel.send(delivery)

    async def fetch(self, attachment: Any) -> bytes:
        return await ConsoleChannel(lambda _: None).fetch(attachment)


@dataclass
class ConsoleTalk:
    house: Kentongan
    folder: Path
    address: str
    channel: ConsoleChannel = field(default_factory=lambda: ConsoleChannel(lambda _: None))
    lines: list[Shown] = field(default_factory=list)
    typed: int = 0

    async def write(self, text: str) -> int:
        return await self._type(text)

    async def send_files(self, names: tuple[str, ...], caption: str) -> int:
        for name in names:
            (self.folder / name).write_bytes(content(name))
        return await self._type("!photo " + shlex.join(str(self.folder / name) for name in names), caption)

    async def send_pin(self, lat: float, lon: float) -> int:
        return await self._type(f"!location {lat},{lon}")

    async def press(self, label: str) -> int:
        return await self._type(f"!button {label}")

    async def shown(self) -> list[Shown]:
        return self.lines

    async def _type(self, line: str, caption: str = "") -> int:
        self.typed += 1
        message = self.channel.parse_line(line, self.typed, datetime.now(UTC))
        unique = f"{self.address}-{message.external_id}"
        message = replace(message, address=self.address, external_id=unique)
        await self.house.intake.citizen(replace(message, text=caption) if caption else message)
        return 1


class ConsoleWire:
    name = "console"

    def __init__(self) -> None:
        self._terminals = Terminals()
        self._numbers = itertools.count(1)
        self._folder = tempfile.TemporaryDirectory()

    async def prepare(self) -> dict[str, Any]:
        return {}

    async def join(self, house: Kentongan, address: str) -> None:
        del address
        self._house = house
        house.channels[self.name] = self._terminals

    async def person(self) -> Talk:
        address = f"console-{next(self._numbers)}"
        talk = ConsoleTalk(self._house, Path(self._folder.name), address)
        self._terminals.screens[address] = talk
        return talk

    async def close(self) -> None:
        self._folder.cleanup()
