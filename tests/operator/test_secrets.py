"""Who reported stays with whoever may know it; every look at it leaves a trace."""

import pytest

from tests.operator.conftest import BOT, NUMBER


async def forge(sandbox, person, message, data):
    """A press that no button offers: what somebody might send with tools of their own."""
    who = {"id": person.id, "is_bot": False, "first_name": person.name}
    query = {"id": "1", "from": who, "chat_instance": "1", "data": data, "message": dict(message)}
    await sandbox.push_update(BOT, {"callback_query": query})


async def test_a_handler_sees_the_reporter_after_saying_why_and_the_data_officer_hears_of_it(house, joined):
    wati = await joined("Wati", "inspektorat", "wbs")
    dewi = await joined("Dewi", "koordinator", "pengawas")
    await house.open(classification="wbs", narrative="pungli di loket KIR dishub")
    card = await wati.wait_for(lambda m: "pungli" in m.text and m.buttons)
    await wati.press("Lihat pelapor", card)
    await wati.reply(await wati.wait_for("untuk keperluan apa"), "perlindungan saksi")
    shown = await wati.wait_for("Pelapor SLM-26-7XW2T")
    assert "alamat 77" in shown.text
    assert shown["has_protected_content"] is True
    told = await dewi.wait_for("melihat siapa pelapor")
    assert "Wati" in told.text
    assert "perlindungan saksi" in told.text
    await dewi.send(BOT, "/akses")
    listed = await dewi.wait_for("Yang terakhir melihat")
    assert "melihat pelapor: perlindungan saksi" in listed.text
    assert ("reveal", "") in await house.history()


async def test_an_anonymous_reporter_is_shown_to_nobody(house, joined, sandbox):
    wati = await joined("Wati", "inspektorat", "wbs")
    await house.open(classification="wbs", narrative="pungli di loket", anonymous=True)
    card = await wati.wait_for(lambda m: "pungli" in m.text and m.buttons)
    assert "Lihat pelapor" not in card.labels
    await forge(sandbox, wati, card, f"a:reveal:{NUMBER}")
    await forge(sandbox, wati, card, f"r:reveal:{NUMBER}:x")
    await wati.send(BOT, "/saya")
    await wati.wait_for("petugas WBS")
    await house.settled()
    assert not any("alamat 77" in message.text for message in wati.messages)
    assert ("reveal", "") not in await house.history()


@pytest.mark.parametrize(
    ("agency", "role"),
    [("inspektorat", "penghubung"), ("koordinator", "koordinator"), ("koordinator", "admin"),
     ("koordinator", "pimpinan"), ("koordinator", "pengawas"), ("dishub", "penghubung")],
)  # fmt: skip
async def test_nobody_else_gets_at_a_whistle_blower(house, joined, sandbox, agency, role):
    await joined("Wati", "inspektorat", "wbs")
    other = await joined("Orang", agency, role)
    await house.open(classification="wbs", narrative="pungli di loket KIR")
    await house.settled()
    for said in (f"/tiket {NUMBER}", "/cari pungli", "/antrian", "/pantau", "/akses"):
        await other.send(BOT, said)
        await other.wait_for()
    hello = next(message for message in other.messages if message["from"]["id"] != other.id)
    for data in (f"a:reveal:{NUMBER}", f"o::{NUMBER}", f"x:ready:{NUMBER}", "w:open:inspektorat"):
        await forge(sandbox, other, hello, data)
    await other.send(BOT, "/saya")
    await other.wait_for()
    await house.settled()
    await other.refresh()
    said = [message.text for message in other.messages if message["from"]["id"] != other.id]
    assert not any("KIR" in text or "alamat 77" in text for text in said)
    assert ("reveal", "") not in await house.history()


async def test_opening_a_confidential_card_is_noted_an_open_one_is_not(house, joined):
    rina = await joined()
    await house.open()
    await rina.wait_for(NUMBER)
    await rina.send(BOT, f"/tiket {NUMBER}")
    card = await rina.wait_for("Sidoagung")
    assert await house.office.oversight.looks(5) == ()
    await house.citizen("make_confidential")
    await rina.send(BOT, f"/tiket {NUMBER}")
    await rina.wait_for(lambda m: "RAHASIA" in m.text and m.id != card.id)
    await house.settled()
    (look,) = await house.office.oversight.looks(5)
    assert (look.name, look.what, look.number) == ("Rina", "card", NUMBER)


async def test_the_record_is_for_the_data_officer_alone(house, joined):
    rina = await joined()
    await rina.send(BOT, "/akses")
    await rina.wait_for("hanya untuk pengawas data")
