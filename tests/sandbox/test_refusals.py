"""Wrong calls get Telegram's own words."""

from typing import Any

import aiohttp
import pytest

from bot.sandbox.client import SandboxClient, User
from bot.sandbox.server import Sandbox

LONG = "a" * 4097
TOO_MANY_BUTTONS = {"inline_keyboard": [[{"text": "x", "callback_data": "x"}] for _ in range(101)]}
PARSE = "Bad Request: can't parse entities: "

SEND = [
    ({"text": ""}, "Bad Request: message text is empty"),
    ({"text": "  \n "}, "Bad Request: message text is empty"),
    ({"text": "<b></b>", "parse_mode": "HTML"}, "Bad Request: message text is empty"),
    ({"text": LONG}, "Bad Request: message is too long"),
    ({"text": "😀" * 2049}, "Bad Request: message is too long"),
    ({"text": "<x>a</x>", "parse_mode": "HTML"}, PARSE + 'Unsupported start tag "x" at byte offset 0'),
    ({"text": "é<x>a</x>", "parse_mode": "html"}, PARSE + 'Unsupported start tag "x" at byte offset 2'),
    ({"text": "<b>a", "parse_mode": "HTML"}, PARSE + 'Can\'t find end tag corresponding to start tag "b"'),
    (
        {"text": "<b>a</i>", "parse_mode": "HTML"},
        PARSE + 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
    ),
    ({"text": "a < b", "parse_mode": "HTML"}, PARSE + 'Unsupported start tag "" at byte offset 2'),
    ({"text": "a</b>", "parse_mode": "HTML"}, PARSE + "Unexpected end tag at byte offset 1"),
    (
        {"text": "a.", "parse_mode": "MarkdownV2"},
        PARSE + "Character '.' is reserved and must be escaped with the preceding '\\'",
    ),
    ({"text": "*a", "parse_mode": "MarkdownV2"}, PARSE + "Can't find end of Bold entity at byte offset 0"),
    ({"text": "a", "parse_mode": "BBCode"}, "Bad Request: unsupported parse_mode"),
    ({"text": "a", "message_thread_id": 7}, "Bad Request: message thread not found"),
    ({"text": "a", "reply_parameters": {"message_id": 999}}, "Bad Request: message to be replied not found"),
    (
        {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "é" * 33}]]}},
        "Bad Request: BUTTON_DATA_INVALID",
    ),
    (
        {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": ""}]]}},
        "Bad Request: BUTTON_DATA_INVALID",
    ),
    (
        {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "x"}]]}},
        "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "x", "url": "http://localhost"}]]}},
        "Bad Request: inline keyboard button URL 'http://localhost' is invalid: Wrong HTTP URL",
    ),
    ({"text": "a", "reply_markup": TOO_MANY_BUTTONS}, "Bad Request: reply markup is too long"),
    (
        {"text": "a", "reply_markup": "{"},
        "Bad Request: can't parse reply keyboard markup JSON object: expected a JSON-serialized value",
    ),
    ({"text": "a", "chat_id": 12345}, "Bad Request: chat not found"),
    ({"text": "a", "chat_id": "@nobody"}, "Bad Request: chat not found"),
    ({"text": "a", "chat_id": -100}, "Bad Request: chat not found"),
    ({"text": "a", "chat_id": ""}, "Bad Request: chat_id is empty"),
    ({"text": "a", "chat_id": 1002}, "Forbidden: bot can't send messages to bots"),
]

OTHERS: list[tuple[str, dict[str, Any], str]] = [
    ("sendPhoto", {}, "Bad Request: there is no photo in the request"),
    ("sendPhoto", {"photo": "xyz"}, "Bad Request: wrong file identifier/HTTP URL specified"),
    ("sendPhoto", {"photo": "attach://gone"}, "Bad Request: wrong file identifier/HTTP URL specified"),
    ("sendPhoto", {"photo": "http://a.id/x.jpg"}, "Bad Request: failed to get HTTP URL content"),
    ("sendPhoto", {"photo": "x", "caption": "a" * 1025}, "Bad Request: message caption is too long"),
    (
        "sendMediaGroup",
        {"media": [{"type": "photo", "media": "x"}]},
        "Bad Request: group must include 2-10 items",
    ),
    (
        "sendMediaGroup",
        {"media": [{"type": "photo", "media": "x"}, {"type": "document", "media": "x"}]},
        "Bad Request: documents and audios can't be mixed with other media types",
    ),
    (
        "sendMediaGroup",
        {"media": [{"type": "photo"}] * 2},
        'Bad Request: can\'t parse "media": Can\'t find field "media"',
    ),
    ("sendLocation", {"latitude": 91, "longitude": 0}, "Bad Request: wrong location specified"),
    ("sendLocation", {"longitude": 0}, "Bad Request: latitude is empty"),
    ("sendChatAction", {"action": "juggling"}, "Bad Request: wrong parameter action in request"),
    ("editMessageText", {"text": "a"}, "Bad Request: message identifier is not specified"),
    ("editMessageText", {"text": "a", "message_id": 999}, "Bad Request: message to edit not found"),
    ("editMessageText", {"text": "a", "message_id": 1}, "Bad Request: message can't be edited"),
    ("deleteMessage", {"message_id": 999}, "Bad Request: message to delete not found"),
    ("forwardMessage", {"from_chat_id": 1, "message_id": 1}, "Bad Request: chat not found"),
    ("pinChatMessage", {"message_id": 999}, "Bad Request: message to pin not found"),
    ("createForumTopic", {"name": "x"}, "Bad Request: the chat is not a forum"),
    ("getChatAdministrators", {}, "Bad Request: there are no administrators in the private chat"),
    ("getFile", {"file_id": "x"}, "Bad Request: wrong file_id or the file is temporarily unavailable"),
    (
        "answerCallbackQuery",
        {"callback_query_id": "1"},
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    ),
    (
        "setMyCommands",
        {"commands": [{"command": "Big", "description": "x"}]},
        "Bad Request: BOT_COMMAND_INVALID",
    ),
    (
        "setWebhook",
        {"url": "http://example.org/x"},
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
    ),
    (
        "setWebhook",
        {"url": "https://example.org:81/x"},
        "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
    ),
    (
        "setWebhook",
        {"url": "https://example.org/x", "secret_token": "no spaces"},
        "Bad Request: secret token contains unallowed characters",
    ),
    ("logOut", {}, "Bad Request: logOut is refused: this sandbox is the only server the bot can be on"),
    (
        "sendGame",
        {"game_short_name": "x"},
        "Bad Request: method sendGame exists in the Bot API, but this sandbox does not simulate it",
    ),
    ("sendShrug", {}, "Not Found"),
]


@pytest.mark.parametrize(("params", "words"), SEND)
async def test_a_faulty_text_is_refused(api: Any, siti: User, params: dict[str, Any], words: str) -> None:
    assert await api.error("sendMessage", **({"chat_id": siti.id} | params)) == words


@pytest.mark.parametrize(("method", "params", "words"), OTHERS)
async def test_a_faulty_call_is_refused(
    api: Any, siti: User, method: str, params: dict[str, Any], words: str
) -> None:
    assert await api.error(method, **({"chat_id": siti.id} | params)) == words


async def test_a_missing_chat_is_named(api: Any) -> None:
    assert await api.error("sendMessage", text="a") == "Bad Request: chat_id is empty"


async def test_a_wrong_token_is_unauthorized(sandbox: Sandbox) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{sandbox.base_url}/bot1001:x/getMe") as response,
    ):
        assert response.status == 401
        assert await response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_text_at_the_very_limit_goes_through(api: Any, siti: User) -> None:
    sent = await api("sendMessage", chat_id=siti.id, text=f"<b>{'a' * 4094}😀</b>", parse_mode="HTML")
    assert sent["entities"] == [{"offset": 0, "length": 4096, "type": "bold"}]


async def test_an_edit_that_changes_nothing_is_refused(api: Any, siti: User) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y" * 64}]]}
    sent = await api(
        "sendMessage", chat_id=siti.id, text="<b>halo</b>", parse_mode="HTML", reply_markup=keyboard
    )
    same = {"chat_id": siti.id, "message_id": sent["message_id"], "reply_markup": keyboard}
    words = await api.error("editMessageText", text="<strong>halo</strong>", parse_mode="HTML", **same)
    assert words.startswith(
        "Bad Request: message is not modified: specified new message content and reply markup"
    )
    assert (await api.error("editMessageReplyMarkup", **same)).startswith(
        "Bad Request: message is not modified"
    )
    edited = await api("editMessageText", text="halo", **same)
    assert edited["edit_date"] >= edited["date"]


async def test_blocking_forbids_and_unblocking_allows(api: Any, siti: User) -> None:
    await siti.block("kentongan_bot")
    assert (
        await api.error("sendMessage", chat_id=siti.id, text="a") == "Forbidden: bot was blocked by the user"
    )
    await siti.unblock("kentongan_bot")
    await api("sendMessage", chat_id=siti.id, text="a")
    changes = [
        u["my_chat_member"]["new_chat_member"]["status"]
        for u in await api("getUpdates")
        if "my_chat_member" in u
    ]
    assert changes == ["kicked", "member"]


async def test_a_bot_cannot_begin_with_somebody_it_knows_only_from_a_group(
    api: Any, client: SandboxClient
) -> None:
    group = await client.group("Warga RT 5")
    await group.add("kentongan_bot")
    words = await api.error("sendMessage", chat_id=group.owner.id, text="a")
    assert words == "Forbidden: bot can't initiate conversation with a user"
    await group.remove("kentongan_bot")
    words = await api.error("sendMessage", chat_id=group.id, text="a")
    assert words == "Forbidden: bot was kicked from the supergroup chat"


async def test_unknown_parameters_are_ignored_but_counted(
    api: Any, siti: User, client: SandboxClient
) -> None:
    await api("sendMessage", chat_id=siti.id, text="a", colour="red")
    assert await client.ignored_parameters() == {"sendMessage.colour": 1}
