"""Buttons, keys, commands, and what else people do."""

from typing import Any

import pytest

from bot.sandbox.client import SandboxClient, SandboxRefused, User

YES = {
    "inline_keyboard": [
        [{"text": "Ya, benar", "callback_data": "yes"}, {"text": "Situs", "url": "https://x.id"}]
    ]
}


async def test_pressing_and_answering(api: Any, siti: User) -> None:
    sent = await api("sendMessage", chat_id=siti.id, text="Benar?", reply_markup=YES)
    query = await siti.press("Ya")
    told = (await api("getUpdates", offset=-1))[0]["callback_query"]
    assert (told["id"], told["data"], told["message"]["message_id"]) == (query, "yes", sent["message_id"])
    assert told["chat_instance"]
    await api("answerCallbackQuery", callback_query_id=query, text="Sip", show_alert=True)
    answer = await siti.wait_for_answer(query)
    assert (answer["text"], answer["alert"]) == ("Sip", True)


async def test_an_answer_can_come_too_late(api: Any, siti: User, client: SandboxClient) -> None:
    await api("sendMessage", chat_id=siti.id, text="Benar?", reply_markup=YES)
    query = await siti.press("Ya")
    await client.limits(enabled=False, callback_lifetime=-1)
    words = await api.error("answerCallbackQuery", callback_query_id=query)
    assert words == "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_a_button_that_is_gone_cannot_be_pressed(api: Any, siti: User) -> None:
    sent = await api("sendMessage", chat_id=siti.id, text="Benar?", reply_markup=YES)
    await api("editMessageReplyMarkup", chat_id=siti.id, message_id=sent["message_id"])
    with pytest.raises(LookupError, match="no button 'Ya'"):
        await siti.press("Ya")
    with pytest.raises(SandboxRefused, match="no such button"):
        await siti.act("press", bot="kentongan_bot", message_id=sent["message_id"], data="yes")


async def test_keys_under_the_input_field(api: Any, siti: User) -> None:
    keys = [
        ["Tanpa foto"],
        [{"text": "Nomor saya", "request_contact": True}, {"text": "Lokasi", "request_location": True}],
    ]
    await api("sendMessage", chat_id=siti.id, text="Pilih", reply_markup={"keyboard": keys})
    for label in ("Tanpa foto", "Nomor", "Lokasi"):
        await siti.press(label)
    text, contact, place = [u["message"] for u in (await api("getUpdates"))[-3:]]
    assert text["text"] == "Tanpa foto"
    assert contact["contact"]["user_id"] == siti.id
    assert place["location"]["latitude"] == pytest.approx(-7.7659)
    await api("sendMessage", chat_id=siti.id, text="Cukup", reply_markup={"remove_keyboard": True})
    with pytest.raises(SandboxRefused, match="no such button"):
        await siti.act("press_key", bot="kentongan_bot", text="Lokasi")


async def test_ten_thousand_letters_go_as_several_messages(api: Any, siti: User) -> None:
    await siti.send("kentongan_bot", "kata " * 2000)
    texts = [u["message"]["text"] for u in (await api("getUpdates"))[1:]]
    assert [len(text) <= 4096 for text in texts] == [True, True, True]
    assert " ".join(texts).split() == ["kata"] * 2000


async def test_editing_and_deleting_ones_own(api: Any, siti: User) -> None:
    sent = await siti.send("kentongan_bot", "jalan rusak")
    await siti.edit(sent, "jalan berlubang")
    edited = (await api("getUpdates", offset=-1))[0]["edited_message"]
    assert (edited["text"], edited["message_id"]) == ("jalan berlubang", sent.id)
    assert edited["edit_date"] >= edited["date"]
    await siti.delete(sent)
    words = await api.error(
        "sendMessage", chat_id=siti.id, text="a", reply_parameters={"message_id": sent.id}
    )
    assert words == "Bad Request: message to be replied not found"


async def test_commands_follow_scope_and_language(api: Any, siti: User, client: SandboxClient) -> None:
    await api("setMyCommands", commands=[{"command": "status", "description": "Laporan saya"}])
    english = [{"command": "status", "description": "My reports"}]
    await api("setMyCommands", commands=english, language_code="en")
    assert await api("getMyCommands", language_code="en") == english
    john = await client.user("John", language_code="en")
    await john.start("kentongan_bot")
    rooms = {room["key"]: room["commands"] for room in (await client.state())["rooms"]}
    assert rooms[f"1001:{siti.id}"][str(siti.id)][0]["description"] == "Laporan saya"
    assert rooms[f"1001:{john.id}"][str(john.id)][0]["description"] == "My reports"


async def test_what_a_bot_says_of_itself(api: Any) -> None:
    await api("setMyDescription", description="Sampaikan keluhan")
    assert await api("getMyDescription", language_code="jv") == {"description": "Sampaikan keluhan"}
    await api("setMyName", name="Kentongan Sleman")
    assert (await api("getMe"))["first_name"] == "Kentongan Sleman"


async def test_voting(api: Any, siti: User) -> None:
    options = [{"text": "Sabtu"}, {"text": "Minggu"}]
    sent = await api("sendPoll", chat_id=siti.id, question="Kapan?", options=options, is_anonymous=False)
    await siti.act("vote", bot="kentongan_bot", message_id=sent["message_id"], options=[1])
    answer, poll = (await api("getUpdates"))[-2:]
    assert answer["poll_answer"]["option_ids"] == [1]
    assert poll["poll"]["total_voter_count"] == 1
    closed = await api("stopPoll", chat_id=siti.id, message_id=sent["message_id"])
    assert closed["is_closed"]


async def test_waiting_in_vain_tells_what_was_seen(api: Any, siti: User) -> None:
    await api("sendMessage", chat_id=siti.id, text="lain")
    with pytest.raises(TimeoutError, match=r"waited 0.1 s for 'ini' and saw \['lain'\]"):
        await siti.wait_for("ini", timeout=0.1)
