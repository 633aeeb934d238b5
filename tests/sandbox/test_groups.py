"""Groups, topics, and who sees what."""

from typing import Any

import pytest

from bot.sandbox.client import Group, SandboxClient, SandboxRefused, User


@pytest.fixture
async def forum(client: SandboxClient) -> Group:
    group = await client.forum("Dishub", ["Lampu jalan"])
    await group.add("kentongan_bot", admin=True)
    return group


async def test_joining_as_administrator_is_told(api: Any, forum: Group) -> None:
    change, joined = await api("getUpdates")
    member = change["my_chat_member"]
    assert member["chat"] == {"id": forum.id, "title": "Dishub", "type": "supergroup", "is_forum": True}
    assert str(forum.id).startswith("-100")
    assert (member["old_chat_member"]["status"], member["new_chat_member"]["status"]) == (
        "left",
        "administrator",
    )
    assert member["new_chat_member"]["can_manage_topics"] is True
    assert joined["message"]["new_chat_members"][0]["id"] == 1001


async def test_a_message_in_a_topic_answers_the_message_that_opened_it(api: Any, forum: Group) -> None:
    await forum.owner.send(forum["Lampu jalan"], "halo")
    message = (await api("getUpdates", offset=-1))[0]["message"]
    assert message["message_thread_id"] == forum.topics["Lampu jalan"]
    assert message["is_topic_message"] is True
    assert message["reply_to_message"]["forum_topic_created"]["name"] == "Lampu jalan"


async def test_replies_carry_what_they_answer(api: Any, forum: Group) -> None:
    card = await api(
        "sendMessage", chat_id=forum.id, message_thread_id=forum.topics["Lampu jalan"], text="kartu"
    )
    seen = await forum.owner.wait_for("kartu")
    await forum.owner.reply(seen, "siap")
    answer = (await api("getUpdates", offset=-1))[0]["message"]
    assert answer["reply_to_message"]["message_id"] == card["message_id"]
    assert "reply_to_message" not in answer["reply_to_message"]


async def test_topics_from_a_bot(api: Any, forum: Group) -> None:
    made = await api("createForumTopic", chat_id=forum.id, name="Rambu")
    thread = {"chat_id": forum.id, "message_thread_id": made["message_thread_id"]}
    assert made["name"] == "Rambu"
    sent = await api("sendMessage", text="di sini", **thread)
    assert sent["message_thread_id"] == made["message_thread_id"]
    await api("editForumTopic", name="Rambu dan marka", **thread)
    assert await api.error("reopenForumTopic", **thread) == "Bad Request: TOPIC_NOT_MODIFIED"
    await api("closeForumTopic", **thread)
    await api("deleteForumTopic", **thread)
    assert await api.error("sendMessage", text="a", **thread) == "Bad Request: message thread not found"


async def test_a_closed_topic_takes_no_more_from_members(
    api: Any, forum: Group, client: SandboxClient
) -> None:
    agus = await client.existing_user("Agus")
    await forum.add(agus)
    await api("closeForumTopic", chat_id=forum.id, message_thread_id=forum.topics["Lampu jalan"])
    with pytest.raises(SandboxRefused, match="TOPIC_CLOSED"):
        await agus.send(forum["Lampu jalan"], "halo")


async def test_only_an_administrator_makes_topics(api: Any, client: SandboxClient) -> None:
    group = await client.forum("Warga")
    await group.add("kentongan_bot")
    words = await api.error("createForumTopic", chat_id=group.id, name="x")
    assert words == "Bad Request: not enough rights to create a topic"
    await group.add("kentongan_bot", admin=True)
    await api("createForumTopic", chat_id=group.id, name="x")


async def test_group_privacy_hides_ordinary_talk(api: Any, client: SandboxClient) -> None:
    group = await client.group("Warga RT 5")
    await group.add("kentongan_bot")
    sent = await api("sendMessage", chat_id=group.id, text="halo")
    await group.owner.send(group, "obrolan biasa")
    await group.owner.send(group, "/status@kentongan_bot")
    await group.owner.send(group, "/status@bot_lain")
    await group.owner.reply(await group.owner.wait_for("halo", since=0), "jawaban")
    texts = [u["message"].get("text") for u in await api("getUpdates") if "message" in u]
    assert texts == [None, "/status@kentongan_bot", "jawaban"]
    assert sent["message_id"] > 0


async def test_who_is_who(api: Any, forum: Group, siti: User) -> None:
    await forum.add(siti)
    admins = await api("getChatAdministrators", chat_id=forum.id)
    assert [(a["user"]["first_name"], a["status"]) for a in admins] == [
        ("Pemilik", "creator"),
        ("Kentongan", "administrator"),
    ]
    assert (await api("getChatMember", chat_id=forum.id, user_id=siti.id))["status"] == "member"
    assert await api("getChatMemberCount", chat_id=forum.id) == 3
    await api("banChatMember", chat_id=forum.id, user_id=siti.id)
    assert (await api("getChatMember", chat_id=forum.id, user_id=siti.id))["status"] == "kicked"
    with pytest.raises(SandboxRefused, match="not in this chat"):
        await siti.send(forum, "halo?")
    assert await api.error("getChatMember", chat_id=forum.id, user_id=5) == "Bad Request: user not found"


async def test_forwarding_pinning_copying_reacting(api: Any, forum: Group, siti: User) -> None:
    source = {"from_chat_id": siti.id, "message_id": 1}
    forwarded = await api("forwardMessage", chat_id=forum.id, **source)
    assert forwarded["forward_origin"]["sender_user"]["id"] == siti.id
    copied = await api("copyMessage", chat_id=forum.id, **source)
    assert copied == {"message_id": forwarded["message_id"] + 1}
    await api("pinChatMessage", chat_id=forum.id, message_id=copied["message_id"])
    chat = await api("getChat", chat_id=forum.id)
    assert chat["pinned_message"]["message_id"] == copied["message_id"]
    await api("unpinAllChatMessages", chat_id=forum.id)
    assert "pinned_message" not in await api("getChat", chat_id=forum.id)
    reaction = [{"type": "emoji", "emoji": "👍"}]
    await api("setMessageReaction", chat_id=siti.id, message_id=1, reaction=reaction)
    assert await api.error("setMessageReaction", chat_id=siti.id, message_id=1, reaction=reaction * 2)


async def test_leaving_ends_it(api: Any, forum: Group) -> None:
    await api("leaveChat", chat_id=forum.id)
    words = await api.error("sendMessage", chat_id=forum.id, text="a")
    assert words == "Forbidden: bot is not a member of the supergroup chat"
