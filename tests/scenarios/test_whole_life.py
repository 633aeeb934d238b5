"""A ticket from the first message to the rating, through both real bots over HTTP."""

from tests.scenarios.kit import CITIZENS, OPERATORS, Town, file_report


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
