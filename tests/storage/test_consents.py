"""What a person agreed to: the text they had before them, and what is left of it when two are one."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from dialogs.messages import OutboundMessage
from storage.doors.database import Connection, Database
from storage.people import consents, linking
from storage.rows import contacts
from storage.talks import conversations, outbox
from storage.talks.conversations import Kept, NewContact
from storage.talks.outbox import Outgoing

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
QUESTIONS = frozenset({"utter_ask_persetujuan", "utter_ask_ringkas"})
CODE = "ABCD-EFGH"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with Database(database_url) as database:
        yield database


async def test_it_is_the_latest_of_the_questions_put_to_that_address(database: Database):
    def said(address: str, response: str, text: str) -> Outgoing:
        return Outgoing("telegram", address, OutboundMessage(text, response=response))

    lines = [
        said("1", "utter_ask_persetujuan", "Setuju dengan versi lama?"),
        said("1", "utter_ask_ringkas", "Setuju?"),
        said("1", "utter_terima_kasih", "Terima kasih."),
        said("2", "utter_ask_persetujuan", "Orang lain?"),
    ]
    await database.write(lambda c: outbox.add(c, lines, NOW))
    asked = [
        await database.read(lambda c, to=to: consents.last_asked(c, "telegram", to, QUESTIONS))
        for to in ("1", "3")
    ]
    assert asked == [("utter_ask_ringkas", "Setuju?"), ("", "")]


def two_people(connection: Connection, gone: str, stays: str) -> None:
    """Somebody who was here first, and somebody who will turn out to be them; with what each agreed to."""
    for contact, version in (("pertama", stays), ("kedua", gone)):
        kept = Kept(f"c-{contact}", contact, "b", {}, 1)
        conversations.begin(connection, NewContact(contact, "telegram", contact, "id"), kept, NOW)
        if version:
            conversations.give_consent(connection, contact, version, NOW)


@pytest.mark.parametrize(
    ("gone", "stays", "left"), [("2026-1", "", "2026-1"), ("2025-1", "2026-1", "2026-1"), ("", "1", "1")]
)
async def test_of_two_who_are_one_the_consent_of_who_stays_goes_first(
    database: Database, gone: str, stays: str, left: str
):
    await database.write(lambda c: two_people(c, gone, stays))
    await database.write(lambda c: linking.offer(c, CODE, "pertama", NOW))
    assert await database.write(lambda c: linking.take(c, "abcd efgh", "kedua", NOW)) == "pertama"
    found = select(contacts.c.consent_version).where(contacts.c.id == "pertama")
    assert await database.read(lambda c: c.execute(found).scalar()) == left


async def test_a_code_holds_once_for_its_time_and_for_somebody_else(database: Database):
    await database.write(lambda c: two_people(c, "", ""))
    await database.write(lambda c: linking.offer(c, CODE, "pertama", NOW))
    for contact, later in (("pertama", timedelta(0)), ("kedua", linking.CODE_HOLDS)):
        taken = await database.write(lambda c, who=contact, at=NOW + later: linking.take(c, CODE, who, at))
        assert taken is None
    assert await database.write(lambda c: linking.take(c, CODE, "kedua", NOW)) == "pertama"
    assert await database.write(lambda c: linking.take(c, CODE, "kedua", NOW)) is None


async def test_a_new_code_ends_the_one_before(database: Database):
    await database.write(lambda c: two_people(c, "", ""))
    for code in (CODE, "2222-3333"):
        await database.write(lambda c, code=code: linking.offer(c, code, "pertama", NOW))
    assert await database.read(lambda c: linking.owner(c, CODE, NOW)) is None
    assert await database.read(lambda c: linking.owner(c, "22223333", NOW)) == "pertama"
