"""Every kind of event as Messenger and Instagram send them, and whatever else might come."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Receipt, SeenUntil
from bot.channels.messenger.parse import parse
from dialogs.messages import Attachment, Location

PAGE = "1122334455"
RECEIVED = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
SENT = datetime.fromtimestamp(1459991487.970, UTC)


def entry(*events, recipient=PAGE, sender="5678"):
    head = {"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": 1459991487970}
    return {"id": PAGE, "time": 1459991487970, "messaging": [{**head, **event} for event in events]}


def read(*events, **more):
    return parse("instagram", PAGE, entry(*events, **more), RECEIVED).messages


def attached(kind, **payload):
    return {"message": {"mid": "m_1", "attachments": [{"type": kind, "payload": payload}]}}


URL = "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1"
CASES = [
    ("text", {"message": {"mid": "m_1", "text": "halo"}}, {"kind": "text", "text": "halo"}),
    (
        "reply",
        {"message": {"mid": "m_1", "text": "ya", "reply_to": {"mid": "m_0"}}},
        {"text": "ya", "reply_to": "m_0"},
    ),
    (
        "story reply",
        {"message": {"mid": "m_1", "text": "ini", "reply_to": {"story": {"url": URL, "id": "1"}}}},
        {"text": "ini", "reply_to": ""},
    ),
    ("story mention", attached("story_mention", url=URL), {"kind": "media"}),
    (
        "quick reply",
        {"message": {"mid": "m_1", "text": "Betul", "quick_reply": {"payload": "/affirm"}}},
        {"kind": "button", "button": "/affirm", "text": "Betul"},
    ),
    (
        "image",
        attached("image", url=URL),
        {"kind": "media", "attachments": (Attachment("photo", URL, "image/jpeg"),)},
    ),
    ("video", attached("video", url=URL), {"attachments": (Attachment("video", URL, "video/mp4"),)}),
    ("voice", attached("audio", url=URL), {"attachments": (Attachment("voice", URL, "audio/mp4"),)}),
    ("file", attached("file", url=URL), {"attachments": (Attachment("document", URL, ""),)}),
    ("no web address", attached("image", url="file:///etc/passwd"), {"kind": "unsupported"}),
    (
        "position",
        attached("location", coordinates={"lat": -7.7, "long": 110.3}),
        {"kind": "location", "location": Location(-7.7, 110.3)},
    ),
    ("heart", {"message": {"mid": "m_1", "attachments": [{"type": "like_heart"}]}}, {"kind": "sticker"}),
    ("thumb", attached("image", url=URL, sticker_id=369239263222822), {"kind": "sticker"}),
    (
        "shared post",
        attached("share", url="https://x.example/p"),
        {"kind": "text", "text": "https://x.example/p"},
    ),
    (
        "unsent",
        {"message": {"mid": "m_1", "is_deleted": True}},
        {"kind": "deleted", "external_id": "m_1-unsent"},
    ),
    ("unreadable", {"message": {"mid": "m_1", "is_unsupported": True}}, {"kind": "unsupported"}),
    (
        "button of the page",
        {"postback": {"mid": "m_1", "title": "Menu", "payload": "/menu"}},
        {"button": "/menu"},
    ),
    ("begin", {"postback": {"mid": "m_1", "title": "Mulai", "payload": "GET_STARTED"}}, {"text": "/start"}),
    (
        "ice breaker",
        {"postback": {"mid": "m_1", "title": "Cara lapor?", "payload": "faq"}},
        {"text": "Cara lapor?"},
    ),
    (
        "edited",
        {"message_edit": {"mid": "m_1", "text": "lampu padam", "num_edit": 2}},
        {"kind": "edited", "text": "lampu padam", "external_id": "m_1-edit-2", "message_ref": "m_1"},
    ),
]


@pytest.mark.parametrize(("event", "expect"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_events_become_messages(event, expect):
    (found,) = read(event)
    wanted = {"external_id": "m_1", "address": "5678", "sent_at": SENT, **expect}
    assert {name: getattr(found, name) for name in wanted} == wanted


def test_several_photos_are_an_album():
    photos = [{"type": "image", "payload": {"url": f"{URL}{n}"}} for n in range(3)]
    (found,) = read({"message": {"mid": "m_1", "text": "lubang", "attachments": photos}})
    assert (len(found.attachments), found.group, found.text) == (3, "m_1", "lubang")


@pytest.mark.parametrize(
    "event",
    [
        {"message": {"mid": "m_1", "text": "dari kita", "is_echo": True, "app_id": 1}},
        {"reaction": {"mid": "m_1", "action": "react", "reaction": "love", "emoji": "❤"}},
        {"optin": {"ref": "x"}},
        {"referral": {"ref": "x", "source": "ADS"}},
        {"account_linking": {"status": "linked"}},
        {},
    ],
)
def test_what_asks_for_no_answer_gets_none(event):
    assert read(event) == ()


def test_what_is_for_another_page_is_left_alone():
    assert read({"message": {"mid": "m_1", "text": "halo"}}, recipient="999") == ()
    assert read({"message": {"mid": "m_1", "text": "halo"}}, sender="") == ()


def test_what_was_delivered_and_read():
    told = entry(
        {"delivery": {"mids": ["m_1", "m_2"], "watermark": 1459991487970}},
        {"delivery": {"watermark": 1459991487970}},
        {"read": {"watermark": 1459991487970}},
        {"read": {"mid": "m_3"}},
    )
    assert parse("messenger", PAGE, told, RECEIVED).receipts == (
        Receipt("messenger", "5678", "m_1", "delivered", SENT),
        Receipt("messenger", "5678", "m_2", "delivered", SENT),
        SeenUntil("messenger", "5678", "delivered", SENT),
        SeenUntil("messenger", "5678", "read", SENT),
        Receipt("messenger", "5678", "m_3", "read", SENT),
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["message", "postback", "message_edit", "delivery", "read", "timestamp"])
INNER = st.sampled_from(["mid", "text", "attachments", "quick_reply", "payload", "reply_to", "mids"])


@given(name=NAMES, inner=INNER, value=json_values)
def test_no_value_whatever_breaks_the_reading(name, inner, value):
    parse("messenger", PAGE, entry({name: value}, {name: {"mid": "m", inner: value}}), RECEIVED)
    parse("messenger", PAGE, {"messaging": value}, RECEIVED)
