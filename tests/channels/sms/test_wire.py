"""What gateways post and take: every shape of it, also malformed, repeated, reordered and forged."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import encode_basic_auth
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Delivery, SendError
from bot.channels.sms.channel import Office, SmsChannel, SmsStore
from bot.channels.sms.gateway import Hearing
from bot.channels.sms.gsm import encoding_of, segments, transliterate, units
from bot.channels.sms.kannel import Kannel, KannelOptions, read_report, read_sms
from bot.channels.sms.limits import Spent
from bot.channels.sms.numbers import canonical
from bot.channels.sms.parse import Sms, one_line, parse, read_header
from bot.channels.sms.render import render
from bot.channels.sms.twilio import Twilio, TwilioOptions, read_status, sign
from dialogs.messages import Button, OutboundMessage
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


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"from": b"+62811", "text": b"lampu mati"}, "lampu mati"),
        ({"p": b"+62811", "a": b"lampu mati"}, "lampu mati"),
        ({"from": b"+62811", "text": "jalan rusak ± é".encode(), "charset": b"UTF-8"}, "jalan rusak ± é"),
        ({"from": b"+62811", "text": "ꦗꦭꦤ꧀".encode("utf-16-be"), "coding": b"2"}, "ꦗꦭꦤ꧀"),
        ({"from": b"+62811", "text": "rusak".encode("utf-16-be"), "charset": b"UTF-16BE"}, "rusak"),
        ({"from": b"+62811", "text": "mati 😀".encode("utf-16-be")[:-2], "coding": b"2"}, "mati \ufffd"),
        ({"from": b"+62811", "text": b"\xde\x00\x00a", "charset": b"UTF-16BE"}, "\ufffda"),
        ({"from": b"+62811", "text": b"\xff\xfe\xfd"}, "\ufffd\ufffd\ufffd"),
        ({"from": b"+62811", "text": b"x", "charset": b"tak-ada"}, "x"),
        ({"from": b"+62811", "text": b""}, ""),
    ],
)
def test_what_kannel_hands_over(fields, text):
    sms = read_sms(fields, NOW)
    assert sms is not None
    assert (sms.sender, sms.text, sms.at) == ("+62811", text, NOW)


@pytest.mark.parametrize("fields", [{}, {"from": b"+62811"}, {"text": b"x"}, {"from": b" ", "text": b"x"}])
def test_half_a_call_of_kannel_is_none(fields):
    assert read_sms(fields, NOW) is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("+62 812-3456", "+628123456"),
        ("08123456789", "+628123456789"),
        ("628123456789", "+628123456789"),
        ("00628123456789", "+628123456789"),
        ("1708", "1708"),
        ("TELKOMSEL", ""),
        ("", ""),
        ("+", ""),
        ("١٢٣٤٥٦٧٨", ""),
    ],
)
def test_a_person_has_one_address(written, read):
    assert canonical(written, "62") == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("LAPOR#Godean#lampu mati", "LAPOR Godean, lampu mati"),
        ("lapor # Godean # lampu # mati", "LAPOR Godean, lampu, mati"),
        ("Lapor: Godean lampu mati", "LAPOR Godean lampu mati"),
        ("LAPOR Godean lampu mati", "LAPOR Godean lampu mati"),
        ("lapor", "lapor"),
        ("LAPOR#", "LAPOR#"),
        ("nomor rumah #5 laporan", "nomor rumah #5 laporan"),
    ],
)
def test_the_one_line_form(written, read):
    assert one_line(written) == read


@pytest.mark.parametrize(
    ("header", "piece"),
    [
        ("050003a10302", ("a1", 2, 3)),
        ("06080400a10201", ("00a1", 1, 2)),
        ("0b05040b8423f0000303020c01", None),
        ("050003a10305", None),
        ("050003a10100", None),
        ("0500", None),
        ("", None),
    ],
)
def test_a_header_tells_the_piece(header, piece):
    found = read_header(bytes.fromhex(header))
    assert (found and (found.reference, found.part, found.parts)) == piece


@given(st.binary(max_size=40))
def test_no_header_is_too_strange(header):
    read_header(header)


texts = st.text(st.sampled_from("abcZ 09\n^{€é•…“”😀🏽️⭐ꦗفж漢ł°"), max_size=400)


@given(texts)
def test_the_alphabet_of_sms(text):
    plain = transliterate(text)
    assert transliterate(plain) == plain
    foreign = any(one in "ꦗفж漢" for one in text)
    assert encoding_of(plain) == ("ucs2" if foreign else "gsm7")
    assert not set(plain) & set("•…😀")


@given(texts.map(transliterate))
def test_segments_hold_what_is_sent(text):
    one, part = (160, 153) if encoding_of(text) == "gsm7" else (70, 67)
    count = segments(text)
    assert count == 1 if units(text) <= one else count >= units(text) / part


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" * 10, 2),
        ("a" * 152 + "€" * 77, 3),
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("ж" * 134, 2),
        ("ж" * 135, 3),
    ],
)
def test_segments_are_counted_as_networks_count(text, count):
    assert segments(text) == count


def test_choices_are_answered_by_number():
    buttons = ((Button("Ya 👍", "/ya"), Button("Peta", "", "https://x.id")), (Button("3 ⭐", "/tiga"),))
    assert render(OutboundMessage("Betul?", buttons), "Balas:") == [
        "Betul?\nBalas:\n1 Ya\n2 Peta: https://x.id\n3 *"
    ]


def test_a_name_cannot_be_answered_and_is_left_alone():
    assert parse(Sms("TELKOMSEL", "Paket Anda habis", NOW), "62") is None


def test_without_an_id_the_same_sms_is_the_same():
    first, again, other = (parse(Sms("0811222333", text, NOW), "62") for text in ("a", "a", "b"))
    assert first.external_id == again.external_id != other.external_id


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
