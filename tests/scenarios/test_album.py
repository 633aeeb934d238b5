"""Photos of one album that arrive apart, as they do after an outage, all belong to the report."""

from bot.sandbox.client import User
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
