"""What a card offers beside the plain actions: ready answers, a list of data, hand-over, many readers."""

import pytest

from bot.channels.base import SendError
from bot.services.reports.ticketing import Act
from dialogs.messages import OutboundMessage
from storage.reports import following
from storage.reports.cases import Home
from storage.talks import conversations
from storage.talks.conversations import Kept, NewContact
from tests.operator.conftest import BOT, NUMBER
from tickets.ticket import Actor, Command


async def card_of(person):
    return await person.wait_for(lambda m: NUMBER in m.text and "Tenggat" in m.text)


async def test_a_ready_answer_is_looked_at_and_then_sent_in_the_citizens_language(house, joined):
    rina = await joined()
    await house.open(language="jv")
    card = await card_of(rina)
    await rina.press("💬 Jawaban siap", card)
    offer = await rina.wait_for("pilih jawaban")
    assert "Lampu masuk jadwal" in offer.labels
    assert "Jalan masuk jadwal" not in offer.labels
    await rina.press("Lampu masuk jadwal", offer)
    look = await rina.wait_for("Warga akan membaca (Basa Jawa)")
    assert "depan Pasar Godean" in look.text
    assert "{" not in look.text
    assert not any("jadwal" in text for text in house.citizens.texts)
    await rina.press("Kirim", look)
    await rina.wait_for(lambda m: m.id == card.id and "Dikerjakan" in m.text)
    await house.settled()
    assert "Lampu wonten depan Pasar Godean mlebet jadwal" in house.citizens.texts[-1]


async def test_pressed_twice_a_ready_answer_is_sent_once(house, joined):
    rina = await joined()
    await house.open()
    card = await card_of(rina)
    await rina.press("💬 Jawaban siap", card)
    await rina.press("Terima kasih", await rina.wait_for("pilih jawaban"))
    look = await rina.wait_for("Warga akan membaca")
    await rina.press("Kirim", look)
    await rina.press("Kirim", look)
    again = await rina.wait_for(lambda m: "Warga akan membaca" in m.text and m.id != look.id)
    assert [action for action, _ in await house.history()].count("reply") == 1
    assert again


async def test_a_ready_answer_is_changed_before_it_goes(house, joined):
    rina = await joined()
    await house.open()
    await rina.press("💬 Jawaban siap", await card_of(rina))
    await rina.press("Terima kasih", await rina.wait_for("pilih jawaban"))
    await rina.press("✏️ Ubah dulu", await rina.wait_for("Warga akan membaca"))
    prompt = await rina.wait_for("salin kalimat ini")
    await rina.reply(prompt, "Terima kasih, Bu. Lampunya kami ganti besok.")
    await rina.wait_for(lambda m: "kami ganti besok" in m.text and "Tenggat" in m.text)
    await house.settled()
    assert house.citizens.texts[-1] == "Dishub: Terima kasih, Bu. Lampunya kami ganti besok."


async def test_data_is_ticked_asked_for_and_ticked_off(house, joined):
    rina = await joined()
    await house.open()
    card = await card_of(rina)
    await rina.press("Minta data", card)
    offer = await rina.wait_for("data apa yang perlu")
    assert "☐ Nomor tiang" in offer.labels
    await rina.press("☐ Nomor tiang", offer)
    one = await rina.wait_for(lambda m: m.id == offer.id and "☑ Nomor tiang" in m.labels)
    await rina.press("☐ Foto dari dekat", one)
    both = await rina.wait_for(lambda m: m.id == offer.id and "📨 Minta 2 data" in m.labels)
    await rina.press("📨 Minta 2 data", both)
    asked = await rina.wait_for(lambda m: m.id == card.id and "☐ Nomor yang tertulis" in m.text)
    assert "Menunggu data" in asked.text
    await house.settled()
    assert house.citizens.texts[-1].splitlines()[0].startswith("Dishub bertanya: 1. Nomor yang tertulis")
    assert house.citizens.texts[-1].splitlines()[1] == "2. Satu foto dari dekat."
    await house.citizen("message", text="PJU-77")
    await rina.wait_for(lambda m: m.id == card.id and "☑ Nomor yang tertulis" in m.text)
    assert (await house.ticket()).status == "PERLU_DATA"
    await house.citizen("message", text="", proof=("foto",))
    assert (await house.ticket()).status == "DISPOSISI"


async def test_a_tick_on_a_list_that_is_another_by_now_is_told_so(house, joined):
    rina = await joined()
    await house.open()
    await rina.press("Minta data", await card_of(rina))
    offer = await rina.wait_for("data apa yang perlu")
    admin = Actor("operator", "0", "koordinator", "admin")
    await house.ticketing.act(NUMBER, Act(Command("redispose", admin, target="parkir")))
    query = await rina.press("☐ Nomor tiang", offer)
    assert "tidak berlaku" in (await rina.wait_for_answer(query))["text"]


async def test_ones_own_question_joins_those_ticked(house, joined):
    rina = await joined()
    await house.open()
    await rina.press("Minta data", await card_of(rina))
    offer = await rina.wait_for("data apa yang perlu")
    await rina.press("☐ Sejak kapan", offer)
    one = await rina.wait_for(lambda m: m.id == offer.id and "☑ Sejak kapan" in m.labels)
    await rina.press("✏️ Tulis sendiri", one)
    await rina.reply(await rina.wait_for("sebutkan satu per satu"), "Rumah nomor berapa?")
    await rina.wait_for(lambda m: "☐ Rumah nomor berapa?" in m.text)
    await house.settled()
    assert house.citizens.texts[-1].endswith("2. Rumah nomor berapa?")


async def test_a_ticket_is_handed_over_and_the_colleague_is_told(house, joined):
    rina, agus = await joined("Rina"), await joined("Agus")
    await joined("Orang DLH", "dlh")
    await house.open()
    card = await card_of(rina)
    await rina.press("Ambil", card)
    await rina.wait_for(lambda m: m.id == card.id and "Diambil: Rina" in m.text)
    await rina.press("Serahkan", card)
    choice = await rina.wait_for("serahkan kepada siapa")
    assert choice.labels == ["Agus"]
    await rina.press("Agus", choice)
    await agus.wait_for("Rina menyerahkan")
    await rina.wait_for(lambda m: m.id == card.id and "Diambil: Agus" in m.text)
    await rina.reply(card, "saya jawab lagi")
    await rina.wait_for("sudah diambil Agus")


async def test_the_second_of_two_answers_is_held_back(house, joined):
    rina, agus = await joined("Rina"), await joined("Agus")
    await house.open()
    hers, his = await card_of(rina), await card_of(agus)
    await rina.reply(hers, "Besok dicek.")
    await agus.wait_for(lambda m: m.id == his.id and "Diambil: Rina" in m.text)
    await agus.reply(his, "Kami cek lusa.")
    await agus.wait_for("sudah diambil Rina")
    await house.settled()
    assert not any("lusa" in text for text in house.citizens.texts)


async def test_not_ours_asks_whose_it_is_and_why(house, joined):
    rina = await joined()
    await house.open()
    card = await card_of(rina)
    await rina.press("Bukan wewenang", card)
    choice = await rina.wait_for("wewenang siapa")
    assert choice.labels[0] == "Tidak tahu"
    await rina.press("Tidak tahu", choice)
    await rina.reply(await rina.wait_for("bukan wewenang"), "lampu taman, bukan jalan")
    await rina.wait_for(lambda m: m.id == card.id and "sekarang ditangani" in m.text)
    ticket = await house.ticket()
    assert (ticket.agency, ticket.status) == ("koordinator", "VERIFIKASI")


@pytest.fixture
def followed(house):
    """A ticket with followers."""

    async def follow(count):
        def work(connection):
            for one in range(count):
                home = Home(f"warga-{one + 10}", "telegram", str(one + 1000))
                following.follow(connection, NUMBER, home, house.clock())

        def meet(connection):
            for one in range(count):
                contact = NewContact(f"warga-{one + 10}", "telegram", str(one + 1000), "id")
                kept = Kept(f"c-{one + 10}", contact.id, house.core.bundles.live.hash, {}, 1)
                conversations.begin(connection, contact, kept, house.clock())

        await house.core.database.write(meet)
        await house.core.database.write(work)

    return follow


async def test_a_word_to_all_followers_is_confirmed_spread_and_counted(house, joined, followed, monkeypatch):
    monkeypatch.setattr("bot.services.reports.ticketing.A_SECOND", 1000)
    rina = await joined()
    await house.open()
    card = await card_of(rina)
    assert "Kabari semua pengikut" not in card.labels
    await followed(4)
    await house.citizen("make_anonymous")
    fresh = await rina.wait_for(lambda m: m.id == card.id and "4 warga lain" in m.text)
    await rina.press("Kabari semua pengikut", fresh)
    await rina.reply(await rina.wait_for("tulis kabar"), "Lampu diganti Kamis malam.")
    sure = await rina.wait_for("dikirim kepada 5 orang")
    await house.settled()
    assert not any("Kamis malam" in text for text in house.citizens.texts)

    send = house.citizens.send

    async def but_one_has_gone(delivery):
        if delivery.address == "1002" and "Kamis" in delivery.message.text:
            raise SendError("blocked", "bot was blocked by the user", retryable=False)
        return await send(delivery)

    house.citizens.send = but_one_has_gone
    query = await rina.press("Kirim ke 5 orang", sure)
    assert "Dikirim kepada 5 orang" in (await rina.wait_for_answer(query))["text"]
    told = await rina.wait_for("sampai kepada")
    assert "4 dari 5 orang" in told.text
    assert "✗ 1 orang" in told.text
    assert len([text for text in house.citizens.texts if "Kamis malam" in text]) == 4
    query = await rina.press("Kirim ke 5 orang", sure)
    assert "tidak berlaku" in (await rina.wait_for_answer(query))["text"]


async def test_a_word_to_many_can_be_left_unsaid(house, joined, followed):
    rina = await joined()
    await house.open()
    await followed(2)
    await house.citizen("make_anonymous")
    card = await rina.wait_for(lambda m: "Kabari semua pengikut" in m.labels)
    await rina.press("Kabari semua pengikut", card)
    await rina.reply(await rina.wait_for("tulis kabar"), "Kabar angin")
    sure = await rina.wait_for("dikirim kepada 3 orang")
    query = await rina.press("Batal", sure)
    assert "Tidak jadi" in (await rina.wait_for_answer(query))["text"]
    query = await rina.press("Kirim ke 3 orang", sure)
    assert "tidak berlaku" in (await rina.wait_for_answer(query))["text"]
    await house.settled()
    assert not any("Kabar angin" in text for text in house.citizens.texts)


async def test_the_topic_of_a_finished_ticket_closes_and_opens_again_with_it(house, joined, sandbox, photo):
    rina = await joined()
    group = await sandbox.forum("Meja", owner=rina)
    await group.add(BOT, admin=True)
    await rina.wait_for("/pasang")
    await rina.send(group, "/pasang dishub")
    await rina.wait_for("satu topik untuk tiap laporan")
    await house.open()
    card = await rina.wait_for(
        lambda m: NUMBER in m.text and "Tenggat" in m.text and m["chat"]["id"] == group.id
    )
    topic = card["message_thread_id"]
    await rina.press("Selesai", card)
    prompt = await rina.wait_for("foto buktinya")
    await rina.reply(prompt, "Sudah menyala.", photo=photo())
    await rina.wait_for(lambda m: m.id == card.id and "Menunggu konfirmasi" in m.text)
    await house.citizen("confirm")
    await house.settled()
    closed = await sandbox.calls(BOT, method="closeForumTopic")
    assert [call["params"]["message_thread_id"] for call in closed] == [str(topic)]
    await house.citizen("reopen", reason="mati lagi")
    await house.settled()
    opened = await sandbox.calls(BOT, method="reopenForumTopic")
    assert [call["params"]["message_thread_id"] for call in opened] == [str(topic)]
    await rina.wait_for("mati lagi")
    await house.citizen("cancel")
    await house.settled()
    assert len(await sandbox.calls(BOT, method="closeForumTopic")) == 2


async def test_a_word_to_many_is_dropped_by_whoever_wrote_it_and_by_nobody_else(house):
    await house.open()
    rina, budi = (Actor("operator", one, "dishub", "penghubung") for one in ("101", "102"))
    draft = await house.office.announcing.draft(NUMBER, rina, "-100/5", OutboundMessage("Besok padam."))
    assert not await house.office.announcing.drop(draft, budi)
    assert await house.office.announcing.drop(draft, rina)
    assert not await house.office.announcing.drop(draft, rina)
