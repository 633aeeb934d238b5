"""What widgets made for Rasa can do."""

from typing import Final

from bot.channels.base import Capabilities

CAPABILITIES: Final = Capabilities(
    max_text=20_000,
    max_buttons=30,
    max_button_label=100,
    sends_photos=False,
    asks_location=False,
    max_download=0,
)
