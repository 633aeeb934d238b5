"""What a citizen changes after sending it: the desk sees the new words, and the old ones stay kept."""

import pytest

from storage.reports import cases, chain
from tests.scenarios.kit import CITIZENS, Town, file_report

FIRST = "lampu jalan depan pasar Godean mati udah seminggu, gelap bgt"


async def history(town: Town, number: str):
    return await town.house.core.database.read(lambda c: cases.history(c, number))


async def changed(operator, words: str) -> str:
    """The word to the desk that a message was changed, its card apart."""
    return (await operator.wait_for(lambda m: "mengubah" in m.text and words in m.text)).text


@pytest.fixture
async def filed(town: Town, photo):
    """A citizen with a report, and the operator it lies with."""
    rina = await town.operator("Rina", "dishub")
    siti = await town.sandbox.user("Siti")
    number = await file_report(siti, photo)
    card = await rina.wait_for(lambda m: number in m.text and "Ambil" in m.labels)
    return siti, rina, number, card


async def test_an_edited_report_and_an_edited_reply_reach_the_desk_with_what_stood_there(town, filed):
    siti, rina, number, card = filed
    own = next(m for m in siti.messages if m.text == FIRST)
    await siti.edit(own, "lampu jalan depan pasar Godean mati udah DUA minggu, gelap bgt")
    told = await changed(rina, "DUA minggu")
    assert number in told
    assert FIRST in told
    assert number in (await siti.wait_for(text="petugas")).text

    await rina.reply(card, "Besok dicek.")
    await rina.press("Tetap lanjutkan", await rina.wait_for(text="baru saja menulis lagi"))
    answer = await siti.wait_for(text="Besok dicek")
    said = await siti.reply(answer, "jam tiga saja")
    await rina.wait_for(text="jam tiga saja")
    await siti.edit(said, "jam empat saja")
    assert "jam tiga saja" in await changed(rina, "jam empat")
    await siti.edit(said, "jam lima saja")
    assert "jam empat saja" in await changed(rina, "jam lima")

    lines = [one for one in await history(town, number) if one.action == "correct"]
    assert [one.data["instead_of"] for one in lines] == [FIRST, "jam tiga saja", "jam empat saja"]
    assert lines[-1].text == "jam lima saja"
    assert (await town.case(number)).ticket.report.narrative == FIRST
    assert await town.house.core.database.read(lambda c: chain.find_break(c, number)) is None


async def test_an_edit_of_something_else_is_answered_and_changes_nothing(town, filed):
    siti, _, number, _ = filed
    said = await siti.send(CITIZENS, "terima kasih")
    await siti.wait_for()
    await siti.edit(said, "terima kasih banyak")
    assert "pesan baru" in (await siti.wait_for(text="diedit")).text
    assert "correct" not in {one.action for one in await history(town, number)}
    await siti.edit(said, "tolong kebakaran di rumah sebelah, ada orang terjebak")
    assert "113" in (await siti.wait_for(text="112")).text


async def test_an_edit_while_a_new_report_is_told_goes_to_the_old_one_and_the_question_stays(town, filed):
    siti, rina, number, _ = filed
    own = next(m for m in siti.messages if m.text == FIRST)
    await siti.send(CITIZENS, "sampah numpuk di depan SMP Condongcatur sejak kemarin, bau sekali")
    question = await siti.wait_for(lambda m: "Betul" in m.labels)
    await siti.edit(own, f"{FIRST} sekali")
    assert number in await changed(rina, "bgt sekali")
    await siti.wait_for(text="petugas")
    await siti.press("Betul", question)
    assert "tidak berlaku" not in (await siti.wait_for()).text
