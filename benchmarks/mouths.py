"""How a citizen is connected: Telegram's webhook, the web chat's page, Rasa's REST door."""

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import orjson

from benchmarks.conversation import Case, Turn
from benchmarks.door import Door, RefusedError
from benchmarks.telegram import FakeTelegram
from benchmarks.updates import Json, Phone
from bot.channels.webchat.sessions import Sessions

IN_RESPONSE = b"sendMessage"
NO_NUMBER = "SLM-26-00000"

Hear = Callable[[str, tuple[str, ...]], None]
"""Hears one message of a bot: its text and the labels of its buttons."""


class Mouth(Protocol):
    """One citizen's way to say things; what the bot answers goes to the ears it was given."""

    async def open(self) -> None: ...

    async def say(self, turn: Turn, case: Case, number: str) -> None: ...

    async def close(self) -> None: ...


class Posts(Protocol):
    """Takes updates."""

    async def post(self, body: bytes) -> bytes: ...


class Wire(Protocol):
    """A bot as its citizens reach it; `photos` is how many an album has."""

    photos: int

    def mouth(self, hear: Hear) -> Mouth: ...


class TelegramWire:
    """The bot's webhook, and a Bot API that hears it; chats count up from `first_chat`."""

    door: Posts

    def __init__(self, telegram: FakeTelegram, token: str, first_chat: int, photos: int) -> None:
        self.telegram = telegram
        self.token = token
        self.photos = photos
        self.numbers = count(1)
        hook = telegram.webhooks[token]
        self.door = Door(hook.url, {"X-Telegram-Bot-Api-Secret-Token": hook.secret})
        self._chats = count(first_chat)

    def mouth(self, hear: Hear) -> Mouth:
        return _Telegram(self, next(self._chats), hear)


class _Telegram:
    def __init__(self, wire: TelegramWire, chat: int, hear: Hear) -> None:
        self._wire = wire
        self._chat = chat
        self._hear = hear
        self._phone = Phone(chat, wire.numbers)
        self._keyboard: Json = {}

    async def open(self) -> None:
        self._wire.telegram.ears[self._wire.token, self._chat] = self._heard

    async def close(self) -> None:
        self._wire.telegram.ears.pop((self._wire.token, self._chat), None)

    async def say(self, turn: Turn, case: Case, number: str) -> None:
        """Post what a turn is made of; an album's photos at once, as Telegram does."""
        bodies = self._bodies(turn, case, number)
        for answer in await asyncio.gather(*map(self._wire.door.post, bodies)):
            if IN_RESPONSE in answer:
                self._hear("", ())

    def _heard(self, message: Json) -> None:
        if "reply_markup" in message:
            self._keyboard = message
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        self._hear(message["text"], tuple(button["text"] for row in rows for button in row))

    def _bodies(self, turn: Turn, case: Case, number: str) -> list[bytes]:
        match turn.kind:
            case "album":
                return self._phone.album(self._wire.photos)
            case "pin":
                return [self._phone.pin(case.lat, case.lon)]
            case "number":
                return [self._phone.text(number or NO_NUMBER)]
            case "press":
                return [self._pressed(turn.text)]
        return [self._phone.text(turn.text)]

    def _pressed(self, label: str) -> bytes:
        rows = self._keyboard.get("reply_markup", {}).get("inline_keyboard", [])
        for button in (button for row in rows for button in row):
            if label.lower() in button["text"].lower() and "callback_data" in button:
                return self._phone.press(self._keyboard, button["callback_data"])
        return self._phone.text(label)


@dataclass(frozen=True, slots=True)
class WebWire:
    """The web chat at `base`; sessions are sealed here with its key, as a returning browser has one."""

    base: str
    key: Path
    picture: bytes
    photos: int

    def mouth(self, hear: Hear) -> Mouth:
        token = Sessions(self.key.read_bytes(), secrets.token_bytes).new(datetime.now(UTC))
        return _Page(self, token, hear)


class _Page:
    def __init__(self, wire: WebWire, token: str, hear: Hear) -> None:
        self._wire = wire
        self._hear = hear
        self._ids = count(1)
        self._buttons: list[dict[str, str]] = []
        head = {"Authorization": f"Bearer {token}", "Accept-Language": "id"}
        self._posts = Door(f"{wire.base}/chat/api/messages", head)  # a browser keeps one connection for all
        self._events = Door(f"{wire.base}/chat/api/events", head | {"Accept": "text/event-stream"})
        self._listening: asyncio.Task[None] | None = None

    async def open(self) -> None:
        reader = await self._events.stream()
        self._listening = asyncio.create_task(self._listen(reader))

    async def close(self) -> None:
        if self._listening:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening
        for door in (self._posts, self._events):
            door.close()

    async def say(self, turn: Turn, case: Case, number: str) -> None:
        """Post what a turn is made of; an album is one upload."""
        if turn.kind == "album":
            await self._upload(case)
        else:
            body = {"id": self._id(), **self._said(turn, case, number)}
            await self._posts.post(orjson.dumps(body))

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        async for line in reader:
            if line.startswith(b"data: "):
                self._heard(orjson.loads(line[6:]))

    def _heard(self, line: dict[str, Any]) -> None:
        if line["from"] == "citizen":
            return
        buttons = [button for row in line["buttons"] for button in row]
        self._buttons = buttons or self._buttons
        self._hear(line["text"], tuple(button["label"] for button in buttons))

    def _said(self, turn: Turn, case: Case, number: str) -> dict[str, Any]:
        match turn.kind:
            case "pin":
                return {"location": {"lat": case.lat, "lon": case.lon}}
            case "number":
                return {"text": number}
            case "press":
                return self._pressed(turn.text)
        return {"text": turn.text}

    def _pressed(self, label: str) -> dict[str, str]:
        for button in self._buttons:
            if label.lower() in button["label"].lower() and button["payload"]:
                return {"text": button["label"], "button": button["payload"]}
        return {"text": label}

    async def _upload(self, case: Case) -> None:
        mark = secrets.token_hex(8)
        head = "Content-Disposition: form-data; name="
        parts = [f'{head}"id"\r\n\r\n{self._id()}'.encode()]
        for number in range(self._wire.photos):
            kind = f'{head}"files"; filename="{number}.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
            each = (
                f"{case.story}{case.lat}{case.lon}{number}".encode()
            )  # behind the picture: none is like another
            parts.append(kind.encode() + self._wire.picture + each)
        body = (
            b"".join(b"--%s\r\n%s\r\n" % (mark.encode(), part) for part in parts) + f"--{mark}--\r\n".encode()
        )
        await self._posts.post(body, f"multipart/form-data; boundary={mark}", "/chat/api/files")

    def _id(self) -> str:
        return f"message-{next(self._ids):08}"


class RasaWire:
    """A Rasa server's REST door: the answers come in the response. Everything is said in words."""

    photos = 1

    def __init__(self, base: str) -> None:
        self.door = Door(f"{base}/webhooks/rest/webhook", {})
        self._senders = count(1)

    def mouth(self, hear: Hear) -> Mouth:
        return _Rest(self.door, f"warga-{next(self._senders)}", hear)


@dataclass(frozen=True, slots=True)
class _Rest:
    door: Door
    sender: str
    hear: Hear

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def say(self, turn: Turn, case: Case, number: str) -> None:
        del number
        words = {"pin": f"pin {case.lat} {case.lon}", "album": "foto", "number": "cek nomor"}
        said = words.get(turn.kind, turn.text).replace("/start", "halo")  # a stroke is its own language
        answer = orjson.loads(await self.door.post(orjson.dumps({"sender": self.sender, "message": said})))
        if not answer:
            raise RefusedError(f"Rasa had no answer to {said!r}")
        for one in answer:
            self.hear(one.get("text", ""), ())
