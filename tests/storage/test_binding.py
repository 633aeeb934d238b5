"""A file is bound once behind the end of its ticket's chain, whoever else is at it in the same moment."""

import asyncio

import pytest

from dialogs.messages import Attachment
from storage.doors.database import Database
from storage.reports import evidence, media
from storage.reports.evidence import StaleChainError
from storage.reports.media import Kept, Owner
from tests.storage.one_ticket import NOW, NUMBER, open_one

CLAIM = Owner(NUMBER, "telegram", "evidence", "1")


@pytest.fixture
async def database(database_url):
    async with Database(database_url) as opened:
        await opened.write(open_one)
        yield opened


def sent(connection, name):
    media.owe(connection, [Attachment("photo", name, "image/jpeg", media_id=name)], CLAIM, NOW)
    media.kept(connection, name, Kept(name.rjust(64, "0"), 10))


def bound(connection, name):
    sent(connection, name)
    evidence.settle(connection, media.file(connection, name), (), NOW)


async def test_a_file_is_bound_once_however_often_it_is_settled(database):
    await database.write(lambda c: bound(c, "a"))

    with pytest.raises(StaleChainError):
        await database.write(lambda c: evidence.settle(c, media.file(c, "a"), (), NOW))

    assert len(await database.read(lambda c: evidence.links_of(c, NUMBER))) == 1


async def test_of_two_who_saw_the_same_end_of_a_chain_one_binds_and_the_other_looks_again(database):
    await database.write(lambda c: [sent(c, name) for name in "ab"])
    end = await database.glance(lambda c: evidence.chain_end(c, NUMBER))

    def bind(name, known):
        return database.write(lambda c: evidence.settle(c, media.file(c, name), (), NOW, known))

    came = await asyncio.gather(bind("a", end), bind("b", end), return_exceptions=True)
    assert [type(one) for one in came] == [type(None), StaleChainError]

    await bind("b", await database.glance(lambda c: evidence.chain_end(c, NUMBER)))
    bound = await database.read(lambda c: evidence.links_of(c, NUMBER))
    assert [one.entry["media"] for one in bound] == ["a", "b"]
    assert await database.read(lambda c: evidence.broken_link(c, NUMBER)) is None


async def test_a_file_claimed_in_the_moment_it_is_kept_is_both(database):
    attachment = Attachment("photo", "a", "image/jpeg", media_id="a")
    await database.write(lambda c: media.owe(c, [attachment], Owner("", "telegram", "evidence", "1"), NOW))

    await asyncio.gather(
        database.write(lambda c: media.owe(c, [attachment], CLAIM, NOW)),
        database.write(lambda c: media.kept(c, "a", Kept("0" * 64, 10))),
    )

    (file,) = await database.glance(lambda c: media.unsettled(c, 9))
    assert (file.number, file.state, file.sha256) == (NUMBER, "kept", "0" * 64)
