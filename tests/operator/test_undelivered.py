"""A question that never reaches the citizen: reported at once, and ended by a person with a reason."""

from datetime import timedelta

import pytest

from bot.channels.base import SendError
from bot.services.catching_up import told_at_once
from bot.services.reports.ticketing import AT_THE_END, Act
from bot.services.ticks import Deadlines
from tests.operator.conftest import BOT, NUMBER
from tickets.ticket import Actor, Command

BLOCKED = SendError("blocked", "Forbidden: bot was blocked by the user", retryable=False)
COORDINATOR = Actor("operator", "0", "koordinator", "koordinator")
CLOSE = Command("close", COORDINATOR, text="Lampu menyala.", proof=("m",))


async def closed_unheard(house, origin=""):
    """A ticket called done, whose reporter has blocked us."""
    await house.open()
    await house.settled()
    house.citizens.trouble = BLOCKED
    await house.ticketing.act(NUMBER, Act(CLOSE, origin=origin))
    await house.settled()
    return await house.ticket()


async def test_it_is_told_at_once_and_a_supervisor_ends_it_in_time(house, joined):
    dian = await joined("Dian", "koordinator", "koordinator")
    rina = await joined()
    ticket = await closed_unheard(house, origin=f"{rina.id}/1")
    await rina.wait_for("belum sampai ke warga")
    assert (ticket.status, ticket.due_kind) == ("MENUNGGU_KONFIRMASI", "unreached")
    card = await rina.wait_for(lambda m: NUMBER in m.text and "belum sampai" in m.text)
    assert "Tutup tanpa konfirmasi" not in card.labels

    deadlines = Deadlines(house.core, house.deliveries)
    assert await deadlines.run_once() == 0
    house.clock.leap = timedelta(days=30)
    await deadlines.run_once()
    assert (await house.ticket()).status == "MENUNGGU_KONFIRMASI", (
        "silence we caused ourselves closes nothing"
    )
    assert NUMBER in (await dian.wait_for("tidak pernah sampai")).text
    assert await deadlines.run_once() == 0

    await dian.send(BOT, "/pantau")
    view = await dian.wait_for("Semua meja")
    assert "📭 Tak terjangkau 1" in view.labels
    assert not any("Lewat tenggat" in label for label in view.labels)
    await dian.press("📭 Tak terjangkau 1", view)
    listed = await dian.wait_for(lambda m: any(NUMBER in label for label in m.labels))
    await dian.press(next(label for label in listed.labels if NUMBER in label), listed)
    card = await dian.wait_for(lambda m: "Tutup tanpa konfirmasi" in m.labels)
    await dian.press("Tutup tanpa konfirmasi", card)
    prompt = await dian.wait_for("tanpa kata warga")
    await dian.reply(prompt, "Dicek sendiri di lokasi, lampu menyala.")
    await dian.wait_for(lambda m: NUMBER in m.text and "Selesai" in m.text)
    ticket = await house.ticket()
    assert (ticket.status, ticket.rating) == ("SELESAI", None)
    assert (await house.history())[-1] == ("close_unheard", "Dicek sendiri di lokasi, lampu menyala.")


async def test_nobody_ends_it_before_its_time_and_no_liaison_ever(house, joined):
    await closed_unheard(house)
    coordinator, liaison = COORDINATOR, Actor("operator", "9", "dishub", "penghubung")
    allowed = house.core.desk.allowed
    ticket = await house.ticket()
    assert "close_unheard" not in allowed(ticket, coordinator, house.clock())
    later = house.clock() + timedelta(days=30)
    assert "close_unheard" in allowed(ticket, coordinator, later)
    assert "close_unheard" not in allowed(ticket, liaison, later)


async def test_once_it_has_arrived_the_usual_ten_days_run(house, joined):
    await house.open()
    await house.settled()
    await house.ticketing.act(NUMBER, Act(CLOSE))
    await house.settled()
    ticket = await house.ticket()
    assert ticket.due_kind == "auto_close"
    assert "close_unheard" not in house.core.desk.allowed(
        ticket, COORDINATOR, ticket.due_at + timedelta(days=1)
    )


async def test_who_comes_back_is_asked_again(house, joined):
    await closed_unheard(house)
    house.citizens.trouble = None
    await house.bot._intake.present("telegram", "77")
    await house.settled()
    assert "sudah beres?" in house.citizens.texts[-1]
    assert (await house.ticket()).due_kind == "auto_close"


@pytest.mark.parametrize("action", ["remind", "due", "escalate", *AT_THE_END.values()])
async def test_many_at_once_have_their_words(house, joined, action):
    await joined("Dian", "koordinator", "koordinator")
    await joined()

    def look(connection):
        return told_at_once(connection, house.core, ("dishub", action), ["A", "B"])

    told = await house.core.database.read(look)
    assert told
    assert all("A, B" in one.message.text for one in told)
