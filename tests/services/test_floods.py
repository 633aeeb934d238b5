"""The same text of many people: one matter with their voices."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.services.core import OPERATOR
from bot.services.reports.ticketing import Act
from bot.services.talks.citydesk import TownDesk
from storage.reports import cases, following
from storage.talks import outbox
from tests.services.town import SAME, WHO, Town, filed, report, town_in
from tickets.sameness import fingerprint
from tickets.ticket import Actor, Command


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with town_in(tmp_path) as living:
        yield living


async def standing(town: Town, number: str) -> tuple[str, str, int]:
    case = await town.house.core.database.read(lambda c: cases.case(c, number))
    voices = await town.house.core.database.read(lambda c: following.count_followers(c, number))
    return case.ticket.status, case.ticket.parent, voices


async def test_one_text_of_many_people_is_one_matter_with_their_voices(town: Town):
    first, second = await filed(town, "a", report(SAME)), await filed(town, "b", report(SAME.upper()))
    assert (await standing(town, second))[0] == "DISPOSISI", "two neighbours are no flood"
    third = await filed(town, "c", report(SAME.replace(",", " ,")))
    fourth = await filed(town, "d", report(SAME))
    assert await standing(town, first) == ("DISPOSISI", "", 3)
    for number in (second, third, fourth):
        assert (await standing(town, number))[:2] == ("DUPLIKAT", first)


async def test_moderators_hear_of_a_flood_when_it_grows_and_not_when_one_of_them_says_it_again(town: Town):
    house = town.house
    await house.roster.join(await house.roster.invite("koordinator", "koordinator"), "101", "Rina")

    async def notices() -> int:
        said = await house.core.database.glance(lambda c: outbox.said_after(c, OPERATOR, "101", 0))
        return sum(one.message.response == "petugas_banjir" for one in said)

    for who in "abc":
        await filed(town, who, report(SAME))
    assert await notices() == 1
    again = await filed(town, "b", report(SAME))
    assert await notices() == 1
    assert (await standing(town, again))[0] == "DUPLIKAT"


async def test_other_places_other_words_and_other_times_stay_apart(town: Town):
    numbers = [await filed(town, who, report("lampu jalan mati")) for who in "abcd"]
    numbers += [await filed(town, who, report(SAME, f"34.04.0{n}.2001")) for n, who in enumerate("efgh", 1)]
    for who in "ijk":
        numbers.append(await filed(town, who, report(f"{SAME} {who}")))
        town.clock.leap(hours=3)
    numbers += [await filed(town, "l", report(SAME, "34.04.09.2001")) for _ in range(4)]
    assert {(await standing(town, number))[0] for number in numbers} == {"DISPOSISI"}


def test_a_text_is_known_by_its_words():
    assert fingerprint("Lampu  MATI, di depan pasar!", 5) == fingerprint("lampu mati di depan pasar", 5)
    assert fingerprint("lampu mati", 5) == ""


async def test_many_reports_of_a_day_are_read_first_never_refused(town: Town):
    for n in range(town.limits.reports):
        await filed(town, WHO, report(f"laporan ke {n} tentang lampu jalan di kampung"))
    desk = TownDesk(town.house.core)
    slots = {"kontak": WHO, "bahasa": "id"}
    held = await desk.screen("lampu jalan mati di Sidoagung Godean", slots)
    assert (held["verdict"], held["rules"][0]["id"]) == ("hold", "banyak_laporan")
    assert (await desk.screen("rumah kebakaran besar sekarang tolong", slots))["verdict"] == "pass"
    town.clock.leap(hours=25)
    assert (await desk.screen("lampu jalan mati di Sidoagung Godean", slots))["verdict"] == "pass"


async def test_a_joined_report_can_be_split_again(town: Town):
    numbers = [await filed(town, who, report(SAME)) for who in "abc"]
    coordinator = Actor("operator", "op-1", "koordinator", "koordinator")
    act = Act(Command("split", coordinator, reason="tempatnya lain"))
    await town.house.ticketing.act(numbers[1], act)
    assert (await standing(town, numbers[1]))[0] != "DUPLIKAT"
