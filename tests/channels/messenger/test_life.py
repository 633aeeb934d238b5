"""Reports in direct messages: within the day, as a person's word for a week, then only once they write."""

from datetime import timedelta

import pytest

from bot.channels.base import FetchError
from bot.sandbox.graph.model import File
from dialogs.messages import Attachment, OutboundMessage
from dialogs.trial.script import Move
from tests.channels.formats import FORMATS


def bodies(line):
    return [one.body for one in line.sandbox.graph.calls if one.path.endswith("/messages")]


async def test_a_report_with_photos_and_the_agencys_answer(line):
    await line.say("lampu jalan depan pasar godean mati udah seminggu")
    for label in ("Setuju", "Betul"):
        await line.player.make(Move(button=label))
    await line.player.make(Move(files=("a.jpg", "b.jpg")))
    await line.player.send_off()
    assert len((await line.case()).ticket.report.evidence) == 2
    await line.act("claim")
    await line.act("reply", "Besok pagi kami ke lokasi.", origin="-100/5")
    assert "Besok pagi kami ke lokasi." in line.screen[-1]
    assert {body["messaging_type"] for body in bodies(line)} == {"RESPONSE"}
    assert [name for name, _ in await line.to_staff()].count("petugas_terkirim") == 1
    assert await line.undeliverable() == ()


async def test_what_others_wrote_is_read_as_it_was_written(line):
    place = r"gang *Dinas Resmi* _nomor 7_ ~gratis~ `kode` \(x^2\) dekat balai dusun"
    await line.say("lampu jalan depan pasar godean mati udah seminggu")
    await line.player.make(Move(button="Setuju"))
    await line.player.make(Move(button="Lokasi lain"))
    for _ in range(2):  # a place nobody knows is taken when it is said again
        await line.say(place)
    await line.player.send_off()
    await line.act("claim")
    await line.act("reply", "Besok *pagi* kami ~tidak~ _datang_: `x`")
    shown = [one for one in line.screen if "Dinas Resmi" in one or "pagi" in one]
    assert len(shown) >= 2
    formatted = [one for one in shown if FORMATS.search(one)]
    assert formatted == (shown if line.player.channel == "instagram" else [])


async def test_after_a_day_only_what_people_wrote_goes_and_the_rest_waits(line):
    await line.file()
    await line.fall_silent()
    await line.act("claim")
    assert await line.states("utter_kabar_diproses") == ["held"]
    await line.act("reply", "Besok pagi kami ke lokasi.")
    assert "Besok pagi kami ke lokasi." in line.screen[-1]
    assert (bodies(line)[-1]["messaging_type"], bodies(line)[-1]["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")
    before = len(line.screen)
    await line.say("terima kasih")
    assert "mulai dikerjakan" in line.screen[before]


async def test_after_a_week_everything_waits(line):
    await line.file()
    await line.act("claim")
    await line.fall_silent(timedelta(days=8))
    await line.act("reply", "Masih ingat?", origin="-100/5")
    assert await line.states("utter_kabar_balasan") == ["held"]
    assert any(name == "petugas_ditahan" and "tertutup" in text for name, text in await line.to_staff())


async def test_a_window_that_meta_finds_closed_makes_words_wait(line):
    await line.file()
    line.someone.wrote_at -= 25 * 3600
    await line.act("claim")
    assert await line.states("utter_kabar_diproses") == ["held"]


async def test_who_shut_us_out_is_told_to_the_staff(line):
    await line.file()
    await line.act("claim")
    line.someone.reachable = False
    await line.act("reply", "Halo?", origin="-100/5")
    assert await line.states("utter_kabar_balasan") == ["failed"]
    assert "petugas_gagal" in [name for name, _ in await line.to_staff()]


async def test_long_texts_and_labels_fit(line):
    await line.file()
    await line.push(OutboundMessage("kata " * 900, response="utter_coba"))
    sent = [body["message"]["text"] for body in bodies(line)][-3:]
    most = 1000 if line.player.channel == "instagram" else 2000
    assert all(len(text.encode()) <= most for text in sent)
    assert await line.undeliverable() == ()


async def test_files_are_uploaded_once_and_fetched_without_our_token(line, monkeypatch):
    channel = line.house.channels[line.player.channel]
    file = File(b"\xff\xd8\xff" * 20, "image/jpeg", line.sandbox.graph.clock(), "a.jpg")
    ref = line.sandbox.keep(file, "public-")
    line.sandbox.graph.links[ref] = (ref, line.sandbox.graph.clock())
    monkeypatch.setattr(channel._graph, "_token", "salah")
    url = f"{line.sandbox.base_url}/lookaside/{ref}"
    assert await channel.fetch(Attachment("photo", url)) == file.content
    with pytest.raises(FetchError) as caught:
        await channel.fetch(Attachment("photo", f"{line.sandbox.base_url}/lookaside/tidak-ada"))
    assert not caught.value.retryable
