"""A ticket from the first message to the rating, through both real bots over HTTP."""

import re

from bot.sandbox.client import User
from tests.scenarios.kit import CITIZENS, OPERATORS, Town

NUMBER = re.compile(r"SLM-\d\d-[0-9A-Z]{5}")


async def file_report(siti: User, photo) -> str:
    await siti.send(CITIZENS, "lampu jalan depan pasar Godean mati udah seminggu, gelap bgt")
    await siti.wait_for(lambda m: "Setuju" in m.labels)
    await siti.press("Setuju")
    noted = await siti.wait_for(text="Betul")
    assert "Sidoagung" in noted.text
    await siti.press("Betul")
    await siti.wait_for(lambda m: "Lewati" in m.labels)
    await siti.send_photos(CITIZENS, [photo(10), photo(20), photo(30)])
    review = await siti.wait_for(lambda m: "Kirim" in m.labels)
    assert "3" in review.text
    await siti.press("Kirim")
    receipt = await siti.wait_for(text="SLM-")
    found = NUMBER.search(receipt.text)
    assert found
    return found[0]


async def test_from_the_first_message_to_the_rating(town: Town, photo):
    rina = await town.operator("Rina", "dishub")
    siti = await town.sandbox.user("Siti")

    number = await file_report(siti, photo)

    case = await town.case(number)
    assert (case.ticket.agency, case.ticket.status) == ("dishub", "DISPOSISI")
    assert len(case.ticket.report.evidence) == 3

    card = await rina.wait_for(lambda m: number in m.text and "Ambil" in " ".join(m.labels))
    assert "Siti" not in card.text
    await rina.press("Ambil", card)
    await siti.wait_for(text="dikerjakan")

    answer = await rina.reply(card, "Besok pagi petugas kami ke lokasi, terima kasih laporannya.")
    told = await siti.wait_for(text="Besok pagi petugas kami ke lokasi")
    assert "Rina" not in told.text
    assert answer

    await siti.reply(told, "Tolong sebelum maghrib ya pak")
    await rina.wait_for(text="sebelum maghrib")

    await rina.press("Selesai", card)
    prompt = await rina.wait_for(lambda m: number in m.text and "foto" in m.text.lower())
    await rina.reply(prompt, "Lampu sudah diganti dan menyala.", photo=photo(77))
    asked = await siti.wait_for(lambda m: "Sudah" in m.labels)
    assert "Lampu sudah diganti" in asked.text
    await siti.press("Belum", asked)
    await siti.wait_for()
    await siti.send(CITIZENS, "masih mati yang sebelah timur")
    await rina.wait_for(text="masih mati yang sebelah timur")

    await town.house.settle()
    await rina.press("Selesai", card)
    prompt = await rina.wait_for(lambda m: number in m.text and "foto" in m.text.lower())
    await rina.reply(prompt, "Yang timur juga sudah menyala.", photo=photo(99))
    asked = await siti.wait_for(lambda m: "Sudah" in m.labels)
    await siti.press("Sudah", asked)
    await siti.wait_for(lambda m: "5 ⭐" in m.labels)
    await siti.press("5 ⭐")
    await siti.wait_for()
    await town.house.settle()

    ticket = (await town.case(number)).ticket
    assert (ticket.status, ticket.rating) == ("SELESAI", 5)
    assert await town.sandbox.ignored_parameters() == {}
    assert OPERATORS
