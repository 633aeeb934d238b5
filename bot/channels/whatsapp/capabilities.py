"""What WhatsApp's Cloud API can do."""

from datetime import timedelta
from typing import Final

from bot.channels.base import Capabilities

CAPABILITIES: Final = Capabilities(
    max_text=4096,
    max_buttons=10,
    max_button_label=72,
    sends_photos=True,
    asks_location=True,
    max_download=100 * 1024 * 1024,
    max_rows=10,
    links=True,
    edits=True,
    receipts=True,
    window=timedelta(hours=24),
    templates=True,
)
