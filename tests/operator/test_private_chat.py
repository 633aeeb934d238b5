"""An operator's work in their private chat: joining, the card, answering, ✓ and ✗."""

import asyncio
from datetime import timedelta

import pytest

from bot.channels.base import SendError
from storage.people import linking
from storage.talks import conversations
from storage.talks.conversations import Kept, NewContact

NUMBER = "SLM-26-7XW2T"
BOT = "petugas_bot"


async def test_an_operator_joins_once_by_an_invitation(house, sandbox):
    token = await house.roster.invite("dishub", "penghubung")
    rina = await sandbox.user("Rina", role="operator")
    await rina.start(BOT, token)
    hello = await rina.wait_for("Selamat bergabung, Rina")
    assert "penghubung dinas di Dinas Perhubungan" in hello.text

    budi = await sandbox.user("Budi")
    await budi.start(BOT, token)
    await budi.wait_for("sudah dipakai")
    assert await house.roster.operator(str(budi.id)) is None


async def test_an_expired_or_wrong_invitation_lets_nobody_in(house, sandbox):
    token = await house.roster.invite("dishub", "penghubung")
    budi = await sandbox.user("Budi")
    await budi.start(BOT, "salah")
    await budi.wait_for("kedaluwarsa")
    house.clock.leap = timedelta(hours=49)
    await budi.start(BOT, token)
    await budi.wait_for("kedaluwarsa")


async def test_the_card_shows_the_case_and_not_the_reporter(house, joined):
    rina = await joined()
    await house.open(anonymous=True)
    card = await rina.wait_for(NUMBER)
    for expected in ("pasar godean mati", "Kalurahan Sidoagung", "Dishub", "ANONIM", "🟢", "peta"):
        assert expected in card.text
    assert "warga-1" not in str(card)
    assert card.labels[:5] == ["Ambil", "Balas", "Minta data", "Teruskan", "Bukan wewenang"]


async def test_replying_to_the_card_answers_the_citizen_and_shows_that_it_arrived(house, joined, sandbox):
    rina = await joined()
    await house.open()
    card = await rina.wait_for(NUMBER)
    answer = await rina.reply(card, "Besok dicek petugas kami.")
    shown = await rina.wait_for(lambda m: "Besok dicek" in m.text and m.id == card.id)
    assert "Dikerjakan" in shown.text
    assert "Dishub: Besok dicek petugas kami." in house.citizens.texts
    await house.settled()
    reactions = await sandbox.calls(BOT, method="setMessageReaction")
    assert [call["params"]["message_id"] for call in reactions] == [str(answer.id)]


async def test_a_blocked_citizen_is_told_of_in_words(house, joined):
    rina = await joined()
    await house.open()
    card = await rina.wait_for(NUMBER)
    house.citizens.trouble = SendError("blocked", "bot was blocked by the user", retryable=False)
    answer = await rina.reply(card, "Besok dicek.")
    failure = await rina.wait_for("✗")
    assert failure["reply_to_message"]["message_id"] == answer.id
    assert "menutup percakapan" in failure.text


async def test_a_note_stays_with_the_colleagues(house, joined):
    rina = await joined()
    await house.open()
    card = await rina.wait_for(NUMBER)
    await rina.reply(card, "// pelapor pernah salah alamat")
    await rina.wait_for(lambda m: "pernah salah alamat" in m.text and m.id == card.id)
    assert ("note", "pelapor pernah salah alamat") in await house.history()
    assert not any("salah alamat" in text for text in house.citizens.texts)


async def test_an_edited_answer_reaches_the_citizen_as_a_correction(house, joined):
    rina = await joined()
    await house.open()
    card = await rina.wait_for(NUMBER)
    answer = await rina.reply(card, "Besok dicek.")
    await rina.wait_for(lambda m: "Besok" in m.text and m.id == card.id)
    await rina.edit(answer, "Lusa dicek.")
    await rina.wait_for(lambda m: "Lusa" in m.text and m.id == card.id)
    assert house.citizens.texts[-1] == "Dishub: Ralat: Lusa dicek."


async def test_claiming_is_seen_and_a_second_claim_is_told_by_whom(house, joined):
    rina, agus = await joined("Rina"), await joined("Agus")
    await house.open()
    mine, his = await rina.wait_for(NUMBER), await agus.wait_for(NUMBER)
    queries = await asyncio.gather(rina.press("Ambil", mine), agus.press("Ambil", his))
    heard = [(await who.wait_for_answer(q))["text"] for who, q in zip((rina, agus), queries, strict=True)]
    claimed_by = (await house.ticket()).claimed_by
    winner, loser = (0, 1) if claimed_by == str(rina.id) else (1, 0)
    assert heard[winner] == f"Ambil: {NUMBER} ✓"
    assert heard[loser] == f"Sudah diambil {('Rina', 'Agus')[winner]}."
    await rina.wait_for(f"Diambil: {('Rina', 'Agus')[winner]}")
    assert [action for action, _ in await house.history()].count("claim") == 1


async def test_an_album_is_one_answer(house, joined, photo):
    rina = await joined()
    await house.open()
    card = await rina.wait_for(NUMBER)
    pictures = [("photo", photo(shade)) for shade in (40, 90, 140)]
    await rina.send_files(BOT, pictures, "Sudah diperbaiki", reply_to=card)
    await rina.wait_for(lambda m: "Sudah diperbaiki" in m.text and m.id == card.id)
    await house.settled()
    assert [action for action, _ in await house.history()].count("reply") == 1
    (answer,) = [one for one in house.citizens.read if "Sudah diperbaiki" in one.message.text]
    assert [file.kind for file in answer.files] == ["photo"] * 3


@pytest.mark.parametrize("kind", ["sticker", "contact", "poll"])
async def test_what_cannot_be_passed_on_is_said_so(house, joined, kind):
    rina = await joined()
    await house.open()
    card = await rina.wait_for(NUMBER)
    await rina.act("send_sample", bot=BOT, kind=kind, reply_to=card.id)
    await rina.wait_for("tidak bisa diteruskan")


async def test_words_about_no_ticket_are_asked_about_and_a_number_opens_its_card(house, joined):
    rina = await joined()
    await house.open()
    await rina.wait_for(NUMBER)
    await rina.send(BOT, "sudah beres")
    await rina.wait_for("Laporan yang mana?")
    await rina.send(BOT, "slm 26 7xw2t")
    fresh = await rina.wait_for(lambda m: "Sidoagung" in m.text and m.buttons)
    await house.settled()
    assert (await house.roster.card(NUMBER, str(rina.id))).message == str(fresh.id)


async def test_the_tick_comes_too_where_the_citizen_reads_news_elsewhere_by_now(house, joined, sandbox):
    rina = await joined()
    await house.open()
    card = await rina.wait_for(NUMBER)

    def go_on_elsewhere(connection):
        kept = Kept("c-2", "warga-2", house.core.bundles.live.hash, {}, 1)
        conversations.begin(connection, NewContact("warga-2", "telegram", "78", "id"), kept, house.clock())
        linking.offer(connection, "ABCD-2345", "warga-1", house.clock())
        assert linking.take(connection, "ABCD-2345", "warga-2", house.clock()) == "warga-1"

    await house.core.database.write(go_on_elsewhere)
    answer = await rina.reply(card, "Besok dicek.")
    await rina.wait_for(lambda m: m.id == card.id and "Besok dicek" in m.text)
    await house.settled()
    assert house.citizens.read[-1].address == "78"
    reactions = await sandbox.calls(BOT, method="setMessageReaction")
    assert [call["params"]["message_id"] for call in reactions] == [str(answer.id)]
