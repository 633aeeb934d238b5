"""A matter of another body is passed on, and the coordinator keeps asking after it."""

from tests.scenarios.kit import CITIZENS, Town


async def test_a_power_cut_goes_to_the_electricity_company_and_stays_with_the_coordinator(town: Town):
    wati = await town.operator("Wati", "koordinator", "koordinator")
    budi = await town.sandbox.user("Budi")
    await budi.send(CITIZENS, "listrik PLN di rumah saya di Sinduadi padam sejak tadi malam")
    for label in ("Setuju", "Betul", "Lewati", "Kirim"):
        await budi.wait_for(lambda m, label=label: label in m.labels)
        await budi.press(label)
    await budi.wait_for(text="SLM-")

    (case,) = await town.cases()
    assert (case.ticket.agency, case.ticket.status) == ("pln", "DITERUSKAN")
    card = await wati.wait_for(lambda m: case.ticket.number in m.text and bool(m.labels))
    assert "PLN" in card.text
