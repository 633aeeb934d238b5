"""Every channel's real wire, played the same way: see `base.Wire` for what a further one has to offer."""

from tests.channels.wires.base import Wire
from tests.channels.wires.console import ConsoleWire
from tests.channels.wires.meta import InstagramWire, MessengerWire, WhatsAppWire
from tests.channels.wires.telegram import TelegramWire
from tests.channels.wires.webchat import WebChatWire

WIRES: tuple[type[Wire], ...] = (
    ConsoleWire,
    TelegramWire,
    WebChatWire,
    WhatsAppWire,
    MessengerWire,
    InstagramWire,
)
"""The first is what the others are compared with."""
