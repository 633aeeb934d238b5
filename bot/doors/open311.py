"""Reports from other programs, and for them."""

from bot.app import Kentongan
from bot.channels.open311.channel import Open311Channel
from bot.channels.open311.fetching import Fetcher
from bot.doors.door import Door
from bot.services.open311 import PublicDesk
from bot.settings import Settings
from bot.web.open311.routes import Open311


def open311_door(house: Kentongan, settings: Settings) -> Door:
    """The Open311 addresses, and the channel that their reporters are told on."""
    core = house.core
    channel = Open311Channel(Fetcher(core.policies.open311.media), core.files.get)
    house.channels[channel.name] = channel
    desk = PublicDesk(core, house.deliveries)
    return Door(routes=Open311(desk, settings.public_url.rstrip("/"), core.clock).routes())
