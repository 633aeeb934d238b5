"""What gateways post and take: every shape of it, also malformed, repeated, reordered and forged."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import encode_basic_auth

from bot.channels.base import Delivery, SendError
from bot.channels.sms.channel import Office, SmsChannel, SmsStore
from bot.channels.sms.gateway import Hearing
from bot.channels.sms.gsm import segments
from bot.channels.sms.kannel import Kannel, KannelOptions, read_report
from bot.channels.sms.limits import Spent
from bot.channels.sms.twilio import Twilio, TwilioOptions, read_status, sign
from dialogs.messages import OutboundMessage
from storage.rows import media as media_rows
from storage.talks import inbox
from tests.channels.sms.kit import ACCOUNT, SECRET, TOKEN, Network, network, post
from tickets.policies import load_policies

BASIC = encode_basic_auth(ACCOUNT, TOKEN)
NOW = datetime(2026, 11, 22, 3, 4, tzinfo=UTC)
POLICY = load_policies().sms


@pytest.fixture
async def kannel(tmp_path: Path) -> AsyncIterator[Network]:
    async with network(tmp_path, "kannel") as made:
        yield made


@pytest.fixture
async def twilio(tmp_path: Path) -> AsyncIterator[Network]:
    async with network(tmp_path, "twilio") as made:
        yield made


async def test_kannel_forged_malformed_and_repeated(kannel: Network):
    get = kannel.session.get
    async with get(f"{kannel.address}/sms/kannel/in?from=0811222333&text=halo") as answer:
        assert answer.status == 403
    async with get(f"{kannel.address}/sms/kannel/in?token=x{SECRET}&from=0811222333&text=halo") as answer:
        assert answer.status == 403
    async with get(f"{kannel.address}/sms/kannel/dlr?token=salah&ref=1-0&type=1&to=1") as answer:
        assert answer.status == 403
    assert await kannel.kannel_in(text="tanpa pengirim") == 400
    for path in ("in", "dlr"):
        async with get(f"{kannel.address}/sms/kannel/{path}?token={SECRET}&%ff=%00&type=999") as answer:
            assert answer.status == 400
    body = b"x" * 200_000
    async with kannel.session.post(f"{kannel.address}/sms/kannel/in", data=body) as answer:
        assert answer.status == 413
    phone = kannel.phone("+62811222333")
    for _ in range(3):
        assert await kannel.kannel_in(**{"from": "0811222333", "text": "halo", "id": "uuid-1"}) == 200
    await phone.wait(1)
    await kannel.house.settle()
    assert len(phone.screen) == 1


async def test_kannel_posts_too(kannel: Network):
    form = {"token": SECRET, "from": "+62811222333", "text": "halo", "id": "u-9"}
    async with kannel.session.post(f"{kannel.address}/sms/kannel/in", data=form) as answer:
        assert (answer.status, await answer.text()) == (200, "")
    await kannel.phone("+62811222333").wait(1)


async def test_pieces_of_a_long_sms_make_one_report_in_whatever_order(kannel: Network):
    phone = kannel.phone("+62811222333")
    parts = ["LAPOR#Godean#lampu jalan depan pa", "sar mati sudah seminggu, gelap ", "dan berbahaya"]
    for place in (3, 1, 2):
        header = f"\x05\x00\x03\x7f\x03{chr(place)}"
        fields = {"from": "0811222333", "text": parts[place - 1], "udh": header, "id": f"p{place}"}
        assert await kannel.kannel_in(**fields) == 200
    (asked,) = await phone.wait(1)
    assert "Godean, lampu jalan depan pasar mati sudah seminggu, gelap dan berbahaya" in asked


async def test_twilio_forged_and_malformed(twilio: Network):
    form = {"From": "+62811222333", "Body": "halo", "MessageSid": "SM1"}
    assert await twilio.twilio_in(token="tebakan", **form) == 403
    async with twilio.session.post(f"{twilio.address}/sms/twilio/in", data=form) as answer:
        assert answer.status == 403
    assert await twilio.twilio_in(From="+62811222333") == 400
    assert await twilio.twilio_in("/sms/twilio/status", MessageSid="SM9", MessageStatus="delivered") == 204
    async with twilio.session.post(f"{twilio.address}/sms/twilio/in", data=b"x" * 200_000) as answer:
        assert answer.status == 413
    waiting = await twilio.house.core.database.read(inbox.addresses_waiting)
    assert waiting == ()


async def test_twilio_repeats(twilio: Network):
    phone = twilio.phone("+62811222333")
    for _ in range(2):
        await twilio.twilio_in(From="+62811222333", Body="halo", MessageSid="SM1", NumMedia="0")
    await phone.wait(1)
    await twilio.house.settle()
    assert len(phone.screen) == 1


async def test_a_picture_by_mms_comes_with_its_words_and_one_out_of_reach_is_told(twilio: Network):
    phone, known = twilio.phone("+62811222333"), f"{twilio.gateway.address}/media"
    told = {"NumMedia": "1", "MediaContentType0": "image/jpeg"}
    words = "lampu jalan depan pasar godean mati"
    form = {**told, "MediaUrl0": f"{known}/ME1", "Body": words, "MessageSid": "SM1"}
    assert await twilio.twilio_in(From=phone.number, **form) == 200
    await phone.wait(1)
    await twilio.house.settle()
    query = media_rows.select()
    (kept,) = await twilio.house.core.database.glance(lambda c: c.execute(query).mappings().all())
    assert kept["state"] == "kept"
    assert twilio.gateway.shown == [BASIC]

    for sid, where in enumerate(("https://evil.example/x.jpg", "", f"{known}/gone"), start=2):
        before = len(phone.screen)
        form = {**told, "MediaUrl0": where, "Body": "", "MessageSid": f"SM{sid}"}
        assert await twilio.twilio_in(From=phone.number, **form) == 200
        await twilio.house.settle()
        assert any("kirim" in one.lower() for one in phone.screen[before:]), where
    assert twilio.gateway.shown == [BASIC] * 2


@pytest.mark.parametrize(
    ("code", "short", "again"),
    [
        ("30003", "twilio_30003", False),
        ("30001", "rate_limited", True),
        ("30002", "account", True),
        ("x", "twilio_x", False),
        ("", "", False),
    ],
)
def test_failures_told_later_say_what_helps(code, short, again):
    hearing = Hearing(nowhere, nowhere, lambda: NOW)
    form = {"MessageSid": "SM1", "To": "+62811", "MessageStatus": "undelivered", "ErrorCode": code}
    found = read_status(form, hearing)
    assert found is not None
    assert (found.state, found.code, found.retryable) == ("failed", short, again)


def test_the_signature_is_twilios():
    """The example of Twilio's own documentation of request validation."""
    form = [("CallSid", "CA1234567890ABCDE"), ("Caller", "+12349013030"), ("Digits", "1234")]
    form += [("From", "+12349013030"), ("To", "+18005551212")]
    address = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert sign("12345", address, form) == "0/KCTR6DLpKmkAf8muzZqo1nDgQ="


def quiet() -> SmsStore:
    async def nothing(*_all: object) -> None:
        pass

    async def spent(_number: str) -> Spent:
        return Spent()

    async def never(_number: str) -> bool:
        return False

    return SmsStore(spent, nothing, never, never, nothing, nothing)


async def nowhere(_message: object) -> bool:
    return True


def channel_on(gateway) -> SmsChannel:
    return SmsChannel(gateway, Office(nowhere, nowhere, quiet(), lambda: NOW), POLICY, "112")


LONG = "\n\n".join(f"Bagian {number} " + "kata " * 120 for number in range(3))


@pytest.mark.parametrize("way", ["kannel", "twilio"])
async def test_a_long_message_goes_on_where_it_stopped(way):
    async with post() as gateway:
        options = {
            "kannel": lambda: Kannel(KannelOptions(f"{gateway.address}/cgi-bin/sendsms")),
            "twilio": lambda: Twilio(TwilioOptions(ACCOUNT, TOKEN, "1708", url=gateway.address)),
        }
        channel = channel_on(options[way]())
        first = await channel.send(Delivery("+62811", OutboundMessage("satu"), id="1"))
        assert len(first.refs) == 1
        gateway.taken.clear()
        gateway.refuse += [(503, "nanti")]
        with pytest.raises(SendError) as stopped:
            await channel.send(Delivery("+62811", OutboundMessage(LONG), id="2"))
        assert (stopped.value.retryable, stopped.value.refs) == (True, ())
        whole = await channel.send(Delivery("+62811", OutboundMessage(LONG), id="2", sent=("2-0",)))
        assert len(gateway.taken) == len(whole.refs) - 1
        assert all(segments(one["text"]) <= 6 for one in gateway.taken)
        await channel.stop()


@pytest.mark.parametrize(
    ("way", "refusal", "code", "again"),
    [
        ("kannel", (403, "Authorization failed for sendsms"), "token", True),
        ("kannel", (401, ""), "token", True),
        ("kannel", (404, "404: Not Found"), "account", True),
        (
            "kannel",
            (403, "Number(s) has/have been denied"),
            "kannel_403",
            False,
        ),
        ("kannel", (503, "Temporal failure, try again later."), "kannel_503", True),
        ("twilio", (400, '{"code": 21610, "message": "unsubscribed"}'), "blocked", False),
        ("twilio", (400, '{"code": 21211, "message": "not a number"}'), "twilio_21211", False),
        ("twilio", (401, '{"code": 20003, "message": "Authenticate"}'), "token", True),
        ("twilio", (401, ""), "token", True),
        ("twilio", (403, '{"code": 20005, "message": "Account not active"}'), "account", True),
        ("twilio", (400, '{"code": 21659, "message": "not a Twilio phone number"}'), "account", True),
        ("twilio", (400, '{"code": 21211, "message": 5}'), "twilio_21211", False),
        ("twilio", (400, '{"code": 21617, "message": "too long"}'), "twilio_21617", False),
        ("twilio", (429, '{"code": 21611, "message": "queue full"}'), "rate_limited", True),
        ("twilio", (429, '{"code": 20429, "message": "slow down"}'), "rate_limited", True),
        ("twilio", (500, "<html>"), "twilio_500", True),
        ("twilio", (200, "[]"), "twilio_200", False),
    ],
)
async def test_refusals_are_told_apart(way, refusal, code, again):
    async with post() as gateway:
        options = {
            "kannel": lambda: Kannel(KannelOptions(f"{gateway.address}/cgi-bin/sendsms", password="rhs")),
            "twilio": lambda: Twilio(TwilioOptions(ACCOUNT, TOKEN, "1708", url=gateway.address)),
        }
        channel = channel_on(options[way]())
        gateway.refuse.append(refusal)
        with pytest.raises(SendError) as refused:
            await channel.send(Delivery("+62811", OutboundMessage("halo"), id="1"))
        assert (refused.value.code, refused.value.retryable) == (code, again)
        assert TOKEN not in str(refused.value)
        await channel.stop()


async def test_a_gateway_that_is_gone_is_tried_again():
    channel = channel_on(Kannel(KannelOptions("http://127.0.0.1:9/cgi-bin/sendsms", password="rhs")))
    with pytest.raises(SendError) as gone:
        await channel.send(Delivery("+62811", OutboundMessage("halo"), id="1"))
    assert gone.value.retryable
    assert "rhs" not in str(gone.value)
    await channel.stop()


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("1", "delivered"),
        ("2", "failed"),
        ("8", "sent"),
        ("16", "failed"),
        ("4", None),
        ("x", None),
        ("", None),
    ],
)
def test_reports_of_kannel(kind, state):
    receipt = read_report({"type": kind.encode(), "ref": b"5-0", "to": b"+62811"}, NOW)
    assert (receipt and receipt.state) == state
