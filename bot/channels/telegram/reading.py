"""Any of Telegram's updates through aiogram, those newer than it as well."""

from typing import Any

import orjson
from aiogram import Bot
from aiogram.types import Update
from pydantic import ValidationError

NOVEL = frozenset({"literal_error", "union_tag_invalid"})


def read_full(raw: Any, bot: Bot) -> Update | None:
    """The update in JSON, as bytes or already read; a field of a kind yet unknown (a new origin) falls away.

    None when it is none.
    """
    if isinstance(raw, bytes):
        try:
            raw = orjson.loads(raw)
        except orjson.JSONDecodeError:
            return None
    for _ in range(2):
        try:
            return Update.model_validate(raw, context={"bot": bot})
        except ValidationError as problem:
            raw = _without_novelties(raw, problem)
    return None


def _without_novelties(raw: Any, problem: ValidationError) -> Any:
    novel = {
        fault["loc"][:2] for fault in problem.errors() if fault["type"] in NOVEL and len(fault["loc"]) > 1
    }
    if not novel:
        return None
    return {
        kind: {name: value for name, value in part.items() if (kind, name) not in novel}
        if isinstance(part, dict)
        else part
        for kind, part in raw.items()
    }
