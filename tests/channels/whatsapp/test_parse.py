"""Every kind of message and status as WhatsApp sends them, and whatever else might come."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Receipt
from bot.channels.whatsapp.parse import Renaming, parse
from dialogs.messages import Attachment, InboundMessage, Location

NUMBER = "106540352242922"
RECEIVED = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
SENT = datetime.fromtimestamp(1763780640, UTC)
SITI = {"profile": {"name": "Siti Rahayu"}, "wa_id": "6281234567890", "user_id": "ID.100"}
CASES = json.loads(Path(__file__).with_name("messages.json").read_text(encoding="utf-8"))


def change(number=NUMBER, field="messages", **value):
    about = {"display_phone_number": "15550783881", "phone_number_id": number}
    return {"field": field, "value": {"messaging_product": "whatsapp", "metadata": about, **value}}


def expected(fields):
    fields = dict(fields)
    if "location" in fields:
        fields["location"] = Location(**fields["location"])
    files = tuple(Attachment(**one) for one in fields.pop("attachments", []))
    sent = RECEIVED if fields.pop("sent_at", "") == "received" else SENT
    base = {"external_id": "wamid.A", "message_ref": "wamid.A", "sender_name": "Siti Rahayu"}
    return InboundMessage(
        **{"channel": "whatsapp", "address": "", "sent_at": sent, "attachments": files, **base, **fields}
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_messages_become_ours(case):
    contact = case.get("contact", SITI)
    found = parse(change(contacts=[contact], messages=[case["message"]]), NUMBER, RECEIVED).sightings
    if case["expect"] is None:
        assert found == ()
        return
    (sighting,) = found
    assert sighting.message == expected(case["expect"])
    assert sighting.names == case.get("names", {"phone": "6281234567890", "scoped": "ID.100"})


def test_several_messages_of_several_people_stay_apart():
    budi = {"profile": {"name": "Budi"}, "wa_id": "62899"}
    text = {"timestamp": "1763780640", "type": "text"}
    messages = [
        {**text, "from": "62899", "id": "1", "text": {"body": "satu"}},
        {**text, "from": "6281234567890", "id": "2", "text": {"body": "dua"}},
        {**text, "from": "62877", "id": "3", "text": {"body": "tiga"}},
    ]
    found = parse(change(contacts=[SITI, budi], messages=messages), NUMBER, RECEIVED).sightings
    assert [(one.message.sender_name, one.message.text) for one in found] == [
        ("Budi", "satu"),
        ("Siti Rahayu", "dua"),
        ("", "tiga"),
    ]


@pytest.mark.parametrize(
    "other", [change("999"), change(field="message_template_status_update"), {}, {"value": 5}]
)
def test_what_is_about_something_else_is_left_alone(other):
    text = {"from": "1", "id": "1", "type": "text", "text": {"body": "x"}}
    if isinstance(other.get("value"), dict):
        other["value"]["messages"] = [text]
    assert parse(other, NUMBER, RECEIVED).sightings == ()


STATUS = {"id": "wamid.B", "timestamp": "1763780640", "recipient_id": "6281234567890"}


@pytest.mark.parametrize("state", ["sent", "delivered", "read"])
def test_statuses_become_receipts(state):
    status = {**STATUS, "status": state, "conversation": {"id": "c"}, "pricing": {"billable": True}}
    found = parse(change(statuses=[status]), NUMBER, RECEIVED).receipts
    assert found == (Receipt("whatsapp", "6281234567890", "wamid.B", state, SENT),)


@pytest.mark.parametrize(
    ("code", "short", "retryable", "held"),
    [
        (130429, "rate_limited", True, False),
        (131056, "rate_limited", True, False),
        (131047, "window_closed", False, True),
        (131026, "undeliverable", False, False),
        (131053, "media", True, False),
        (132001, "template", False, True),
        (190, "token", True, False),
        (131000, "server", True, False),
        (999999, "refused", False, False),
    ],
)
def test_failures_say_what_helps(code, short, retryable, held):
    status = {**STATUS, "status": "failed", "errors": [{"code": code, "title": "Judul", "message": "m"}]}
    (found,) = parse(change(statuses=[status]), NUMBER, RECEIVED).receipts
    assert (found.state, found.code, found.retryable, found.held) == ("failed", short, retryable, held)
    assert found.text


@pytest.mark.parametrize(
    "status", [{**STATUS, "status": "deleted"}, {"status": "sent"}, {**STATUS, "status": 5}]
)
def test_other_statuses_say_nothing(status):
    assert parse(change(statuses=[status]), NUMBER, RECEIVED).receipts == ()


def test_new_names_are_told():
    system = {"type": "user_changed_number", "wa_id": "6289999", "body": "…"}
    changed = {"type": "user_changed_user_id", "user_id": "MX.2", "previous_user_id": "CO.1"}
    messages = [
        {"from": "62811", "id": "1", "type": "system", "system": system},
        {"id": "2", "type": "system", "system": changed},
        {"from": "62811", "id": "3", "type": "system", "system": {"type": "customer_identity_changed"}},
    ]
    found = parse(change(messages=messages), NUMBER, RECEIVED)
    assert found.renamings == (Renaming("62811", "6289999"), Renaming("CO.1", "MX.2"))


def test_complaints_of_metas_are_found_wherever_they_stand():
    error = {"code": 130429, "title": "Rate limit hit"}
    told = parse(
        change(errors=[error], messages=[{"type": "unsupported", "errors": [error]}]), NUMBER, RECEIVED
    )
    assert told.errors == ("130429 Rate limit hit",) * 2


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
KINDS = sorted({case["message"]["type"] for case in CASES if "type" in case["message"]})


FIELDS = st.sampled_from(["from", "id", "timestamp", "context"])


@given(kind=st.sampled_from(KINDS), content=json_values, field=FIELDS, value=json_values)
def test_no_value_whatever_breaks_the_reading(kind, content, field, value):
    message = {"from": "1", "id": "1", "type": kind, kind: content, field: value}
    for sighting in parse(
        change(messages=[message], contacts=value, statuses=content), NUMBER, RECEIVED
    ).sightings:
        assert sighting.names


@given(value=json_values)
def test_no_change_whatever_breaks_the_reading(value):
    parse({"value": value, "field": "messages"}, NUMBER, RECEIVED)
    parse(change(messages=value, statuses=value, contacts=value, errors=value), NUMBER, RECEIVED)
