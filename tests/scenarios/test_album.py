"""Photos of one album that arrive apart, as they do after an outage, all belong to the report."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.sandbox.client import User
from dialogs.messages import InboundMessage
from storage.reports import media
from tests.scenarios.kit import CITIZENS, Town


async def at_the_photos(siti: User) -> None:
    await siti.send(CITIZENS, "lampu jalan depan pasar Godean mati udah seminggu, gelap bgt")
    for label in ("Setuju", "Betul"):
        await siti.wait_for(lambda m, label=label: label in m.labels)
        await siti.press(label)
    await siti.wait_for(lambda m: "Lewati" in m.labels)


async def test_a_photo_that_comes_when_the_review_is_already_shown(town: Town, photo):
    siti = await town.sandbox.user("Siti")
    await at_the_photos(siti)
    await siti.send_photos(CITIZENS, [photo(10)])
    await siti.wait_for(lambda m: "Kirim" in m.labels)
    await siti.send_photos(CITIZENS, [photo(20)])
    await siti.press("Kirim")
    await siti.wait_for(text="SLM-")
    (case,) = await town.cases()
    assert len(case.ticket.report.evidence) == 2


async def test_a_photo_that_comes_after_the_report_was_sent(town: Town, photo):
    siti = await town.sandbox.user("Siti")
    await at_the_photos(siti)
    await siti.send_photos(CITIZENS, [photo(10)])
    await siti.wait_for(lambda m: "Kirim" in m.labels)
    await siti.press("Kirim")
    receipt = await siti.wait_for(text="SLM-")
    await siti.send_photos(CITIZENS, [photo(20)])
    asked = await siti.wait_for(lambda m: "Ya, tambahkan" in m.labels)
    assert asked.text.split("laporan ")[1].rstrip("?") in receipt.text


async def test_a_photo_of_the_album_that_comes_after_the_report_was_sent_is_evidence_too(town: Town, photo):
    siti, joko = await town.sandbox.user("Siti"), await town.sandbox.user("Joko")
    rina = await town.operator("Rina", "dishub")
    await at_the_photos(siti)
    first, _ = await siti.send_photos(CITIZENS, [photo(10), photo(20)])
    await siti.wait_for(lambda m: "Kirim" in m.labels)
    await siti.press("Kirim")
    receipt = await siti.wait_for(text="SLM-")
    await joko.send_photos(CITIZENS, [photo(30)])
    await joko.wait_for(lambda m: "Setuju" in m.labels)
    await town.house.intake.citizen(await the_rest(town, siti, first["media_group_id"]))
    told = await siti.wait_for(text="Saya tambahkan ke laporan")
    await town.house.settle()
    (case,) = await town.cases()
    number = case.ticket.number
    assert number in told.text
    assert number in receipt.text
    files = await town.house.core.database.read(lambda c: media.files_of(c, number))
    assert [(one.role, one.state) for one in files] == [("evidence", "kept")] * 3
    assert set(case.ticket.report.evidence) == {one.id for one in files}
    await rina.wait_for(text="1 foto")


async def the_rest(town: Town, who: User, group: str) -> InboundMessage:
    """A photo of somebody's album, which the line brought long after the others."""
    now = datetime.now(UTC)
    (free,) = await town.house.core.database.read(lambda c: media.unclaimed(c, now, 1))
    files = (free.attachment,)
    return InboundMessage("telegram", "999999", str(who.id), now, "media", attachments=files, group=group)


async def test_photos_that_a_broken_line_brings_after_the_report_they_were_sent_before_are_its_evidence(
    town: Town, photo
):
    siti, joko = await town.sandbox.user("Siti"), await town.sandbox.user("Joko")
    await at_the_photos(siti)
    sent_at = town.house.core.clock() - timedelta(seconds=2)
    await siti.press("Lewati")
    await siti.wait_for(lambda m: "Kirim" in m.labels)
    await siti.press("Kirim")
    receipt = await siti.wait_for(text="SLM-")
    await joko.send_photos(CITIZENS, [photo(30)])
    await joko.wait_for(lambda m: "Setuju" in m.labels)
    await town.house.intake.citizen(replace(await the_rest(town, siti, "album-1"), sent_at=sent_at))
    told = await siti.wait_for(text="Saya tambahkan ke laporan")
    await town.house.settle()
    (case,) = await town.cases()
    assert case.ticket.number in told.text
    assert case.ticket.number in receipt.text
    assert len(case.ticket.report.evidence) == 1
