"""What every channel can do, side by side: the table of the documents is made from this."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.channels.base import Capabilities
from bot.channels.console import CAPABILITIES as CONSOLE
from bot.channels.matrix.capabilities import CAPABILITIES as MATRIX
from bot.channels.messenger.capabilities import INSTAGRAM, MESSENGER
from bot.channels.open311.channel import CAPABILITIES as OPEN311
from bot.channels.rasa.capabilities import CAPABILITIES as RASA
from bot.channels.sms.render import CAPABILITIES as SMS
from bot.channels.telegram.capabilities import CAPABILITIES as TELEGRAM
from bot.channels.webchat.capabilities import CAPABILITIES as WEBCHAT
from bot.channels.whatsapp.capabilities import CAPABILITIES as WHATSAPP
from bot.channels.x.capabilities import CAPABILITIES as X

CHANNELS: Final[Mapping[str, Capabilities]] = {
    "telegram": TELEGRAM,
    "whatsapp": WHATSAPP,
    "messenger": MESSENGER,
    "instagram": INSTAGRAM,
    "sms": SMS,
    "open311": OPEN311,
    "webchat": WEBCHAT,
    "rasa": RASA,
    "matrix": MATRIX,
    "x": X,
    "console": CONSOLE,
}
"""By the name that stands in the database; a further channel is added here."""
UNBOUNDED: Final = 10_000
MEGABYTE: Final = 1024 * 1024


def _number(value: int) -> str:
    return "no limit" if value >= UNBOUNDED else f"{value:,}"


def _buttons(able: Capabilities) -> str:
    if not able.max_buttons:
        return "numbered list"
    most = "no limit" if able.max_buttons >= 1000 else str(able.max_buttons)
    label = "" if able.max_button_label >= 1000 else f" of {able.max_button_label}"
    return most + label


def _window(able: Capabilities) -> str:
    if able.window is None:
        return "always"
    hours = f"{able.window.total_seconds() / 3600:.0f} h"
    return f"{hours}, then templates" if able.templates else hours


def _yes(value: object) -> str:
    return "yes" if value else "–"  # noqa: RUF001 a dash, for people


COLUMNS: Final[Mapping[str, Callable[[Capabilities], str]]] = {
    "text": lambda able: _number(able.max_text),
    "buttons": _buttons,
    "list picker": lambda able: f"{able.max_rows} rows" if able.max_rows else _yes(0),
    "links": lambda able: _yes(able.links),
    "files out": lambda able: _yes(able.sends_photos),
    "files in": lambda able: (
        f"{able.max_download // MEGABYTE} MB" if able.max_download >= MEGABYTE else _yes(0)
    ),
    "albums": lambda able: _yes(able.albums),
    "asks for location": lambda able: _yes(able.asks_location),
    "edits told": lambda able: _yes(able.edits),
    "delivery told": lambda able: _yes(able.receipts),
    "may write": _window,
}


def table() -> str:
    """The channels and what they can do, as a Markdown table."""
    rows = [["channel", *COLUMNS], ["---"] * (len(COLUMNS) + 1)]
    rows += [[name, *(show(able) for show in COLUMNS.values())] for name, able in CHANNELS.items()]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in rows)
