"""What Telegram can do."""

from typing import Final

from bot.channels.base import Capabilities

CAPABILITIES: Final = Capabilities(
    max_text=4096,
    max_buttons=100,
    max_button_label=64,
    sends_photos=True,
    asks_location=True,
    max_download=20 * 1024 * 1024,
    links=True,
    albums=True,
    edits=True,
)
