"""Events as clients and servers really send them, and as nobody should."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.matrix.parse import parse

ROOM, MOST = "!abc:kota.test", 20 * 1024 * 1024


def event(content: dict[str, Any], kind: str = "m.room.message", **more: Any) -> dict[str, Any]:
    base = {"event_id": "$1", "sender": "@siti:kota.test", "origin_server_ts": 1_795_000_000_000}
    return {**base, "type": kind, "content": content, **more}


def text(body: Any, **more: Any) -> dict[str, Any]:
    return event({"msgtype": "m.text", "body": body, **more})


IMAGE = {
    "msgtype": "m.image",
    "body": "IMG_1.jpg",
    "url": "mxc://kota.test/x",
    "info": {"mimetype": "image/jpeg"},
}
VOICE = {"msgtype": "m.audio", "body": "suara.ogg", "url": "mxc://k/y", "org.matrix.msc3245.voice": {}}


@pytest.mark.parametrize(
    ("given_event", "kind", "words"),
    [
        (text("lampu mati"), "text", "lampu mati"),
        (text("  "), "unsupported", ""),
        (text(7), "unsupported", ""),
        (event({"msgtype": "m.emote", "body": "marah"}), "text", "marah"),
        (event({"msgtype": "m.key.verification.request", "body": "x"}), "unsupported", ""),
        (event({**IMAGE, "body": "di depan pasar", "filename": "IMG_1.jpg"}), "media", "di depan pasar"),
        (event(IMAGE), "media", ""),
        (event(VOICE), "media", ""),
        (event({**IMAGE, "info": {"size": MOST + 1}}), "too_large", ""),
        (event({"msgtype": "m.image", "body": "x", "file": {"url": "mxc://k/z"}}), "unsupported", ""),
        (event({"msgtype": "m.location", "body": "sini", "geo_uri": "geo:-7.7,110.3;u=35"}), "location", ""),
        (event({"msgtype": "m.location", "body": "sini", "geo_uri": "geo:99,110"}), "unsupported", ""),
        (event({"ciphertext": "…"}, "m.room.encrypted"), "unsupported", ""),
        (event({"body": "🙂"}, "m.sticker"), "sticker", ""),
        (event({}, "m.poll.start"), "poll", ""),
        (event({"call_id": "1", "lifetime": 60000, "version": "1"}, "m.call.invite"), "unsupported", ""),
        (event({"live": True, "timeout": 60000}, "m.beacon_info"), "unsupported", ""),
    ],
)
def test_each_kind_of_event(given_event, kind, words):
    message = parse(ROOM, given_event, MOST)
    assert (message.kind, message.text) == (kind, words)
    assert (message.channel, message.address, message.external_id) == ("matrix", ROOM, "$1")


@pytest.mark.parametrize(
    "one",
    [
        event({"msgtype": "m.notice", "body": "bot"}),
        event({"membership": "join"}, "m.room.member"),
        event({"m.relates_to": {"rel_type": "m.annotation", "key": "👍"}}, "m.reaction"),
        event({}, "m.room.redaction"),
        event({}, unsigned={"redacted_because": {"type": "m.room.redaction"}}),
        event({"call_id": "1"}, "m.call.hangup"),
        event({"live": False, "timeout": 60000}, "m.beacon_info"),
        {"type": "m.room.message", "content": {"msgtype": "m.text", "body": "x"}},
        text("x") | {"origin_server_ts": 10**30},
        {},
    ],
)
def test_what_is_no_message(one):
    assert parse(ROOM, one, MOST) is None


def test_a_reply_names_what_it_answers_without_the_words_quoted():
    relation = {"m.in_reply_to": {"event_id": "$0"}}
    found = parse(ROOM, text("> <@lapor:kota.test> Betul?\n\nbetul", **{"m.relates_to": relation}), MOST)
    assert (found.reply_to, found.text) == ("$0", "betul")


def test_what_is_said_in_a_thread_answers_what_the_thread_hangs_on():
    last = {"m.in_reply_to": {"event_id": "$9"}}
    inside = {"rel_type": "m.thread", "event_id": "$0", "is_falling_back": True, **last}
    assert parse(ROOM, text("sudah beres", **{"m.relates_to": inside}), MOST).reply_to == "$0"
    meant = inside | {"is_falling_back": False}
    assert parse(ROOM, text("sudah beres", **{"m.relates_to": meant}), MOST).reply_to == "$9"


def test_an_edit_keeps_the_message_and_says_what_is_new():
    new = {"msgtype": "m.text", "body": "lampu mati dua"}
    relation = {"rel_type": "m.replace", "event_id": "$0"}
    found = parse(ROOM, text("* lampu", **{"m.new_content": new, "m.relates_to": relation}), MOST)
    assert (found.kind, found.message_ref, found.external_id) == ("edited", "$0", "$1")
    assert found.text == "lampu mati dua"


def test_a_voice_message_and_a_photo_with_what_is_known_of_them():
    (photo,) = parse(ROOM, event(IMAGE), MOST).attachments
    assert (photo.kind, photo.ref, photo.mime, photo.name) == (
        "photo",
        "mxc://kota.test/x",
        "image/jpeg",
        "IMG_1.jpg",
    )
    assert parse(ROOM, event(VOICE), MOST).attachments[0].kind == "voice"


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(
    ["msgtype", "body", "url", "info", "geo_uri", "m.relates_to", "m.new_content", "filename", "size"]
)
values = json | st.sampled_from(["m.text", "m.image", "m.location", "geo:1,2", "m.replace"])


@given(st.dictionaries(names, values), json)
def test_no_event_is_too_strange(content, extra):
    for one in (event(content), event(content, "m.sticker"), event(content) | {"event_id": extra}):
        parse(ROOM, one, MOST)
    parse(ROOM, {"content": extra, "event_id": "$1", "origin_server_ts": 5, "type": "m.room.message"}, MOST)
