"""Where keys come from, what lay in plain before, rotation that can be stopped, and what was altered."""

import errno
import sqlite3
from pathlib import Path

import orjson
import pytest
from pydantic import ValidationError

from bot.app import records
from bot.services.databases import at_rest
from bot.services.keys import Holder, NoKeyError, look_through, rotate, unlock_beside
from bot.settings import Settings
from storage import sealing
from storage.doors.database import Database
from storage.files.vault import AlteredError, Folder
from storage.migrations import upgrade
from storage.seals import Ring, UnknownKeyError, UnsealError, use
from storage.talks import inbox, outbox
from tests.services.sealed import NEW, OLD, PHONE, WORDS, fill, holder, settings, whole

pytestmark = pytest.mark.usefixtures("own_ring")


@pytest.fixture
def unset(monkeypatch):
    monkeypatch.delenv("KENTONGAN_KEYS")


def test_a_key_that_finds_no_room_on_the_disk_leaves_no_half_behind(tmp_path, monkeypatch):
    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    without = Holder("", tmp_path, embedded=True)
    with monkeypatch.context() as disk:
        disk.setattr("os.fsync", full)
        with pytest.raises(OSError, match="No space"):
            without.ring(None)
    assert without.ring(None).newest.id == without.ring(None).newest.id


def test_the_key_of_another_start_that_was_quicker_is_the_key(tmp_path, monkeypatch):
    def meanwhile():
        (tmp_path / "keys").write_text(f"{OLD}\n")
        (tmp_path / "keys").chmod(0o600)
        return NEW

    monkeypatch.setattr("bot.services.keys.new_key", meanwhile)
    assert Holder("", tmp_path, embedded=True).ring(None).newest.id == Ring.of(OLD).newest.id
    assert [one.name for one in tmp_path.iterdir()] == ["keys"]


@pytest.mark.sqlite("a server is not filled without keys")
async def test_without_keys_one_is_made_that_only_its_owner_can_read(tmp_path, unset):
    async with records(settings(tmp_path)) as database:
        await fill(database)
    made = tmp_path / "keys"
    assert made.stat().st_mode & 0o777 == 0o600
    async with records(settings(tmp_path)) as database:
        await whole(database)
    made.chmod(0o640)
    with pytest.raises(NoKeyError, match="chmod 600"):
        async with records(settings(tmp_path)):
            pass
    made.unlink()
    with pytest.raises(NoKeyError, match="Put it back from a copy"):
        async with records(settings(tmp_path)):
            pass
    assert not made.exists()


def test_a_database_server_is_not_filled_without_keys():
    with pytest.raises(NoKeyError, match="KENTONGAN_KEYS is not set"):
        Holder("", Path("nowhere"), embedded=False).ring(None)


def test_a_wrong_key_stops_the_start_and_is_not_repeated():
    with pytest.raises(ValidationError, match="key 2 is not a key") as caught:
        Settings(keys=f"{OLD} kunci-rahasia", _env_file=None)
    assert "kunci-rahasia" not in caught.value.errors()[0]["msg"]


async def test_the_wrong_key_is_refused_with_the_name_of_the_right_one(tmp_path):
    async with records(settings(tmp_path, OLD)) as database:
        await fill(database)
    with pytest.raises(UnknownKeyError, match=Ring.of(OLD).newest.id):
        async with records(settings(tmp_path, NEW)):
            pass


@pytest.mark.sqlite("it puts a file back as an older version left it")
async def test_what_lay_in_plain_is_sealed_at_the_next_start_and_leaves_no_trace(tmp_path, monkeypatch):
    """Rows as a version without keys left them, and a start that is cut off in the middle."""
    file = tmp_path / "kentongan.db"
    async with records(settings(tmp_path, OLD)) as database:
        await fill(database, rows=1200)
    open_by_hand(file, OLD)
    assert WORDS.encode() in file.read_bytes()
    assert PHONE.encode() in file.read_bytes()

    real, pages = sealing.renew, []

    def cut_off(connection, table, after):
        pages.append(table.name)
        if pages.count("inbox") == 2:
            raise RuntimeError("the power went")
        return real(connection, table, after)

    monkeypatch.setattr(sealing, "renew", cut_off)
    with pytest.raises(RuntimeError, match="power"):
        async with records(settings(tmp_path, OLD)):
            pass
    monkeypatch.setattr(sealing, "renew", real)
    async with records(settings(tmp_path, OLD)) as database:
        await whole(database, rows=1200)
    left = b"".join(one.read_bytes() for one in tmp_path.glob("kentongan.db*"))
    assert WORDS.encode() not in left
    assert PHONE.encode() not in left


def open_by_hand(file: Path, key: str) -> None:
    """Put everything back as it lay before there were keys."""
    use(Ring.of(key))
    connection = sqlite3.connect(file)
    for table in sealing.sealed_tables():
        for name, kind in table.columns.items():
            rows = connection.execute(f"SELECT rowid, {name} FROM {table.name} WHERE {name} > ''").fetchall()  # noqa: S608 names of our own
            plain = [(_plainly(kind, value), row) for row, value in rows]
            connection.executemany(f"UPDATE {table.name} SET {name} = ? WHERE rowid = ?", plain)  # noqa: S608 likewise
    connection.execute("DELETE FROM seals")
    connection.commit()
    connection.close()


def _plainly(kind, value):
    is_document = isinstance(kind, sealing.SealedDocument)
    found = kind.process_result_value(orjson.loads(value) if is_document else value, None)
    return orjson.dumps(found).decode() if is_document else found


@pytest.mark.sqlite("it alters rows of the file by hand")
async def test_what_was_altered_is_told_with_its_place_and_never_served(tmp_path):
    vault = Folder(tmp_path / "media")
    async with records(settings(tmp_path, OLD)) as database:
        await fill(database)
        digest = await vault.put(b"gambar")
    connection = sqlite3.connect(tmp_path / "kentongan.db")
    (first, second) = connection.execute(
        "SELECT payload FROM inbox WHERE id IN (1, 2) ORDER BY id"
    ).fetchall()
    connection.execute("UPDATE inbox SET payload = ? WHERE id = 1", (first[0][:40] + "AAAA" + first[0][44:],))
    connection.execute("UPDATE outbox SET message = ?", second)
    connection.execute("UPDATE inbox SET address = '6289' WHERE id = 3")
    connection.commit()
    connection.close()
    async with records(settings(tmp_path, OLD)) as database:
        found = await look_through(database)
        with pytest.raises(UnsealError):
            await database.read(lambda c: inbox.waiting(c, "whatsapp", PHONE, 9))
        with pytest.raises(UnsealError):
            await database.read(lambda c: outbox.waiting(c, "whatsapp", PHONE, 9))
    assert [(one.table, one.row, one.column) for one in found.faults] == [
        ("inbox", "1", "payload"),
        ("inbox", "3", "address"),
        ("outbox", "1", "message"),
    ]
    (kept,) = [one for one in (tmp_path / "media").rglob("*") if one.is_file()]
    assert kept.name != digest
    assert b"gambar" not in kept.read_bytes()
    kept.write_bytes(kept.read_bytes()[:-1] + b"x")
    with pytest.raises(AlteredError):
        await vault.get(digest)


async def test_a_database_beside_the_first_is_opened_with_the_keys_in_use(tmp_path):
    """Rooms for practice: made before a rotation, opened after it, and the first database stays as it is."""
    aside = f"sqlite:///{tmp_path / 'aside.db'}"
    upgrade(aside)
    async with records(settings(tmp_path, OLD)) as first, Database(aside) as second:
        await unlock_beside(second)
        await fill(first)
        await fill(second)
    async with at_rest(settings(tmp_path, NEW, OLD)) as first:
        await rotate(first, Folder(tmp_path / "media"), holder(NEW, OLD), lambda _line: None)
    async with records(settings(tmp_path, NEW, OLD)) as first, Database(aside) as second:
        await unlock_beside(second)
        await whole(second)
        await whole(first)
