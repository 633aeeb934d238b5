"""Citizens on Matrix, where a homeserver is set."""

from bot.app import Kentongan
from bot.channels.base import MembershipChange
from bot.channels.matrix.channel import House, MatrixChannel
from bot.channels.matrix.client import MatrixClient
from bot.services.talks.unkept import Unkept
from bot.settings import Settings


def matrix_channel(house: Kentongan, settings: Settings, membership: MembershipChange) -> MatrixChannel:
    """The Matrix channel on the homeserver the settings name."""
    token = settings.matrix_token.get_secret_value() if settings.matrix_token else ""
    client = MatrixClient(settings.matrix_url, token)
    aside = Unkept(house.core, house.deliveries.wake_all).aside
    means = House(house.intake.citizen, membership, house.receipts.note, house.core.clock, aside)
    channel = MatrixChannel(client, means, settings.data_dir / "matrix.heard")
    house.channels[channel.name] = channel
    return channel
