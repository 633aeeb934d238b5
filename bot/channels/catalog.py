"""Every channel's declared capabilities by its name, without loading what the channel itself needs."""

from collections.abc import Mapping
from typing import Final

from bot.channels.base import Capabilities
from bot.channels.rasa.capabilities import CAPABILITIES as RASA
from bot.channels.telegram.capabilities import CAPABILITIES as TELEGRAM
from bot.channels.webchat.capabilities import CAPABILITIES as WEBCHAT

CATALOG: Final[Mapping[str, Capabilities]] = {"telegram": TELEGRAM, "webchat": WEBCHAT, "rasa": RASA}
