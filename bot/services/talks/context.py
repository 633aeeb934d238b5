"""What a turn is told beside the message: its meaning, the hour, the city's words, the report it corrects."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.services.core import Core
from dialogs import engine
from dialogs.bundle import Bundle
from dialogs.conversation import Conversation
from dialogs.messages import InboundMessage
from dialogs.turn import Context, Edited
from nlu.interpretation import Interpretation
from nlu.interpreter import Interpreter
from storage.doors.database import Connection
from storage.reports import edits
from tickets.policies import Policies

OLDEST = timedelta(days=30)
"""No message is on its way for longer."""
LONGEST_READ = 10_000
"""Characters of a message that are read; the rest is kept but changes nothing in what is understood."""
FEW_BUTTONS = 8
MAX_BUTTONS = {"console": 12, "sms": 6}
"""How many choices are put to people at once, whatever the channel could show; elsewhere `FEW_BUTTONS`."""


def understand(
    core: Core, message: InboundMessage, conversation: Conversation, bundle: Bundle
) -> Interpretation:
    """What a message means, knowing what was asked; a pin means the place it stands in."""
    return read(core.interpreter, message, engine.asked(conversation, bundle), _said_at(core, message))


def _said_at(core: Core, message: InboundMessage) -> datetime:
    """When it was said, by the city's calendar: after an outage, hours before; now, for a wrong clock."""
    now = core.clock()
    at = message.sent_at if now - OLDEST < message.sent_at < now else now
    return at.astimezone(core.policies.city.timezone)


def read(
    interpreter: Interpreter, message: InboundMessage, asked: str | None, now: datetime
) -> Interpretation:
    """What a message means when `asked` is the slot that waits for an answer."""
    meaning = interpreter.interpret(message.text[:LONGEST_READ], asked, now)
    if message.location is None:
        return meaning
    pin = message.location
    return replace(meaning, place=interpreter.gazetteer.at(pin.lat, pin.lon))


def context_for(core: Core, conversation: Conversation, ticket: str = "") -> Context:
    """The world at the moment of a turn."""
    now = core.clock().astimezone(core.policies.city.timezone)
    return Context(
        now=now,
        values=city_values(core.policies, conversation.language),
        in_office_hours=core.desk.clock.calendar.is_open(now),
        max_buttons=MAX_BUTTONS.get(conversation.channel, FEW_BUTTONS),
        ticket=ticket,
    )


async def edited(core: Core, message: InboundMessage, contact: str) -> Edited | None:
    """The report that an edited message was part of, so that its desk gets the new words.

    None when it was part of none, or when its words are the same.
    """
    if message.kind != "edited" or not message.message_ref:
        return None

    def look(connection: Connection) -> Edited | None:
        known = edits.versions(connection, message)
        before = known[-1].message.text if known else message.text
        number = edits.part_of(connection, contact, known) if before != message.text else ""
        return Edited(number, before) if number else None

    return await core.database.glance(look)


def city_values(policies: Policies, language: str) -> dict[str, str]:
    """The words a city fills into texts: its name, its emergency numbers, its deadlines."""
    city = policies.city
    numbers = [f"{one.number} ({one.name[language]})" for one in city.emergency_numbers]
    days = policies.sla.deadlines
    return {
        "kota": city.name,
        "kota_singkat": city.short,
        "nomor_darurat": "\n".join(numbers),
        "ombudsman": city.ombudsman[language],
        **{f"bantuan_{name}": number for name, number in city.helplines.items()},
        "versi_privasi": city.privacy_version,
        "awalan": city.prefix,
        "hari_verifikasi": str(days["verify"].days),
        "hari_tanggapan": str(days["first_response"].days),
        "hari_selesai": str(days["resolve"].days),
    }
