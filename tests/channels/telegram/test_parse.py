import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiogram import Bot
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Membership
from bot.channels.telegram.common import read_common
from bot.channels.telegram.parse import parse, parse_membership
from bot.channels.telegram.reading import read_full
from dialogs.messages import Attachment, InboundMessage, Location

PAYLOADS = Path(__file__).with_name("payloads")
RECEIVED = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
SENT = 1763780640
BOT = Bot("42:abc")


def read_update(raw, bot):
    return read_common(raw) or read_full(raw, bot)


def cases(*names):
    return [
        pytest.param(case, id=f"{name}: {case['name']}")
        for name in names
        for case in json.loads((PAYLOADS / f"{name}.json").read_text())
    ]


def expected(fields):
    if fields is None:
        return None
    fields = dict(fields)
    sent = fields.pop("sent_at", SENT)
    if "location" in fields:
        fields["location"] = Location(**fields["location"])
    return InboundMessage(
        channel="telegram",
        external_id=fields.pop("external_id", "880100"),
        address="5151",
        sent_at=RECEIVED if sent == "received" else datetime.fromtimestamp(sent, UTC),
        sender_name=fields.pop("sender_name", "Siti Rahayu"),
        language_hint=fields.pop("language_hint", "id"),
        attachments=tuple(Attachment(**one) for one in fields.pop("attachments", [])),
        **fields,
    )


@pytest.mark.parametrize(
    "case", cases("text", "media", "places", "others", "buttons", "edits", "ignored", "novel")
)
def test_updates_become_messages(case):
    update = read_update(case["update"], BOT)
    assert update is not None
    assert parse(update, RECEIVED) == expected(case["expect"])


ALL = [*cases("text", "media", "places", "others", "buttons", "edits", "ignored", "novel")]


@pytest.mark.parametrize("case", ALL)
def test_what_is_read_directly_is_read_as_aiogram_reads_it(case):
    found, full = read_common(case["update"]), read_full(case["update"], BOT)
    assert found is None or parse(found, RECEIVED) == parse(full, RECEIVED)
    body = json.dumps(case["update"]).encode()
    assert read_common(body) == found
    assert read_full(body, BOT) == full


DIRECT = ("text: plain", "text: command", "media: photo of an album", "places: pin", "buttons: pressed")


def test_what_people_send_most_is_read_directly():
    direct = {one.id for one in ALL if read_common(one.values[0]["update"])}
    assert set(DIRECT) <= direct, direct
    assert not direct & {"text: forwarded from a person", "media: voice", "novel: unknown fields everywhere"}


@pytest.mark.parametrize("case", cases("malformed"))
def test_what_is_no_update_is_not_read(case):
    try:
        raw = json.loads(case["body"])
    except json.JSONDecodeError:
        return
    assert read_update(raw, BOT) is None


@pytest.mark.parametrize(("status", "reachable"), [("kicked", False), ("member", True)])
def test_a_block_and_its_end_are_noticed(status, reachable):
    case = next(one.values[0] for one in cases("ignored") if one.values[0]["name"] == "blocked")
    change = case["update"]["my_chat_member"]
    new = {**change["new_chat_member"], "status": status}
    update = read_update({"update_id": 1, "my_chat_member": {**change, "new_chat_member": new}}, BOT)
    at = datetime.fromtimestamp(SENT, UTC)
    assert parse_membership(update) == Membership("telegram", "5151", reachable, at)


def test_joining_a_group_is_no_persons_block():
    case = next(one.values[0] for one in cases("ignored") if one.values[0]["name"] == "blocked")
    change = {**case["update"]["my_chat_member"], "chat": {"id": -7, "type": "group", "title": "RT"}}
    assert parse_membership(read_update({"update_id": 1, "my_chat_member": change}, BOT)) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@given(
    field=st.sampled_from(
        ["text", "photo", "location", "document", "chat", "from", "forward_origin", "poll"]
    ),
    value=json_values,
)
def test_no_value_whatever_breaks_the_reading(field, value):
    message = {"message_id": 1, "date": SENT, "chat": {"id": 5, "type": "private"}, field: value}
    update = read_update({"update_id": 1, "message": message}, BOT)
    found = parse(update, RECEIVED) if update else None
    assert found is None or found.address
