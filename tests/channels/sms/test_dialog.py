"""The whole dialog by SMS, through both gateways' wire formats: letters and digits only."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import time_machine

from bot.channels.sms.gsm import encoding_of, segments
from bot.services.reports.ticketing import Act
from storage.reports import cases
from storage.talks import outbox
from tests.channels.sms.kit import Network, network
from tickets.ticket import Actor, Command

NUMBER = re.compile(r"SLM-\d\d-\w{5}")


@pytest.fixture(params=["kannel", "twilio"])
async def town(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Network]:
    async with network(tmp_path, request.param) as made:
        yield made


async def the_case(town: Network):
    found = await town.house.core.database.read(cases.all_cases)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    "form",
    [
        "LAPOR Godean lampu jalan depan pasar mati sudah seminggu",
        "  lapor # Godean #  lampu jalan depan pasar mati sudah seminggu ",
    ],
)
async def test_the_one_line_form_takes_one_confirmation(town: Network, form: str):
    siti = town.phone("+6281234567890")
    asked = await siti.send(form)
    assert "1 Kirim" in asked
    assert "Godean" in asked
    told = await siti.send("1")
    number = NUMBER.search(told)
    assert number, told
    case = await the_case(town)
    assert case.ticket.number == number[0]
    assert (case.ticket.report.category, case.ticket.agency) == ("lampu_jalan", "dishub")
    assert case.ticket.report.place.kapanewon == "Godean"
    assert "lampu jalan depan pasar mati" in case.ticket.report.narrative
    assert all(encoding_of(text) == "gsm7" for text in siti.screen)
    assert sum(map(segments, siti.screen)) <= 4


async def test_step_by_step_with_digits(town: Network):
    budi = town.phone("+6281211112222")
    assert "LAPOR" in await budi.send("halo")
    assert "1 Setuju" in await budi.send("1")
    assert "ceritakan" in (await budi.send("1")).lower()
    place = await budi.send("jalan berlubang besar bikin orang jatuh")
    assert "kalurahan" in place.lower()
    review = await budi.send("depan SD Sidoagung Godean")
    while "1 Kirim" not in review:
        review = await budi.send("1")
    assert NUMBER.search(await budi.send("1"))
    assert "foto" not in "\n".join(budi.screen).lower(), "a phone that only has SMS is not asked for photos"
    assert (await the_case(town)).ticket.report.category == "jalan"


async def test_changing_before_sending(town: Network):
    rini = town.phone("+6281311112222")
    assert "2 Ubah" in await rini.send("LAPOR Godean lampu jalan depan pasar mati")
    assert "1 Setuju" in await rini.send("2")
    assert "2 Lokasi lain" in await rini.send("1")
    assert "kalurahan" in (await rini.send("2")).lower()
    assert "Mlati" in await rini.send("Sendangadi Mlati")
    assert NUMBER.search(await rini.send("1"))
    assert (await the_case(town)).ticket.report.place.kapanewon == "Mlati"


async def test_cancelling_keeps_nothing(town: Network):
    tono = town.phone("+6281411112222")
    await tono.send("LAPOR Godean lampu jalan depan pasar mati")
    assert "tidak ada yang terkirim" in await tono.send("3")
    assert await town.house.core.database.read(cases.all_cases) == ()


async def test_an_emergency_gets_its_numbers_first(town: Network):
    assert "112" in (await town.phone("+6281511112222").send("tolong rumah saya kebakaran di Godean", 2))


async def test_news_can_be_answered_with_a_digit(town: Network):
    siti = town.phone("+6281234567890")
    await siti.send("LAPOR Godean lampu jalan depan pasar mati sudah seminggu")
    await siti.send("1")
    case = await the_case(town)
    number, staff = case.ticket.number, Actor("operator", "7", "dishub", "penghubung")
    await town.house.ticketing.act(number, Act(Command("reply", staff, text="Besok dicek.")))
    assert "Besok dicek." in "\n".join(await siti.wait(3))
    photo = ("bukti-1",)
    await town.house.ticketing.act(number, Act(Command("close", staff, text="Sudah diganti.", proof=photo)))
    assert "1 Sudah" in "\n".join(await siti.wait(4))
    before = (await the_case(town)).ticket
    assert before.due_kind == "unreached", "a question that may not have arrived closes nothing"
    taken = [one for one in town.gateway.taken if "1 Sudah" in one["text"]][-1]
    assert await town.report("1" if town.way == "kannel" else "delivered", taken) in {200, 204}
    await town.house.settle()
    assert (await the_case(town)).ticket.due_kind == "auto_close"
    await siti.send("1")
    assert (await the_case(town)).ticket.status == "SELESAI"


async def test_what_did_not_arrive_is_told_to_who_wrote_it(town: Network):
    siti = town.phone("+6281234567890")
    await siti.send("LAPOR Godean lampu jalan depan pasar mati sudah seminggu")
    await siti.send("1")
    number, staff = (await the_case(town)).ticket.number, Actor("operator", "7", "dishub", "penghubung")
    await town.house.ticketing.act(number, Act(Command("reply", staff, text="Besok dicek."), origin="7/55"))
    await siti.wait(3)
    taken = town.gateway.taken[-1]
    state, more = ("2", {}) if town.way == "kannel" else ("undelivered", {"ErrorCode": "30003"})
    for _ in range(3):
        await town.report(state, taken, **more)
    said = await town.house.core.database.read(lambda c: outbox.said_after(c, "operator", "7", 0))
    crosses = [one.message for one in said if one.message.response == "petugas_gagal"]
    assert [(one.reply_to, one.ticket) for one in crosses] == [("55", number)]
    lost = await town.house.core.database.read(outbox.undeliverable)
    assert [one["ticket"] for one in lost] == [number]


async def test_stop_ends_news_and_start_brings_them_back(town: Network):
    siti = town.phone("+6281234567890")
    await siti.send("LAPOR Godean lampu jalan depan pasar mati sudah seminggu")
    await siti.send("1")
    assert "MULAI" in await siti.send("berhenti")
    number, staff = (await the_case(town)).ticket.number, Actor("operator", "7", "dishub", "penghubung")
    await town.house.ticketing.act(number, Act(Command("claim", staff)))
    assert "Dishub" in await siti.send(number, 2), "what is asked for is answered all the same"
    assert not any("mulai dikerjakan" in text for text in siti.screen)
    assert "dikirim lagi" in await siti.send("MULAI")


async def test_spent_money_holds_news_back_but_no_answer(town: Network):
    siti = town.phone("+6281234567890")
    await siti.send("LAPOR Godean lampu jalan depan pasar mati sudah seminggu")
    await siti.send("1")
    channel = town.house.channels["sms"]
    whole = channel._policy
    channel._policy = replace(whole, day_cap=1)
    number, staff = (await the_case(town)).ticket.number, Actor("operator", "7", "dishub", "penghubung")
    await town.house.ticketing.act(number, Act(Command("claim", staff)))
    assert number in await siti.send(number), "an answer goes past the news that wait"
    held = await town.house.core.database.read(lambda c: outbox.undeliverable(c, "held"))
    assert [(one["ticket"], one["error_code"]) for one in held] == [(number, "sms_day_cap")]
    await siti.wait(4)
    with time_machine.travel(held[0]["not_before"], tick=True):
        channel._policy = whole
        await town.house.held.run_once()
        assert "mulai dikerjakan" in "\n".join(await siti.wait(5))


async def test_a_report_that_comes_before_the_answer_counts_too(
    town: Network, monkeypatch: pytest.MonkeyPatch
):
    """A gateway may report a failure before we have written down that it took the message."""
    gateway = town.house.channels["sms"]._gateway
    submit, early = gateway.submit, []

    async def hasty(handover):
        ref = await submit(handover)
        if "Besok dicek." in handover.text:
            early.append(await town.report("2" if town.way == "kannel" else "failed", town.gateway.taken[-1]))
        return ref

    monkeypatch.setattr(gateway, "submit", hasty)
    siti = town.phone("+6281234567890")
    await siti.send("LAPOR Godean lampu jalan depan pasar mati sudah seminggu")
    await siti.send("1")
    number, staff = (await the_case(town)).ticket.number, Actor("operator", "7", "dishub", "penghubung")
    await town.house.ticketing.act(number, Act(Command("reply", staff, text="Besok dicek."), origin="7/55"))
    await siti.wait(3)
    await town.house.settle()
    assert early
    lost = await town.house.core.database.read(outbox.undeliverable)
    assert [one["ticket"] for one in lost] == [number]


async def test_who_sends_it_again_is_told_that_it_has_arrived(town: Network):
    siti = town.phone("+6281234567890")
    await siti.send("LAPOR Godean lampu jalan depan pasar mati sudah seminggu")
    number = NUMBER.search(await siti.send("ya"))[0]
    for word in ("ya", "1", "KIRIM"):
        told = await siti.send(word)
        assert number in told, word
        assert "sudah sampai" in told, word
    await the_case(town)


async def test_a_rush_of_sms_is_paused_and_said_once(town: Network):
    hasty = town.phone("+6281234567890")
    await hasty.send("halo")
    for number in range(town.house.core.policies.limits.messages + 5):
        fields = {"from": hasty.number, "text": f"woi {number}", "id": f"r{number}"}
        if town.way == "kannel":
            assert await town.kannel_in(**fields) == 200
        else:
            sid = f"SMr{number}"
            assert await town.twilio_in(From=hasty.number, Body=f"woi {number}", MessageSid=sid) == 200
    async with asyncio.timeout(30):
        while not any("berhenti sebentar" in one for one in hasty.screen):  # noqa: ASYNC110 as people see it
            await asyncio.sleep(0.05)
    assert sum("berhenti sebentar" in one for one in hasty.screen) == 1
