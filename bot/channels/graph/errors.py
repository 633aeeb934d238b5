"""Meta's refusals as `SendError`s: one table from its codes to what helps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.channels.base import HeldError, SendError
from bot.channels.graph.client import GraphError, GraphUnreachableError

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Fault:
    """What a code of Meta's means for a message: our own short code, and whether a later try may help.

    `after` is the pause in seconds before the next try: 0 leaves it to us, None means no try will help.
    `held` messages wait until the person writes.
    """

    code: str
    after: float | None = None
    held: bool = False

    @property
    def retryable(self) -> bool:
        """Whether a later try may help."""
        return self.after is not None


COMMON: Mapping[int, Fault] = {
    0: Fault("token", 300),
    1: Fault("server", 0),
    2: Fault("server", 0),
    3: Fault("account", 300),
    4: Fault("rate_limited", 60),
    10: Fault("account", 300),
    17: Fault("rate_limited", 60),
    32: Fault("rate_limited", 60),
    33: Fault("account", 300),  # the number of ours that should send is no more
    100: Fault("bad_request"),
    102: Fault("token", 300),
    190: Fault("token", 300),
    368: Fault("account", HOUR),
    341: Fault("rate_limited", 60),
    613: Fault("rate_limited", 60),
    **dict.fromkeys((80001, 80002, 80006, 80007, 80008), Fault("rate_limited", 60)),
}
"""Codes of the Graph API itself; those from 80000 are of pages, Instagram, Messenger and WhatsApp."""
NO_SUCH: Final = (100, 33)
"""Code and subcode of an account that is not there, or not for this token: a wrong id, a right taken away."""

Faults = Mapping[int, Fault]


def fault_of(code: int, status: int, faults: Faults) -> Fault:
    """What a code means; unknown ones by the HTTP status that came with them."""
    found = faults.get(code) if code else None
    if found is not None:
        return found
    if 200 <= code < 300:
        return Fault("account", 300)
    if code and code in COMMON:
        return COMMON[code]
    if status == 401:
        return COMMON[190]
    if status == 429:
        return COMMON[4]
    return Fault("server", 0) if status >= 500 else Fault("refused")


def send_error(error: GraphError | GraphUnreachableError, faults: Faults, held: str) -> SendError:
    """The `SendError` of a failed call; `held` tells staff that the message has to wait for the person."""
    if isinstance(error, GraphUnreachableError):
        code = "unknown_outcome" if error.asked else "network"
        return SendError(code, str(error), retryable=True)
    ours = (error.code, error.subcode) == NO_SUCH
    fault = COMMON[10] if ours else fault_of(error.code, error.status, faults)
    if fault.held:
        return HeldError(fault.code, held)
    text = f"Meta {error.code}: {error.text}" if error.code else error.text
    after = error.retry_after or fault.after or 0.0
    return SendError(fault.code, text, retryable=fault.retryable, retry_after=after)
