"""Citizens on WhatsApp, Instagram and Messenger, where their settings are given: one webhook for all."""

from pydantic import SecretStr

from bot.app import Kentongan
from bot.channels.graph.client import GraphClient
from bot.channels.graph.webhook import MetaWebhook, Take
from bot.channels.messenger.channel import House as PageHouse
from bot.channels.messenger.channel import MessengerChannel
from bot.channels.messenger.policy import load_policy
from bot.channels.stumbles import Aside
from bot.channels.whatsapp.channel import House, WhatsAppChannel
from bot.channels.whatsapp.templates import Slots, load_templates
from bot.doors.door import Door
from bot.services.people.identities import Identities, Uploads
from bot.services.talks.unkept import Unkept
from bot.settings import Settings
from dialogs.bundle import Bundle


def meta_door(house: Kentongan, settings: Settings) -> Door:
    """The channels of Meta's that the settings name.

    Raises:
        tickets.policies.PolicyFaults: the file of templates is wrong; it says where.
    """
    takers: dict[str, Take] = {}
    channels: list[WhatsAppChannel | MessengerChannel] = []
    if settings.whatsapp_token:
        channels.append(_whatsapp(house, settings))
        takers["whatsapp_business_account"] = channels[-1].take
    for name, (about, account, token) in _pages(settings).items():
        if token:
            channels.append(_page(house, settings, name, account, token))
            takers[about] = channels[-1].take
    house.channels.update({channel.name: channel for channel in channels})

    async def stop() -> None:
        for channel in channels:
            await channel.stop()

    webhook = MetaWebhook(_plain(settings.meta_app_secret), _plain(settings.meta_verify_token), takers)
    return Door(webhook.routes(), stop=stop)


def _pages(settings: Settings) -> dict[str, tuple[str, str, str]]:
    """By channel: what its webhooks are about, the account and its token."""
    return {
        "messenger": ("page", settings.meta_page_id, _plain(settings.meta_page_token)),
        "instagram": ("instagram", settings.meta_instagram_id, _plain(settings.meta_instagram_token)),
    }


def _page(house: Kentongan, settings: Settings, name: str, account: str, token: str) -> MessengerChannel:
    core = house.core
    texts = core.bundles.live.responses["id"]
    policy = load_policy(settings.meta_human_agent, lambda response: response in texts)
    home = PageHouse(house.intake.returned, house.receipts.note, Uploads(core), core.clock, _aside(house))
    graph = GraphClient(settings.meta_api, settings.meta_api_version, token)
    return MessengerChannel(name, graph, account, home, policy)


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
    means = (house.intake.returned, house.receipts.note, Identities(core), Uploads(core))
    home = House(*means, core.clock, _aside(house))
    graph = GraphClient(settings.meta_api, settings.meta_api_version, _plain(settings.whatsapp_token))
    return WhatsAppChannel(graph, settings.whatsapp_phone_number_id, home, templates)


def _aside(house: Kentongan) -> Aside:
    return Unkept(house.core, house.deliveries.wake_all).aside


def _plain(secret: object) -> str:
    return secret.get_secret_value() if isinstance(secret, SecretStr) else ""
