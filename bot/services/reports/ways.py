"""Where a person is told news: the channel they chose, else the one they used last."""

from dataclasses import replace
from datetime import datetime

from bot.channels.declared import CHANNELS
from storage.doors.database import Connection
from storage.people import linking
from storage.people.linking import Way
from storage.reports.cases import Home
from storage.talks import conversations

NAMES = {
    "telegram": "Telegram",
    "whatsapp": "WhatsApp",
    "instagram": "Instagram",
    "messenger": "Messenger",
    "sms": "SMS",
    "matrix": "Matrix",
    "x": "X",
}
ON_THE_WEB = {"id": "obrolan di situs", "jv": "obrolan ing situs", "en": "the web chat"}


def name(channel: str, language: str) -> str:
    """A channel as people call it."""
    return NAMES.get(channel) or ON_THE_WEB.get(language, ON_THE_WEB["id"])


def home_now(connection: Connection, home: Home, now: datetime) -> Home:
    """Where the person a report came from is to be told news now: where they chose, else used last.

    A channel that lets us speak freely only for so long after their last message counts as long as that
    holds; when none does, the one used last is it again. The only way left is taken when home was shut to us.
    """
    found = linking.ways(connection, home.contact)
    if not found or (len(found) == 1 and not conversations.blocked(connection, home.channel, home.address)):
        return home
    chosen = linking.choice(connection, home.contact)
    named = (way for way in found if way.channel == chosen)
    free = (way for way in found if _free(way, now))
    way = next(named, None) or next(free, found[0])
    return replace(home, channel=way.channel, address=way.address)


def _free(way: Way, now: datetime) -> bool:
    able = CHANNELS.get(way.channel)
    return able is None or able.window is None or now - way.used_at < able.window
