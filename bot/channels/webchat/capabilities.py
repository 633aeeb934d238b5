"""What the web chat can do."""

from typing import Final

from bot.channels.base import Capabilities

CAPABILITIES: Final = Capabilities(
    max_text=100_000,
    max_buttons=60,
    max_button_label=200,
    sends_photos=True,
    asks_location=True,
    max_download=20 * 1024 * 1024,
    links=True,
    albums=True,
)
