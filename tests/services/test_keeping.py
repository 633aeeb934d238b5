"""Files are kept one by one: one that cannot be had holds up no other, and in the end its sender is told."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from bot.channels.base import FetchError
from bot.meters import Meters
from bot.services.files import keeping
from bot.services.files.examining import Examiner, NotExaminedError
from bot.services.files.keeping import MOST_TRIES, Keeper
from dialogs.messages import Attachment
from storage.codec import INBOUND
from storage.doors.database import Database, DatabaseAwayError
from storage.files.vault import AlteredError, Folder, VaultError
from storage.reports import media
from storage.reports.media import Owner
from storage.talks import inbox
from tests.pictures import jpeg
from tickets.policies import load_policies

PHOTO = jpeg(41)


class Door:
    """A channel that gives what it is told to give, or raises it."""

    def __init__(self):
        self.holds = {}
        self.slow = {}

    async def fetch(self, attachment):
        if attachment.ref in self.slow:
            await self.slow[attachment.ref].wait()
        held = self.holds[attachment.ref]
        if isinstance(held, Exception):
            raise held
        return held


class Town:
    def __init__(self, database, folder):
        self.now = datetime(2026, 11, 22, 4, tzinfo=UTC)
        self.core = SimpleNamespace(
            database=database,
            files=Folder(folder),
            clock=lambda: self.now,
            policies=load_policies(),
            meters=Meters(),
        )
        self.door, self.turns = Door(), []
        lanes = SimpleNamespace(wake=lambda *key: self.turns.append(key), wake_all=list)
        examiner = Examiner(self.core.policies.evidence)
        self.keeper = Keeper(self.core, {"web": self.door}, examiner, lanes, lanes)

    async def owe(self, **held):
        self.door.holds |= held
        files = [Attachment("photo", name, media_id=name) for name in held]
        owner = Owner("", "web", "evidence", "budi")
        await self.core.database.write(lambda c: media.owe(c, files, owner, self.now))

    async def state(self, name):
        return (await self.core.database.glance(lambda c: media.file(c, name))).state

    async def told(self):
        found = await self.core.database.glance(lambda c: inbox.waiting(c, "web", "budi", 9))
        return [(m.kind, m.text) for m in (INBOUND.load(one.payload) for one in found)]


@pytest.fixture
async def town(database_url, tmp_path):
    async with Database(database_url) as database:
        made = Town(database, tmp_path / "media")
        yield made
        await made.keeper.examiner.stop()


async def test_one_file_that_cannot_be_had_holds_up_no_other(town):
    await town.owe(a=RuntimeError("aneh"), b=FetchError("sebentar", retryable=True), c=PHOTO)
    closed, elsewhere = [Attachment("photo", "d", media_id="d")], Owner("", "tutup", "evidence")
    await town.core.database.write(lambda c: media.owe(c, closed, elsewhere, town.now))
    await town.keeper.run_once()
    assert [await town.state(name) for name in "abcd"] == ["waiting", "waiting", "kept", "waiting"]
    town.door.holds |= {"a": PHOTO, "b": PHOTO}
    town.now += timedelta(minutes=1)
    await town.keeper.run_once()
    assert [await town.state(name) for name in "ab"] == ["kept", "kept"]


async def test_what_another_process_fetches_is_no_reason_to_look_again_at_once(town, monkeypatch):
    async def elsewhere(_database, _name):
        return False

    await town.owe(a=PHOTO)
    with monkeypatch.context() as fetched_elsewhere:
        fetched_elsewhere.setattr(Database, "take", elsewhere)
        assert await town.keeper.run_once() == 0
    assert await town.keeper.run_once() == 1


async def test_a_file_that_comes_slowly_keeps_no_other_from_being_bound(town, monkeypatch):
    bound = town.door.slow["b"] = asyncio.Event()

    async def settle(*_):
        bound.set()
        return ()

    await town.owe(a=PHOTO, b=PHOTO)
    kept_before = await town.core.database.glance(lambda c: media.file(c, "a"))
    monkeypatch.setattr(keeping, "settle", settle)
    monkeypatch.setattr(media, "unsettled", lambda *_: (kept_before,))
    async with asyncio.timeout(30):
        await town.keeper.run_once()
    assert await town.state("b") == "kept"


async def test_a_file_that_cannot_be_bound_holds_up_no_other(town, monkeypatch):
    bound = []

    async def settle(_core, file):
        bound.append(file.id)
        if file.id == "a":
            raise KeyError(file.id)
        return ()

    await town.owe(a=PHOTO, b=PHOTO, c=PHOTO)
    files = [await town.core.database.glance(lambda c, one=one: media.file(c, one)) for one in "ab"]
    monkeypatch.setattr(keeping, "settle", settle)
    monkeypatch.setattr(media, "unsettled", lambda *_: tuple(files))
    with pytest.raises(KeyError):
        await town.keeper.run_once()
    assert bound == ["a", "b"]
    assert await town.state("c") == "kept"


async def test_who_sent_a_file_that_never_came_is_told(town):
    await town.owe(a=FetchError("sebentar", retryable=True), b=FetchError("ditarik", retryable=False))
    for _ in range(MOST_TRIES):
        await town.keeper.run_once()
        town.now += timedelta(hours=1)
    assert [await town.state(name) for name in "ab"] == ["lost", "lost"]
    assert await town.told() == [("refused", "lost")] * 2
    assert set(town.turns) == {("web", "budi")}


async def test_a_vault_that_is_full_loses_nothing(town, monkeypatch):
    await town.owe(a=PHOTO)
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "put", lambda *_: _raise(VaultError("penuh")))
        await town.keeper.run_once()
    assert await town.state("a") == "waiting"
    town.now += timedelta(minutes=1)
    await town.keeper.run_once()
    assert await town.state("a") == "kept"


async def test_an_upload_in_a_vault_out_of_reach_is_waited_for_and_an_altered_one_is_not(town):
    await town.owe(a=VaultError("jauh"), b=AlteredError("diubah"))
    for _ in range(MOST_TRIES * 2):
        await town.keeper.run_once()
        town.now += timedelta(hours=1)
    assert [await town.state(name) for name in "ab"] == ["waiting", "lost"]
    assert await town.told() == [("refused", "lost")]
    town.door.holds["a"] = PHOTO
    await town.keeper.run_once()
    assert await town.state("a") == "kept"


async def test_an_examiner_that_never_answers_loses_nothing(town, monkeypatch):
    await town.owe(a=PHOTO)
    with monkeypatch.context() as patch:
        patch.setattr(town.keeper.examiner, "examine", lambda _: _raise(NotExaminedError("sibuk")))
        for _ in range(MOST_TRIES * 2):
            await town.keeper.run_once()
            town.now += timedelta(hours=1)
    assert await town.state("a") == "waiting"
    await town.keeper.run_once()
    assert await town.state("a") == "kept"
    assert await town.told() == []


async def _raise(error):
    raise error


async def test_a_database_that_is_away_is_told_from_other_troubles(town, monkeypatch):
    async def away(_work):
        raise DatabaseAwayError(OSError())

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(town.core.database, "glance", away)
        with pytest.raises(DatabaseAwayError):
            await town.keeper.run_once()


async def test_a_round_that_ends_in_trouble_leaves_no_file_in_hand(town, monkeypatch):
    town.door.slow["b"], take = asyncio.Event(), Database.take

    async def taken(database, name):
        if name == "file:a":
            raise DatabaseAwayError(OSError())
        return await take(database, name)

    await town.owe(a=PHOTO, b=PHOTO)
    monkeypatch.setattr(Database, "take", taken)
    round_ = asyncio.create_task(town.keeper.run_once())
    assert not (await asyncio.wait([round_], timeout=0.2))[0]
    town.door.slow["b"].set()
    with pytest.raises(DatabaseAwayError):
        await round_
    assert await town.state("b") == "kept"


async def test_files_nobody_made_a_report_of_are_let_go_in_time(town):
    await town.owe(a=PHOTO)
    await town.keeper.run_once()
    digest = (await town.core.database.glance(lambda c: media.file(c, "a"))).sha256
    assert await town.keeper.sweep() == 0
    town.now += timedelta(days=town.core.policies.evidence.unclaimed_days, hours=1)
    assert await town.keeper.sweep() == 1
    assert await town.core.database.glance(lambda c: media.file(c, "a")) is None
    with pytest.raises(FileNotFoundError):
        await town.core.files.get(digest)
