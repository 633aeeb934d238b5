"""Meta's webhook: verified, signed over the raw body, repeated, in any order, several at once, or forged."""

import hmac
import io
import json

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.graph.webhook import MAX_BODY, WEBHOOK_PATH, MetaWebhook
from tests.channels.wires.meta import SECRET, VERIFY

TEXT = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": []}, {"id": "2"}]}


class Taker:
    def __init__(self):
        self.taken = []
        self.broken = False

    async def take(self, entry):
        if self.broken:
            raise RuntimeError("the disk is full")
        self.taken.append(entry)


@pytest.fixture
def taker():
    return Taker()


@pytest.fixture
async def client(taker):
    app = web.Application()
    app.add_routes(MetaWebhook(SECRET, VERIFY, {"whatsapp_business_account": taker.take}).routes())
    async with TestClient(TestServer(app)) as client:
        yield client


def sign(body, secret=SECRET):
    return "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()


async def post(client, body, signature=None):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"X-Hub-Signature-256": sign(body) if signature is None else signature}
    answer = await client.post(WEBHOOK_PATH, data=body, headers={k: v for k, v in headers.items() if v})
    return answer.status


async def test_the_question_whether_it_is_ours(client):
    query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"}
    answer = await client.get(WEBHOOK_PATH, params=query)
    assert (answer.status, await answer.text()) == (200, "1158201444")
    assert answer.content_type == "text/plain"


@pytest.mark.parametrize(
    "changed",
    [
        {"hub.verify_token": "tebakan"},
        {"hub.verify_token": ""},
        {"hub.mode": "unsubscribe"},
        {"hub.mode": ""},
    ],
)
async def test_a_stranger_is_not_told_so(client, changed):
    query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1"} | changed
    assert (await client.get(WEBHOOK_PATH, params=query)).status == 403


async def test_every_entry_is_handed_on(client, taker):
    assert await post(client, TEXT) == 200
    assert [one["id"] for one in taker.taken] == ["1", "2"]


async def test_the_raw_body_counts_not_what_it_says(client, taker):
    body = b'{"object" : "whatsapp_business_account","entry":[{"id":"\\u0041 \xc3\xa9"}]}'
    assert await post(client, body) == 200
    assert await post(client, json.dumps(json.loads(body)).encode(), sign(body)) == 401
    assert [one["id"] for one in taker.taken] == ["A é"]


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "sha256=",
        "sha256=00",
        sign(b"lain"),
        sign(json.dumps(TEXT).encode(), "salah"),
        "sha1=aa",
        "é",
        "x" * 500,
    ],
)
async def test_what_is_forged_is_turned_away(client, taker, signature):
    assert await post(client, TEXT, signature) == 401
    assert taker.taken == []


@pytest.mark.parametrize(
    ("body", "status"), [(b"", 400), (b"{", 400), (b"[]", 400), (b"5", 400), (b"null", 400)]
)
async def test_what_is_no_webhook_is_refused(client, body, status):
    assert await post(client, body) == status


async def test_half_a_character_costs_nobody_their_answer(client, taker):
    body = json.dumps(TEXT).encode().replace(b'"1"', b'"a\\ud83d \\\\ud83d \xed\xa0\xbd"')
    assert await post(client, body) == 200
    assert taker.taken[0]["id"].replace("\ufffd", "") == "a \\ud83d "
    assert len(taker.taken) == 2


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"object": "user"},
        {"object": 5, "entry": 5},
        {**TEXT, "entry": None},
        {**TEXT, "entry": [1, "x", None]},
    ],
)
async def test_what_is_for_nobody_is_taken_and_left(client, taker, body):
    assert await post(client, body) == 200
    assert taker.taken == []


async def test_a_body_without_end_is_not_read(client):
    answer = await client.post(WEBHOOK_PATH, data=io.BytesIO(b" " * (MAX_BODY + 1)))
    assert answer.status == 413


async def test_what_cannot_be_kept_is_not_confirmed(client, taker):
    taker.broken = True
    assert await post(client, TEXT) == 500
    taker.broken = False
    assert await post(client, TEXT) == 200
