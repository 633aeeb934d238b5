"""Rushes, floods and bans: nobody in danger waits, nothing is lost, nobody is silenced without a word."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import assembled
from bot.services.talks import turns
from bot.services.talks.citydesk import TownDesk
from bot.services.talks.restraints import RestraintError, Restraints, appealed
from bot.settings import Settings
from storage.people import linking
from storage.talks import conversations
from storage.talks.conversations import NewContact
from tests.services.town import SAME, WHO, Clock, Town, filed, report, town_in


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with town_in(tmp_path) as living:
        yield living


async def rush(town: Town) -> str:
    """More messages than anybody types; the word about the pause."""
    await town.say(*(f"pesan nomor {n}" for n in range(town.limits.messages + 1)))
    return await town.until("berhenti sebentar")


async def test_a_rush_ends_in_a_pause_with_its_end_and_nothing_is_lost(town: Town):
    notice = await rush(town)
    assert "10.05" in notice
    assert "112" in notice
    await town.quiet()
    await town.say("lampu jalan depan Pasar Godean mati seminggu")
    await town.quiet()
    assert await town.waiting() > 0
    answers = len(town.read)
    town.clock.leap(minutes=6)
    await town.drained()
    assert len(town.read) > answers
    assert sum("berhenti sebentar" in one for one in town.read) == 1


async def test_an_emergency_is_answered_in_the_middle_of_a_pause(town: Town):
    await rush(town)
    await town.quiet()
    await town.say(*(f"lagi {n}" for n in range(60)))
    await town.say("tolong rumah tetangga kebakaran sekarang")
    assert "112" in await town.until("telepon sekarang")
    assert await town.waiting() > 0
    await town.say("aku pengen mati wae, wis ora kuat urip")
    await town.until("119 ext. 8")


async def test_an_emergency_that_breaks_the_program_in_a_pause_is_tried_as_often_as_anything(
    town: Town, monkeypatch: pytest.MonkeyPatch
):
    await rush(town)
    await town.quiet()
    real, tries = turns.engine.advance, []

    def advance(conversation, message, *more):
        if "kebakaran" in message.text:
            tries.append(message.text)
            raise ValueError("engine choked")
        return real(conversation, message, *more)

    monkeypatch.setattr(turns.engine, "advance", advance)
    await town.say("tolong rumah tetangga kebakaran sekarang")
    await town.until("gangguan")
    assert len(tries) == turns.MOST_TRIES


async def test_pauses_grow_and_are_forgotten(town: Town):
    policy = town.limits.pause
    assert [policy.after(times) for times in range(5)] == [
        timedelta(minutes=minutes) for minutes in (5, 10, 20, 40, 60)
    ]
    assert policy.after(1000) == policy.longest
    await rush(town)
    town.clock.leap(minutes=6)
    town.read.clear()
    await rush(town)
    assert any("10.16" in one for one in town.read)


async def test_a_pause_outlives_a_restart(tmp_path: Path):
    clock = Clock()
    settings = Settings(data_dir=tmp_path, _env_file=None)
    async with assembled(settings, clock=clock) as house:
        living = Town(house, clock)
        await living.say(*(f"pesan {n}" for n in range(living.limits.messages + 1)))
        await living.quiet()
        left = await living.waiting()
    async with assembled(settings, clock=clock) as house:
        again = Town(house, clock)
        await house.resume()
        await again.quiet()
        assert await again.waiting() == left > 0
        clock.leap(minutes=6)
        await again.drained()


@pytest.fixture
async def moderators(town: Town) -> Restraints:
    return Restraints(town.house.core, town.house.deliveries)


async def test_a_ban_has_a_reason_an_end_and_spares_whoever_is_in_danger(town: Town, moderators: Restraints):
    number = await filed(town, WHO, report(SAME))
    await moderators.ban(number, 7, "berulang kali mengirim iklan", "op-1")
    told = await town.until("tidak kami proses")
    assert "berulang kali mengirim iklan" in told
    assert "27 November" in told
    desk = TownDesk(town.house.core)
    slots = {"kontak": WHO, "bahasa": "id"}
    for text, verdict in (
        ("lampu jalan mati di Sidoagung Godean seminggu", "refuse"),
        ("rumah tetangga kebakaran besar sekarang tolong", "pass"),
        ("anak tetangga umur 5 tahun dipukuli bapaknya", "pass_private"),
        ("pengen mati wae, wis ora kuat urip", "hold"),
    ):
        assert (await desk.screen(text, slots))["verdict"] == verdict, text
    town.clock.leap(days=8)
    assert (await desk.screen("lampu jalan mati di Sidoagung Godean", slots))["verdict"] == "pass"


async def test_who_is_banned_is_shown_the_way_to_the_ombudsman_in_their_own_language(
    town: Town, moderators: Restraints
):
    number = await filed(town, WHO, report(SAME))
    await town.house.core.database.write(lambda c: conversations.set_language(c, WHO, "en"))
    await moderators.ban(number, 7, "berulang kali mengirim iklan", "op-1")
    await moderators.decide(number, "op-2", lift=False)
    assert town.house.core.policies.city.ombudsman["en"] in await town.until("The limit stays")


async def test_a_ban_goes_along_when_channels_are_linked(town: Town, moderators: Restraints):
    number = await filed(town, WHO, report(SAME))
    await moderators.ban(number, 7, "berulang kali mengirim iklan", "op-1")
    now, database = town.clock(), town.house.core.database

    def link(connection):
        conversations.introduce(connection, NewContact("baru", "telegram", "5", "id"), now)
        linking.offer(connection, "ABCD-2345", "baru", now)
        return linking.take(connection, "ABCD-2345", WHO, now)

    assert await database.write(link) == "baru"
    slots = {"kontak": "baru", "bahasa": "id"}
    screened = await TownDesk(town.house.core).screen("lampu jalan mati di Sidoagung Godean", slots)
    assert screened["verdict"] == "refuse"


async def test_a_bans_appeal_is_for_somebody_else(town: Town, moderators: Restraints):
    number = await filed(town, WHO, report(SAME))
    await moderators.ban(number, 7, "berulang kali mengirim iklan", "op-1")
    with pytest.raises(RestraintError, match="petugas_sudah_dibatasi"):
        await moderators.ban(number, 1, "sekali lagi", "op-2")
    core = town.house.core
    await core.database.write(lambda c: appealed(c, core, number, WHO))
    assert (await moderators.holding())[0].appealed_at == town.clock()
    with pytest.raises(RestraintError, match="petugas_batasan_orang_lain"):
        await moderators.decide(number, "op-1", lift=False)
    await moderators.decide(number, "op-2", lift=True)
    await town.until("dicabut")
    assert await moderators.holding() == ()
    with pytest.raises(RestraintError, match="petugas_tidak_dibatasi"):
        await moderators.decide(number, "op-2", lift=True)


async def test_a_ban_is_as_long_as_the_city_allows_and_about_a_ticket(town: Town, moderators: Restraints):
    with pytest.raises(RestraintError, match="petugas_batasi_lama"):
        await moderators.ban("SLM-26-7XW2T", 3, "alasan yang panjang", "op-1")
    with pytest.raises(RestraintError, match="petugas_tidak_ada"):
        await moderators.ban("SLM-26-7XW2T", 7, "alasan yang panjang", "op-1")
