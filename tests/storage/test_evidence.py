"""The index finds what it promises, the chain notices what was done, vaults keep what they are given."""

import errno
import os
import random
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest
from moto.server import ThreadedMotoServer
from sqlalchemy import text

from bot.services.files.verifying import evidence_breaks
from dialogs.messages import Attachment
from storage.doors.database import Database
from storage.files.bucket import Access, Bucket
from storage.files.vault import AlteredError, Folder, VaultError
from storage.files.vault import place as place_of
from storage.reports import evidence, media
from storage.reports.media import Kept, Owner
from storage.seals import ring
from tests.storage.one_ticket import NOW, NUMBER, POLICIES, open_one
from tickets.evidence.findings import Facts
from tickets.evidence.prints import Print

POLICY = POLICIES.evidence


@pytest.fixture
async def database(database_url):
    async with Database(database_url) as opened:
        await opened.write(open_one)
        yield opened


def settle(connection, name, print_=None, channel="telegram", role="evidence", sha256=None):
    attachment = Attachment("photo", name, "image/jpeg", media_id=name)
    media.owe(connection, [attachment], Owner(NUMBER, channel, role, "1"), NOW)
    facts = Facts("jpeg", "image/jpeg", 640, 480)
    media.kept(connection, name, Kept(sha256 or name.rjust(64, "0"), 10, facts, print_))
    evidence.settle(connection, media.file(connection, name), (), NOW)


def look(connection, wanted):
    distances = (POLICY.same, POLICY.similar)
    return evidence.twins(connection, wanted, *distances) or evidence.nearest(connection, wanted, *distances)


def changed(one, coarse, fine, chance):
    def flip(value, bits, count):
        return value ^ sum(1 << place for place in chance.sample(range(bits), count))

    return Print(flip(one.coarse, 64, coarse), flip(one.fine, 256, fine))


async def test_every_picture_within_the_distance_is_found_and_no_other(database):
    chance = random.Random(5)
    known = [Print(chance.getrandbits(64), chance.getrandbits(256)) for _ in range(400)]

    def work(connection):
        for place, one in enumerate(known):
            settle(connection, f"foto-{place}", one)
        for place, one in enumerate(known[:60]):
            near = changed(one, chance.randint(1, POLICY.similar.coarse), POLICY.similar.fine, chance)
            assert [found.media for found in look(connection, near)] == [f"foto-{place}"]
            far = changed(one, POLICY.similar.coarse + 1, 0, chance)
            unlike = changed(one, 3, POLICY.similar.fine + 1, chance)
            assert look(connection, far) == look(connection, unlike) == ()

    await database.write(work)


async def test_whose_it_was_and_how_surely_it_is_the_same(database):
    one = Print(random.Random(6).getrandbits(64), random.Random(7).getrandbits(256))

    def work(connection):
        settle(connection, "warga", one)
        settle(connection, "petugas", changed(one, 2, 5, random.Random(8)), "operator", "proof")
        settle(connection, "mirip", changed(one, 9, 40, random.Random(9)))
        near = changed(one, 1, 0, random.Random(1))
        found = [(s.media, s.by, s.role, s.like) for s in look(connection, near)]
        assert found == [
            ("petugas", "operator", "proof", "same"),
            ("warga", "citizen", "evidence", "same"),
            ("mirip", "citizen", "evidence", "similar"),
        ]

    await database.write(work)


_SECOND = "SELECT entry FROM evidence_links WHERE seq = 2"


@pytest.mark.parametrize(
    ("deed", "place"),
    [
        ("UPDATE media SET sha256 = 'diganti' WHERE id = 'b'", 2),
        pytest.param(
            f"UPDATE evidence_links SET entry = ({_SECOND}) WHERE seq = 1",  # noqa: S608 all of it stands here
            1,
            marks=pytest.mark.sqlite("PostgreSQL keeps JSON in a type of its own"),
        ),
        pytest.param(
            "UPDATE evidence_links SET entry = replace(entry, '.', '.AAAA') WHERE seq = 3",
            3,
            marks=pytest.mark.sqlite("PostgreSQL keeps JSON in a type of its own"),
        ),
        ("DELETE FROM evidence_links WHERE seq = 2", 2),
        ("DELETE FROM evidence_links WHERE seq = 3", 3),
        ("UPDATE evidence_links SET hash = 'x' WHERE seq = 3", 3),
        ("SELECT 1", None),
    ],
)
async def test_what_was_done_to_a_tickets_evidence_is_noticed(database, deed, place):
    def work(connection):
        for name in ("a", "b", "c"):
            settle(connection, name)
        connection.execute(text(deed))
        return evidence.broken_link(connection, NUMBER)

    assert await database.write(work) == place


async def test_a_file_nobody_claimed_is_forgotten_and_shared_bytes_stay(database):
    def work(connection):
        for name in ("x", "y"):
            sent = [Attachment("photo", name, media_id=name)]
            media.owe(connection, sent, Owner("", "t", "evidence", "1"), NOW)
            media.kept(connection, name, Kept("s" * 64, 10, copy_sha256="c" * 64))
        settle(connection, "z")
        old = media.unclaimed(connection, NOW.replace(year=2027), 10)
        return [one.id for one in old], [media.forget(connection, one) for one in ("x", "y", "z")]

    old, freed = await database.write(work)
    assert old == ["x", "y"]
    assert freed == [frozenset(), {"s" * 64, "c" * 64}, frozenset()]


@pytest.fixture(params=["folder", "bucket"])
async def vault(request, tmp_path):
    if request.param == "folder":
        yield Folder(tmp_path / "media")
        return
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield await _bucket(server)
    server.stop()


async def _bucket(server):
    host, port = server.get_host_and_port()
    async with aiohttp.ClientSession() as client, client.put(f"http://{host}:{port}/bukti") as made:
        assert made.status == 200
    return Bucket(Access("bukti", "sleman", f"http://{host}:{port}", key="k", secret="s"))


async def test_a_vault_gives_back_what_it_was_given(vault):
    content = random.Random(3).randbytes(300_000)
    digest = await vault.put(content)
    assert digest == await vault.put(content)
    assert await vault.get(digest) == content
    await vault.drop(digest)
    await vault.drop(digest)
    for unknown in (digest, "../../etc/passwd", ""):
        with pytest.raises(FileNotFoundError):
            await vault.get(unknown)


async def test_what_is_not_there_is_named_and_needs_no_other_seal(vault):
    there, gone = await vault.put_all([b"satu", b"dua"])
    await vault.drop(gone)
    assert await vault.missing([there, gone, "x"]) == [gone, "x"]
    assert not await vault.renew(gone)


async def test_several_are_kept_as_one_by_one(vault):
    contents = [b"satu", b"dua" * 50_000, b"satu"]
    digests = await vault.put_all(contents)
    assert digests == [await vault.put(content) for content in contents]
    assert [await vault.get(digest) for digest in digests] == contents
    assert await vault.put_all([]) == []


async def test_a_folder_holds_nothing_but_whole_files_for_us_alone(tmp_path):
    await Folder(tmp_path / "media").put_all([b"satu", b"dua", b"satu"])
    kept = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert len(kept) == 2
    assert all(len(one.name) == 64 and one.stat().st_mode & 0o777 == 0o600 for one in kept)


async def test_a_full_disk_is_not_filled_by_trying_again(tmp_path, monkeypatch):
    vault = Folder(tmp_path / "media")

    def full(_file):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        for _ in range(3):
            with pytest.raises(OSError, match="No space"):
                await vault.put(b"satu")
    assert not [one for one in tmp_path.rglob("*") if one.is_file()]
    assert await vault.get(await vault.put(b"satu")) == b"satu"


async def test_a_kept_file_and_its_name_are_on_the_disk(tmp_path, monkeypatch):
    synced, fsync = [], os.fsync

    def noted(descriptor):
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    digest = await Folder(tmp_path / "media").put(b"satu")
    kept = tmp_path / "media" / place_of(ring().names(digest)[0])
    assert {kept.parent, kept.parent.parent} < set(synced)
    assert [one.suffix for one in synced if one.parent == kept.parent] == [".part"]


async def test_bytes_altered_on_the_disk_are_noticed(tmp_path):
    vault = Folder(tmp_path)
    digest = await vault.put(b"asli")
    (kept,) = [one for one in tmp_path.rglob("*") if one.is_file()]
    kept.write_bytes(kept.read_bytes()[:-1] + b"?")
    with pytest.raises(AlteredError):
        await vault.get(digest)


async def test_a_store_out_of_reach_is_an_error_that_is_tried_again():
    away = Bucket(Access("bukti", endpoint="http://127.0.0.1:9", key="k", secret="s"))
    for doing in (away.put(b"x"), away.get("a" * 64), away.missing(["a" * 64])):
        with pytest.raises(VaultError):
            await doing
    with suppress(VaultError):
        await away.drop("a" * 64)


async def test_originals_gone_or_altered_are_named(database, tmp_path):
    vault = Folder(tmp_path / "media")
    digests = [await vault.put(content) for content in (b"satu", b"dua", b"tiga")]

    def work(connection):
        for name, digest in zip("abc", digests, strict=True):
            settle(connection, name, sha256=digest)

    await database.write(work)
    assert await evidence_breaks(database, NUMBER, vault) == ()
    (tmp_path / "media" / place_of(ring().names(digests[1])[0])).write_bytes(b"lain")
    await vault.drop(digests[2])
    found = await evidence_breaks(database, NUMBER, vault)
    assert [(one.seq, one.fault.split()[-1]) for one in found] == [(2, "altered"), (3, "gone")]
    assert await evidence_breaks(database, NUMBER) == ()


@pytest.mark.sqlite("it reads SQLite's query plans; the statements are the same on a server")
async def test_looking_for_unsettled_files_does_not_walk_through_all_that_were_kept(database):
    said: list[str] = []

    def plan(connection):
        driver = connection.connection.driver_connection
        driver.set_trace_callback(said.append)
        media.unsettled(connection, 4)
        driver.set_trace_callback(None)
        return " ".join(row[-1] for row in driver.execute(f"EXPLAIN QUERY PLAN {said[0]}"))

    assert "ix_media_unsettled" in await database.glance(plan)
