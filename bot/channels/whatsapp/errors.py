"""The Cloud API's codes and what each means for a message.

Source: developers.facebook.com, WhatsApp Business Platform, *Error codes*.
"""

from collections.abc import Mapping
from typing import Final

from bot.channels.base import WINDOW_CLOSED
from bot.channels.graph.errors import HOUR, Fault

WINDOW: Final = WINDOW_CLOSED
TEMPLATE: Final = "template"
CLOSED_WORDS: Final = "Jendela 24 jam WhatsApp tertutup."
"""Said to staff, who read Indonesian, about words that wait."""
TEMPLATE_WORDS: Final = "Jendela 24 jam WhatsApp tertutup dan templatnya ditolak Meta."

DOOR: Final = Fault("account", 300)
FAULTS: Final[Mapping[int, Fault]] = {
    130429: Fault("rate_limited", 2),  # messages a second of the whole number
    130472: Fault("undeliverable"),  # the number takes part in an experiment of Meta's
    130497: Fault("undeliverable"),  # business messages to that country are barred
    131000: Fault("server", 0),
    131005: DOOR,
    131008: Fault("bad_request"),
    131009: Fault("bad_request"),
    131016: Fault("server", 30),
    131021: Fault("undeliverable"),  # to ourselves
    131026: Fault("undeliverable"),  # not on WhatsApp, too old an app, or terms not accepted
    131030: Fault("undeliverable"),  # not on the test number's list
    131031: DOOR,
    131037: DOOR,
    131042: DOOR,
    131045: DOOR,
    131047: Fault(WINDOW, held=True),
    131048: Fault("rate_limited", HOUR),  # too many were marked as spam
    131049: Fault("undeliverable"),
    131050: Fault("undeliverable"),  # declined by the person
    131051: Fault("bad_request"),
    131052: Fault("media", 0),
    131053: Fault("media", 0),
    131056: Fault("rate_limited", 6),  # too many to this one person
    131057: Fault("server", 60),
    131062: Fault("undeliverable"),
    132000: Fault(TEMPLATE, held=True),
    132001: Fault(TEMPLATE, held=True),
    132005: Fault(TEMPLATE, held=True),
    132007: Fault(TEMPLATE, held=True),
    132012: Fault(TEMPLATE, held=True),
    132015: Fault(TEMPLATE, held=True),
    132016: Fault(TEMPLATE, held=True),
    132018: Fault(TEMPLATE, held=True),
    133004: Fault("server", 60),
    133010: DOOR,
    133016: Fault("rate_limited", HOUR),
}
UNDELIVERABLE_WORDS: Final = "Nomor ini tidak bisa menerima pesan WhatsApp dari kita"


def explained(fault: Fault, code: int, title: str) -> str:
    """A reason the staff understand, with Meta's code for whoever looks it up."""
    if fault.code == WINDOW:
        return CLOSED_WORDS
    if fault.code == TEMPLATE:
        return f"{TEMPLATE_WORDS} ({code})"
    if fault.code == "undeliverable":
        return f"{UNDELIVERABLE_WORDS} ({code} {title})."
    return f"WhatsApp {code}: {title}"
