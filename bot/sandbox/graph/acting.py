"""The people at the far end of the stand-in, and what they do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.sandbox.graph import events
from bot.sandbox.graph.hooks import Hooks
from bot.sandbox.graph.model import Account, Fault, File, Graph, Json, Person

LARGEST = 110 * 1024 * 1024
KINDS = {"image": "image", "video": "video", "audio": "audio", "document": "file"}


@dataclass(slots=True)
class GraphSandbox:
    """A running stand-in; its people write with `write`, `press`, `send_file` and `send_pin`."""

    base_url: str
    graph: Graph
    hooks: Hooks
    _runner: web.AppRunner = field(repr=False)

    async def stop(self) -> None:
        """Close the port and stop posting."""
        await self.hooks.stop()
        await self._runner.cleanup()

    def person(self, account: Account, name: str, phone: str = "", scoped: str = "") -> Person:
        """Somebody new."""
        one = Person(account, name, phone, scoped)
        self.graph.people.append(one)
        return one

    def fault(self, ending: str, status: int, code: int = 0, *, times: int = 1, later: bool = False) -> None:
        """Let coming calls to paths with that ending go wrong."""
        self.graph.faults.append(Fault(ending, status, code, times, later))

    def write(self, person: Person, text: str, reply_to: str = "") -> None:
        """Send words."""
        if person.account.about == events.WHATSAPP:
            entry = events.said(self.graph, person, "text", {"body": text}, reply_to)
        else:
            entry = events.wrote(self.graph, person, {"text": text}, reply_to)
        self.hooks.send(person.account.about, entry)

    def send_pin(self, person: Person, lat: float, lon: float) -> None:
        """Send a position."""
        if person.account.about == events.WHATSAPP:
            entry = events.said(self.graph, person, "location", {"latitude": lat, "longitude": lon})
        else:
            payload = {"coordinates": {"lat": lat, "long": lon}}
            entry = events.wrote(
                self.graph, person, {"attachments": [{"type": "location", "payload": payload}]}
            )
        self.hooks.send(person.account.about, entry)

    def send_files(self, person: Person, files: Sequence[File], caption: str = "") -> int:
        """Send files: on WhatsApp one message each, elsewhere one for all; how many messages that were."""
        if person.account.about != events.WHATSAPP:
            attachments = [self._attachment(one) for one in files]
            text = {"text": caption} if caption else {}
            entry = events.wrote(self.graph, person, {**text, "attachments": attachments})
            self.hooks.send(person.account.about, entry)
            return 1
        for place, one in enumerate(files):
            self._send_media(person, one, caption if place == 0 else "")
        return len(files)

    def press(self, person: Person, label: str) -> None:
        """Press the newest button or list row of that label.

        Raises:
            LookupError: there is none; names those there are.
        """
        for message in person.seen[::-1]:
            found = choices(message)
            if found:
                break
        else:
            found = {}
        if label not in found:
            raise LookupError(f"no button {label!r}; there are {list(found)}")
        self.hooks.send(person.account.about, self._pressed(person, message, label, found[label]))

    def _pressed(self, person: Person, message: Json, label: str, payload: str) -> Json:
        if person.account.about != events.WHATSAPP:
            answer = {"text": label, "quick_reply": {"payload": payload}}
            return events.wrote(self.graph, person, answer)
        if message["type"] == "template":
            return events.said(
                self.graph, person, "button", {"payload": payload, "text": label}, message["id"]
            )
        kind = {"button": "button_reply", "list": "list_reply"}[message["interactive"]["type"]]
        content = {"type": kind, kind: {"id": payload, "title": label}}
        return events.said(self.graph, person, "interactive", content, message["id"])

    def keep(self, file: File, prefix: str = "") -> str:
        """Have a file at Meta's."""
        ref = f"{prefix}{8_000_000_000_000 + self.graph.number()}"
        self.graph.files[ref] = file
        return ref

    def _send_media(self, person: Person, file: File, caption: str) -> None:
        kind = _kind(file.mime)
        content: Json = {"id": self.keep(file), "mime_type": file.mime, "sha256": "c2FuZGJveA=="}
        content |= {"caption": caption} if caption and kind != "audio" else {}
        content |= {"voice": True} if file.mime.startswith("audio/ogg") else {}
        content |= {"filename": file.name} if kind == "document" else {}
        self.hooks.send(person.account.about, events.said(self.graph, person, kind, content))

    def _attachment(self, file: File) -> Json:
        ref = self.keep(file, "public-")
        self.graph.links[ref] = (ref, self.graph.clock())
        return {"type": KINDS[_kind(file.mime)], "payload": {"url": f"{self.base_url}/lookaside/{ref}"}}


def _kind(mime: str) -> str:
    kind = mime.split("/", maxsplit=1)[0]
    return kind if kind in {"image", "video", "audio"} else "document"


def choices(message: Mapping[str, Any]) -> dict[str, str]:
    """What can be pressed in a message of the bot's: label → payload."""
    replies = {one["title"]: one["payload"] for one in message.get("quick_replies", ())}
    if message.get("type") == "template":
        buttons = [one for one in message["template"].get("components", ()) if one["type"] == "button"]
        return {f"#{one['index']}": one["parameters"][0]["payload"] for one in buttons}
    action = message.get("interactive", {}).get("action", {})
    replies |= {one["reply"]["title"]: one["reply"]["id"] for one in action.get("buttons", ())}
    for section in action.get("sections", ()):
        replies |= {row.get("description") or row["title"]: row["id"] for row in section["rows"]}
    return replies


def text_of(message: Mapping[str, Any]) -> str:
    """The words of a message of the bot's."""
    kind = str(message.get("type", ""))
    content = message.get(kind, {})
    if kind == "interactive":
        return str(content["body"]["text"])
    if kind == "template":
        body = [one for one in content.get("components", ()) if one["type"] == "body"]
        values = [str(value["text"]) for one in body for value in one["parameters"]]
        return " | ".join([str(content["name"]), *values])
    if kind:
        return str(content.get("body") or content.get("caption") or "")
    return str(message.get("text", ""))
