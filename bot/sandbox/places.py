"""Messages and places as the test client sees them."""

from collections.abc import Callable
from typing import Any, Protocol

Json = dict[str, Any]


class Message(dict[str, Any]):
    """A message's JSON, with where it stands and the serial number of its newest version."""

    def __init__(self, content: Json, place: Json, serial: int = 0) -> None:
        super().__init__(content)
        self._place = place
        self.serial = serial
        self.keyboard: Json = {}

    @property
    def place(self) -> Json:
        """Where it stands, in the control API's words."""
        return self._place

    @property
    def id(self) -> int:
        """Its number in the chat."""
        return int(self["message_id"])

    @property
    def text(self) -> str:
        """Text or caption, empty when it has neither."""
        return str(self.get("text") or self.get("caption") or "")

    @property
    def buttons(self) -> list[Json]:
        """Its inline buttons, row after row."""
        return [button for row in self.get("reply_markup", {}).get("inline_keyboard", []) for button in row]

    @property
    def labels(self) -> list[str]:
        """What can be pressed: inline buttons, and the keys it put under the input field."""
        return [button["text"] for button in self.buttons] + self.key_labels

    @property
    def key_labels(self) -> list[str]:
        """The keys it put under the input field."""
        return [button["text"] for row in self.keyboard.get("keyboard", []) for button in row]


Wanted = str | Callable[[Message], bool] | None


class Somewhere(Protocol):
    """Anything that stands for a place to write in."""

    @property
    def place(self) -> Json:
        """The control API's words for it."""
        ...


Place = str | Somewhere
"""A bot's username for the private chat with it, a group, a topic, or the place of a message."""


def where(place: Place) -> Json:
    """The control API's words for a place."""
    return {"bot": place} if isinstance(place, str) else place.place


def fits(message: Message, text: Wanted) -> bool:
    """Whether a message is the wanted one."""
    if callable(text):
        return text(message)
    return text is None or text in message.text
