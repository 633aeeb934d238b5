"""Updates whose shape aiogram does not know: whoever wrote is heard, the rest is confirmed and let be."""

import pytest

from bot.channels.botapi import SECRET_HEADER
from bot.channels.telegram.channel import WEBHOOK_PATH
from bot.channels.telegram.rough import roughly
from tests.channels.telegram.conftest import NOW

HEADERS = {SECRET_HEADER: "rahasia-webhook"}
CHAT = {"id": 5151, "type": "private", "first_name": 5}
MESSAGE = {"message_id": 17, "date": 1763780640, "chat": CHAT}


@pytest.mark.parametrize(
    ("update", "heard"),
    [
        ({"message": {**MESSAGE, "text": "halo"}}, ("text", "halo", "")),
        ({"message": {**MESSAGE, "photo": 5, "caption": "lampu mati"}}, ("text", "lampu mati", "")),
        ({"message": {**MESSAGE, "text": 5}}, ("unsupported", "", "")),
        ({"message": {**MESSAGE, "from": "siti", "dice": 6}}, ("unsupported", "", "")),
        (
            {"callback_query": {"id": 5, "from": {}, "data": "/affirm", "message": {**MESSAGE, "date": 0}}},
            ("button", "", "/affirm"),
        ),
    ],
)
async def test_whoever_wrote_is_heard(hook, inbox, update, heard):
    answer = await hook.post(WEBHOOK_PATH, json={"update_id": 1, **update}, headers=HEADERS)
    assert answer.status == 200
    assert [(one.kind, one.text, one.button) for one in inbox.messages] == [heard]
    assert inbox.messages[0].address == "5151"


@pytest.mark.parametrize("kind", ["poll", "poll_answer", "chat_join_request", "telepathy"])
async def test_what_nobody_asked_for_is_confirmed(hook, inbox, kind):
    """Turned down, it would come again for a day and hold up what comes behind it."""
    answer = await hook.post(WEBHOOK_PATH, json={"update_id": 1, kind: {"novel": 5}}, headers=HEADERS)
    assert answer.status == 200
    assert not inbox.messages


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"update_id": True, "message": {**MESSAGE, "text": "x"}},
        {"update_id": 1, "message": {**MESSAGE, "chat": {"id": -5, "type": "group"}}},
        {"update_id": 1, "message": {**MESSAGE, "chat": {"id": "x", "type": "private"}}},
        {"update_id": 1, "message": {**MESSAGE, "date": 10**30}},
        {"update_id": 1, "message": "halo"},
        {"update_id": 1, "callback_query": {"data": "/x"}},
    ],
)
def test_what_names_nobody_is_nothing(update):
    assert roughly(update, NOW) is None
