"""The Bot API's methods and types as precompiled checks, read once from `bot_api.json`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from bot.sandbox.errors import ApiError, bad_request

TABLE_FILE = Path(__file__).with_name("bot_api.json")

Read = Callable[[Any], Any]

MISSING = {
    "chat_id": "chat_id is empty",
    "from_chat_id": "chat_id is empty",
    "text": "message text is empty",
    "user_id": "invalid user_id specified",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "message_thread_id": "message thread not found",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "file_id": "invalid file_id",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "video": "there is no video in the request",
    "voice": "there is no voice in the request",
    "audio": "there is no audio in the request",
    "animation": "there is no animation in the request",
    "sticker": "there is no sticker in the request",
    "media": "media must be non-empty",
    "latitude": "latitude is empty",
    "longitude": "longitude is empty",
    "phone_number": "phone number is empty",
    "first_name": "first name is empty",
    "question": "poll question must be non-empty",
    "options": "poll must have at least 1 option",
    "action": "wrong parameter action in request",
}


class Unreadable(ValueError):  # noqa: N818 - names what the value is
    """A value that cannot be read as the type the Bot API asks for."""


@dataclass(frozen=True, slots=True)
class Method:
    """One Bot API method: its exact name, a reader per parameter, and which ones it needs."""

    name: str
    readers: Mapping[str, Read]
    required: tuple[str, ...]

    def read(self, raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """Typed parameters, and the names Telegram would silently ignore.

        Raises:
            ApiError: 400 in Telegram's wording for the first missing or unreadable parameter.
        """
        values: dict[str, Any] = {}
        ignored: list[str] = []
        readers = self.readers
        for name, value in raw.items():
            reader = readers.get(name)
            if reader is None:
                ignored.append(name)
            elif value is not None and value != "":
                values[name] = self._value(name, reader, value)
        for name in self.required:
            if name not in values:
                raise self._missing(name)
        return values, ignored

    def _value(self, name: str, reader: Read, value: Any) -> Any:
        try:
            return reader(value)
        except Unreadable as problem:
            raise unreadable(name, str(problem)) from problem

    def _missing(self, name: str) -> ApiError:
        return bad_request(MISSING.get(name, f'parameter "{name}" is required'))


def unreadable(name: str, problem: str) -> ApiError:
    """How Telegram words a parameter whose value makes no sense."""
    if name == "reply_markup":
        return bad_request(f"can't parse reply keyboard markup JSON object: {problem}")
    if name in {"chat_id", "from_chat_id"}:
        return bad_request("chat not found")
    if name in {"user_id", "message_id"}:
        return bad_request(MISSING[name])
    if name == "message_thread_id":
        return bad_request("invalid message thread identifier specified")
    if name in {"latitude", "longitude"}:
        return bad_request(f'can\'t parse "{name}"')
    return bad_request(f'can\'t parse "{name}": {problem}')


def read_integer(value: Any) -> int:
    """A whole number, also from text as it comes in forms."""
    if type(value) is int:
        return value
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            pass
    raise Unreadable("expected an Integer")


def read_float(value: Any) -> float:
    """A number, also from text as it comes in forms."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Unreadable("expected a Number")
    try:
        return float(value)
    except ValueError as problem:
        raise Unreadable("expected a Number") from problem


def read_boolean(value: Any) -> bool:
    """Telegram takes true, yes and 1 in any case for true and everything else for false."""
    if isinstance(value, bool):
        return value
    return str(value).lower() in {"true", "yes", "1"}


def read_string(value: Any) -> str:
    """Text; numbers are taken as their digits, as Telegram does."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return str(value)
    raise Unreadable("expected a String")


def read_chat(value: Any) -> int | str:
    """A chat number, or an @username."""
    if isinstance(value, str) and value.startswith("@"):
        return value
    return read_integer(value)


def decoded(value: Any) -> Any:
    """JSON carried as text inside a form field, or the value itself from a JSON body."""
    if not isinstance(value, str):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError as problem:
        raise Unreadable("expected a JSON-serialized value") from problem


SIMPLE: dict[str, Read] = {
    "Integer": read_integer,
    "Float": read_float,
    "Boolean": read_boolean,
    "String": read_string,
    "InputFile": read_string,
}


class Compiler:
    """Builds readers from the table; object readers are made once and shared."""

    def __init__(self, types: Mapping[str, Any]) -> None:
        self._types = types
        self._objects: dict[str, Read] = {}

    def reader(self, types: list[str], *, outermost: bool = False) -> Read:
        """A reader for any of `types`; `outermost` values may be JSON carried as text."""
        if types == ["Integer", "String"]:
            return read_chat
        if len(types) == 1 or types == ["InputFile", "String"]:
            read = self._one(types[-1])
        elif all(
            name.startswith("Array of ") for name in types
        ):  # an album: each item is one of several kinds
            read = self._array(self._any([self._one(name.removeprefix("Array of ")) for name in types]))
        else:
            read = self._any([self._one(name) for name in types])
        if outermost and types[0] not in SIMPLE:
            return lambda value: read(decoded(value))
        return read

    def _one(self, name: str) -> Read:
        if name in SIMPLE:
            return SIMPLE[name]
        if name.startswith("Array of "):
            return self._array(self._one(name.removeprefix("Array of ")))
        if name == "KeyboardButton":  # plain text stands for a button with that text
            return lambda value: {"text": value} if isinstance(value, str) else self._named(name)(value)
        return self._named(name)

    def _named(self, name: str) -> Read:
        if name not in self._objects:
            self._objects[name] = self._later(name)  # lets types contain themselves
            self._objects[name] = self._object(name)
        return self._objects[name]

    def _later(self, name: str) -> Read:
        def read_later(value: Any) -> Any:
            return self._objects[name](value)

        return read_later

    def _array(self, read: Read) -> Read:
        def read_array(value: Any) -> list[Any]:
            if not isinstance(value, list):
                raise Unreadable("expected an Array")
            return [read(item) for item in value]

        return read_array

    def _any(self, readers: list[Read]) -> Read:
        def read_any(value: Any) -> Any:
            problem: Unreadable | None = None
            for read in readers:
                try:
                    return read(value)
                except Unreadable as found:
                    problem = problem or found
            raise problem or Unreadable("unexpected value")

        return read_any

    def _object(self, name: str) -> Read:
        entry = self._types[name]
        if "one_of" in entry:
            return self._any([self._one(choice) for choice in entry["one_of"]])
        required = [key for key, field in entry["fields"].items() if field.get("required")]
        readers = {key: self.reader(field["types"]) for key, field in entry["fields"].items()}
        constants = {k: f["constant"] for k, f in entry["fields"].items() if k == "type" and "constant" in f}
        return lambda value: read_object(value, readers, required, constants)


def read_object(
    value: Any, readers: Mapping[str, Read], required: list[str], constants: Mapping[str, str]
) -> dict[str, Any]:
    """An object with its known fields typed and its required ones there; unknown fields fall away."""
    if not isinstance(value, dict):
        raise Unreadable("expected an Object")
    for name in required:
        if value.get(name) is None:
            raise Unreadable(f'Can\'t find field "{name}"')
    for name, constant in constants.items():
        if value.get(name) != constant:
            raise Unreadable(f'field "{name}" must be "{constant}"')
    return {k: readers[k](item) for k, item in value.items() if k in readers and item is not None}


@cache
def specification() -> dict[str, Any]:
    """The table as it stands in the file."""
    content: dict[str, Any] = orjson.loads(TABLE_FILE.read_bytes())
    return content


@cache
def methods() -> dict[str, Method]:
    """Every method of the Bot API under its lower-case name."""
    compiler = Compiler(specification()["types"])
    return {
        name.lower(): _method(name, params, compiler) for name, params in specification()["methods"].items()
    }


def _method(name: str, params: Mapping[str, Any], compiler: Compiler) -> Method:
    readers = {key: compiler.reader(param["types"], outermost=True) for key, param in params.items()}
    return Method(name, readers, tuple(key for key, param in params.items() if param.get("required")))
