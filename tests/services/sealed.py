"""What is sealed with which keys, and whether it opens again."""

from datetime import UTC, datetime
from pathlib import Path

from bot.services.keys import Holder
from bot.settings import Settings
from dialogs.messages import OutboundMessage
from storage.doors.database import Database
from storage.people import identities
from storage.seals import new_key
from storage.talks import inbox, outbox
from storage.talks.inbox import Arrival

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
OLD, NEW = new_key(), new_key()
PHONE, WORDS = "6281298765432", "bebek-hijau-berkacamata"


def holder(*given: str) -> Holder:
    return Holder(" ".join(given), Path("nowhere"), embedded=True)


async def fill(database: Database, rows: int = 3) -> None:
    def work(connection):
        for n in range(rows):
            inbox.keep(connection, Arrival("whatsapp", f"wamid.{n}", PHONE, NOW, {"text": f"{WORDS} {n}"}))
        identities.resolve(connection, "whatsapp", {"phone": PHONE}, NOW)
        outbox.add(connection, [outbox.Outgoing("whatsapp", PHONE, OutboundMessage(WORDS))], NOW)

    await database.write(work)


async def whole(database: Database, rows: int = 3) -> None:
    """Everything is found by its address and reads as it was written."""
    found = await database.read(lambda c: inbox.waiting(c, "whatsapp", PHONE, 9999))
    assert [one.payload["text"] for one in found] == [f"{WORDS} {n}" for n in range(rows)]
    (said,) = await database.read(lambda c: outbox.waiting(c, "whatsapp", PHONE, 9))
    assert said.message.text == WORDS
    assert await database.read(lambda c: identities.at_home(c, "whatsapp", {"phone": PHONE})) == PHONE
    assert not await database.write(lambda c: inbox.keep(c, Arrival("whatsapp", "wamid.0", PHONE, NOW, {})))


def settings(folder: Path, *given: str, url: str = "") -> Settings:
    more = {"database_url": url} if url else {}
    return Settings(data_dir=folder, keys=" ".join(given) or None, _env_file=None, **more)
