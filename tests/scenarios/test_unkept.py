"""A message that cannot even be kept for a reason nobody foresaw: told to its writer, and nobody waits."""

import pytest

from bot.services.talks import intake
from storage.talks import inbox
from tests.scenarios.kit import CITIZENS, Town

POISON = "racun tikus bertebaran di depan pasar Godean, tolong"


async def test_what_cannot_be_kept_is_set_aside_and_told_and_answered_once_mended(
    town: Town, monkeypatch: pytest.MonkeyPatch
):
    real, tries = intake.plainly, []

    def choking(message):
        if "racun" in message.text:
            tries.append(message.text)
            raise ValueError(f"cannot bear {message.text}")
        return real(message)

    admin = await town.operator("Dian", "koordinator", "admin")
    siti, budi = await town.sandbox.user("Siti"), await town.sandbox.user("Budi")
    with monkeypatch.context() as broken:
        broken.setattr(intake, "plainly", choking)
        await siti.send(CITIZENS, POISON)
        await budi.send(CITIZENS, "bantuan")
        await siti.wait_for(text="belum terjawab", timeout=30)
        assert len(tries) == 3
        await budi.wait_for()
        await admin.wait_for(text="kentongan messages", since=0)
    database = town.house.core.database
    (aside,) = await database.read(inbox.set_aside)
    assert aside.error.startswith("ValueError")
    assert POISON not in aside.error
    await database.write(lambda c: inbox.put_back(c, (aside.id,)))
    await town.house.resume()
    await siti.wait_for(lambda m: "Setuju" in m.labels, timeout=30)
