"""What Matrix can do."""

from typing import Final

from bot.channels.base import Capabilities

CAPABILITIES: Final = Capabilities(
    max_text=8_000,  # an event may hold 65 536 bytes, the words twice over and escaped
    max_buttons=0,
    max_button_label=100,
    sends_photos=True,
    asks_location=False,
    max_download=20 * 1024 * 1024,
    edits=True,
    receipts=True,
)
