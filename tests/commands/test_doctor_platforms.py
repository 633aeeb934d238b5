"""The doctor asks each platform whether it knows us, and says what helps; nothing is sent or given away."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.doctor.platforms import Platforms
from bot.sandbox.graph.model import Account
from bot.sandbox.graph.server import start_graph
from bot.settings import Settings

URL = "https://lapor.example.go.id"
META = f"{URL}/meta/webhook"
KEY = SecretStr("rahasia-sekali")
APP = {"meta_app_secret": KEY, "meta_verify_token": KEY, "public_url": URL}
WHATSAPP = {**APP, "whatsapp_token": KEY, "whatsapp_phone_number_id": "555"}
PAGE = {**APP, "meta_page_token": KEY, "meta_page_id": "777"}
INSTAGRAM = {**APP, "meta_instagram_token": KEY, "meta_instagram_id": "888"}
TWILIO = {
    "sms_gateway": "twilio",
    "sms_user": "AC1",
    "sms_password": KEY,
    "sms_sender": "+62811",
    "public_url": URL,
}
KANNEL = {"sms_gateway": "kannel", "sms_user": "k", "sms_password": KEY, "sms_secret": KEY}
MATRIX = {"matrix_token": KEY}
EXPIRED = (400, {"error": {"message": "Session has expired rahasia-sekali", "code": 190}})
NAMED = {"display_phone_number": "+62 811", "verified_name": "Kab. Sleman", "status": "CONNECTED"}
ACTIVE = {"/2010-04-01/Accounts/AC1.json": (200, {"status": "active"})}
NUMBERS = "/2010-04-01/Accounts/AC1/IncomingPhoneNumbers.json"
WHOAMI = "/_matrix/client/v3/account/whoami"


def hooked(**where: str) -> dict[str, Any]:
    return {**NAMED, "webhook_configuration": where}


class Other:
    """The platform at the other end: answers by path."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, Any]] = {}
        self.address = ""

    async def answer(self, request: web.Request) -> web.Response:
        path = request.path.removeprefix("/v25.0")
        status, told = self.answers.get(path, (404, {}))
        return (
            web.Response(status=status, text=told)
            if isinstance(told, str)
            else web.json_response(told, status=status)
        )


@pytest.fixture
async def other() -> AsyncIterator[Other]:
    made, application = Other(), web.Application()
    application.router.add_get("/{path:.*}", made.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


def told(folder: Path, known: dict[str, Any], address: str) -> Settings:
    where = {
        "sms_gateway": {"sms_url": f"{address}/cgi-bin/sendsms" if known is KANNEL else address},
        "matrix_token": {"matrix_url": address},
    }
    more = next((where[name] for name in where if name in known), {"meta_api": address})
    return Settings(data_dir=folder, _env_file=None, **known, **more)


@pytest.mark.parametrize(
    ("known", "answers", "state", "word"),
    [
        (WHATSAPP, {"/555": (200, hooked(application=META))}, "well", "+62 811 Kab. Sleman"),
        (WHATSAPP, {"/555": (200, NAMED)}, "well", "Kab. Sleman"),
        (WHATSAPP, {"/555": (200, hooked(application=META, phone_number="https://lain/x"))}, "look", "lain"),
        (WHATSAPP, {"/555": (200, hooked())}, "look", "nobody"),
        (WHATSAPP, {"/555": (200, {**NAMED, "quality_rating": "RED"})}, "look", "quality"),
        (WHATSAPP, {"/555": (200, {**NAMED, "status": "DISCONNECTED"})}, "ill", "DISCONNECTED"),
        (WHATSAPP, {"/555": EXPIRED}, "ill", "KENTONGAN_WHATSAPP_TOKEN"),
        (WHATSAPP, {"/555": (400, {"error": {"code": 100, "error_subcode": 33}})}, "ill", "PHONE_NUMBER_ID"),
        (WHATSAPP, {"/555": (500, "<html>")}, "ill", "500"),
        (PAGE, {"/777": (200, {"name": "Pemkab"})}, "well", "Pemkab"),
        (
            PAGE,
            {
                "/777": (200, {"name": "Pemkab"}),
                "/777/subscribed_apps": (200, {"data": [{"subscribed_fields": ["feed", "messages"]}]}),
            },
            "well",
            "Pemkab",
        ),
        (
            PAGE,
            {"/777": (200, {"name": "Pemkab"}), "/777/subscribed_apps": (200, {"data": []})},
            "ill",
            "Subscribe",
        ),
        (PAGE, {"/777": EXPIRED}, "ill", "KENTONGAN_META_PAGE_TOKEN"),
        (INSTAGRAM, {"/888": (200, {"username": "pemkab"})}, "well", "@pemkab"),
        (INSTAGRAM, {"/888": EXPIRED}, "ill", "KENTONGAN_META_INSTAGRAM_TOKEN"),
        (
            TWILIO,
            {
                **ACTIVE,
                NUMBERS: (200, {"incoming_phone_numbers": [{"sms_url": f"{URL}/sms/twilio/in"}]}),
            },
            "well",
            "+62811",
        ),
        (
            TWILIO,
            {**ACTIVE, NUMBERS: (200, {"incoming_phone_numbers": [{"sms_url": "https://demo"}]})},
            "look",
            "demo",
        ),
        (TWILIO, {**ACTIVE, NUMBERS: (200, {"incoming_phone_numbers": []})}, "ill", "KENTONGAN_SMS_SENDER"),
        (TWILIO, ACTIVE, "well", "active"),
        (TWILIO, {"/2010-04-01/Accounts/AC1.json": (200, {"status": "suspended"})}, "ill", "suspended"),
        (TWILIO, {"/2010-04-01/Accounts/AC1.json": (401, {"code": 20003})}, "ill", "KENTONGAN_SMS_PASSWORD"),
        (KANNEL, {"/cgi-bin/sendsms": (400, "Missing receiver number, rejected")}, "well", "answers"),
        (
            KANNEL,
            {"/cgi-bin/sendsms": (403, "Authorization failed for sendsms")},
            "ill",
            "KENTONGAN_SMS_USER",
        ),
        (KANNEL, {}, "ill", "KENTONGAN_SMS_URL"),
        (MATRIX, {WHOAMI: (200, {"user_id": "@bot:kota"})}, "well", "@bot:kota"),
        (MATRIX, {WHOAMI: (401, {"errcode": "M_UNKNOWN_TOKEN"})}, "ill", "KENTONGAN_MATRIX_TOKEN"),
        (MATRIX, {WHOAMI: (200, "<html>")}, "ill", "KENTONGAN_MATRIX_URL"),
    ],
)
async def test_each_says_how_it_is_and_what_helps(tmp_path, other, known, answers, state, word):
    other.answers = answers
    ((_, check),) = Platforms(told(tmp_path, known, other.address)).checks()
    found = await check()
    assert found.state == state, found
    assert word in f"{found.told} {found.remedy}"
    assert "rahasia-sekali" not in str(found)


@pytest.mark.parametrize("known", [WHATSAPP, PAGE, INSTAGRAM, TWILIO, KANNEL, MATRIX])
async def test_one_that_does_not_answer_is_told_with_its_setting(tmp_path, known):
    ((_, check),) = Platforms(told(tmp_path, known, "http://127.0.0.1:9")).checks()
    found = await check()
    assert (found.state, found.told) == ("ill", "does not answer")
    assert "KENTONGAN_" in found.remedy
    assert "rahasia-sekali" not in str(found)


def test_what_is_not_set_is_not_asked(tmp_path):
    assert [*Platforms(Settings(data_dir=tmp_path, _env_file=None)).checks()] == []


async def test_the_stand_in_for_meta_is_well_to_the_doctor(tmp_path):
    accounts = [
        Account("whatsapp_business_account", "555", KEY.get_secret_value()),
        Account("page", "777", KEY.get_secret_value()),
        Account("instagram", "888", KEY.get_secret_value()),
    ]
    stand_in = await start_graph(accounts, app_secret="s")
    stand_in.hooks.callback = META
    known = Settings(
        data_dir=tmp_path, _env_file=None, meta_api=stand_in.base_url, **(WHATSAPP | PAGE | INSTAGRAM)
    )
    found = [await check() for _, check in Platforms(known).checks()]
    await stand_in.stop()
    assert [(one.what, one.state) for one in found] == [
        ("WhatsApp", "well"),
        ("Messenger", "well"),
        ("Instagram", "well"),
    ]
