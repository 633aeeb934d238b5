"""Two send the same photo and one is erased, in whatever moment: the other's bytes stay, nobody's go."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.channels.webchat.lines import ChatFile, ChatStore
from bot.meters import Meters
from bot.services.files import safekeeping
from bot.services.files.examining import Examiner
from bot.services.files.keeping import Keeper
from bot.services.talks.chatlog import ChatLog
from bot.services.talks.intake import Intake
from dialogs.messages import Attachment, InboundMessage
from storage.doors.database import Connection, Database
from storage.files.vault import Folder
from storage.people import erasing
from storage.reports import media
from storage.reports.media import Kept, Owner
from tests.pictures import jpeg
from tickets.policies import load_policies

PHOTO = jpeg(43)
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)


@dataclass
class House:
    """What keeps files: those of a messenger, all of them that photo, and those of the web chat."""

    core: Any
    keeper: Keeper
    intake: Intake
    store: ChatStore


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with Database(database_url) as database:
        files, policies = Folder(tmp_path / "media"), load_policies()
        core: Any = SimpleNamespace(
            database=database, files=files, clock=lambda: NOW, policies=policies, meters=Meters()
        )
        lanes: Any = SimpleNamespace(wake=lambda *_: None, wake_all=list)
        store = ChatLog(core).store(SimpleNamespace(leave=None, left=None))
        messenger = SimpleNamespace(fetch=lambda _: asyncio.sleep(0, PHOTO))
        page = SimpleNamespace(fetch=lambda attachment: store.read_upload(attachment.ref))
        examiner = Examiner(policies.evidence)
        keeper = Keeper(core, {"web": messenger, "webchat": page}, examiner, lanes, lanes)
        yield House(core, keeper, Intake(core, lanes, lanes), store)
        await examiner.stop()


async def sent(house: House, name: str) -> str:
    """Somebody's photo, kept, that no report claimed."""
    owed = [Attachment("photo", name, media_id=name)]
    owner = Owner("", "web", "evidence", name)
    await house.core.database.write(lambda c: media.owe(c, owed, owner, NOW))
    await house.keeper.run_once()
    return await digest_of(house, name)


async def digest_of(house: House, name: str) -> str:
    found = await house.core.database.glance(lambda c: media.file(c, name))
    assert found.state == "kept"
    return found.sha256


async def forget(house: House, name: str) -> None:
    """Let go of somebody's photo, as the sweep and an erasure do."""
    found = await house.core.database.glance(lambda c: media.file(c, name))
    await house.keeper._forget(found)


async def upload(house: House, name: str) -> None:
    """The same photo posted to the web chat."""
    async with house.store.keeping([ChatFile(PHOTO, "image/jpeg")]) as (ref,):
        message = InboundMessage("webchat", name, "b" * 32, NOW, "media")
        file = Attachment("photo", ref, "image/jpeg", len(PHOTO))
        await house.intake.citizen(replace(message, attachments=(file,)))


async def test_an_upload_that_waits_to_be_examined_holds_its_bytes(house: House):
    await sent(house, "siti")
    await upload(house, "budi")
    await forget(house, "siti")
    await house.keeper.run_once()
    digest = await digest_of(house, "webchat-budi-0")
    assert await house.core.files.get(digest) == PHOTO


async def test_the_bytes_of_an_upload_that_was_never_looked_at_go_with_it(house: House):
    await upload(house, "budi")
    (ref,) = [Path(one) for one in house.core.files._root.rglob("*") if one.is_file()]
    await forget(house, "webchat-budi-0")
    assert not ref.exists()


async def test_a_file_being_examined_has_its_bytes_in_the_end(house: House, monkeypatch: pytest.MonkeyPatch):
    await sent(house, "siti")
    real = house.keeper.examiner.examine

    async def slowly(content: bytes):
        await forget(house, "siti")
        return await real(content)

    monkeypatch.setattr(house.keeper.examiner, "examine", slowly)
    digest = await sent(house, "budi")
    assert await house.core.files.get(digest) == PHOTO
    copy = (await house.core.database.glance(lambda c: media.file(c, "budi"))).copy_sha256
    assert await house.core.files.get(copy)


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_what_is_named_just_as_it_is_let_go_is_there_all_the_same(
    house: House, monkeypatch: pytest.MonkeyPatch, moment: str
):
    digest, drop, once = await sent(house, "siti"), Folder.drop, asyncio.Event()

    async def beside(self: Folder, wanted: str) -> None:
        if moment == "after":
            await drop(self, wanted)
        if not once.is_set():
            once.set()
            await upload(house, "budi")
        if moment == "before":
            await drop(self, wanted)

    monkeypatch.setattr(Folder, "drop", beside)
    await forget(house, "siti")
    assert await house.core.files.get(digest) == PHOTO


async def test_what_was_let_go_while_a_message_was_kept_is_put_back(house: House):
    async with house.store.keeping([ChatFile(PHOTO, "image/jpeg")]) as (ref,):
        await house.core.files.drop(ref)
    assert await house.store.read_upload(ref) == PHOTO


async def test_who_asks_for_bytes_that_are_put_back_and_erased_again_leaves_none(house: House):
    digest = await house.core.files.put(PHOTO)
    answers = iter([True, False, False])  # named just then, and no more once they are back
    await safekeeping.let_go(house.core, digest, lambda _: next(answers))
    with pytest.raises(FileNotFoundError):
        await house.core.files.get(digest)


async def test_a_file_that_an_erased_person_sent_holds_nobody_elses_bytes(house: House):
    digest = await sent(house, "siti")
    found = Kept(digest, 3)

    def erased_before(connection: Connection) -> None:
        owner = Owner("", "web", "evidence")
        media.owe(connection, [Attachment("photo", "", media_id="dulu")], owner, NOW)
        media.kept(connection, "dulu", found)
        media.lost(connection, "dulu", erasing.ERASED)

    await house.core.database.write(erased_before)
    await forget(house, "siti")
    with pytest.raises(FileNotFoundError):
        await house.core.files.get(digest)
