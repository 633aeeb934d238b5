"""Both bots behind webhooks, as a server on the internet runs them; and what a forger gets."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr

from storage.talks import inbox
from tests.scenarios.kit import CITIZENS, Town, at_a_free_port, beside_a_sandbox, running_town

SECRET = "rahasia-webhook-untuk-tes"
PATHS = ("/telegram/citizen", "/telegram/operator")


@pytest.fixture
async def hooked(tmp_path: Path) -> AsyncIterator[Town]:
    told = at_a_free_port() | {"webhook_secret": SecretStr(SECRET)}
    async with beside_a_sandbox(tmp_path / "data", **told) as settings, running_town(settings) as town:
        yield town


async def test_citizen_and_operator_talk_through_webhooks(hooked: Town):
    rina = await hooked.operator("Rina", "dishub")
    siti = await hooked.sandbox.user("Siti")
    await siti.send(CITIZENS, "lampu jalan depan pasar Godean mati udah seminggu")
    for label in ("Setuju", "Betul", "Lewati", "Kirim"):
        await siti.wait_for(lambda m, label=label: label in m.labels)
        await siti.press(label)
    card = await rina.wait_for(lambda m: "Ambil" in " ".join(m.labels))
    await rina.reply(card, "Siap, kami cek.")
    await siti.wait_for(text="Siap, kami cek.")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, b'{"update_id": 1}', 401),
        ({"X-Telegram-Bot-Api-Secret-Token": "tebakan"}, b'{"update_id": 1}', 401),
        ({"X-Telegram-Bot-Api-Secret-Token": SECRET}, b"bukan json", 400),
        ({"X-Telegram-Bot-Api-Secret-Token": SECRET}, b"[]", 400),
        ({"X-Telegram-Bot-Api-Secret-Token": SECRET}, b'{"update_id": "x"}', 400),
        ({"X-Telegram-Bot-Api-Secret-Token": SECRET}, b"", 400),
        ({"X-Telegram-Bot-Api-Secret-Token": SECRET}, b"x" * 2_000_000, 413),
    ],
)
async def test_the_unauthentic_and_the_malformed_get_4xx_and_leave_no_trace(
    hooked: Town, path: str, headers: dict[str, str], body: bytes, status: int
):
    async with (
        aiohttp.ClientSession() as session,
        session.post(hooked.address + path, data=io.BytesIO(body), headers=headers) as answer,
    ):
        assert answer.status == status
    await asyncio.sleep(0.05)
    assert await hooked.house.core.database.read(inbox.addresses_waiting) == ()
    assert await hooked.house.core.database.read(lambda c: inbox.payloads_after(c, "telegram", "1", 0)) == ()


async def test_healthz_answers(hooked: Town):
    async with aiohttp.ClientSession() as session, session.get(f"{hooked.address}/healthz") as answer:
        assert answer.status == 200
        assert (await answer.json())["status"] == "ok"
