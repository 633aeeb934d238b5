"""Telegram's JSON as an update: the common ones directly, the rest through aiogram, newer ones as well."""

from typing import Any

import orjson
from aiogram import Bot
from aiogram.types import Update
from pydantic import ValidationError

from bot.channels.telegram import common
from bot.channels.telegram.common import read_common

NOVEL = frozenset({"literal_error", "union_tag_invalid"})


def read_body(body: bytes, bot: Bot) -> Update | common.Update | None:
    """The update in a webhook's body, or None when there is none."""
    if (found := read_common(body)) is not None:
        return found
    try:
        return read_full(orjson.loads(body), bot)
    except orjson.JSONDecodeError:
        return None


def read_update(raw: Any, bot: Bot) -> Update | common.Update | None:
    """The update, or None when it is none."""
    return read_common(raw) or read_full(raw, bot)


def read_full(raw: Any, bot: Bot) -> Update | None:
    """The update as aiogram reads it; a field of a kind yet unknown (a new origin) falls away."""
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
