"""People and groups as the test client plays them."""

import asyncio
import io
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import aiohttp

from bot.sandbox.places import Json, Message, Place, Wanted, fits, where

Content = bytes | Path
LONGEST_WAIT = 20.0
MOST_PATIENT = 5.0
"""How many times longer than told a person waits on a busy machine, at the most."""
ENDINGS = {"photo": ".jpg", "video": ".mp4", "voice": ".ogg", "audio": ".mp3", "sticker": ".webp"}


def _deadline(seconds: float) -> float:
    """When waiting ends: later where the machine has more to do than processors to do it."""
    busy = os.getloadavg()[0] / (os.cpu_count() or 1) if hasattr(os, "getloadavg") else 1.0
    return time.monotonic() + seconds * min(max(busy, 1.0), MOST_PATIENT)


class SandboxRefused(Exception):  # noqa: N818 - reads as what happened
    """The sandbox would not let the person do that; the text says why."""


class Sandbox(Protocol):
    """The part of the client a person needs."""

    async def request(self, method: str, path: str, **more: Any) -> tuple[Any, int]:
        """One call of the control API: its answer, and the world's serial number before it."""
        ...


@dataclass(slots=True)
class User:
    """One person; `messages` is all the person has seen, by the order of the newest change."""

    sandbox: Sandbox
    id: int
    name: str
    known: dict[tuple[str, int], Message] = field(default_factory=dict)
    answers: list[Json] = field(default_factory=list)
    _seen: int = 0
    _acted: int = 0
    _returned: set[int] = field(default_factory=set)

    @property
    def messages(self) -> list[Message]:
        """All messages seen so far, oldest change first."""
        return sorted(self.known.values(), key=lambda message: message.serial)

    async def act(self, act: str, **params: Any) -> Any:
        """Do anything the control API knows.

        Raises:
            SandboxRefused: when the app would not allow it.
        """
        return await self._done("POST", f"/people/{self.id}/{act}", json=params)

    async def _done(self, method: str, path: str, **more: Any) -> Any:
        answer, self._acted = await self.sandbox.request(method, path, **more)
        return answer

    async def _sent(self, act: str, place: Place, **params: Any) -> list[Message]:
        there = where(place)
        return [Message(sent, there) for sent in await self.act(act, **params, **there)]

    async def send(self, place: Place, text: str, *, reply_to: Message | None = None) -> Message:
        """Send a text; what is too long for one message goes as several, the last is returned."""
        return (await self._sent("send", place, text=text, reply_to=reply_to and reply_to.id))[-1]

    async def start(self, bot: str, payload: str = "") -> Message:
        """Press start in a bot's chat, as a deep link with `payload` does."""
        return await self.send(bot, f"/start {payload}".strip())

    async def send_photo(
        self, place: Place, photo: Content, caption: str = "", *, reply_to: Message | None = None
    ) -> Message:
        """Send one photo."""
        return (await self.send_files(place, [("photo", photo)], caption, reply_to=reply_to))[0]

    async def send_photos(self, place: Place, photos: Iterable[Content], caption: str = "") -> list[Message]:
        """Send an album."""
        return await self.send_files(place, [("photo", photo) for photo in photos], caption)

    async def send_document(self, place: Place, document: Content, caption: str = "") -> Message:
        """Send a file as it is."""
        return (await self.send_files(place, [("document", document)], caption))[0]

    async def send_files(
        self,
        place: Place,
        files: Sequence[tuple[str, Content]],
        caption: str = "",
        *,
        reply_to: Message | None = None,
    ) -> list[Message]:
        """Send files of given kinds ("photo", "document", "video", ...), several as an album."""
        form = aiohttp.FormData()
        for name, value in {
            "caption": caption,
            "reply_to": reply_to.id if reply_to else "",
            **where(place),
        }.items():
            form.add_field(name, str(value))
        for number, (kind, content) in enumerate(files):
            name = content.name if isinstance(content, Path) else f"{kind}{number}{ENDINGS.get(kind, '.bin')}"
            data = await asyncio.to_thread(content.read_bytes) if isinstance(content, Path) else content
            form.add_field(f"{kind}.{number}", io.BytesIO(data), filename=name)
        answer = await self._done("POST", f"/people/{self.id}/send_files", data=form)
        return [Message(sent, where(place)) for sent in answer]

    async def send_sample(self, place: Place, kind: str) -> Message:
        """Send a sample "sticker", "voice", "video", "contact" or "poll"."""
        return (await self._sent("send_sample", place, kind=kind))[0]

    async def send_location(self, place: Place, latitude: float, longitude: float) -> Message:
        """Send a pin."""
        return (await self._sent("send_location", place, latitude=latitude, longitude=longitude))[0]

    async def reply(self, message: Message, text: str = "", *, photo: Content | None = None) -> Message:
        """Reply to a message in the chat where it stands."""
        if photo is not None:
            return await self.send_photo(message, photo, text, reply_to=message)
        return await self.send(message, text, reply_to=message)

    async def edit(self, message: Message, text: str) -> None:
        """Change one's own message."""
        await self.act("edit", message_id=message.id, text=text, **message.place)

    async def delete(self, message: Message) -> None:
        """Remove one's own message."""
        await self.act("delete", message_id=message.id, **message.place)

    async def react(self, message: Message, *emoji: str) -> None:
        """Put emoji on a message."""
        await self.act("react", message_id=message.id, emoji=list(emoji), **message.place)

    async def block(self, bot: str) -> None:
        """Block a bot."""
        await self.act("block", bot=bot)

    async def unblock(self, bot: str) -> None:
        """Let a bot write again."""
        await self.act("unblock", bot=bot)

    async def press(self, label: str, message: Message | None = None) -> str:
        """Press the button whose label contains `label`, on `message` or the newest that has it.

        Returns:
            The callback query's id, or "" for a key under the input field.

        Raises:
            LookupError: when there is no such button; names those there are.
        """
        await self.refresh()
        candidates = [self.current(message)] if message else self.messages[::-1]
        for candidate in candidates:
            for button in candidate.buttons:
                if label in button["text"] and "callback_data" in button:
                    data = button["callback_data"]
                    return str(await self.act("press", message_id=candidate.id, data=data, **candidate.place))
            for text in candidate.key_labels:
                if label in text:
                    await self.act("press_key", text=text, **candidate.place)
                    return ""
        raise LookupError(f"no button {label!r}; there are {[m.labels for m in candidates if m.labels]}")

    def current(self, message: Message) -> Message:
        """The newest version of a message."""
        for known in self.known.values():
            if known.place["room"] == message.place.get("room") and known.id == message.id:
                return known
        return message

    async def wait_for(
        self,
        text: Wanted = None,
        *,
        timeout: float = 10.0,  # noqa: ASYNC109 - tests read better so
        since: int | None = None,
    ) -> Message:
        """The first fitting message or edit by others since this person last acted; each is returned once.

        `text` is a part of it or a condition; `since` (a serial number) looks further back.

        Raises:
            TimeoutError: naming what was seen instead.
        """
        floor = self._acted if since is None else since
        deadline = _deadline(timeout)
        while True:
            for message in self._fresh(floor):
                if fits(message, text):
                    self._returned.add(message.serial)
                    return message
            left = deadline - time.monotonic()
            if left <= 0:
                shown = [message.text or sorted(message) for message in self._fresh(floor)]
                raise TimeoutError(f"{self.name} waited {timeout} s for {text!r} and saw {shown}")
            await self.refresh(left)

    def _fresh(self, floor: int) -> Iterator[Message]:
        for message in self.messages:
            new = message.serial > floor and message.serial not in self._returned
            if new and message["from"]["id"] != self.id:
                yield message

    async def wait_for_answer(self, query: str, *, timeout: float = 10.0) -> Json:  # noqa: ASYNC109
        """What `answerCallbackQuery` said to a press: "text" and "alert".

        Raises:
            TimeoutError: when the bot did not answer.
        """
        deadline = _deadline(timeout)
        while time.monotonic() < deadline:
            for answer in self.answers:
                if answer["id"] == query:
                    return answer
            await self.refresh(deadline - time.monotonic())
        raise TimeoutError(f"no answer to the button {self.name} pressed")

    async def refresh(self, wait: float = 0.0) -> None:
        """Learn what happened; with `wait`, wait up to that many seconds for something."""
        query = {"since": str(self._seen), "timeout": str(min(wait, LONGEST_WAIT))}
        answer, _ = await self.sandbox.request("GET", f"/people/{self.id}/messages", params=query)
        self._seen = answer["serial"]
        for change in answer["changes"]:
            self._learn(change)

    def _learn(self, change: Json) -> None:
        if change["kind"] == "answer":
            self.answers.append(change["detail"])
        if change["kind"] in {"message", "edit"} and change.get("message"):
            message = Message(change["message"], {"room": change["room"]}, change["serial"])
            if "message_thread_id" in message and message.get("is_topic_message"):
                message.place["topic_id"] = message["message_thread_id"]
            if change.get("keyboard", {}).get("message_id") == message.id:
                message.keyboard = change["keyboard"]
            self.known[change["room"], message.id] = message
        elif change["kind"] == "delete":
            self.known.pop((change["room"], change["message_id"]), None)
