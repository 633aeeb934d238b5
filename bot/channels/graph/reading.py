"""Reading what a webhook holds without trusting the type of anything in it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dialogs.messages import Attachment, Location, MessageKind

Fields = Mapping[str, Any]
MILLISECONDS = 100_000_000_000
"""A number above this counts milliseconds, below it seconds."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a message carries, apart from who sent it and when."""

    kind: MessageKind
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    location: Location | None = None
    button: str = ""


def fields(value: Any) -> Fields:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Fields]:
    """The objects of a list; nothing of anything else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(value: Any) -> str:
    """The value if it is text without what no database keeps, a number as text, else an empty one."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode(errors="ignore").decode()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def moment(value: Any, otherwise: datetime) -> datetime:
    """The time from seconds or milliseconds since 1970, as number or text."""
    try:
        number = float(value)
        return datetime.fromtimestamp(number / 1000 if number > MILLISECONDS else number, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return otherwise


def position(lat: Any, lon: Any, title: str = "") -> Location | None:
    """A pin, or None when these are no degrees on the globe."""
    try:
        north, east = float(lat), float(lon)
    except (ArithmeticError, TypeError, ValueError):
        return None
    if not (math.isfinite(north) and math.isfinite(east) and abs(north) <= 90 and abs(east) <= 180):
        return None
    return Location(north, east, title=title)
