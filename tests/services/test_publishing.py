"""Publishing on a database with people talking: counted beforehand, nobody lost, and one step back again."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

import pytest

from bot.app import Kentongan, press_room
from bot.services.core import Bundles
from bot.services.flows.publishing import (
    AlreadyLiveError,
    OutdatedBaseError,
    Publishing,
    Signed,
    UnknownBundleError,
)
from bot.settings import Settings
from dialogs.bundle import Bundle
from dialogs.conversation import Conversation, Frame, from_json
from dialogs.faults import FlowFaults
from dialogs.loader import load_bundle, read_sources
from dialogs.messages import InboundMessage
from storage import publishing as store
from storage.doors.database import Connection, Database
from storage.talks import conversations, inbox, outbox
from storage.talks.conversations import Kept, NewContact

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SOURCES = read_sources()
ANI, BUDI = Signed("Ani", "sapaan lebih hangat"), Signed("Budi", "tanpa bukti")
TOLD = {
    "uraian": "lampu jalan depan pasar mati seminggu",
    "kategori": "lampu_jalan",
    "lokasi": {"text": "pasar", "kode": "34.04.02.2003", "kalurahan": "Sidoagung", "outside": False},
    "bukti": [{"kind": "photo", "ref": "p1", "media_id": "m1", "mime": "", "size": 1, "name": ""}],
}


def changed(file: str, *words: tuple[str, str]) -> dict[str, str]:
    """The delivered dialog with words of one file replaced."""
    text = SOURCES[file]
    for old, new in words:
        assert old in text
        text = text.replace(old, new)
    return {**SOURCES, file: text}


def noted(word: str) -> dict[str, str]:
    """The delivered dialog, different by a remark."""
    return {**SOURCES, "faq.yml": f"{SOURCES['faq.yml']}\n# {word}\n"}


WITHOUT_EVIDENCE = changed(
    "flows/lapor.yml", ("      - id: bukti\n        collect: bukti\n", ""), ("next: bukti", "next: tinjau")
)


@pytest.fixture
async def database(database_url: str):
    async with Database(database_url) as database:
        yield database


@pytest.fixture(scope="module")
def delivered() -> Bundle:
    return load_bundle()


@pytest.fixture
async def desk(database: Database, delivered: Bundle) -> Publishing:
    return await opened(database, delivered)


async def opened(database: Database, delivered: Bundle) -> Publishing:
    """A process that starts on this database with this program's dialog."""
    desk = Publishing(database, Bundles(database, delivered), lambda: NOW)
    await desk.begin(delivered)
    return desk


async def people(house: Kentongan, count: int) -> None:
    """So many talks, spread over every question of `lapor`."""
    bundle = house.core.bundles.live
    asking = [step for step in bundle.flows["lapor"].steps.values() if step.slot]

    def work(connection: Connection) -> None:
        for number, step in enumerate(islice(cycle(asking), count)):
            slots = {name: value for name, value in TOLD.items() if name != step.slot}
            stack = (Frame("lapor", step.id, asked=True),)
            who = (f"c{number}", "telegram", str(number), f"w{number}", "id", bundle.hash)
            talk = Conversation(*who, slots, stack, consent="2026-1", turn=5)
            contact = NewContact(talk.contact, "telegram", talk.address, "id")
            kept = Kept(talk.id, talk.contact, bundle.hash, talk, 1)
            conversations.begin(connection, contact, kept, NOW)

    await house.core.database.write(work)


async def talks(house: Kentongan) -> dict[str, Conversation]:
    found = await house.core.database.read(conversations.open_talks)
    assert all(kept.bundle == from_json(kept.state).bundle for kept in found)
    return {kept.id: from_json(kept.state) for kept in found}


async def test_two_hundred_reports_outlive_a_publish_and_the_count_was_right(house: Kentongan):
    await people(house, 200)
    before = await talks(house)
    new = Bundle.from_sources(WITHOUT_EVIDENCE)
    foretold = await house.publishing.impact(new)
    assert foretold.open == 200

    published = await house.publishing.publish(WITHOUT_EVIDENCE, BUDI)

    after = await talks(house)
    assert published.impact == foretold
    assert published.publication.impact == foretold.counts
    assert Counter(talk.bundle == new.hash for talk in after.values()) == {
        True: foretold.count("carried") + foretold.count("restarts"),
        False: foretold.count("stays"),
    }
    assert foretold.count("stays") == sum(talk.stack[-1].step == "bukti" for talk in before.values()) > 0
    assert {name: talk.slots for name, talk in after.items()} == {n: t.slots for n, t in before.items()}

    for talk in before.values():
        question = InboundMessage(
            "telegram", f"m{talk.id}", talk.address, NOW, "text", "berapa lama diproses?"
        )
        await house.intake.citizen(question)
    await house.turns.idle()

    later = await talks(house)
    assert later.keys() == before.keys(), "every report is still open"
    assert all(later[name].bundle == after[name].bundle for name in later)
    assert all(talk.slots[slot] for name, talk in later.items() for slot in before[name].slots)
    said = [one for n in range(200) for one in await house.core.database.glance(lambda c, n=n: spoken(c, n))]
    assert len(said) >= 200
    assert not [one for one in said if one.message.response in {"utter_galat", "utter_internal_error"}]
    waiting = await house.core.database.read(inbox.addresses_waiting)
    assert waiting == ()


def spoken(connection: Connection, number: int):
    return outbox.said_after(connection, "telegram", str(number), 0)


async def test_a_turn_in_hand_while_somebody_publishes_is_taken_again(house: Kentongan):
    await people(house, 20)
    messages = [
        InboundMessage("telegram", f"m{number}", str(number), NOW, "text", "berapa lama diproses?")
        for number in range(20)
    ]
    taking = [asyncio.create_task(house.intake.citizen(message)) for message in messages]
    await house.publishing.publish(WITHOUT_EVIDENCE, BUDI)
    await asyncio.gather(*taking)
    await house.turns.idle()
    assert len(await talks(house)) == 20
    assert await house.core.database.read(inbox.addresses_waiting) == ()


async def test_the_first_start_publishes_what_came_with_the_program(desk: Publishing, delivered: Bundle):
    (entry,) = await desk.history()
    assert (entry.kind, entry.author, entry.hash) == ("delivered", "program", delivered.hash)
    assert desk.live is delivered


async def test_a_program_update_brings_its_dialog_unless_an_admin_published(
    database: Database, delivered: Bundle
):
    await opened(database, delivered)
    update = Bundle.from_sources(noted("v2"))
    desk = await opened(database, update)
    assert desk.live.hash == update.hash

    await desk.publish(noted("milik Ani"), ANI)
    again = await opened(database, Bundle.from_sources(noted("v3")))
    await opened(database, Bundle.from_sources(noted("v3")))
    kinds = [one.kind for one in await again.history()]
    assert kinds == ["offered", "publish", "delivered", "delivered"], "told once"
    assert again.live.sources["faq.yml"].endswith("# milik Ani\n")


async def test_another_process_sees_a_publication(database: Database, delivered: Bundle):
    bundles = Bundles(database, delivered)
    server = Publishing(database, bundles, lambda: NOW)
    await server.begin(delivered)
    command = await opened(database, delivered)
    assert await bundles.refresh() == 0
    await command.publish(noted("baru"), ANI)
    assert server.live is delivered
    assert await bundles.refresh() == 1
    assert server.live.sources["faq.yml"].endswith("# baru\n")
    assert await bundles.refresh() == 0


async def test_a_dialog_with_faults_is_not_published(desk: Publishing, delivered: Bundle):
    broken = changed("flows/lapor.yml", ("next: tinjau", "next: nirwana"))
    with pytest.raises(FlowFaults, match="leads to `nirwana`"):
        await desk.publish(broken, ANI)
    assert len(await desk.history()) == 1
    assert desk.live is delivered


async def test_the_second_to_publish_on_an_old_base_is_told_by_whom(desk: Publishing, delivered: Bundle):
    await desk.publish(noted("punya Ani"), ANI, base=delivered.hash)
    with pytest.raises(OutdatedBaseError, match="Ani: sapaan lebih hangat") as caught:
        await desk.publish(noted("punya Budi"), BUDI, base=delivered.hash)
    assert [one.author for one in caught.value.since] == ["Ani"]
    assert desk.live.sources["faq.yml"].endswith("# punya Ani\n")


async def test_back_in_one_step_and_further_back_step_by_step(desk: Publishing, delivered: Bundle):
    for word in ("satu", "dua", "tiga"):
        await desk.publish(noted(word), ANI)
    back = await desk.rollback(Signed("Budi", "keliru"))
    assert (back.publication.kind, back.publication.author) == ("rollback", "Budi")
    assert desk.live.sources["faq.yml"].endswith("# dua\n")
    await desk.rollback(BUDI)
    assert desk.live.sources["faq.yml"].endswith("# satu\n")
    await desk.rollback(BUDI)
    assert desk.live.hash == delivered.hash
    with pytest.raises(UnknownBundleError):
        await desk.rollback(BUDI)
    assert [one.kind for one in await desk.history()][:3] == ["rollback"] * 3


async def test_back_to_one_by_the_head_of_its_hash(desk: Publishing, delivered: Bundle):
    await desk.publish(noted("satu"), ANI)
    await desk.rollback(BUDI, delivered.hash[:8])
    assert desk.live.hash == delivered.hash
    with pytest.raises(AlreadyLiveError):
        await desk.rollback(BUDI, delivered.hash[:8])
    for head in ("", "zzzzzz", delivered.hash[:2]):
        with pytest.raises(UnknownBundleError):
            await desk.named(head)


async def test_a_rollback_carries_back_those_who_were_carried(house: Kentongan):
    await people(house, 40)
    first = house.core.bundles.live
    await house.publishing.publish(WITHOUT_EVIDENCE, BUDI)
    back = await house.publishing.rollback(ANI)
    assert back.impact.counts == {"carried": 40, "restarts": 0, "stays": 0}
    assert {talk.bundle for talk in (await talks(house)).values()} == {first.hash}


async def test_what_is_published_outlives_a_restart(tmp_path: Path):
    settings = Settings(data_dir=tmp_path, _env_file=None)
    async with press_room(settings) as desk:
        await desk.publish(noted("tetap"), ANI)
    async with press_room(settings) as desk:
        assert desk.live.sources["faq.yml"].endswith("# tetap\n")
        assert [one.note for one in await desk.history()] == ["sapaan lebih hangat", ""]


async def test_a_kept_bundle_this_program_cannot_read_still_goes_on(database: Database, delivered: Bundle):
    sources = {**SOURCES, "flows/lama.yml": "flows:\n  lama:\n    kunci_lama: 1\n    steps: [{noop: true}]\n"}
    await database.write(lambda c: conversations.keep_bundle(c, "lama", sources, "Ani", NOW))
    found = await Bundles(database, delivered).pinned("lama")
    assert "lama" in found.flows
    assert await database.read(store.newest) == 0
