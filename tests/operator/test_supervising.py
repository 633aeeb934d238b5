"""Who looks at all desks or leads one: what they see, and that they change nothing."""

from datetime import timedelta

from bot.services.reports.ticketing import Act
from tests.operator.conftest import BOT, NUMBER
from tickets.ticket import Actor, Command

OTHER = "SLM-26-8Q3RW"


async def test_a_supervisor_sees_all_desks_and_reads_without_touching(house, joined):
    boss = await joined("Bu Sekda", "koordinator", "pimpinan")
    rina = await joined()
    await house.open()
    await house.open("SLM-26-8Q3RW", classification="wbs", narrative="pungli di loket")
    await boss.send(BOT, "/pantau")
    view = await boss.wait_for("Semua meja: 1 terbuka")
    assert "Dishub: 1" in view.text
    assert "Inspektorat" not in view.text
    await boss.press("Dishub (1)", view)
    listed = await boss.wait_for("Terbuka 1")
    await boss.press(NUMBER, listed)
    card = await boss.wait_for("Sidoagung")
    assert set(card.labels) <= {"Naikkan"}
    await rina.send(BOT, "/pantau")
    await rina.wait_for("untuk koordinator, admin, dan pimpinan")


async def test_a_supervisor_finds_what_is_late(house, joined):
    dian = await joined("Dian", "koordinator", "koordinator")
    await house.open()
    house.clock.leap = timedelta(days=40)
    await dian.send(BOT, "/pantau")
    view = await dian.wait_for("1 lewat tenggat")
    await dian.press("🔴 Lewat tenggat 1", view)
    await dian.wait_for(lambda m: NUMBER in " ".join(m.labels))


async def test_a_supervisor_finds_who_is_unhappy(house, joined):
    dian = await joined("Dian", "koordinator", "koordinator")
    close = Command(
        "close", Actor("operator", "9", "koordinator", "koordinator"), text="Beres.", proof=("m",)
    )
    for number in (NUMBER, OTHER):
        await house.open(number)
        await house.ticketing.act(number, Act(close))
        await house.citizen("confirm", number)
    await house.citizen("rate", value=1)
    await house.citizen("rate", OTHER, value=5)
    await dian.send(BOT, "/pantau")
    view = await dian.wait_for("Semua meja")
    poor = next(label for label in view.labels if label.startswith("⭐"))
    assert poor.endswith("1")
    await dian.press(poor, view)
    listed = await dian.wait_for(lambda m: NUMBER in " ".join(m.labels))
    assert OTHER not in " ".join(listed.labels)
    await house.citizen("appeal", reason="belum menyala")
    await dian.send(BOT, "/pantau")
    view = await dian.wait_for("Semua meja")
    appealed = next(label for label in view.labels if label.startswith("⚖"))
    await dian.press(appealed, view)
    listed = await dian.wait_for(lambda m: NUMBER in " ".join(m.labels))
    assert OTHER not in " ".join(listed.labels)


async def test_a_leader_of_one_agency_sees_that_one(house, joined):
    boss = await joined("Kepala DLH", "dlh", "pimpinan")
    await house.open()
    await boss.send(BOT, "/pantau")
    view = await boss.wait_for("🔭 DLH")
    assert "Dishub" not in view.text
    await boss.send(BOT, f"/tiket {NUMBER}")
    await boss.wait_for("tidak ada di antara")


async def test_the_queue_goes_on_page_by_page(house, joined):
    rina = await joined()
    for one in "23456789ABCDE":
        await house.open(f"SLM-26-7XW2{one}")
    await house.settled()
    await rina.send(BOT, "/antrian")
    first = await rina.wait_for("13 laporan terbuka")
    assert "dan 3 lagi: /antrian 2" in first.text
    await rina.send(BOT, "/antrian 2")
    second = await rina.wait_for(lambda m: "13 laporan terbuka" in m.text and "/antrian" not in m.text)
    assert second.labels[-1] == "◀"
    assert len(second.labels) == 4
    await rina.press("◀", second)
    await rina.wait_for(lambda m: "/antrian 2" in m.text)
    await rina.send(BOT, "/antrian 9")  # beyond the end stands the last page, not good news
    last = await rina.wait_for("13 laporan terbuka")
    assert len(last.labels) == 4


async def test_a_leader_looks_at_every_desk_and_is_sent_no_cards_beside_those_who_work(house, joined):
    sekda, head = (
        await joined("Bu Sekda", "koordinator", "pimpinan"),
        await joined("Pak Kadis", "dishub", "pimpinan"),
    )
    rina = await joined("Rina")
    await house.open()
    await rina.wait_for(lambda m: NUMBER in m.text and "Ambil" in m.labels)
    await house.settled()
    await head.refresh()
    assert not any(NUMBER in m.text for m in head.messages)
    for leader in (sekda, head):
        await leader.send(BOT, "/antrian")
        await leader.wait_for("1 laporan terbuka")
