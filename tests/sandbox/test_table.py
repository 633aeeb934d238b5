"""The table of methods and types, and the script that makes it."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.registry import HANDLERS
from bot.sandbox.table import (
    TABLE_FILE,
    Unreadable,
    methods,
    read_boolean,
    read_chat,
    read_integer,
    specification,
)

SCRIPT = Path(__file__).parents[2] / "scripts" / "build_bot_api_table.py"


def script() -> Any:
    spec = importlib.util.spec_from_file_location("build_bot_api_table", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_only_facts_are_taken_over() -> None:
    source = {
        "version": "Bot API 1",
        "methods": {
            "sendX": {
                "fields": [
                    {
                        "name": "text",
                        "types": ["String"],
                        "required": True,
                        "description": "A sentence, 1-64 characters",
                    },
                    {
                        "name": "type",
                        "types": ["String"],
                        "required": False,
                        "description": "Kind, must be photo",
                    },
                ]
            }
        },
        "types": {"Either": {"subtypes": ["A", "B"]}},
    }
    made = json.loads(script().render(script().table(source)))
    assert made["methods"]["sendX"] == {
        "text": {"types": ["String"], "required": True, "length": [1, 64, "characters"]},
        "type": {"types": ["String"], "constant": "photo"},
    }
    assert made["types"] == {"Either": {"one_of": ["A", "B"]}}


def test_the_table_holds_no_sentences() -> None:
    assert 'description":"' not in TABLE_FILE.read_text(encoding="utf-8")
    assert "PaulSonOfLars/telegram-bot-api-spec (MIT)" in specification()["source"]


def test_every_simulated_method_is_one_of_the_bot_api() -> None:
    assert HANDLERS.keys() <= methods().keys()


NEEDED = """
    getMe getUpdates setWebhook deleteWebhook getWebhookInfo sendMessage sendPhoto sendVideo
    sendVoice sendDocument sendMediaGroup sendLocation sendVenue sendContact sendPoll sendSticker
    sendDice sendChatAction forwardMessage copyMessage editMessageText editMessageCaption
    editMessageMedia editMessageReplyMarkup deleteMessage getFile answerCallbackQuery
    setMessageReaction pinChatMessage getChat getChatMember getChatAdministrators leaveChat
    createForumTopic editForumTopic closeForumTopic reopenForumTopic deleteForumTopic setMyCommands
    getMyCommands setMyDescription setMyShortDescription setMyName logOut close
"""


@pytest.mark.parametrize("name", NEEDED.split())
def test_what_bots_here_need_is_simulated(name: str) -> None:
    assert name.lower() in HANDLERS


@pytest.mark.parametrize(("value", "read"), [("12", 12), (12, 12), ("-5", -5)])
def test_integers(value: Any, read: int) -> None:
    assert read_integer(value) == read


@pytest.mark.parametrize("value", ["", "x", True, 1.5, None, [1]])
def test_what_is_no_integer(value: Any) -> None:
    with pytest.raises(Unreadable):
        read_integer(value)


def test_booleans_and_chats() -> None:
    assert [read_boolean(v) for v in (True, "true", "True", "1", "yes", "false", "0", False)] == [
        True
    ] * 5 + [False] * 3
    assert (read_chat("@dishub"), read_chat("-100"), read_chat(7)) == ("@dishub", -100, 7)


def test_parameters_in_text_and_in_json_are_read_alike() -> None:
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    as_form = {
        "chat_id": "7",
        "text": "x",
        "disable_notification": "true",
        "reply_markup": json.dumps(keyboard),
    }
    as_json = {"chat_id": 7, "text": "x", "disable_notification": True, "reply_markup": keyboard}
    send = methods()["sendmessage"]
    assert send.read(as_form) == send.read(as_json) == (as_json, [])
