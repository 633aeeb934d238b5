"""Whoever calls without the right secret gets one and the same answer, whatever they show instead."""

import ast
import base64
import hmac
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.commands.open311 import KeyRing
from bot.serving import opened
from storage.rows import inbox as inbox_table
from tests.scenarios.kit import at_a_free_port, beside_a_sandbox

SECRET = "rahasia-di-pintu"
WRONG = {
    "missing": "",
    "another": "rahasia-di-jendela",
    "its beginning": SECRET[:-1],
    "it and more": SECRET + "x",
    "in capitals": SECRET.upper(),
    "no ASCII": "råhasia-di-pintu",
    "far too long": SECRET * 200,
    "with blanks": f" {SECRET[:4]} ",
}
UPDATE = {
    "update_id": 77,
    "message": {
        "message_id": 1,
        "date": 1795000000,
        "chat": {"id": 99000001, "type": "private", "first_name": "X"},
        "from": {"id": 99000001, "is_bot": False, "first_name": "X"},
        "text": "masuk tanpa izin",
    },
}
META = orjson.dumps({"object": "whatsapp_business_account", "entry": []})


@dataclass(frozen=True)
class Knock:
    """One request at a door with a secret shown the way its platform shows it."""

    method: str
    path: str
    headers: Mapping[str, str] | None = None
    query: Mapping[str, str] | None = None
    body: bytes | Mapping[str, str] | None = None


def telegram(path: str) -> Callable[[str], Knock]:
    header = "X-Telegram-Bot-Api-Secret-Token"
    return lambda secret: Knock("POST", path, {header: secret} if secret else {}, body=orjson.dumps(UPDATE))


def meta(secret: str) -> Knock:
    seal = "sha256=" + hmac.new(SECRET.encode(), META, "sha256").hexdigest() if secret == SECRET else secret
    return Knock("POST", "/meta/webhook", {"X-Hub-Signature-256": seal} if seal else {}, body=META)


def meta_question(secret: str) -> Knock:
    query = {"hub.mode": "subscribe", "hub.challenge": "7", "hub.verify_token": secret}
    return Knock("GET", "/meta/webhook", query=query)


def kannel(path: str) -> Callable[[str], Knock]:
    form = {"from": "6281200000000", "text": "x", "id": "1", "ref": "1", "to": "1", "type": "1"}
    return lambda secret: Knock("POST", path, body={**form, "token": secret})


SIGNATURE = "X-Twilio-Signature"
SMS = {
    "From": "+6281200000000",
    "To": "+6281200000000",
    "Body": "x",
    "MessageSid": "SM1",
    "MessageStatus": "sent",
}


def twilio(path: str) -> Callable[[str], Knock]:
    return lambda secret: Knock("POST", path, {SIGNATURE: secret} if secret else {}, body=SMS)


def signed(address: str) -> str:
    """What Twilio shows for that form: address and fields in order, keyed with the account's token."""
    told = address + "".join(name + SMS[name] for name in sorted(SMS))
    return base64.b64encode(hmac.digest(SECRET.encode(), told.encode(), "sha1")).decode()


def rasa(secret: str) -> Knock:
    said = orjson.dumps({"sender": "a", "message": "x"})
    return Knock("POST", "/webhooks/rest/webhook", query={"token": secret}, body=said)


def webchat(secret: str) -> Knock:
    said = orjson.dumps({"id": "0001", "text": "x"})
    return Knock("POST", "/chat/api/messages", {"Authorization": f"Bearer {secret}"}, body=said)


DOORS: dict[str, Callable[[str], Knock]] = {
    "telegram": telegram("/telegram/citizen"),
    "the staff's telegram": telegram("/telegram/operator"),
    "meta": meta,
    "meta's question": meta_question,
    "kannel": kannel("/sms/kannel/in"),
    "kannel's reports": kannel("/sms/kannel/dlr"),
    "rasa": rasa,
    "webchat": webchat,
}
OF_TWILIO: dict[str, Callable[[str], Knock]] = {
    "twilio": twilio("/sms/twilio/in"),
    "twilio's reports": twilio("/sms/twilio/status"),
}
BEHIND = {"kannel": DOORS, "twilio": OF_TWILIO}
EVERY = [(gateway, door) for gateway, doors in BEHIND.items() for door in doors]
GATEWAYS = {
    "kannel": {"sms_url": "http://127.0.0.1:9/sendsms", "sms_secret": SecretStr(SECRET)},
    "twilio": {
        "sms_url": "http://127.0.0.1:9",
        "sms_user": "AC1",
        "sms_password": SecretStr(SECRET),
        "sms_sender": "+1",
    },
}


@dataclass(frozen=True)
class Town:
    house: Any
    address: str
    http: aiohttp.ClientSession

    async def knock(self, knock: Knock) -> tuple[int, bytes]:
        headers = dict(knock.headers or {})
        if headers.get(SIGNATURE) == SECRET:
            headers[SIGNATURE] = signed(self.address + knock.path)
        more = {"headers": headers, "params": knock.query, "data": knock.body}
        async with self.http.request(knock.method, self.address + knock.path, **more) as answer:
            return answer.status, await answer.read()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def town(tmp_path_factory, request) -> AsyncIterator[Town]:
    gateway = getattr(request, "param", "kannel")
    told = (
        at_a_free_port()
        | GATEWAYS[gateway]
        | {
            "webhook_secret": SecretStr(SECRET),
            "rasa_web": True,
            "rasa_token": SecretStr(SECRET),
            "sms_gateway": gateway,
            "meta_api": "http://127.0.0.1:9",
            "meta_app_secret": SecretStr(SECRET),
            "meta_verify_token": SecretStr(SECRET),
            "whatsapp_phone_number_id": "1",
            "whatsapp_token": SecretStr(SECRET),
        }
    )
    async with (
        beside_a_sandbox(tmp_path_factory.mktemp("doors"), **told) as settings,
        opened(settings) as running,
        aiohttp.ClientSession() as http,
    ):
        yield Town(running.house, running.address, http)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("town", "door"), EVERY, indirect=["town"])
async def test_every_wrong_secret_gets_the_same_refusal_and_nothing_is_kept(town, door):
    before = await town.house.core.database.read(_kept)
    knock = (DOORS | OF_TWILIO)[door]
    answers = {name: await town.knock(knock(secret)) for name, secret in WRONG.items()}
    assert len(set(answers.values())) == 1, answers
    ((status, body),) = set(answers.values())
    assert status in {401, 403}
    assert SECRET.encode() not in body
    assert await town.house.core.database.read(_kept) == before


def _kept(connection) -> int:
    return len(connection.execute(inbox_table.select()).all())


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("town", "door"), [one for one in EVERY if one[1] != "webchat"], indirect=["town"])
async def test_the_right_secret_is_let_in(town, door):
    status, _ = await town.knock((DOORS | OF_TWILIO)[door](SECRET))
    assert status in {200, 202, 204}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("town", ["kannel"], indirect=True)
async def test_a_wrong_key_of_the_open_interface_is_refused_alike(town):
    await KeyRing(town.house.core).add("Aplikasi")
    form = {"service_code": "lampu_jalan-mati", "description": "x", "lat": "-7.77", "long": "110.29"}
    answers = set()
    for key in [one for one in WRONG.values() if one]:
        knock = Knock("POST", "/open311/v2/requests.json", body={**form, "api_key": key})
        answers.add(await town.knock(knock))
    assert len(answers) == 1, answers
    ((status, _),) = answers
    assert status == 403


EQUALS = (ast.Eq, ast.NotEq, ast.In, ast.NotIn)
NAMED = ("secret", "signature", "token", "seal", "password", "hmac")


def test_no_secret_is_compared_in_a_time_that_tells_where_it_differs():
    """Anywhere in the program: what is called a secret is compared by hmac.compare_digest alone."""
    found = []
    for path in sorted((Path(__file__).parents[2] / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], EQUALS):
                sides = (node.left, *node.comparators)
                if any(map(_secret, sides)) and "sandbox" not in path.parts:
                    found.append(f"{path}: {ast.unparse(node)}")
    assert found == []


def _secret(side: ast.expr) -> bool:
    name = getattr(side, "attr", getattr(side, "id", ""))
    return any(name.lower().endswith(one) for one in NAMED)
