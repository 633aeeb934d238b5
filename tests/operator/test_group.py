"""A group as an agency's desk: with topics, one for each ticket; without, cards in the one chat."""

import asyncio

import pytest

NUMBER = "SLM-26-7XW2T"
OTHER = "SLM-26-8Q3RW"
BOT = "petugas_bot"


@pytest.fixture
def forum(house, sandbox, joined):
    """A forum that is the desk of an agency, with one of its operators."""

    async def make(agency: str = "dishub", role: str = "penghubung"):
        rina = await joined("Rina", agency, role)
        group = await sandbox.forum(f"Meja {agency}", owner=rina)
        await group.add(BOT, admin=True)
        await rina.wait_for("/pasang")
        await rina.send(group, f"/pasang {agency}")
        await rina.wait_for("satu topik untuk tiap laporan")
        return rina, group

    return make


def topic_of(message) -> int:
    return message["message_thread_id"]


async def test_each_ticket_gets_a_topic_of_its_own_with_its_card(house, forum, sandbox):
    rina, _ = await forum()
    await house.open()
    await house.open(OTHER)
    first = await rina.wait_for(lambda m: NUMBER in m.text and "Tenggat" in m.text)
    second = await rina.wait_for(lambda m: OTHER in m.text and "Tenggat" in m.text)
    assert topic_of(first) != topic_of(second)
    titles = [call["params"]["name"] for call in await sandbox.calls(BOT, method="createForumTopic")]
    assert titles[0].startswith(f"{NUMBER} · ")


async def test_a_plain_message_in_the_topic_answers_and_a_note_does_not(house, forum):
    rina, group = await forum()
    await house.open()
    card = await rina.wait_for(lambda m: NUMBER in m.text and "Tenggat" in m.text)
    await house.settled()
    await rina.send(group[topic_of(card)], "Tim meluncur.")
    await rina.wait_for(lambda m: m.id == card.id and "Tim meluncur" in m.text)
    await rina.send(group[topic_of(card)], "// bawa tangga")
    await rina.wait_for(lambda m: m.id == card.id and "bawa tangga" in m.text)
    assert house.citizens.texts[-1] == "Dishub: Tim meluncur."


async def test_talk_outside_the_topics_is_left_alone(house, forum):
    rina, group = await forum()
    await house.open()
    await rina.wait_for(lambda m: NUMBER in m.text and "Tenggat" in m.text)
    await rina.send(group, "makan siang di mana?")
    await house.settled()
    await rina.send(group, "/saya")
    await rina.wait_for("penghubung dinas")
    assert [action for action, _ in await house.history()].count("reply") == 0


async def test_a_citizens_word_comes_into_the_topic_and_a_reply_to_it_goes_back(house, forum):
    rina, _ = await forum()
    await house.open()
    card = await rina.wait_for(lambda m: NUMBER in m.text and "Tenggat" in m.text)
    await house.citizen("message", text="masih gelap pak")
    word = await rina.wait_for(lambda m: "pesan dari warga" in m.text)
    assert topic_of(word) == topic_of(card)
    await rina.reply(word, "Malam ini selesai.")
    await rina.wait_for(lambda m: m.id == card.id and "Malam ini" in m.text)
    assert house.citizens.texts[-1] == "Dishub: Malam ini selesai."


async def test_a_deleted_topic_is_made_anew(house, forum, sandbox):
    rina, group = await forum()
    await house.open()
    card = await rina.wait_for(lambda m: NUMBER in m.text and "Tenggat" in m.text)
    await house.settled()
    await house.bot._bot.delete_forum_topic(group.id, topic_of(card))

    await house.citizen("message", text="halo?")
    again = await rina.wait_for(lambda m: NUMBER in m.text and "Tenggat" in m.text, timeout=30)
    word = await rina.wait_for("halo?", timeout=30)
    assert topic_of(again) == topic_of(word) != topic_of(card)
    assert len(await sandbox.calls(BOT, method="createForumTopic")) == 2


async def test_a_deleted_card_is_put_up_again_in_its_topic(house, forum):
    rina, group = await forum()
    await house.open()
    card = await rina.wait_for(lambda m: NUMBER in m.text and "Tenggat" in m.text)
    await house.settled()
    await house.bot._bot.delete_message(group.id, card.id)
    await house.citizen("make_anonymous")
    again = await rina.wait_for(lambda m: "ANONIM" in m.text)
    assert topic_of(again) == topic_of(card)
    assert again.id != card.id


async def test_a_forwarded_ticket_leaves_a_card_without_contents_or_buttons(house, forum, joined):
    rina, _ = await forum()
    agus = await joined("Agus", "dlh")
    await house.open()
    card = await rina.wait_for(lambda m: NUMBER in m.text and "Tenggat" in m.text)
    await rina.press("Teruskan", card)
    choice = await rina.wait_for("teruskan ke mana")
    await rina.press("▶", choice)
    await rina.wait_for(lambda m: m.id == choice.id)
    await rina.press("DLH", choice)
    prompt = await rina.wait_for("akan diteruskan ke DLH")
    await rina.reply(prompt, "ini soal pohon")
    gone = await rina.wait_for(lambda m: m.id == card.id and "sekarang ditangani DLH" in m.text)
    assert "godean" not in gone.text.lower()
    assert gone.buttons == []
    new = await agus.wait_for(lambda m: "Tenggat" in m.text)
    assert "pasar godean" in new.text
    assert (await house.ticket()).agency == "dlh"


async def test_thrown_out_of_the_group_its_work_comes_to_its_people(house, forum):
    rina, group = await forum()
    await house.open()
    await rina.wait_for(lambda m: NUMBER in m.text and "Tenggat" in m.text)
    await group.remove(BOT)
    told = await rina.wait_for("tidak ada lagi di grup yang menjadi meja Dishub")
    assert told["chat"]["type"] == "private"
    assert "/pasang dishub" in told.text
    await house.open(OTHER)
    card = await rina.wait_for(lambda m: OTHER in m.text and "Tenggat" in m.text)
    assert card["chat"]["type"] == "private"


async def test_thrown_out_where_nobody_else_works_the_coordinator_is_told(house, sandbox, joined):
    dian = await joined("Dian", "koordinator", "koordinator")
    group = await sandbox.group("Meja DLH", owner=dian)
    await group.add(BOT, admin=True)
    await dian.send(group, "/pasang dlh")
    await dian.wait_for("sekarang meja DLH")
    await group.remove(BOT)
    await dian.wait_for("tidak ada petugas DLH yang bergabung")


async def test_a_group_without_topics_holds_the_cards_in_its_one_chat(house, sandbox, joined):
    rina = await joined()
    group = await sandbox.group("Meja", owner=rina)
    await group.add(BOT, admin=True)
    await rina.send(group, "/pasang dishub")
    await rina.wait_for("sekarang meja Dishub")
    await house.open()
    card = await rina.wait_for(lambda m: NUMBER in m.text and "Tenggat" in m.text)
    await rina.send(group, "siapa ambil?")
    await rina.reply(card, "Kami cek.")
    await rina.wait_for(lambda m: m.id == card.id and "Kami cek" in m.text)
    assert house.citizens.texts[-1] == "Dishub: Kami cek."


async def test_a_prompt_calls_the_one_who_pressed(house, forum):
    rina, _ = await forum()
    await house.open()
    card = await rina.wait_for(lambda m: NUMBER in m.text and "Tenggat" in m.text)
    await rina.press("Balas", card)
    prompt = await rina.wait_for("tulis jawaban untuk warga")
    assert prompt["entities"][0]["type"] in {"text_mention", "text_link"}
    assert topic_of(prompt) == topic_of(card)
    await rina.reply(prompt, "Siap.")
    await rina.wait_for(lambda m: m.id == card.id and "Siap." in m.text)


async def test_without_the_right_to_open_topics_the_group_does_not_become_a_desk(house, sandbox, joined):
    rina = await joined()
    group = await sandbox.forum("Meja", owner=rina)
    await group.add(BOT)
    await rina.send(group, "/pasang dishub")
    await rina.wait_for("izin mengelola topik")
    assert await house.roster.group(str(group.id)) is None


async def test_many_changes_at_once_show_as_one_card(house, forum, sandbox):
    rina, _ = await forum()
    await house.open()
    card = await rina.wait_for(lambda m: NUMBER in m.text and "Tenggat" in m.text)
    await asyncio.gather(*(house.citizen("message", text=f"pesan {n}") for n in range(7)))
    await house.settled()
    assert len(await sandbox.calls(BOT, method="createForumTopic")) == 1
    await rina.refresh()
    cards = [m for m in rina.messages if "Tenggat" in m.text and NUMBER in m.text]
    assert [one.id for one in cards] == [card.id]


async def test_where_reactions_are_not_allowed_the_tick_comes_as_a_word(house, forum, sandbox):
    rina, _ = await forum()
    await house.open()
    card = await rina.wait_for(lambda m: NUMBER in m.text and "Tenggat" in m.text)
    description = "Bad Request: REACTION_INVALID"
    await sandbox.fault("error", method="setMessageReaction", code=400, description=description)
    answer = await rina.reply(card, "Kami cek.")
    tick = await rina.wait_for("✓ sampai ke warga")
    assert tick["reply_to_message"]["message_id"] == answer.id


async def test_without_the_right_to_topics_any_more_the_card_stands_in_the_open(house, forum, sandbox):
    rina, _ = await forum()
    description = "Bad Request: not enough rights to create a topic"
    await sandbox.fault("error", method="createForumTopic", code=400, description=description)
    await house.open()
    card = await rina.wait_for(lambda m: NUMBER in m.text and "Tenggat" in m.text)
    assert not card.get("is_topic_message")


async def test_a_group_given_a_new_id_stays_the_desk(house, sandbox, joined):
    rina = await joined()
    old = await sandbox.group("Meja", owner=rina)
    await old.add(BOT, admin=True)
    await rina.send(old, "/pasang dishub")
    await rina.wait_for("sekarang meja Dishub")
    await house.open()
    await rina.wait_for(lambda m: NUMBER in m.text and "Tenggat" in m.text)
    await house.settled()

    new = await sandbox.group("Meja", owner=rina)
    await new.add(BOT, admin=True)
    chat = {"id": new.id, "type": "supergroup", "title": "Meja"}
    moved = {"message_id": 1, "date": 1_800_000_000, "chat": chat, "migrate_from_chat_id": old.id}
    moved["from"] = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    await sandbox.push_update(BOT, {"message": moved})
    card = await rina.wait_for(lambda m: NUMBER in m.text and m["chat"]["id"] == new.id)
    assert await house.roster.group(str(old.id)) is None
    await house.citizen("make_anonymous")
    await rina.wait_for(lambda m: m.id == card.id and "ANONIM" in m.text and m["chat"]["id"] == new.id)


async def test_a_reply_to_a_list_in_the_group_is_asked_about(house, forum):
    rina, group = await forum()
    await house.open()
    await rina.wait_for(lambda m: NUMBER in m.text and "Tenggat" in m.text)
    await rina.send(group, "/antrian")
    listed = await rina.wait_for("1 laporan terbuka")
    await rina.reply(listed, "yang ini sudah beres")
    await rina.wait_for("Laporan yang mana?")


async def test_asked_for_in_a_forum_a_card_is_pointed_to(house, forum):
    rina, group = await forum()
    await house.open()
    card = await rina.wait_for(lambda m: NUMBER in m.text and "Tenggat" in m.text)
    await house.settled()
    await rina.send(group, f"/tiket {NUMBER}")
    pointer = await rina.wait_for("ada di topiknya")
    assert pointer.text.endswith(f"/{topic_of(card)}")
