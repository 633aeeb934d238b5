"""Citizens on WhatsApp, Instagram and Messenger, where their settings are given: one webhook for all."""

from pydantic import SecretStr

from bot.app import Kentongan
from bot.channels.graph.client import GraphClient
from bot.channels.graph.webhook import MetaWebhook, Take
from bot.channels.whatsapp.channel import House, WhatsAppChannel
from bot.channels.whatsapp.templates import Slots, load_templates
from bot.doors.door import Door
from bot.services.identities import Identities, Uploads
from bot.settings import Settings
from dialogs.bundle import Bundle


def meta_door(house: Kentongan, settings: Settings) -> Door:
    """The channels of Meta's that the settings name.

    Raises:
        tickets.policies.PolicyFaults: the file of templates is wrong; it says where.
    """
    takers: dict[str, Take] = {}
    stops = []
    if settings.whatsapp_token:
        channel = _whatsapp(house, settings)
        house.channels[channel.name] = channel
        takers["whatsapp_business_account"] = channel.take
        stops.append(channel.stop)

    async def stop() -> None:
        for one in stops:
            await one()

    webhook = MetaWebhook(_plain(settings.meta_app_secret), _plain(settings.meta_verify_token), takers)
    return Door(webhook.routes(), stop=stop)


def slots_of(bundle: Bundle) -> Slots:
    """What the dialog's messages can fill in, for checking the templates."""

    def slots(name: str) -> tuple[frozenset[str], int] | None:
        response = bundle.responses["id"].get(name)
        if response is None:
            return None
        gaps = frozenset(gap for one in response.variations for gap in one.text.placeholders)
        return gaps, max((len(one.buttons) for one in response.variations), default=0)

    return slots


def _whatsapp(house: Kentongan, settings: Settings) -> WhatsAppChannel:
    core = house.core
    templates = load_templates(settings.whatsapp_templates, slots_of(core.bundles.live))
    home = House(house.intake.returned, house.receipts.note, Identities(core), Uploads(core), core.clock)
    graph = GraphClient(settings.meta_api, settings.meta_api_version, _plain(settings.whatsapp_token))
    return WhatsAppChannel(graph, settings.whatsapp_phone_number_id, home, templates)


def _plain(secret: object) -> str:
    return secret.get_secret_value() if isinstance(secret, SecretStr) else ""
