"""One thing the doctor looked at."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

State = Literal["well", "look", "ill"]
"""`look`: it works, but somebody should see to it. `ill`: it does not work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what to do about it when it is not well."""

    what: str
    state: State
    told: str
    remedy: str = ""


Check = Callable[[], Awaitable[Finding]]


class NotLookedAtError(Exception):
    """It cannot be told how this is as long as something else is ill; the message names that."""


async def examined(what: str, check: Check) -> Finding:
    """The finding of a check; one that breaks down is a finding of its own."""
    try:
        return await check()
    except NotLookedAtError as error:
        return Finding(what, "look", "not looked at", f"First see to: {error}.")
    except Exception as error:  # noqa: BLE001 whatever it is, the other checks go on
        kind, lines = type(error).__name__, f"{error}".splitlines() or [""]
        more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
        return Finding(what, "ill", f"could not be looked at ({kind})", lines[0][:300] + more)
