"""A report on WhatsApp lived through: windows that close, templates, what waits, what arrives, and names."""

import asyncio

import pytest
from sqlalchemy import insert

from bot.channels.base import FetchError
from bot.sandbox.graph import events
from bot.sandbox.graph.model import File
from bot.sandbox.graph.server import choices
from bot.services.sending.outcomes import CONFIRMATION
from dialogs.messages import Attachment, Button, OutboundMessage
from dialogs.trial.script import Move
from storage.reports import cases
from storage.rows import groups
from tests.channels.wires.meta import NUMBER


class Nothing:
    """A change that nobody has to be told of."""

    wake = ()


async def test_news_within_the_day_go_out_as_they_are(line):
    await line.file()
    await line.act("claim")
    assert "mulai dikerjakan Dishub" in line.screen[-1]
    assert line.someone.seen[-1]["type"] == "text"
    assert await line.undeliverable() == ()


async def test_after_a_day_a_template_says_what_it_can_say_whole(line):
    number = await line.file()
    await line.fall_silent()
    await line.act("claim")
    last = line.someone.seen[-1]
    assert last["type"] == "template"
    assert last["template"]["name"] == "laporan_dikerjakan"
    assert number in line.screen[-1]
    assert await line.states("utter_kabar_diproses") == ["sent"]


async def test_staffs_words_follow_once_the_person_writes_and_before_the_answer(line):
    await line.file()
    await line.act("claim")
    await line.fall_silent()
    await line.act("reply", "Besok pagi petugas kami ke lokasi.", origin="-100/5")
    await line.act("reply", "Mohon jalannya dikosongkan.", origin="-100/6")
    assert [one["type"] for one in line.someone.seen[-1:]] == ["template"]
    assert line.someone.seen[-1]["template"]["name"] == "laporan_ada_kabar"
    assert sum(one["type"] == "template" for one in line.someone.seen) == 1, "one notice is enough"
    assert await line.states("utter_kabar_balasan") == ["held", "held"]
    marks = [mark for mark in await line.to_staff() if mark[0] == "petugas_ditahan"]
    assert [text for _, text in marks] == [
        "pemberitahuan singkat sudah dikirim",
        "Jendela 24 jam WhatsApp tertutup.",
    ]

    before = len(line.screen)
    (label,) = choices(line.someone.seen[-1])
    line.sandbox.press(line.someone, label)
    await line.until(lambda: len(line.screen) >= before + 3)
    first, second, *answer = line.screen[before:]
    assert "Besok pagi petugas kami ke lokasi." in first
    assert "Mohon jalannya dikosongkan." in second
    assert answer
    assert await line.states("utter_kabar_balasan") == ["sent", "sent"]
    assert [name for name, _ in await line.to_staff()].count("petugas_terkirim") == 2


async def test_what_has_no_template_waits_with_its_reason_and_the_agency_is_told_once(line):
    number = await line.file()
    group = {"chat": "-100", "agency": "dishub", "forum": False, "since": line.house.core.clock()}
    await line.house.core.database.write(lambda c: c.execute(insert(groups), group))
    await line.fall_silent()
    await line.push(OutboundMessage("Ditarik.", response="utter_kabar_dibatalkan", ticket=number))
    await line.push(OutboundMessage("Sekali lagi.", response="utter_kabar_dibatalkan", ticket=number))
    assert await line.states("utter_kabar_dibatalkan") == ["held", "held"]
    told = [text for name, text in await line.to_staff() if name == "petugas_ditahan"]
    assert told == ["Jendela 24 jam WhatsApp tertutup."]
    before = len(line.screen)
    await line.say("status")
    assert line.screen[before : before + 2] == ["Ditarik.", "Sekali lagi."]


async def test_the_question_whether_it_is_done_is_put_and_answered_by_template(line):
    number = await line.file()
    await line.fall_silent()
    buttons = ((Button("Sudah", "/SetSlots(selesai=ya)"), Button("Belum", "/SetSlots(selesai=belum)")),)
    values = (("dinas", "Dishub"), ("judul", "Lampu mati"))
    question = OutboundMessage("Sudah beres?", buttons, response=CONFIRMATION, ticket=number, values=values)
    await line.push(question)
    last = line.someone.seen[-1]
    assert last["template"]["name"] == "laporan_sudah_beres"
    assert choices(last) == {"#0": "/SetSlots(selesai=ya)", "#1": "/SetSlots(selesai=belum)"}
    assert line.screen[-1] == f"laporan_sudah_beres | Dishub | {number} | Lampu mati"


async def test_the_clock_of_a_ticket_starts_when_its_question_was_delivered(line, monkeypatch):
    number = await line.file()
    started = []
    monkeypatch.setattr(
        "bot.services.sending.outcomes.apply", lambda *given: started.append(given[3]) or Nothing
    )
    callback, line.sandbox.hooks.callback = line.sandbox.hooks.callback, ""
    await line.push(OutboundMessage("Sudah beres?", response=CONFIRMATION, ticket=number), settle=False)
    assert await line.states(CONFIRMATION) == ["sent"]
    assert started == []
    line.sandbox.hooks.callback = callback
    await line.settle()
    assert [act.command.action for act in started] == ["delivered"]


@pytest.mark.parametrize(
    ("code", "state"), [(131026, "failed"), (130472, "failed"), (131047, "held"), (131000, "waiting")]
)
async def test_what_fails_after_it_was_taken_is_told_held_or_sent_again(line, code, state):
    await line.file()
    await line.act("claim")
    line.sandbox.fault("/messages", 200, code, later=True)
    await line.act("reply", "Besok.", origin="-100/7")
    found = await line.states("utter_kabar_balasan")
    names = [name for name, _ in await line.to_staff()]
    if state == "waiting":
        await line.until(lambda: "Besok." in line.screen[-1])
        assert await line.states("utter_kabar_balasan") == ["sent"]
    else:
        assert found == [state]
    assert ("petugas_gagal" in names) == (state == "failed")
    assert ("petugas_ditahan" in names) == (state == "held")


@pytest.mark.parametrize("how", ["while tried again", "by Meta's clock alone", "told afterwards"])
async def test_news_whose_window_closes_while_they_are_on_their_way_go_out_as_a_template(line, how):
    number = await line.file()
    if how == "while tried again":
        line.sandbox.fault("/messages", 500, 131000, times=2)
        await line.act("claim", settle=False)
        while line.sandbox.graph.calls[-1].status != 500:  # noqa: ASYNC110 it shows at Meta's
            await asyncio.sleep(0.01)
        await line.fall_silent()
    elif how == "by Meta's clock alone":
        line.sandbox.fault("/messages", 400, 131047)
        await line.act("claim")
    else:
        line.someone.wrote_at -= 25 * 3600
        await line.act("claim")
    await line.until(lambda: line.someone.seen[-1]["type"] == "template")
    assert line.someone.seen[-1]["template"]["name"] == "laporan_dikerjakan"
    assert number in line.screen[-1]
    assert await line.states("utter_kabar_diproses") == ["sent"]
    assert [name for name, _ in await line.to_staff() if name == "petugas_ditahan"] == []
    assert await line.undeliverable() == ()


async def test_a_person_without_a_number_is_served_and_later_known_by_both_names(line):
    nobody = line.sandbox.person(NUMBER, "Tanpa Nomor", scoped="ID.13491208655302741918")
    line.player.talk.someone = nobody
    line.player.talk.address = nobody.scoped
    line.someone = nobody
    number = await line.file()
    assert all(
        "recipient" in call.body for call in line.sandbox.graph.calls if call.path.endswith("/messages")
    )

    nobody.phone = "628111222333"
    await line.say("status")
    assert number in "\n".join(line.screen)
    call = [one for one in line.sandbox.graph.calls if one.path.endswith("/messages")][-1]
    assert call.body["to"] == "628111222333"


async def test_two_halves_of_one_person_become_one_with_their_reports(line):
    number = await line.file()
    first = line.someone
    half = line.sandbox.person(NUMBER, "Siti", scoped="ID.42")
    first.scoped = ""
    line.sandbox.write(half, "halo")
    await asyncio.sleep(0.3)
    await line.settle()

    whole = line.sandbox.person(NUMBER, "Siti", first.phone, "ID.42")
    first.phone = half.scoped = "diganti"
    line.sandbox.write(whole, f"status {number}")
    await line.until(lambda: any(number in str(one) for one in whole.seen))
    case = (await line.case()).home
    own = await line.house.core.database.read(lambda c: cases.cases_of(c, case.contact))
    assert [one.ticket.number for one in own] == [number]
    assert own[0].ticket.reporter == case.contact


async def test_a_number_passed_on_shows_its_new_owner_nothing(line):
    number = await line.file()
    before = await line.case()
    newcomer = line.sandbox.person(NUMBER, "Orang Lain", line.someone.phone, "ID.999")
    line.someone.phone = "diganti"
    line.sandbox.write(newcomer, "laporan saya")
    await line.until(lambda: newcomer.seen)
    assert not any(number in str(one) for one in newcomer.seen)
    assert (await line.case()).home == before.home


async def test_a_changed_number_keeps_the_person(line):
    number = await line.file()
    old, new = line.someone.phone, "6289912345678"
    told = {"body": "berganti nomor", "wa_id": new, "type": "user_changed_number"}
    message = {"from": old, "id": "wamid.sistem", "timestamp": "1763780640", "type": "system", "system": told}
    line.sandbox.hooks.send(events.WHATSAPP, events.change(NUMBER, messages=[message]))
    await line.sandbox.hooks.idle()
    line.someone.phone = new
    line.someone.scoped = ""
    await line.say(f"status {number}")
    assert any(number in one for one in line.screen[-3:])
    assert (await line.case()).home.address == old


async def test_a_photo_whose_address_expired_is_asked_for_again(line):
    photo = File(b"\xff\xd8\xff" + b"foto" * 50, "image/jpeg", line.sandbox.graph.clock(), "a.jpg")
    ref = line.sandbox.keep(photo)
    channel = line.house.channels["whatsapp"]
    original = channel._address_of

    async def late(ref):
        url = await original(ref)
        name = url.rsplit("/", 1)[-1]
        if not asked:
            line.sandbox.graph.links[name] = (ref, line.sandbox.graph.clock() - 301)
        asked.append(name)
        return url

    asked = []
    channel._address_of = late
    assert await channel.fetch(Attachment("photo", ref)) == photo.content
    assert len(asked) == 2


async def test_a_file_meta_has_forgotten_is_lost_for_good(line):
    with pytest.raises(FetchError) as caught:
        await line.house.channels["whatsapp"].fetch(Attachment("photo", "123"))
    assert not caught.value.retryable
    assert NUMBER.token not in str(caught.value)


async def test_photos_sent_one_by_one_are_one_answer(line):
    await line.say("lampu jalan depan pasar godean mati udah seminggu")
    for label in ("Setuju", "Betul"):
        await line.player.make(Move(button=label))
    await line.player.make(Move(files=("a.jpg", "b.jpg", "c.jpg")))
    await line.settle()
    await line.player.send_off()
    assert len((await line.case()).ticket.report.evidence) == 3
