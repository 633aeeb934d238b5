"""A conversation in the terminal, without any account; also what scripted conversations are played on."""

import asyncio
import re
import shlex
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.channels.base import Capabilities, Delivery, FetchError, OutboundFile, SendError, SendResult
from bot.channels.rendering import flat, numbered
from dialogs.messages import Attachment, AttachmentKind, Button, InboundMessage, Location

NAME: Final = "console"
ADDRESS: Final = "console"
KINDS: Final[dict[str, tuple[AttachmentKind, str]]] = {
    ".jpg": ("photo", "image/jpeg"),
    ".jpeg": ("photo", "image/jpeg"),
    ".png": ("photo", "image/png"),
    ".webp": ("photo", "image/webp"),
    ".heic": ("photo", "image/heic"),
    ".gif": ("animation", "image/gif"),
    ".mp4": ("video", "video/mp4"),
    ".ogg": ("voice", "audio/ogg"),
    ".mp3": ("audio", "audio/mpeg"),
    ".pdf": ("document", "application/pdf"),
}
CAPABILITIES: Final = Capabilities(
    max_text=100_000,
    max_buttons=1000,
    max_button_label=1000,
    sends_photos=True,
    asks_location=True,
    max_download=20 * 1024 * 1024,
    links=True,
    albums=True,
)
COMMAND = re.compile(r"![a-z]+")
POSITION = re.compile(r"(-?\d+(?:\.\d+)?)\s*[,\s]\s*(-?\d+(?:\.\d+)?)")


class ConsoleError(ValueError):
    """A line that cannot be played; the message says what would be right."""


class ConsoleChannel:
    """Writes the bot's messages with `write` and reads typed lines; one person, one address.

    Lines: plain text, `!photo PATH…` (several make an album), `!location LAT,LON`, `!button LABEL`.
    """

    name: str = NAME
    capabilities: Capabilities = CAPABILITIES

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._buttons: list[Button] = []
        self._sent = 0

    async def send(self, delivery: Delivery) -> SendResult:
        """Write one message; raises SendError when the terminal is gone."""
        try:
            self._write(render(delivery))
        except OSError as problem:
            raise SendError("closed", f"cannot write: {problem}", retryable=False) from problem
        # News without a question leaves the buttons of the question before it standing.
        if delivery.message.buttons or not delivery.message.ticket:
            self._buttons = flat(delivery.message.buttons)
        self._sent += 1
        return SendResult((f"bot-{self._sent}",))

    async def fetch(self, attachment: Attachment) -> bytes:
        """The bytes of the file the line named; raises FetchError."""
        try:
            content = await asyncio.to_thread(Path(attachment.ref).read_bytes)
        except OSError as problem:
            raise FetchError(
                f"cannot read {attachment.name}: {problem.strerror}", retryable=False
            ) from problem
        if len(content) > self.capabilities.max_download:
            raise FetchError(f"{attachment.name} is larger than 20 MB", retryable=False)
        return content

    def parse_line(self, line: str, n: int, now: datetime) -> InboundMessage:
        """The message a typed line stands for; `n` numbers the lines and makes the message unique.

        Raises:
            ConsoleError: an unknown command, a missing file, a bad position or a button nobody offered.
        """
        base = InboundMessage(NAME, f"line-{n}", ADDRESS, now, "text", message_ref=f"line-{n}")
        command, _, argument = line.strip().partition(" ")
        if not COMMAND.fullmatch(command):
            return replace(base, text=line.rstrip("\n"))
        if command == "!photo":
            return _with_files(base, argument)
        if command == "!location":
            return replace(base, kind="location", location=parse_position(argument))
        if command == "!button":
            button = self.find_button(argument)
            return replace(base, kind="button", text=button.label, button=button.payload)
        raise ConsoleError(f"{command} is unknown; use !photo PATH, !location LAT,LON or !button LABEL")

    def find_button(self, label: str) -> Button:
        """The last shown button of this label: exactly, else regardless of case, else by its beginning.

        Raises:
            ConsoleError: no such button.
        """
        wanted = label.strip()
        folded = wanted.casefold()
        tests: tuple[Callable[[Button], bool], ...] = (
            lambda button: button.label == wanted,
            lambda button: button.label.casefold() == folded,
            lambda button: bool(folded) and button.label.casefold().startswith(folded),
        )
        for test in tests:
            for button in filter(test, self._buttons):
                return button
        offered = ", ".join(button.label for button in self._buttons) or "none"
        raise ConsoleError(f'no button "{wanted}"; offered: {offered}')


def render(delivery: Delivery) -> str:
    """The message as lines of text: what it says, its files, its choices numbered."""
    message = delivery.message
    lines = [message.text.strip(), "\n".join(_file_line(file) for file in delivery.files)]
    lines += [numbered(flat(message.buttons)), "(!location LAT,LON)" if message.ask_location else ""]
    return printable("\n".join(line for line in lines if line))


def printable(text: str) -> str:
    """The text without control characters, which could steer the terminal."""
    return "".join(
        character
        for character in text
        if character in "\n\t" or character.isprintable() or ord(character) > 159
    )


def parse_position(text: str) -> Location:
    """Degrees from `LAT,LON`.

    Raises:
        ConsoleError: not two numbers, or not on the globe.
    """
    found = POSITION.fullmatch(text.strip())
    lat, lon = (float(number) for number in found.groups()) if found else (91.0, 0.0)
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ConsoleError(f'"{text}" is no position; write !location -7.7167,110.3550')
    return Location(lat, lon)


def _file_line(file: OutboundFile) -> str:
    return f"[{file.kind}: {file.name or file.mime}]"


def _with_files(base: InboundMessage, argument: str) -> InboundMessage:
    try:
        paths = shlex.split(argument)
    except ValueError as problem:
        raise ConsoleError(f"!photo: {problem}") from None
    if not paths:
        raise ConsoleError("!photo needs a path, or several for an album")
    files = tuple(_attachment(Path(path)) for path in paths)
    return replace(base, kind="media", attachments=files, group=base.external_id if len(files) > 1 else "")


def _attachment(path: Path) -> Attachment:
    if not path.is_file():
        raise ConsoleError(f"there is no file {path}")
    kind, mime = KINDS.get(path.suffix.lower(), ("document", "application/octet-stream"))
    return Attachment(kind, str(path), mime, path.stat().st_size, path.name)
