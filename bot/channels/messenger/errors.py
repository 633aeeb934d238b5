"""The Send API's codes and what each means for a message.

Source: developers.facebook.com, Messenger Platform, *Common error codes*.
"""

from collections.abc import Mapping
from typing import Final

from bot.channels.base import WINDOW_CLOSED, SendError
from bot.channels.graph.client import GraphError, GraphUnreachableError
from bot.channels.graph.errors import Fault, send_error

WINDOW: Final = WINDOW_CLOSED
FAULTS: Final[Mapping[int, Fault]] = {
    551: Fault("blocked"),  # the person has gone, or does not want to hear from us
    1200: Fault("server", 0),
    2018001: Fault("undeliverable"),  # no such person for this page
    2018022: Fault("media"),
    2018047: Fault("media", 0),
    2018065: Fault(WINDOW, held=True),
    2018108: Fault("blocked"),
    2018109: Fault("media"),  # too large
    2018278: Fault(WINDOW, held=True),
    1545041: Fault("blocked"),
    2534014: Fault("undeliverable"),  # Instagram's word for no such person
    2534022: Fault(WINDOW, held=True),  # and for the time that is over
}
"""By subcode where Meta gives one, else by code."""


def refused(error: GraphError | GraphUnreachableError, held: str) -> SendError:
    """The `SendError` of a failed call; `held` tells staff that the message has to wait for the person."""
    if isinstance(error, GraphError) and error.subcode in FAULTS:
        known = GraphError(error.status, error.subcode, 0, error.text, error.retry_after)
        return send_error(known, FAULTS, held)
    return send_error(error, FAULTS, held)
