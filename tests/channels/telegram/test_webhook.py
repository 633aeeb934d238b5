import asyncio
import io
import json
from pathlib import Path

import pytest

from bot.channels.botapi import MAX_UPDATE, SECRET_HEADER
from bot.channels.telegram.channel import WEBHOOK_PATH

PAYLOADS = Path(__file__).with_name("payloads")
HEADERS = {SECRET_HEADER: "rahasia-webhook"}


def payload(file, name):
    return next(
        case["update"] for case in json.loads((PAYLOADS / f"{file}.json").read_text()) if case["name"] == name
    )


async def test_an_update_is_kept_before_it_is_confirmed(hook, inbox):
    answer = await hook.post(WEBHOOK_PATH, json=payload("text", "plain"), headers=HEADERS)
    assert answer.status == 200
    assert [one.text for one in inbox.messages] == ["Lampu jalan mati di depan pasar"]


async def test_a_repeated_update_is_confirmed_and_kept_once(hook, inbox):
    posts = [hook.post(WEBHOOK_PATH, json=payload("text", "plain"), headers=HEADERS) for _ in range(3)]
    assert {answer.status for answer in await asyncio.gather(*posts)} == {200}
    assert len(inbox.messages) == 1


@pytest.mark.parametrize(
    "secret", [None, "", "rahasia-webhoo", "rahasia-webhookk", "RAHASIA-WEBHOOK", "\xff\xfe"]
)
async def test_without_the_secret_nothing_is_taken(hook, inbox, secret):
    headers = {} if secret is None else {SECRET_HEADER: secret}
    answer = await hook.post(WEBHOOK_PATH, json=payload("text", "plain"), headers=headers)
    assert answer.status == 401
    assert not inbox.messages


@pytest.mark.parametrize(
    "case", json.loads((PAYLOADS / "malformed.json").read_text()), ids=lambda case: case["name"]
)
async def test_malformed_updates_leave_no_trace(hook, inbox, case):
    answer = await hook.post(WEBHOOK_PATH, data=case["body"].encode(), headers=HEADERS)
    assert answer.status == 400
    assert not inbox.messages


@pytest.mark.parametrize("half", [b"\\ud83d", b"\\uDE00", b"\xed\xa0\xbd", b"\xff"])
async def test_half_a_character_costs_nobody_their_answer(hook, inbox, half):
    body = json.dumps(payload("text", "plain")).encode()
    body = body.replace(b"mati", b"mati " + half + b" \\ud83d\\ude00")
    answer = await hook.post(WEBHOOK_PATH, data=body, headers=HEADERS)
    assert answer.status == 200
    (message,) = inbox.messages
    assert message.text.replace("\ufffd", "") == "Lampu jalan mati  😀 di depan pasar"


@pytest.mark.parametrize("declared", [True, False])
async def test_huge_bodies_are_refused(hook, inbox, declared):
    async def in_pieces():
        for _ in range(MAX_UPDATE // 65536 + 1):
            yield b" " * 65536

    body = io.BytesIO(b" " * (MAX_UPDATE + 1)) if declared else in_pieces()
    answer = await hook.post(WEBHOOK_PATH, data=body, headers=HEADERS)
    assert answer.status == 413
    assert not inbox.messages


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_other_methods_are_refused(hook, method):
    assert (await hook.request(method, WEBHOOK_PATH, headers=HEADERS)).status == 405


async def test_what_cannot_be_kept_is_not_confirmed(hook, inbox):
    inbox.broken = 1
    assert (await hook.post(WEBHOOK_PATH, json=payload("text", "plain"), headers=HEADERS)).status == 500
    assert (await hook.post(WEBHOOK_PATH, json=payload("text", "plain"), headers=HEADERS)).status == 200
    assert len(inbox.messages) == 1


async def test_updates_nobody_answers_are_confirmed(hook, inbox):
    for case in json.loads((PAYLOADS / "ignored.json").read_text()):
        assert (await hook.post(WEBHOOK_PATH, json=case["update"], headers=HEADERS)).status == 200, case[
            "name"
        ]
    assert not inbox.messages
    assert [change.reachable for change in inbox.memberships] == [False]


async def test_a_pressed_button_is_kept_and_its_spinner_stopped_in_the_answer(hook, inbox, people, channel):
    pressed = payload("buttons", "pressed")
    answer = await hook.post(WEBHOOK_PATH, json=pressed, headers=HEADERS)
    assert answer.status == 200
    assert await answer.json() == {
        "method": "answerCallbackQuery",
        "callback_query_id": pressed["callback_query"]["id"],
    }
    assert inbox.messages[0].button == "/affirm"
    await channel.stop()
    assert await people.calls(method="answerCallbackQuery") == []
