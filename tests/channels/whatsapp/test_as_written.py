"""What people write with WhatsApp's signs is read as it was written, in every message that repeats it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.graph.literal import ALIKE, literal
from dialogs.messages import OutboundMessage
from dialogs.trial.script import Move
from tests.channels.formats import FORMATS
from tests.channels.playing import Player
from tests.channels.wires.meta import NUMBER, MetaTalk

MARKED = (
    "*lampu jalan* _depan_ ~pasar~ godean ```mati``` udah `seminggu`\n"
    "> Dinas: *hubungi 112* https://contoh.example/_a_/*b*"
)
BUDI = "628111222333"
PLACE = "gang *Dinas Resmi* _nomor 7_ ~gratis~ `kode` dekat balai dusun"
ANSWER = "Besok *pagi* kami ~tidak~ _datang_: ```08.00``` `x`\n> kutipan"
WRITTEN = st.text(alphabet="ab1 *_~`>\\([\n-é.🙂/:", max_size=60)


def test_the_signs_make_formats_where_nobody_takes_care():
    assert len(FORMATS.findall(MARKED)) >= 7
    assert FORMATS.search(PLACE)
    assert FORMATS.search(ANSWER)


@given(WRITTEN, WRITTEN)
def test_no_words_make_a_format_alone_or_beside_others(one: str, other: str):
    told = literal(one)
    assert not FORMATS.search(told)
    assert literal(told) == told
    assert not FORMATS.search(f"Nomor {told}, {literal(other)}".replace("\n", " ")), "as in a template"
    back = told.translate({ord(sign): mark for mark, sign in ALIKE.items()} | {0x203A: ">"})
    assert back == one


@pytest.mark.parametrize("plain", ["SLM-26-7K3QX", "a_b*c", "rt_03", "2*3=6", "nama@contoh.id", "10 > 9"])
def test_words_without_a_format_stay_as_they_are(plain: str):
    assert literal(plain) == plain


def test_an_address_leads_where_it_led():
    assert literal("lihat https://contoh.example/a_b/_c_?d=*e") == (
        "lihat https://contoh.example/a_b/%5Fc%5F?d=%2Ae"
    )


async def test_every_message_that_repeats_somebodys_words_repeats_them_as_written(line):
    budi = MetaTalk(line.sandbox, line.sandbox.person(NUMBER, "Budi *Tebal*", BUDI), BUDI)
    await line.say(MARKED)
    await line.player.make(Move(button="Setuju"))
    await line.player.make(Move(button="Lokasi lain"))
    for _ in range(2):  # a place nobody knows is taken when it is said again
        await line.say(PLACE)
    await line.player.send_off()
    await line.settle()
    number = (await line.case()).ticket.number
    assert "*Dinas Resmi*" in (await line.case()).ticket.title, "others will read it"
    await line.say("status")
    await line.act("claim")
    await line.act("reply", ANSWER)
    await line.say("data saya")
    other = Player(line.house, "whatsapp", budi)
    await other.make(Move(text=number))
    await line.push(OutboundMessage(ANSWER, response="utter_kabar_balasan", ticket=number))
    await line.fall_silent()
    await line.act("ask_data", "Apakah *lampunya* _masih_ mati?")
    told = OutboundMessage("*x*", response="utter_kabar_diproses", ticket=number, values=(("judul", PLACE),))
    await line.push(told)
    shown = [*line.screen, *(one.text for one in await budi.shown())]
    assert sum("Dinas Resmi" in one for one in shown) >= 5, shown
    assert any("kutipan" in one for one in shown)
    assert [one for one in shown if FORMATS.search(one)] == []
    assert any(one["type"] == "template" for one in line.someone.seen)
