"""Nearly all calls of the Bot API, without aiogram: JSON over `calls`, and the little that is read."""

import ssl
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Generic, Literal, TypeVar

import certifi
import orjson
from pydantic import TypeAdapter, ValidationError

from bot.channels.bodies import read_json
from bot.channels.telegram.calls import Answer, Host

Result = TypeVar("Result")
Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """What is read of a message that was sent."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What is read of a file that may be fetched; its size in bytes."""

    file_path: str | None = None
    file_size: int | None = None


@dataclass(frozen=True, slots=True)
class Success(Generic[Result]):
    """The answer to a call that did what it should."""

    ok: Literal[True]
    result: Result


@dataclass(frozen=True, slots=True)
class Asked(Generic[Result]):
    """A call, by the Bot API's name, and what its answer looks like."""

    name: str
    answer: TypeAdapter[Success[Result]]


_DONE = TypeAdapter(Success[bool])
SENT: Asked[Sent] = Asked("sendMessage", TypeAdapter(Success[Sent]))
FILE: Asked[Kept] = Asked("getFile", TypeAdapter(Success[Kept]))
# The updates stay as they came, so that one unreadable update does not stop all others.
UPDATES: Asked[list[Fields]] = Asked("getUpdates", TypeAdapter(Success[list[Fields]]))
PRESSED: Asked[bool] = Asked("answerCallbackQuery", _DONE)
MENU: Asked[bool] = Asked("setMyCommands", _DONE)
HOOK: Asked[bool] = Asked("setWebhook", _DONE)
UNHOOK: Asked[bool] = Asked("deleteWebhook", _DONE)


class RefusedError(Exception):
    """What came back is not what such a call brings: aiogram tells what it is."""

    def __init__(self, name: str, fields: Fields, answer: Answer) -> None:
        super().__init__(name)
        self.name, self.fields, self.answer = name, fields, answer


class Client:
    """Calls with one bot's token; `api` is the Bot API's base address."""

    def __init__(self, token: str, api: str, seconds: float) -> None:
        base = api.rstrip("/")
        self._calls, self._files = f"{base}/bot{token}/", f"{base}/file/bot{token}/"
        self._seconds = seconds
        self._host = Host(base, ssl.create_default_context(cafile=certifi.where()))

    async def ask(self, asked: Asked[Result], fields: Fields, seconds: float | None = None) -> Result:
        """Make a call, with seconds of its own where the usual ones are too few.

        Raises:
            RefusedError: it brought something else.
            OSError: it was not answered.
        """
        url = self._calls + asked.name
        answer = await self._host.post(url, orjson.dumps(fields), seconds or self._seconds)
        if answer.status == HTTPStatus.OK:
            try:
                return _read(asked.answer, answer.content).result
            except ValueError:
                pass
        raise RefusedError(asked.name, fields, answer)

    async def fetch(self, path: str, most: int) -> Answer:
        """What lies under a file's path, at most so many bytes; raises as `calls.Host.get` does."""
        return await self._host.get(self._files + path, self._seconds, most)

    async def close(self) -> None:
        """Close the connections."""
        await self._host.close()


def _read(shape: TypeAdapter[Success[Result]], content: bytes) -> Success[Result]:
    """An answer of that shape, whatever is half a character in it; raises ValueError for another."""
    try:
        return shape.validate_json(content)
    except ValidationError:
        return shape.validate_python(read_json(content))
