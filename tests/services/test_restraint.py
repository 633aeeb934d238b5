"""Rushes, floods and bans: nobody in danger waits, nothing is lost, nobody is silenced without a word."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import Kentongan, assembled
from bot.channels.base import Delivery, SendResult
from bot.channels.console import ConsoleChannel
from bot.services.core import OPERATOR
from bot.services.reports.ticketing import Act, Filing, open_ticket
from bot.services.talks import floods, turns
from bot.services.talks.citydesk import TownDesk
from bot.services.talks.restraints import RestraintError, Restraints, appealed
from bot.settings import Settings
from dialogs.messages import InboundMessage
from storage.people import linking
from storage.reports import cases, following
from storage.reports.cases import Home
from storage.talks import conversations, inbox, outbox
from storage.talks.conversations import Kept, NewContact
from tickets.numbers import make_number
from tickets.policies.limits import LimitPolicy
from tickets.sameness import fingerprint
from tickets.ticket import Actor, Command, Report, ReportPlace, ScreeningResult

START = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
WHO = "warga"


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def leap(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Town:
    """An installation, its clock, and what its only citizen reads."""

    house: Kentongan
    clock: Clock
    read: list[str] = field(default_factory=list)
    sent: int = 0

    @property
    def limits(self) -> LimitPolicy:
        return self.house.core.policies.limits

    async def say(self, *texts: str) -> None:
        for text in texts:
            self.sent += 1
            message = InboundMessage("console", str(self.sent), WHO, self.clock(), "text", text)
            await self.house.intake.citizen(message)

    async def until(self, wanted: str) -> str:
        for _ in range(1000):
            if found := [one for one in self.read if wanted in one]:
                return found[0]
            await asyncio.sleep(0.02)
        raise AssertionError(f"never read {wanted!r}, only {self.read}")

    async def drained(self) -> None:
        """Everything that waited is answered."""
        self.house.turns.wake("console", WHO)
        for _ in range(1000):
            if not await self.waiting():
                await self.house.deliveries.idle()
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"{await self.waiting()} still wait")

    async def waiting(self) -> int:
        return len(await self.house.core.database.glance(lambda c: inbox.waiting(c, "console", WHO, 500)))

    async def quiet(self) -> None:
        """Let the lanes do what can be done now."""
        self.house.turns.wake("console", WHO)
        await asyncio.sleep(0.3)
        await self.house.deliveries.idle()


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    clock = Clock()
    async with assembled(Settings(data_dir=tmp_path, _env_file=None), clock=clock) as house:
        living = Town(house, clock)

        class Reader(ConsoleChannel):
            async def send(self, delivery: Delivery) -> SendResult:
                living.read.append(delivery.message.text)
                return SendResult(("1",))

        house.channels["console"] = Reader(lambda _text: None)
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


def report(text: str, kode: str = "34.04.02.2003", **changed) -> Report:
    place = ReportPlace("Godean", kode, "Sidoagung", "Godean", "Sleman")
    made = Report(text, "pengaduan", "lampu_jalan", "mati", place, ScreeningResult("pass", (), text))
    return replace(made, **changed)


async def filed(town: Town, who: str, given: Report) -> str:
    """A report of somebody's, opened as a turn opens it."""
    core = town.house.core
    number = make_number("SLM", 2026, core.chance)
    home = Home(who, "console", who)

    def work(connection) -> None:
        if conversations.load(connection, "console", who) is None:
            kept = Kept(f"c-{who}", who, core.bundles.live.hash, {}, 1)
            conversations.begin(connection, NewContact(who, "console", who, "id"), kept, core.clock())
        filing = Filing(number, given)
        earlier = floods.earlier(connection, core, filing, home)
        open_ticket(connection, core, filing, home)
        floods.gather(connection, core, earlier)

    await core.database.write(work)
    return number


async def standing(town: Town, number: str) -> tuple[str, str, int]:
    case = await town.house.core.database.read(lambda c: cases.case(c, number))
    voices = await town.house.core.database.read(lambda c: following.count_followers(c, number))
    return case.ticket.status, case.ticket.parent, voices


SAME = "Tolong lampu jalan di depan pasar diperbaiki, gelap sekali!"


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
