"""Who sees and may do what: strangers, other agencies, those who have left, coordinators, WBS handlers."""

import pytest

NUMBER = "SLM-26-7XW2T"
BOT = "petugas_bot"
SECRETS = ("godean", NUMBER.lower(), "dishub")


def tells_nothing(text: str) -> bool:
    return not any(secret in text.lower() for secret in SECRETS)


@pytest.mark.parametrize(
    "said", ["/start", "/antrian", "/cari lampu", f"/tiket {NUMBER}", "/statistik", "/saya", "halo", NUMBER]
)
async def test_a_stranger_learns_what_this_is_and_nothing_else(house, sandbox, said):
    await house.open()
    budi = await sandbox.user("Budi")
    await budi.start(BOT)
    await budi.wait_for("mintalah tautan undangan")
    await budi.send(BOT, said)
    answer = await budi.wait_for("mintalah tautan undangan")
    assert tells_nothing(answer.text)


async def test_a_strangers_press_is_refused_whatever_it_says(house, sandbox, joined):
    rina = await joined()
    await house.open()
    card = await rina.wait_for(NUMBER)
    group = await sandbox.group("Meja", owner=rina)
    await group.add(BOT, admin=True)
    await rina.send(group, "/pasang dishub")
    shown = await rina.wait_for(lambda m: NUMBER in m.text and m.id != card.id)
    budi = await sandbox.user("Budi")
    await group.add(budi)
    await budi.refresh()
    query = await budi.act("press", room=str(group.id), message_id=shown.id, data=f"a:claim:{NUMBER}")
    assert (await budi.wait_for_answer(query))[
        "text"
    ] == "Hanya petugas yang terdaftar yang bisa melakukan ini."
    await budi.act("send", room=str(group.id), text="saya jawab ya", reply_to=shown.id)
    await budi.wait_for("Hanya petugas yang terdaftar")
    assert (await house.ticket()).claimed_by == ""
    assert [action for action, _ in await house.history()].count("reply") == 0


async def test_another_agency_cannot_find_open_or_answer_a_ticket(house, joined):
    await joined()
    agus = await joined("Agus", "dlh")
    await house.open()
    await agus.send(BOT, f"/tiket {NUMBER}")
    await agus.wait_for("tidak ada di antara laporan dinas Anda")
    await agus.send(BOT, "/cari godean")
    await agus.wait_for("Tidak ada laporan")
    await agus.send(BOT, "/antrian")
    await agus.wait_for("Tidak ada laporan yang menunggu")


async def test_revocation_holds_at_once_and_empties_the_card(house, joined):
    rina = await joined()
    await house.open()
    card = await rina.wait_for(NUMBER)
    await house.settled()
    await house.roster.revoke(str(rina.id))
    emptied = await rina.wait_for(lambda m: m.id == card.id and "akses" in m.text)
    assert emptied.text == f"{NUMBER}: akses Anda sudah berakhir."
    assert emptied.buttons == []
    await rina.reply(card, "Besok dicek.")
    await rina.wait_for("Hanya petugas")
    assert [action for action, _ in await house.history()].count("reply") == 0

    await house.citizen("message", text="rahasia saya")
    await house.settled()
    await rina.refresh()
    assert not any("rahasia saya" in message.text for message in rina.messages)


async def test_a_coordinator_opens_every_agencys_tickets_but_not_confidential_ones(house, joined):
    dian = await joined("Dian", "koordinator", "koordinator")
    await house.open()
    await dian.send(BOT, "/antrian")
    listed = await dian.wait_for("1 laporan terbuka")
    await dian.press(NUMBER, listed)
    await dian.wait_for("Sidoagung")
    await house.citizen("make_confidential")
    await dian.send(BOT, "/antrian")
    await dian.wait_for("Tidak ada laporan yang menunggu")


async def test_a_whistle_blowers_report_is_read_by_its_handler_alone(house, joined, sandbox):
    wati = await joined("Wati", "inspektorat", "wbs")
    agus = await joined("Agus", "inspektorat", "penghubung")
    group = await sandbox.group("Inspektorat", owner=agus)
    await house.open(classification="wbs", narrative="pungli di loket KIR dishub")
    card = await wati.wait_for(lambda m: "pungli" in m.text and m.buttons)
    assert "WBS" in card.text
    await group.add(BOT, admin=True)
    await agus.send(group, "/pasang inspektorat")
    hint = await agus.wait_for("laporan WBS")
    assert "pungli" not in hint.text
    await agus.send(BOT, f"/tiket {NUMBER}")
    await agus.wait_for("tidak ada di antara")
    await house.citizen("message", text="ini buktinya: kuitansi")
    await house.settled()
    await agus.refresh()
    assert not any("pungli" in m.text or "kuitansi" in m.text for m in agus.messages)
    await wati.send(BOT, f"/tiket {NUMBER}")
    await wati.wait_for(lambda m: "pungli" in m.text and m.buttons)


async def test_only_staff_of_the_agency_or_a_coordinator_set_up_a_desk(house, joined, sandbox):
    agus = await joined("Agus", "dlh")
    group = await sandbox.group("Meja", owner=agus)
    await group.add(BOT, admin=True)
    await agus.send(group, "/pasang dishub")
    await agus.wait_for("Hanya petugas dinas itu")
    await agus.send(group, "/pasang entah")
    await agus.wait_for("Tulis kode dinasnya")
    await agus.send(BOT, "/pasang dlh")
    await agus.wait_for("di dalam grup")
    assert await house.roster.group(str(group.id)) is None


async def test_a_group_shows_its_own_agencys_tickets_whoever_asks(house, joined, sandbox):
    """A coordinator sees all, but what they ask for in a group is read by the whole group."""
    dian = await joined("Dian", "koordinator", "koordinator")
    group = await sandbox.group("Meja DLH", owner=dian)
    await group.add(BOT, admin=True)
    await dian.send(group, "/pasang dlh")
    await dian.wait_for("sekarang meja DLH")
    await house.open()
    await dian.send(group, "/antrian")
    await dian.wait_for("Tidak ada laporan yang menunggu")
    await dian.send(group, f"/tiket {NUMBER}")
    await dian.wait_for("tidak ada di antara")
