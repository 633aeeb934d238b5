"""What an SMS says: pieces, addresses, the one-line form, alphabet and segments."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.sms.gsm import encoding_of, segments, transliterate, units
from bot.channels.sms.kannel import read_sms
from bot.channels.sms.numbers import canonical
from bot.channels.sms.parse import Sms, one_line, parse, read_header
from bot.channels.sms.render import render
from dialogs.messages import Button, OutboundMessage

NOW = datetime(2026, 11, 22, 3, 4, tzinfo=UTC)
texts = st.text(st.sampled_from("abcZ 09\n^{€é•…“”😀🏽️⭐ꦗفж漢ł°"), max_size=400)


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


@pytest.mark.parametrize(
    ("header", "text", "kind"),
    [
        ("0605040b8423f0", b"\x01\x06\r\xae\x02", "unsupported"),  # an address pushed by the network
        ("06050423f40000", b"BEGIN:VCARD", "unsupported"),  # a card out of the phone's book
        ("0404021582", b"x", "unsupported"),  # an operator's logo, to a port of eight bits
        ("0401028001", b"Anda punya 1 pesan", "text"),  # a mailbox's count
        ("", b"lampu mati", "text"),
    ],
)
def test_what_is_meant_for_a_program_is_no_words(header, text, kind):
    udh = bytes.fromhex(header)
    sms = read_sms({"from": b"+62811222333", "text": text, "coding": b"1", "udh": udh}, NOW)
    message = parse(sms, "62")
    assert (message.kind, bool(message.text)) == (kind, kind == "text")


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
