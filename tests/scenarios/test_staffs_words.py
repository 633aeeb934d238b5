"""Which of the staff's words citizens read: what explains a refusal; no note among colleagues."""

from tests.scenarios.kit import OPERATORS, Town, file_report


async def asked(person, label: str, choice: str, number: str):
    """Press a card's button and then a choice; what is to be answered with words."""
    await person.send(OPERATORS, f"/tiket {number}")
    card = await person.wait_for(lambda m: label in m.labels)
    await person.press(label, card)
    choices = await person.wait_for(lambda m: any(choice in one for one in m.labels))
    await person.press(choice, choices)
    return await person.wait_for("Balas pesan ini")


async def test_a_reason_among_colleagues_stays_there_and_what_explains_a_refusal_arrives(town: Town, photo):
    dian = await town.operator("Dian", "koordinator", "koordinator")
    andi = await town.operator("Andi", "dishub")
    siti = await town.sandbox.user("Siti")
    number = await file_report(siti, photo)

    prompt = await asked(andi, "Teruskan", "BPBD", number)
    assert "warga tidak membacanya" in prompt.text
    await andi.reply(prompt, "lempar saja ke sana, orangnya cerewet")
    assert "diteruskan ke BPBD" in (await siti.wait_for(text="diteruskan ke")).text

    prompt = await asked(dian, "Tolak", "sudah selesai", number)
    await dian.reply(prompt, "Lampunya menyala lagi sejak kemarin malam.")
    refused = (await siti.wait_for(text="tidak bisa diteruskan")).text
    assert "Penjelasan petugas: Lampunya menyala lagi sejak kemarin malam." in refused
    assert not [one for one in siti.messages if "cerewet" in one.text]
