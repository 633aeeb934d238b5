"""Any of Telegram's updates through aiogram, those newer than it as well."""

from typing import Any

import orjson
import structlog
from aiogram import Bot
from aiogram.types import Update
from pydantic import ValidationError

from bot.channels.bodies import read_json

log = structlog.get_logger(__name__)


def read_full(raw: Any, bot: Bot) -> Update | None:
    """The update in JSON, as bytes or already read; a field of a shape yet unknown falls away.

    Telegram changes what it sends from one month to the next. Whoever sent something that has changed still
    gets an answer, and an update that is turned down would come again and again for a day.

    None when it is none.
    """
    if isinstance(raw, bytes):
        try:
            raw = read_json(raw)
        except orjson.JSONDecodeError:
            return None
    for _ in range(2):
        try:
            return Update.model_validate(raw, context={"bot": bot})
        except ValidationError as problem:
            raw = _without(raw, {fault["loc"][:2] for fault in problem.errors(include_input=False)})
    return None


def _without(raw: Any, novel: set[tuple[int | str, ...]]) -> Any:
    """The update without those fields of its message; None where the fault is not in one."""
    if not isinstance(raw, dict) or any(len(place) < 2 for place in novel):
        return None
    log.warning("telegram.unknown_shape", fields=sorted(".".join(map(str, place)) for place in novel))
    return {
        kind: {name: value for name, value in part.items() if (kind, name) not in novel}
        if isinstance(part, dict)
        else part
        for kind, part in raw.items()
    }
