"""Personal data planted in talks on every channel is nowhere in plain: database, files, logs."""

import hashlib
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import structlog

from bot.commands.open311 import KeyRing
from bot.services.keys import look_through
from tests.channels import playing
from tests.channels.playing import Player, open_house
from tests.channels.wires import WIRES
from tests.pictures import jpeg, telling_exif
from tests.scenarios.kit import every_row

STORY = "bebek-hijau-berkacamata"
PLACE = "Gang Kenanga 17B"
NIK, PHONE, MAIL = "3404071201900001", "081298765432", "sri.planted@contoh.id"
TALK = (
    f"lampu jalan di {PLACE} Sidoagung mati {STORY}",
    f"NIK saya {NIK}, hp {PHONE}, surel {MAIL}",
)
VOICE = b"OggS" + bytes(range(256)) * 8


@pytest.fixture
def said_in_logs():
    with structlog.testing.capture_logs() as lines:
        yield lines


async def test_nothing_planted_lies_anywhere_in_plain(tmp_path: Path, monkeypatch, said_in_logs):
    photo = jpeg(21, exif=telling_exif())
    monkeypatch.setattr(
        "tests.channels.wires.telegram.content", lambda name: VOICE if "ogg" in name else photo
    )
    planted = {STORY, PLACE, NIK, PHONE, MAIL, "Sitoresmi"}
    async with AsyncExitStack() as stack:
        town = await open_house(stack, tmp_path)
        for wire in WIRES:
            planted |= await _talk(town, wire.name)
        core = town.house.core
        _, secret = await KeyRing(core).add("Aplikasi")
        planted.add(secret)
        await _telegram_again(town)
        await town.house.settle()
        stories = [case.ticket.report.narrative for case in await core.database.read(playing.cases.all_cases)]
        assert len(stories) >= len(WIRES)
        assert all(STORY in one for one in stories)
        (hit, *_) = await town.house.ticketing.search(STORY.upper(), None)
        assert hit.report.narrative
        rows = str(await core.database.read(every_row)).encode()
        _nothing_of(planted, photo, [*_files(tmp_path / "data"), ("rows", rows)])
        assert (await look_through(core.database)).faults == []
    _nothing_of(planted, photo, [*_files(tmp_path / "data"), ("rows", rows)])
    assert [one for one in planted if one in str(said_in_logs)] == []


async def _talk(town, name: str) -> set[str]:
    """File a report; how the platform calls the person, where that tells of them."""
    talk = await town.wires[name].person()
    player = Player(town.house, name, talk)
    for text in TALK:
        await player.make(playing.Move(text=text))
    before = len(await town.house.core.database.read(playing.cases.all_cases))
    for _ in range(playing.ON_AND_ON):
        if len(await town.house.core.database.read(playing.cases.all_cases)) > before:
            break
        await player.make(await player._next_move())
    return {talk.address} if len(talk.address) > 6 else set()


async def _telegram_again(town) -> None:
    """A photo with the place in it, and a voice message."""
    talk = await town.wires["telegram"].person()
    player = Player(town.house, "telegram", talk)
    await player.make(playing.Move(text=TALK[0]))
    await player.make(playing.Move(files=("rumah.jpg",)))
    await player.make(playing.Move(files=("suara.ogg",)))


def _files(folder: Path) -> list[tuple[str, bytes]]:
    """Every file there is, with the log of the database and its free pages."""
    return [(str(one), one.read_bytes()) for one in folder.rglob("*") if one.is_file()]


def _nothing_of(planted: set[str], photo: bytes, kept: list[tuple[str, bytes]]) -> None:
    """Look through names and contents."""
    marks = {one.encode() for one in planted} | {photo[200:260], b"Exif\x00", b"SM-A52", VOICE[50:110]}
    digests = {hashlib.sha256(one).hexdigest() for one in (photo, VOICE)}
    assert any(b"lampu_jalan" in content for _, content in kept)  # what is not sealed is found this way
    for name, content in kept:
        assert [mark for mark in marks if mark in content] == [], name
        assert [one for one in digests if one in name or one.encode() in content] == [], name
