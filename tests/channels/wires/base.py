"""What a wire is: a channel's own format in and out, and a person at its far end."""

import io
from dataclasses import dataclass
from typing import Any, Protocol

from PIL import Image

from bot.app import Kentongan


@dataclass(frozen=True)
class Shown:
    """One message of the bot as the person's screen shows it."""

    text: str
    labels: tuple[str, ...] = ()


class Talk(Protocol):
    """One person on a wire. Each act returns how many messages the house will have received for it."""

    address: str

    async def write(self, text: str) -> int:
        """Send words."""

    async def send_files(self, names: tuple[str, ...], caption: str) -> int:
        """Send files; the ending of each name says of what kind."""

    async def send_pin(self, lat: float, lon: float) -> int:
        """Send a position."""

    async def press(self, label: str) -> int:
        """Press the newest button of that label, or answer by its number where there are no buttons.

        Raises:
            LookupError: it is not shown.
        """

    async def shown(self) -> list[Shown]:
        """All the bot's messages so far, oldest first."""


class Wire(Protocol):
    """A channel with what stands in for its platform.

    `prepare` starts the stand-in and returns the settings that lead to it; `join` gets the running house and
    its web server's base address; `person` is a stranger each time; `close` ends the stand-in.
    """

    name: str

    async def prepare(self) -> dict[str, Any]: ...

    async def join(self, house: Kentongan, address: str) -> None: ...

    async def person(self) -> Talk: ...

    async def close(self) -> None: ...


def fitting(label: str, offered: list[str]) -> str:
    """The offered label that stands for this one: the same, or its beginning where the platform cuts.

    Raises:
        LookupError: there is none.
    """
    if label in offered:
        return label
    for one in offered:
        if one.endswith("…") and label.startswith(one.removesuffix("…").rstrip()):
            return one
        numbered = one.split(". ", 1)[-1]
        if numbered == label or (one.endswith("…") and label.startswith(numbered.removesuffix("…").rstrip())):
            return one
    raise LookupError(f"no button {label!r}; there are {offered}")


def content(name: str) -> bytes:
    """The bytes of a file of that name: a small picture of its own, or something that is none."""
    if name.rsplit(".", 1)[-1].casefold() in {"mp4", "ogg", "mp3", "pdf"}:
        return b"%PDF-1.4 " + name.encode() * 20
    shade = sum(name.encode()) % 200
    picture = io.BytesIO()
    Image.new("RGB", (32, 24), (shade, 255 - shade, shade // 2)).save(picture, "JPEG")
    return picture.getvalue()
