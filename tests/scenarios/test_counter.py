"""An operator files for somebody at the counter or on the telephone: the same talk, a person of their own."""

from tests.scenarios.kit import NUMBER, OPERATORS, onward

PHONE = "0812 7777 8888"


async def served(clerk, way, story):
    """From /loket to the receipt; the number."""
    await clerk.send(OPERATORS, f"/{way}")
    await clerk.wait_for(text="melayani seorang warga")
    await clerk.send(OPERATORS, story)
    asked = await clerk.wait_for(lambda m: "Setuju" in m.labels)
    assert "Bacakan kepada warga" in asked.text
    message = asked
    for _ in range(10):
        await clerk.press(onward(message.labels), message)
        message = await clerk.wait_for(lambda m: bool(m.labels) or "SLM-" in m.text)
        if "Diterima" in message.text:
            break
    number = NUMBER.search(message.text)[0]
    await clerk.send(OPERATORS, f"/telp {PHONE}")
    await clerk.wait_for(text="Nomornya dicatat")
    await clerk.send(OPERATORS, "/selesai")
    await clerk.wait_for(text="Selesai melayani")
    return number


async def test_filed_at_the_counter_answered_and_passed_on(town):
    clerk = await town.operator("Tutik", "koordinator", "koordinator")
    rina = await town.operator("Rina", "dishub")
    number = await served(clerk, "loket", "lampu jalan depan pasar Godean mati udah seminggu, gelap bgt")

    case = await town.case(number)
    assert (case.ticket.agency, case.ticket.report.source, case.home.channel) == ("dishub", "loket", "loket")
    card = await rina.wait_for(lambda m: number in m.text and m.labels)
    assert "Disampaikan di loket" in card.text
    await rina.reply(card, "Besok pagi petugas kami ke lokasi.")
    told = await clerk.wait_for(text="Sampaikan kepada pelapor")
    assert PHONE in told.text
    assert "Besok pagi petugas kami ke lokasi" in told.text
    await town.house.settle()
    await rina.refresh()
    said = " ".join(message.text for message in rina.messages)
    assert PHONE not in said
    assert "Tutik" not in said
    assert not any("belum sampai" in message.text for message in rina.messages)


async def test_two_people_at_the_counter_have_nothing_to_do_with_each_other_or_with_the_clerk(town):
    clerk = await town.operator("Tutik", "koordinator", "koordinator")
    first = await served(clerk, "loket", "lampu jalan depan pasar Godean mati udah seminggu, gelap bgt")
    second = await served(
        clerk, "telepon", "sampah menumpuk di Condongcatur tidak diangkut sejak minggu lalu"
    )
    one, other = await town.case(first), await town.case(second)
    assert one.home.contact != other.home.contact
    assert str(clerk.id) not in {one.home.contact, one.home.address, other.home.contact, other.home.address}
    assert (other.ticket.report.source, one.ticket.report.source) == ("telepon", "loket")


async def test_only_those_who_serve_may_file_for_others(town):
    boss = await town.operator("Bu Kepala", "dishub", "pimpinan")
    await boss.send(OPERATORS, "/loket")
    await boss.wait_for(text="hanya di percakapan pribadi")
    await boss.send(OPERATORS, "/selesai")
    await boss.wait_for(text="Tidak ada warga")
