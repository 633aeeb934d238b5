"""The stand-in for Meta's Graph API is as strict as the documents say, and can be played over HTTP."""

from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from bot.sandbox.graph.model import Account, Template
from bot.sandbox.graph.server import GraphSandbox, start_graph

NUMBER = Account("whatsapp_business_account", "1065", "token-nomor")
PAGE = Account("page", "1122", "token-halaman")
INSTAGRAM = Account("instagram", "1784", "token-ig")
KABAR = Template("kabar", {"id": 2}, buttons=1)
PHONE, SCOPED = "6281234", "9001"


@dataclass
class Graph:
    sandbox: GraphSandbox
    http: aiohttp.ClientSession

    async def post(self, account: Account, body: Any, token: str = "") -> tuple[int, dict[str, Any]]:
        url = f"{self.sandbox.base_url}/v25.0/{account.id}/messages"
        headers = {"Authorization": f"Bearer {token or account.token}"}
        async with self.http.post(url, json=body, headers=headers) as answer:
            return answer.status, await answer.json()


@pytest.fixture
async def graph():
    sandbox = await start_graph([NUMBER, PAGE, INSTAGRAM], app_secret="s", templates=[KABAR])
    for account in (NUMBER, PAGE, INSTAGRAM):
        person = sandbox.person(account, "Siti", PHONE if account is NUMBER else "", SCOPED)
        person.wrote_at = sandbox.graph.clock()
    async with aiohttp.ClientSession() as http:
        yield Graph(sandbox, http)
    await sandbox.stop()


def message(kind, content, **more):
    return {"messaging_product": "whatsapp", "to": PHONE, "type": kind, kind: content, **more}


def interactive(kind, action, body="Pilih"):
    return message("interactive", {"type": kind, "body": {"text": body}, "action": action})


def buttons(*titles):
    return {
        "buttons": [{"type": "reply", "reply": {"id": f"/{n}", "title": one}} for n, one in enumerate(titles)]
    }


def rows(count, **more):
    made = [{"id": f"/{n}", "title": f"Baris {n}", **more} for n in range(count)]
    return {"button": "Pilih", "sections": [{"title": "Semua", "rows": made}]}


def template(name="kabar", values=2, code="id", text="x"):
    body = {"type": "body", "parameters": [{"type": "text", "text": text}] * values}
    return message("template", {"name": name, "language": {"code": code}, "components": [body]})


@pytest.mark.parametrize(
    "body",
    [
        message("text", {"body": "x" * 4096}),
        interactive("button", buttons("a", "b", "c"), "x" * 1024),
        interactive("list", rows(10, description="x" * 72)),
        interactive(
            "cta_url", {"name": "cta_url", "parameters": {"display_text": "Buka", "url": "https://a"}}
        ),
        interactive("location_request_message", {"name": "send_location"}),
        template(),
    ],
)
async def test_what_is_within_the_limits_is_taken(graph, body):
    status, answer = await graph.post(NUMBER, body)
    assert (status, answer["contacts"][0]["wa_id"]) == (200, PHONE)
    assert answer["messages"][0]["id"].startswith("wamid.")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 100),
        (message("text", {"body": "x" * 4097}), 131009),
        (message("text", {"body": ""}), 131008),
        (message("text", {"body": "x", "colour": "red"}), 100),
        (message("text", {"body": "x"}, extra=1), 100),
        (message("hologram", {}), 131051),
        ({**message("text", {"body": "x"}), "to": ""}, 100),
        (interactive("button", buttons("a", "b", "c", "d")), 131009),
        (interactive("button", buttons("x" * 21)), 131009),
        (interactive("button", buttons("a", "a")), 131009),
        (interactive("button", buttons("a"), "x" * 1025), 131009),
        (interactive("list", rows(11)), 131009),
        (interactive("list", rows(1, description="x" * 73)), 131009),
        (interactive("list", {**rows(1), "button": "x" * 21}), 131009),
        (interactive("list", rows(0)), 131009),
        (message("image", {"id": "404"}), 100),
        (template("lain"), 132001),
        (template(code="en"), 132001),
        (template(values=1), 132000),
        (template(text="satu\ndua"), 132018),
    ],
)
async def test_what_is_not_is_refused_with_metas_code(graph, body, code):
    status, answer = await graph.post(NUMBER, body)
    assert status >= 400
    assert answer["error"]["code"] == code


def direct(message, **more):
    return {"recipient": {"id": SCOPED}, "messaging_type": "RESPONSE", "message": message, **more}


def replies(count, title="x"):
    made = [{"content_type": "text", "title": title, "payload": f"/{n}"} for n in range(count)]
    return {"text": "Pilih", "quick_replies": made}


@pytest.mark.parametrize(
    ("account", "body", "fine"),
    [
        (PAGE, direct({"text": "x" * 2000}), True),
        (PAGE, direct({"text": "x" * 2001}), False),
        (INSTAGRAM, direct({"text": "é" * 500}), True),
        (INSTAGRAM, direct({"text": "é" * 501}), False),
        (PAGE, direct(replies(13)), True),
        (PAGE, direct(replies(14)), False),
        (PAGE, direct(replies(1, "x" * 21)), False),
        (PAGE, direct({"text": "x"}, messaging_type="MESSAGE_TAG"), False),
        (PAGE, direct({"text": "x"}, messaging_type="MESSAGE_TAG", tag="HUMAN_AGENT"), True),
        (PAGE, direct({"text": "x"}, messaging_type="MESSAGE_TAG", tag="PROMO"), False),
        (PAGE, direct({"text": "x", "colour": "red"}), False),
        (PAGE, direct({}), False),
    ],
)
async def test_direct_messages_have_limits_too(graph, account, body, fine):
    status, _ = await graph.post(account, body)
    assert (status == 200) == fine


async def test_a_wrong_token_and_a_closed_window(graph):
    status, answer = await graph.post(NUMBER, message("text", {"body": "x"}), token="salah")
    assert (status, answer["error"]["code"]) == (401, 190)
    for one in graph.sandbox.graph.people:
        one.wrote_at -= 25 * 3600
    status, answer = await graph.post(PAGE, direct({"text": "x"}))
    assert (answer["error"]["code"], answer["error"]["error_subcode"]) == (10, 2018278)
    status, _ = await graph.post(NUMBER, message("text", {"body": "x"}))
    assert (status, graph.sandbox.graph.people[0].seen) == (200, [])


async def test_people_are_played_over_http(graph):
    base = f"{graph.sandbox.base_url}/sandbox"
    new = {"account": NUMBER.id, "name": "Budi", "scoped": "ID.7"}
    async with graph.http.post(f"{base}/people", json=new) as answer:
        number = (await answer.json())["number"]
    for act, status in (
        ({"write": "halo"}, 200),
        ({"pin": [-7.7, 110.3]}, 200),
        ({"press": "Ya"}, 400),
        ({}, 400),
    ):
        async with graph.http.post(f"{base}/people/{number}", json=act) as answer:
            assert answer.status == status, act
    await graph.post(NUMBER, {**message("text", {"body": "hai"}), "to": "", "recipient": "ID.7"})
    async with graph.http.get(f"{base}/people/{number}") as answer:
        assert [one["text"] for one in await answer.json()] == ["hai"]
    async with graph.http.get(f"{base}/people/99") as answer:
        assert answer.status == 404
