"""What the homeserver answers when it does not do as asked, and what becomes of the message."""

import pytest

from bot.channels.base import Delivery, FetchError, SendError
from bot.channels.matrix.client import MatrixClient
from dialogs.messages import OutboundMessage


@pytest.mark.parametrize(
    ("status", "body", "code", "retryable", "wait"),
    [
        (429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 2500}, "rate_limited", True, 2.5),
        (429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": "soon"}, "rate_limited", True, 1),
        (401, {"errcode": "M_UNKNOWN_TOKEN"}, "token", True, 0),
        (401, {"errcode": "M_USER_LOCKED", "soft_logout": True}, "account", True, 0),
        (403, {"errcode": "M_USER_SUSPENDED"}, "account", True, 0),
        (403, {"errcode": "M_FORBIDDEN", "error": "not in room"}, "blocked", False, 0),
        (404, {"errcode": "M_NOT_FOUND"}, "blocked", False, 0),
        (413, {"errcode": "M_TOO_LARGE"}, "m_too_large", False, 0),
        (502, {}, "http_502", True, 0),
        (500, {"errcode": "M_UNKNOWN"}, "m_unknown", True, 0),
        (200, None, "network", True, 0),
    ],
)
async def test_each_refusal_says_whether_it_is_worth_another_try(
    homeserver, status, body, code, retryable, wait
):
    homeserver.answers.append((status, body))
    with pytest.raises(SendError) as caught:
        await homeserver.channel.send(Delivery("!a:kota.test", OutboundMessage("halo"), id="7"))
    found = caught.value
    assert (found.code, found.retryable, found.retry_after) == (code, retryable, wait)


async def test_half_a_message_goes_on_where_it_stopped_with_the_same_keys(homeserver):
    long = OutboundMessage("kata " * 3000)
    homeserver.answers += [(200, {"event_id": "$1"}), (502, {})]
    with pytest.raises(SendError) as caught:
        await homeserver.channel.send(Delivery("!a:kota.test", long, id="7"))
    assert caught.value.refs == ("$1",)
    homeserver.answers += [(200, {"event_id": "$2"})]
    sent = await homeserver.channel.send(Delivery("!a:kota.test", long, id="7", sent=("$1",)))
    assert sent.refs == ("$1", "$2")
    assert [path.rsplit("/", 1)[1] for path in homeserver.asked] == [
        "kentongan-7-0",
        "kentongan-7-1",
        "kentongan-7-1",
    ]


async def test_half_a_character_holds_up_nobody(homeserver):
    event = {"event_id": "$1", "body": "lampu \ud83d mati"}
    homeserver.answers.append((200, {"chunk": [event], "end": ""}))
    client = MatrixClient(homeserver.address, "t")
    found = await client.before("!a:kota.test", "s1", "")
    await client.close()
    assert found["chunk"][0]["body"] == "lampu \ufffd mati"


@pytest.mark.parametrize(
    "ref", ["", "http://169.254.169.254/x", "mxc://", "mxc://../x", "file:///etc/passwd"]
)
async def test_only_the_homeservers_own_files_are_fetched(homeserver, ref):
    client = MatrixClient(homeserver.address, "t")
    homeserver.answers.append((404, {}))
    with pytest.raises(FetchError):
        await client.download(ref, 100)
    await client.close()
    assert all(path.startswith("/_matrix/client/v1/media/download/") for path in homeserver.asked)
