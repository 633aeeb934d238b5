"""What bending inputs found once."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiogram import Bot

from bot.channels.graph.reading import position
from bot.channels.rasa.parse import UnreadableError, read_rest, session_named
from bot.channels.sms import kannel
from bot.channels.telegram.calls import Host
from bot.channels.telegram.parse import parse
from bot.channels.telegram.reading import read_full
from bot.channels.webchat.parse import Refusal, Sender, parse_message
from dialogs.faults import FlowFaults
from dialogs.loader import load_bundle
from tickets.policies import PolicyFaults, load_policies

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize("at", [10**18, -(10**18), 0])
def test_an_edit_of_no_year_there_is_is_read_by_the_time_of_its_message(at: int):
    chat = {"id": 5, "type": "private"}
    message = {"message_id": 1, "date": 1763780640, "edit_date": at, "chat": chat, "text": "lampu mati"}
    update = read_full({"update_id": 1, "edited_message": message}, Bot("42:abc"))
    assert update is not None
    found = parse(update, NOW)
    assert found is not None
    assert found.sent_at == datetime.fromtimestamp(1763780640, UTC)


def test_half_a_character_in_the_path_of_a_file_is_no_line_of_a_request():
    host = Host("https://api.telegram.test/bot42:x", ssl.create_default_context())
    assert host._target("https://api.telegram.test/file/a\udc85 b\r\n") == b"/file/a%3F%20b%0D%0A"


def test_a_pin_beyond_all_numbers_is_none():
    assert position(10**400, 110.3) is None
    assert position(-7.7, "1e999") is None


@pytest.mark.parametrize("lat", [10**400, float("nan"), float("-inf"), True])
def test_a_position_beyond_all_numbers_is_refused_in_words(lat: float):
    body = {"id": "a1b2c3d4", "location": {"lat": lat, "lon": 110.3}}
    with pytest.raises(Refusal, match="bad_location"):
        parse_message(body, Sender("web-1", "id", NOW))


def test_half_a_character_is_no_name_of_a_widget():
    with pytest.raises(UnreadableError):
        read_rest({"sender": "budi\ud800", "message": "halo"})
    assert session_named({"session_id": "\ud800" * 40}) == ""


def test_a_charset_that_is_no_name_is_passed_over():
    found = kannel.read_sms({"from": b"+628123", "text": b"halo", "charset": b"utf\x00"}, NOW)
    assert found is not None
    assert found.text == "halo"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"name: Kab\xff", "UTF-8"),
        (b"name: a\x00b", "hidden"),
        (b"since: 2027-13-45", "city.yml:1: There is no day 2027-13-45."),
    ],
)
def test_a_policy_file_that_is_no_text_is_a_fault_with_a_remedy(tmp_path: Path, content: bytes, told: str):
    (tmp_path / "city.yml").write_bytes(content)
    with pytest.raises(PolicyFaults) as faults:
        load_policies(tmp_path)
    assert told in str(faults.value)


def test_a_dialog_that_is_no_text_is_a_fault_with_a_remedy(tmp_path: Path):
    (tmp_path / "domain.yml").write_bytes(b"slots: {a\xff: text}")
    with pytest.raises(FlowFaults, match="UTF-8"):
        load_bundle(tmp_path)
