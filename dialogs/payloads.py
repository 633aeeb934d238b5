"""What a button means, written small enough for every messenger (64 bytes)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_BYTES = 64
SET = re.compile(r"/SetSlots\((.*)\)", re.DOTALL)
INTENT = re.compile(r"/([a-z][a-z0-9_]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Payload:
    """A pressed button read: an intent (`/status`), or values for slots (`/SetSlots(a=b, c=d)`)."""

    intent: str = ""
    slots: Mapping[str, str] = field(default_factory=dict)


def read_payload(text: str) -> Payload | None:
    """What a payload means, or None when it is none of ours."""
    text = text.strip()
    assigned = SET.fullmatch(text)
    if assigned:
        return _assignments(assigned[1])
    named = INTENT.fullmatch(text)
    return Payload(intent=named[1].lower()) if named else None


def set_slots(**values: str) -> str:
    """The payload that sets these slots."""
    inside = ",".join(f"{name}={value}" for name, value in values.items())
    return f"/SetSlots({inside})"


def _assignments(inside: str) -> Payload | None:
    pairs = [part.partition("=") for part in inside.split(",")]
    if not all(sign and name.strip().isidentifier() for name, sign, _ in pairs):
        return None
    return Payload(slots={name.strip(): value.strip().strip("\"'") for name, _, value in pairs})
