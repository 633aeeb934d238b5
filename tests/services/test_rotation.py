"""Keys are turned: everything is sealed anew, once, and nothing starts halfway."""

import asyncpg
import pytest
from sqlalchemy import insert

from bot.app import records
from bot.services.databases import at_rest
from bot.services.keys import UnfinishedRotationError, look_through, rotate
from storage import sealing
from storage.doors.database import InUseError
from storage.files.vault import Folder
from storage.rows import media
from storage.seals import Ring
from tests.services.sealed import NEW, NOW, OLD, fill, holder, settings, whole

pytestmark = pytest.mark.usefixtures("own_ring")


async def test_rotation_seals_everything_anew_and_the_old_key_can_go(tmp_path):
    vault = Folder(tmp_path / "media")
    async with records(settings(tmp_path, OLD)) as database:
        await fill(database)
        digest = await vault.put(b"gambar " * 30_000)
        await database.write(lambda c: _note_file(c, digest))
    async with at_rest(settings(tmp_path, NEW, OLD)) as database:
        await rotate(database, vault, holder(NEW, OLD), lambda _line: None)
    async with records(settings(tmp_path, NEW)) as database:
        await whole(database)
        found = await look_through(database)
        assert set(found.keys) == {Ring.of(NEW).newest.id}
        assert found.faults == []
        assert await vault.get(digest) == b"gambar " * 30_000
    assert len([one for one in (tmp_path / "media").rglob("*") if one.is_file()]) == 1


def _note_file(connection, digest):
    row = {"id": "x", "channel": "whatsapp", "attachment": {}, "role": "evidence", "state": "kept"}
    connection.execute(insert(media), row | {"sha256": digest, "not_before": NOW, "created_at": NOW})


async def test_a_rotation_that_was_cut_off_is_gone_on_with_and_nothing_starts_before(tmp_path, monkeypatch):
    async with records(settings(tmp_path, OLD)) as database:
        await fill(database, rows=1100)
    pages = []
    real = sealing.renew

    def cut_off(connection, table, after):
        pages.append(table.name)
        if pages.count("inbox") == 2:
            raise RuntimeError("the power went")
        return real(connection, table, after)

    with monkeypatch.context() as patch:
        patch.setattr(sealing, "renew", cut_off)
        async with at_rest(settings(tmp_path, NEW, OLD)) as database:
            with pytest.raises(RuntimeError, match="power"):
                await rotate(database, Folder(tmp_path / "media"), holder(NEW, OLD), lambda _line: None)
    with pytest.raises(UnfinishedRotationError, match="kentongan keys rotate"):
        async with records(settings(tmp_path, NEW, OLD)):
            pass
    async with at_rest(settings(tmp_path, NEW, OLD)) as database:
        await rotate(database, Folder(tmp_path / "media"), holder(NEW, OLD), lambda _line: None)
    async with records(settings(tmp_path, NEW)) as database:
        await whole(database, rows=1100)


@pytest.mark.sqlite("the file's own lock; on a server the next test")
async def test_nothing_is_rotated_while_somebody_is_at_work(tmp_path):
    async with records(settings(tmp_path, OLD)) as database:
        await fill(database)
        with pytest.raises(InUseError, match="stop Kentongan first"):
            async with at_rest(settings(tmp_path, NEW, OLD)):
                pass


async def test_nothing_is_rotated_on_a_server_while_another_process_is_at_work(tmp_path, postgres_url):
    old, turning = (settings(tmp_path, *keys, url=postgres_url) for keys in ((OLD,), (NEW, OLD)))
    vault, called = Folder(tmp_path / "media"), {"application_name": "kentongan lain:7"}
    async with records(old) as database:
        await fill(database)
    other = await asyncpg.connect(postgres_url, server_settings=called)
    with pytest.raises(InUseError, match="kentongan lain:7"):
        async with at_rest(turning):
            pass
    await other.close()
    async with at_rest(turning) as database:
        late = await asyncpg.connect(postgres_url, server_settings=called)
        with pytest.raises(InUseError, match="Stop Kentongan first"):
            await rotate(database, vault, holder(NEW, OLD), lambda _line: None)
        with pytest.raises(UnfinishedRotationError, match="kentongan keys rotate"):
            async with records(turning):
                pass
        await late.close()
        await rotate(database, vault, holder(NEW, OLD), lambda _line: None)
    async with records(settings(tmp_path, NEW, url=postgres_url)) as database:
        await whole(database)


async def test_a_file_from_before_there_were_keys_is_still_given_and_sealed_by_a_rotation(tmp_path):
    vault = Folder(tmp_path)
    digest = await vault.put(b"lama")
    (sealed,) = [one for one in tmp_path.rglob("*") if one.is_file()]
    sealed.unlink()
    (tmp_path / digest[:2]).mkdir(exist_ok=True)
    (tmp_path / digest[:2] / digest).write_bytes(b"lama")
    assert await vault.get(digest) == b"lama"
    assert await vault.renew(digest)
    assert not await vault.renew(digest)
    assert await vault.get(digest) == b"lama"
    assert not (tmp_path / digest[:2] / digest).exists()
