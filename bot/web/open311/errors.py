"""Faults of a request, told as the standard wants them: a list of code and description."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.web.open311.formats import Format, respond


class ApiError(Exception):
    """A request that is not served: HTTP status, the key of its sentence, and what fills its gaps."""

    def __init__(self, status: int, key: str, /, **values: Any) -> None:
        super().__init__(key)
        self.status = status
        self.key = key
        self.values = values

    def respond(self, words: Mapping[str, str], form: Format) -> web.Response:
        """The answer, in the caller's language and format."""
        text = fill(words[self.key], self.values)
        answer = respond("errors", [{"code": self.status, "description": text}], form, self.status)
        if "seconds" in self.values:
            answer.headers["Retry-After"] = str(self.values["seconds"])
        return answer


def fill(text: str, values: Mapping[str, Any]) -> str:
    """The sentence with its gaps filled; what a stranger sent is cut short."""
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value)[:200])
    return text
