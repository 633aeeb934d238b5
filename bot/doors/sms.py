"""Citizens by SMS, where a gateway is set."""

from bot.app import Kentongan
from bot.channels.sms.channel import Office, SmsChannel
from bot.channels.sms.gateway import Gateway
from bot.channels.sms.kannel import Kannel, KannelOptions, warn_of_gaps
from bot.channels.sms.twilio import API, Twilio, TwilioOptions
from bot.doors.door import Door
from bot.services.sending.texting import Texting
from bot.settings import Settings


def sms_door(house: Kentongan, settings: Settings) -> Door:
    """The SMS channel on the gateway the settings name."""
    policies = house.core.policies
    texting = Texting(house.core, house.deliveries)
    office = Office(house.intake.citizen, house.receipts.note, texting.store(), texting.now)
    number = policies.city.emergency_numbers[0].number
    channel = SmsChannel(_gateway(settings), office, policies.sms, number)
    house.channels[channel.name] = channel
    return Door(routes=channel.routes(), stop=channel.stop)


def _gateway(settings: Settings) -> Gateway:
    base = settings.public_url.rstrip("/")
    secret = settings.sms_secret.get_secret_value() if settings.sms_secret else ""
    password = settings.sms_password.get_secret_value() if settings.sms_password else ""
    if settings.sms_gateway == "twilio":
        url = settings.sms_url.rstrip("/") or API
        return Twilio(TwilioOptions(settings.sms_user, password, settings.sms_sender, base, url))
    inside = base or f"http://{settings.host}:{settings.port}"
    options = KannelOptions(
        settings.sms_url, settings.sms_user, password, settings.sms_sender, secret, inside if secret else ""
    )
    warn_of_gaps(options)
    return Kannel(options)
