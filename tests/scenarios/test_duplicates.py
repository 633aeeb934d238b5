"""One matter, several citizens: offered, followed, merged, split; each in their language, nobody named."""

from dataclasses import dataclass

import pytest

from bot.sandbox.client import User
from storage.reports import cases, chain, following
from tests.scenarios.kit import CITIZENS, NUMBER, OPERATORS, Town

SPOT = (-7.76712, 110.29345)
SECRET = "Siti"


async def told_as_far_as_the_spot(
    person: User, text: str, spot: tuple[float, float] = SPOT, consent="Setuju"
):
    """A report told, its place pinned; what the bot says then."""
    await person.send(CITIZENS, text)
    await person.wait_for(lambda m: consent in m.labels)
    await person.press(consent)
    await person.wait_for()
    await person.send_location(CITIZENS, *spot)
    return await person.wait_for(lambda m: {"Lewati", "Skip", "Ikuti", "Follow"} & set(m.labels))


async def filed(person: User) -> str:
    await person.press("Lewati")
    await person.wait_for(lambda m: "Kirim" in m.labels)
    await person.press("Kirim")
    receipt = await person.wait_for(lambda m: NUMBER.search(m.text))
    return NUMBER.search(receipt.text)[0]


async def history(town: Town, number: str):
    steps = await town.house.core.database.read(lambda c: cases.history(c, number))
    broken = await town.house.core.database.read(lambda c: chain.find_break(c, number))
    assert broken is None
    return [step.action for step in steps]


async def voices(town: Town, number: str) -> int:
    return await town.house.core.database.read(lambda c: following.count_followers(c, number))


@dataclass
class Stage:
    """The town, its people, and the numbers of the two reports."""

    town: Town
    rina: User
    siti: User
    joko: User
    budi: User
    first: str = ""
    second: str = ""


@pytest.mark.timeout(180)
async def test_followed_merged_split_and_undone(town: Town):
    rina = await town.operator("Rina", "dishub")
    citizens = [
        await town.sandbox.user(SECRET),
        await town.sandbox.user("Joko", language_code="en"),
        await town.sandbox.user("Budi"),
    ]
    stage = Stage(town, rina, *citizens)
    await told_as_far_as_the_spot(stage.siti, "lampu jalan mati total sudah seminggu, rumah saya nomor 12")
    stage.first = await filed(stage.siti)
    await a_neighbour_follows(stage)
    news = await another_is_merged(stage)
    await everybody_hears_the_answer(stage)
    await it_was_something_else(stage, news)
    await the_other_one_is_withdrawn(stage)


async def a_neighbour_follows(stage: Stage):
    """A neighbour is offered it: what and where roughly, never who nor in which words."""
    offer = await told_as_far_as_the_spot(
        stage.joko, "the street light is dead and it is very dark at night", consent="I agree"
    )
    assert stage.first in offer.text
    assert "50 metres" in offer.text
    assert SECRET not in offer.text
    assert "nomor 12" not in offer.text
    await stage.joko.press("Follow")
    await stage.joko.wait_for(text="you now follow")
    await stage.rina.wait_for(text="very dark at night")
    assert await voices(stage.town, stage.first) == 1


async def another_is_merged(stage: Stage):
    """Another files all the same; the agency is told that they are alike, and merges with a reason."""
    await told_as_far_as_the_spot(stage.budi, "pju padam, gelap gulita tiap malam")
    await stage.budi.press("Tetap lapor")
    await stage.budi.wait_for(lambda m: "Lewati" in m.labels)
    stage.second = await filed(stage.budi)
    assert (await stage.rina.wait_for(lambda m: "mungkin sama" in m.text)).text.count(stage.first) == 1
    await stage.town.house.settle()
    card = await stage.rina.wait_for(lambda m: stage.second in m.text and "Gabungkan" in " ".join(m.labels))
    await stage.rina.press("Gabungkan", card)
    choice = await stage.rina.wait_for(lambda m: "digabung ke laporan mana" in m.text)
    await stage.rina.press(next(label for label in choice.labels if stage.first in label), choice)
    both = await stage.rina.wait_for(lambda m: f"Gabungkan {stage.second} ke {stage.first}?" in m.text)
    assert "pju padam" in both.text
    await stage.rina.press("tempat dan masalahnya sama", both)
    news = await stage.budi.wait_for(lambda m: "digabung" in m.text)
    assert "tempat dan masalahnya sama" in news.text
    await stage.town.house.settle()
    assert (await stage.town.case(stage.second)).ticket.parent == stage.first
    assert await voices(stage.town, stage.first) == 2
    assert {"follow", "absorb"} <= set(await history(stage.town, stage.first))
    return news


async def everybody_hears_the_answer(stage: Stage):
    """What the agency answers reaches all three, each in their language, other people's data hidden."""
    asked = next(m for m in stage.rina.messages if "very dark at night" in m.text and "Tenggat" not in m.text)
    await stage.rina.reply(asked, "Besok diganti. Pelapor bisa dihubungi di 081234567890.")
    assert "081234567890" in (await stage.siti.wait_for(text="Besok diganti")).text
    english = await stage.joko.wait_for(text="Besok diganti")
    assert "which you follow" in english.text
    for message in (english, await stage.budi.wait_for(text="Besok diganti")):
        assert "081234567890" not in message.text
        assert SECRET not in message.text


async def it_was_something_else(stage: Stage, news):
    """Not the same thing: back on its own at once, with its own agency and deadline."""
    await stage.budi.press("Bukan hal yang sama", news)
    await stage.budi.wait_for(text="Apa bedanya")
    await stage.budi.send(CITIZENS, "punya saya yang di gang sebelah")
    await stage.budi.wait_for(text="berdiri sendiri lagi")
    await stage.town.house.settle()
    alone = (await stage.town.case(stage.second)).ticket
    assert (alone.status, alone.agency, alone.parent) == ("DISPOSISI", "dishub", "")
    assert alone.due_at is not None
    assert await voices(stage.town, stage.first) == 1
    assert "part" in await history(stage.town, stage.first)
    assert (await history(stage.town, stage.second))[-2:] == ["merge", "split"]


async def the_other_one_is_withdrawn(stage: Stage):
    """Merged once more by the coordinator, the other then withdrawn: nobody stays joined to nothing."""
    dian = await stage.town.operator("Dian", "koordinator", "koordinator")
    await dian.send(OPERATORS, f"/gabung {stage.second} {stage.first}")
    both = await dian.wait_for(lambda m: f"Gabungkan {stage.second} ke {stage.first}?" in m.text)
    await dian.press("Alasan lain", both)
    prompt = await dian.wait_for(text="pelapornya ikut membaca")
    await dian.reply(prompt, "sudah dicek di lapangan, tiang yang sama")
    await stage.budi.wait_for(text="sudah dicek di lapangan")
    await a_wrong_match_is_undone_by_number(stage, dian)
    await stage.siti.send(CITIZENS, stage.first)
    await stage.siti.wait_for(lambda m: "Batalkan" in m.labels)
    await stage.siti.press("Batalkan")
    await stage.siti.wait_for(lambda m: "Ya, tarik" in " ".join(m.labels) or "yakin" in m.text.lower())
    await stage.siti.send(CITIZENS, "ya")
    await stage.joko.wait_for(text="withdrawn by its reporter")
    await stage.budi.wait_for(text="ditarik pelapornya")
    await stage.town.house.settle()
    assert (await stage.town.case(stage.second)).ticket.parent == ""


async def a_wrong_match_is_undone_by_number(stage: Stage, dian: User):
    """The coordinator sees what is like it, takes the two apart by /pisah, and joins them anew."""
    await dian.send(OPERATORS, f"/pisah {stage.second}")
    sure = await dian.wait_for(lambda m: "ternyata tempatnya lain" in m.labels)
    await dian.press("ternyata tempatnya lain", sure)
    await stage.budi.wait_for(text="ternyata tempatnya lain")
    await stage.town.house.settle()
    assert (await stage.town.case(stage.second)).ticket.parent == ""
    await dian.send(OPERATORS, f"/serupa {stage.second}")
    await dian.wait_for(lambda m: stage.first in m.text and "Mungkin sama" in m.text)
    await dian.send(OPERATORS, f"/gabung {stage.second} {stage.first}")
    both = await dian.wait_for(lambda m: f"Gabungkan {stage.second} ke {stage.first}?" in m.text)
    await dian.press("tempat dan masalahnya sama", both)
    await stage.budi.wait_for(text="tempat dan masalahnya sama")
    await stage.town.house.settle()
    assert (await stage.town.case(stage.second)).ticket.parent == stage.first
