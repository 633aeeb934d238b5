"""A button pressed twice, or its update handed over once more: told what is, and nothing done twice."""

import pytest

from bot.services.reports.ticketing import Act
from storage.reports import cases
from tests.scenarios.kit import CITIZENS, NUMBER
from tickets.ticket import Actor, Command


@pytest.fixture
async def filed(town):
    """A citizen with a report that was just sent off, the summary with its buttons, and its number."""
    siti = await town.sandbox.user("Siti")
    await siti.send(CITIZENS, "lampu jalan depan Pasar Godean mati udah seminggu, gelap bgt")
    for wanted in ("Setuju", "Betul", "Lewati"):
        await siti.press(wanted, await siti.wait_for(lambda m, w=wanted: w in m.labels))
    summary = await siti.wait_for(lambda m: "Kirim" in m.labels)
    await siti.press("Kirim", summary)
    receipt = await siti.wait_for(text="Diterima")
    return siti, summary, NUMBER.search(receipt.text)[0]


async def test_the_same_press_under_another_update_id_is_told_the_number(town, filed):
    siti, summary, number = filed
    await town.sandbox.push_update(
        CITIZENS,
        {
            "callback_query": {
                "id": "4711",
                "from": {"id": siti.id, "is_bot": False, "first_name": "Siti"},
                "message": dict(summary),
                "chat_instance": "1",
                "data": "/SetSlots(tinjau=ya)",
            }
        },
        duplicate=2,
    )
    assert number in (await siti.wait_for("sudah sampai")).text
    await town.house.settle()
    assert len([one for one in siti.messages if "sudah sampai" in one.text]) == 1
    assert len(await town.cases()) == 1


async def test_a_second_verdict_and_a_second_rating_change_nothing_and_promise_nothing(town, filed):
    siti, _, number = filed
    rina = await town.operator("Rina", "dishub")
    closing = Command(
        "close", Actor("operator", str(rina.id), "dishub", "penghubung"), text="Sudah diganti", proof=("m",)
    )
    await town.house.ticketing.act(number, Act(closing))
    question = await siti.wait_for(lambda m: "Belum" in m.labels)
    await siti.press("Sudah", question)
    stars = await siti.wait_for(lambda m: any("5" in label for label in m.labels))
    await siti.press("Sudah", question)
    assert "sudah tercatat selesai" in (await siti.wait_for(number)).text
    await siti.press("5 ⭐", stars)
    await siti.wait_for("Nilai 5")
    await siti.press("1 ⭐", stars)
    assert "sudah Anda nilai" in (await siti.wait_for(number)).text
    history = await town.house.core.database.read(lambda c: cases.history(c, number))
    assert [one.action for one in history if one.action in {"confirm", "rate"}] == ["confirm", "rate"]
    assert not [one for one in siti.messages if "belum bisa dilakukan" in one.text]
