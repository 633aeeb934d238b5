"""Talks on the page that were ended by who held them."""

import pytest

from bot.services.talks.leaving import Leaving
from storage.doors.database import Database, DatabaseAwayError
from storage.talks import conversations
from storage.talks.conversations import NewContact


async def test_what_could_not_be_ended_while_the_database_was_away_can_be_ended_afterwards(
    house, monkeypatch: pytest.MonkeyPatch
):
    core, siti = house.core, NewContact("siti", "webchat", "w1", "id")
    await core.database.write(lambda c: conversations.introduce(c, siti, core.clock()))
    leaving = Leaving(core, "webchat")

    async def away(*_all):
        raise DatabaseAwayError(OSError())

    with monkeypatch.context() as outage:
        outage.setattr(Database, "write", away)
        with pytest.raises(DatabaseAwayError):
            await leaving.leave("w1")
    assert not leaving.left("w1"), "whoever asks again is let in to end it"
    await leaving.leave("w1")
    assert leaving.left("w1")
    elsewhere = Leaving(core, "webchat")
    await elsewhere.load()
    assert elsewhere.left("w1")
