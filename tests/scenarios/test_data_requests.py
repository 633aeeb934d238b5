"""A right asked for in chat: kept with its time, the desk told and reminded of it once, then done."""

from datetime import timedelta

from storage import conversations, requests
from tests.scenarios.kit import CITIZENS, Town


async def _ask(town: Town, name: str, *buttons: str):
    user = await town.sandbox.user(name)
    await user.send(CITIZENS, "/datasaya")
    for button in buttons:
        seen = await user.wait_for(lambda m, b=button: b in m.labels, timeout=20)
        await user.press(button, seen)
    await user.wait_for(lambda m: "24 jam" in m.text, timeout=20)
    await town.house.settle()
    return await town.house.core.database.read(
        lambda c: conversations.contact_at(c, "telegram", str(user.id))
    )


async def _open(town: Town):
    return await town.house.core.database.read(requests.still_open)


async def test_a_request_has_a_time_the_desk_is_reminded_of_once(town: Town):
    dian = await town.operator("Dian", "koordinator", "koordinator")
    contact = await _ask(town, "Siti", "Minta salinan")
    told = await dian.wait_for(text="hak data (export)")
    assert f"people export {contact}" in told.text
    (one,) = await _open(town)
    assert (one.contact, one.right) == (contact, "export")
    assert one.due_at - one.asked_at == timedelta(hours=72)
    await _remind(town)
    now = town.house.core.clock()
    assert await town.house.core.database.read(lambda c: requests.to_remind(c, one.due_at)) == (one,)
    await town.house.rights.answered(contact, "export")
    assert await _open(town) == ()
    await town.house.core.database.write(
        lambda c: requests.ask(c, contact, "export", now, now + timedelta(hours=23))
    )
    await _remind(town)
    assert contact in (await dian.wait_for(text="harus selesai sebelum")).text
    assert await town.house.core.database.read(lambda c: requests.to_remind(c, one.due_at)) == ()


async def _remind(town: Town) -> None:
    await town.house.requests.run_once()
    await town.house.settle()


async def test_an_erasure_asked_for_in_chat_is_done_when_it_is_carried_out(town: Town):
    contact = await _ask(town, "Budi", "Hapus data saya", "Ya, hapus")
    assert [(one.contact, one.right) for one in await _open(town)] == [(contact, "delete")]
    assert (await town.house.rights.erase(contact)).complete
    assert await _open(town) == ()
