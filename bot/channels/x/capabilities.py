"""What a mention on X can do."""

from typing import Final

from bot.channels.base import Capabilities

CAPABILITIES: Final = Capabilities(
    max_text=280,
    max_buttons=0,
    max_button_label=0,
    sends_photos=False,
    asks_location=False,
    max_download=20 * 1024 * 1024,
    albums=True,
)
