"""Updates as Telegram posts them to a webhook."""

import time
from itertools import count
from typing import Any

import orjson

Json = dict[str, Any]


class Phone:
    """One citizen's Telegram; `numbers` counts the updates of all of them."""

    def __init__(self, chat: int, numbers: "count[int]") -> None:
        self._numbers = numbers
        self._messages = count(1)
        self._person = {"id": chat, "is_bot": False, "first_name": "Warga", "language_code": "id"}
        self._chat = {"id": chat, "type": "private", "first_name": "Warga"}

    def text(self, text: str) -> bytes:
        """A message with a text."""
        marks = {"entities": [_command(text)]} if text.startswith("/") else {}
        return self._message({"text": text, **marks})

    def pin(self, lat: float, lon: float) -> bytes:
        """A message with a place."""
        return self._message({"location": {"latitude": lat, "longitude": lon}})

    def album(self, photos: int) -> list[bytes]:
        """The messages an album comes as."""
        group = {"media_group_id": f"{self._chat['id']}{next(self._messages):06}"} if photos > 1 else {}
        return [self._message({"photo": _sizes(f"{self._chat['id']}-{n}"), **group}) for n in range(photos)]

    def press(self, message: Json, data: str) -> bytes:
        """A button of one of the bot's messages, pressed."""
        number = next(self._numbers)
        query = {
            "id": str(number),
            "from": self._person,
            "message": message,
            "chat_instance": str(self._chat["id"]),
            "data": data,
        }
        return orjson.dumps({"update_id": number, "callback_query": query})

    def _message(self, content: Json) -> bytes:
        head = {
            "message_id": next(self._messages),
            "from": self._person,
            "chat": self._chat,
            "date": int(time.time()),
        }
        return orjson.dumps({"update_id": next(self._numbers), "message": head | content})


def _command(text: str) -> Json:
    return {"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}


def _sizes(name: str) -> list[Json]:
    return [
        {
            "file_id": f"photo-{name}-{width}",
            "file_unique_id": f"u{name}{width}",
            "width": width,
            "height": width * 3 // 4,
            "file_size": width * 20,
        }
        for width in (90, 320, 1280)
    ]
