"""An installation on a sandbox whose clock leaps, with a quick script of the city's own."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from bot.sandbox.client import User
from bot.sandbox.places import Message
from tests.practice.scripts import OWN_SCRIPTS
from tests.scenarios.conftest import photo
from tests.scenarios.kit import OPERATORS, Town, beside_a_sandbox, every_row, running_town

__all__ = ["photo"]


BEGINNING = datetime(2027, 2, 3, 3, 5, tzinfo=UTC)
"""A Wednesday at five past ten, far from every hour at which something comes by itself."""


@dataclass
class Clock:
    """The time of day goes on from the beginning; a test may leap."""

    leap: timedelta = field(default_factory=lambda: BEGINNING - datetime.now(UTC))

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.leap

    def forward(self, **span: float) -> None:
        self.leap += timedelta(**span)


@dataclass(frozen=True)
class Class(Town):
    """A town whose clock leaps."""

    clock: Clock

    async def kept(self) -> dict[str, list[str]]:
        """Every row of every table of the real database, as it lies there."""
        return await self.house.core.database.read(every_row)

    async def begins(self, person: User, *scripts: str) -> None:
        """Somebody begins with these scripts, all of whose citizens have written by now."""
        await person.send(OPERATORS, f"/latihan mulai {' '.join(scripts)}")
        await person.wait_for(text="Mulai!")
        self.clock.forward(minutes=4)

    async def answers(self, person: User, card: Message, words: str) -> None:
        """Somebody answers the citizen; returns once their card shows it: a leap comes after it."""
        await person.reply(card, words)
        await person.wait_for(lambda m: m.id == card.id and words in m.text, since=0)

    async def chooses(self, person: User, label: str) -> None:
        """Somebody chooses an agency, turning pages until they find it."""
        shown = await person.wait_for(lambda m: "▶" in m.labels or label in m.labels)
        while label not in shown.labels:
            await person.press("▶", shown)
            shown = await person.wait_for(lambda m: "◀" in m.labels)
        await person.press(label, shown)

    async def closes(self, person: User, card: Message, words: str, photo: bytes) -> None:
        """Somebody closes a case the proper way."""
        number = NUMBER.search(card.text)[0]
        await person.press("Selesai", card)
        asked = await person.wait_for(text=f"apa yang sudah dikerjakan ({number})")
        await person.reply(asked, words, photo=photo)
        done = ("Menunggu", "Selesai · ")
        await person.wait_for(lambda m: number in m.text and any(word in m.text for word in done))

    async def report(self, person: User) -> str:
        """The end report, all its pages."""
        await person.send(OPERATORS, "/latihan keluar")
        last = await person.wait_for(lambda m: "Menu latihan" in " ".join(m.labels))
        texts = [m.text for m in person.messages if m.text.startswith(MARK)]
        first = max(at for at, text in enumerate(texts) if "Latihan selesai" in text)
        assert last.text in texts
        return "\n".join(texts[first:])


MARK = "🎓 LATIHAN"
NUMBER = re.compile(r"LAT-\d\d-[0-9A-Z]{5}")


def card_of(words: str) -> Callable[[Message], bool]:
    """Whether a message is the practice card of the report with these words."""
    return lambda m: m.text.startswith(MARK) and "LAT-" in m.text and words in m.text and bool(m.labels)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The installation's folder, with quick scripts of its own, and the picture they send."""
    scripts = tmp_path / "policies" / "practice"
    scripts.mkdir(parents=True)
    Image.radial_gradient("L").convert("RGB").save(scripts / "rambu.png")
    for name, script in OWN_SCRIPTS.items():
        (scripts / f"{name}.yml").write_text(script, encoding="utf-8")
    return tmp_path


Running = Callable[[], AbstractAsyncContextManager[Class]]


@pytest.fixture
async def running(data: Path) -> AsyncIterator[Running]:
    """Lives of one installation, one after the other."""
    clock = Clock()
    async with beside_a_sandbox(data / "data", policies_dir=data / "policies") as settings:

        @asynccontextmanager
        async def live() -> AsyncIterator[Class]:
            async with running_town(settings, clock=clock) as town:
                yield Class(town.house, town.address, town.sandbox, clock)

        yield live


@pytest.fixture
async def town(running: Running) -> AsyncIterator[Class]:
    async with running() as one:
        yield one
