"""A whole class at once: everybody at their own desk, a facilitator over them, nothing real touched.

`make soak` seats twenty; otherwise a few.
"""

import asyncio
import os

import pytest

from tests.practice.conftest import MARK, card_of
from tests.scenarios.kit import OPERATORS

SEATS = 20 if os.environ.get("KENTONGAN_SOAK") else 3


BROUGHT = ("tickets", "ticket_events", "media", "inbox", "contacts")
"""What real work would bring rows of."""


async def counted(town) -> dict[str, int]:
    """How many rows of each kind the real database holds."""
    kept = await town.kept()
    return {name: len(kept[name]) for name in BROUGHT}


async def served(town, trainee, place: int, photo) -> None:
    """One trainee's case: the even ones by the book, the odd ones with a rude word."""
    card = await trainee.wait_for(card_of("Rambu ayam jago"), since=0, timeout=25)
    await trainee.wait_for(lambda m: "photo" in m, since=0, timeout=25)
    await trainee.reply(card, "Besok pagi kami tegakkan." if place % 2 == 0 else "Besok pagi, bodoh.")
    await trainee.wait_for(text="kutunggu ayam jagonya", since=0, timeout=25)
    await town.closes(trainee, card, "Rambunya sudah tegak.", photo(40 + 5 * place))


@pytest.mark.timeout(300)
async def test_a_class_works_side_by_side_and_its_table_holds_everybody(town, photo):
    dian = await town.operator("Dian", "koordinator", "koordinator")
    class_ = [await town.operator(f"Peserta {place:02}", "dishub") for place in range(SEATS)]
    await town.house.settle()
    before = await counted(town)
    await dian.send(OPERATORS, "/latihan kelas mulai")
    code = (await dian.wait_for(text="Kelas dibuka")).text.split("/latihan ikut ")[1][:4]
    await asyncio.gather(*(one.send(OPERATORS, f"/latihan ikut {code}") for one in class_))
    await asyncio.gather(*(served(town, one, place, photo) for place, one in enumerate(class_)))

    await dian.send(OPERATORS, "/latihan kelas")
    seen = await dian.wait_for(text=f"Kelas {code}")
    assert f"{SEATS} peserta" in seen.text
    assert f"Kata-kata yang sopan ({SEATS // 2} orang)" in seen.text
    await dian.press("CSV", seen)
    table = await dian.wait_for(lambda m: "document" in m)
    assert table.text.startswith(MARK)
    await dian.send(OPERATORS, "/latihan kelas selesai")
    over = await dian.wait_for(text="sudah berakhir", timeout=25)
    assert all(f"🏁 Peserta {place:02}" in over.text for place in range(SEATS))
    for place, one in enumerate(class_):
        told = await one.wait_for(lambda m: "Latihan selesai" in m.text, since=0, timeout=25)
        assert ("bodoh" in told.text) is (place % 2 == 1)
    assert await counted(town) == before
