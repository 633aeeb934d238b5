"""Whoever calls without the right secret gets one and the same answer, whatever they show instead."""

import ast
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


@dataclass(frozen=True)
class Town:
    house: Any
    address: str
    http: aiohttp.ClientSession

    async def knock(self, knock: Knock) -> tuple[int, bytes]:
        more = {"headers": knock.headers, "params": knock.query, "data": knock.body}
        async with self.http.request(knock.method, self.address + knock.path, **more) as answer:
            return answer.status, await answer.read()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def town(tmp_path_factory) -> AsyncIterator[Town]:
    told = at_a_free_port() | {
        "webhook_secret": SecretStr(SECRET),
        "rasa_web": True,
        "rasa_token": SecretStr(SECRET),
        "sms_gateway": "kannel",
        "sms_url": "http://127.0.0.1:9/sendsms",
        "sms_secret": SecretStr(SECRET),
        "meta_api": "http://127.0.0.1:9",
        "meta_app_secret": SecretStr(SECRET),
        "meta_verify_token": SecretStr(SECRET),
        "whatsapp_phone_number_id": "1",
        "whatsapp_token": SecretStr(SECRET),
    }
    async with (
        beside_a_sandbox(tmp_path_factory.mktemp("doors"), **told) as settings,
        opened(settings) as running,
        aiohttp.ClientSession() as http,
    ):
        yield Town(running.house, running.address, http)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("door", DOORS)
async def test_every_wrong_secret_gets_the_same_refusal_and_nothing_is_kept(town, door):
    before = await town.house.core.database.read(_kept)
    answers = {name: await town.knock(DOORS[door](secret)) for name, secret in WRONG.items()}
    assert len(set(answers.values())) == 1, answers
    ((status, body),) = set(answers.values())
    assert status in {401, 403}
    assert SECRET.encode() not in body
    assert await town.house.core.database.read(_kept) == before


def _kept(connection) -> int:
    return len(connection.execute(inbox_table.select()).all())


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("door", [name for name in DOORS if name != "webchat"])
async def test_the_right_secret_is_let_in(town, door):
    status, _ = await town.knock(DOORS[door](SECRET))
    assert status in {200, 202}


@pytest.mark.asyncio(loop_scope="module")
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
