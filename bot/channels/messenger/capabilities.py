"""What direct messages on Messenger and Instagram can do."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.channels.base import Capabilities

MESSENGER: Final = Capabilities(
    max_text=2000,
    max_buttons=13,
    max_button_label=20,
    sends_photos=True,
    asks_location=False,
    max_download=25 * 1024 * 1024,
    albums=True,
    edits=True,
    receipts=True,
    window=timedelta(hours=24),
)
INSTAGRAM: Final = replace(MESSENGER, max_text=1000, receipts=False)
"""Instagram counts bytes, and tells only what was read."""
