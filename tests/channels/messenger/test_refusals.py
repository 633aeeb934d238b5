"""What Meta's refusals of direct messages mean, by code and subcode as they are known from the wild."""

import pytest

from bot.channels.base import DOOR_CODES, HeldError, SendError
from bot.channels.graph.client import GraphClient, GraphError
from bot.channels.messenger.errors import refused
from tests.channels.meta_line import Line


@pytest.mark.parametrize(
    ("status", "code", "subcode", "short", "again"),
    [
        (403, 10, 2018278, "window_closed", False),  # Messenger: outside the allowed window
        (403, 10, 2534022, "window_closed", False),  # Instagram: the same
        (400, 100, 2534014, "undeliverable", False),  # Instagram: the requested user cannot be found
        (400, 100, 2018001, "undeliverable", False),  # no matching user
        (400, 551, 1545041, "blocked", False),
        (400, 100, 33, "account", True),  # object with that id does not exist, or missing permissions
        (400, 190, 463, "token", True),  # session has expired
        (400, 190, 460, "token", True),  # password was changed
        (403, 200, 1, "account", True),
        (403, 10, 0, "account", True),
        (400, 613, 0, "rate_limited", True),
        (403, 4, 0, "rate_limited", True),
        (400, 80002, 2446079, "rate_limited", True),  # Instagram
        (400, 80006, 2446079, "rate_limited", True),  # Messenger
        (400, 32, 0, "rate_limited", True),  # page
        (400, 100, 2018109, "media", False),
        (500, 2, 0, "server", True),
        (400, 987654, 0, "refused", False),
    ],
)
def test_each_says_what_helps(status, code, subcode, short, again):
    found = refused(GraphError(status, code, subcode, "kata Meta"), "tertutup")
    assert (found.code, found.retryable) == (short, again)
    assert isinstance(found, HeldError) == (short == "window_closed")
    assert (found.retry_after >= 60) == (short in DOOR_CODES | {"rate_limited"})


async def test_a_refusal_that_names_the_token_is_told_without_it(line: Line, monkeypatch: pytest.MonkeyPatch):
    """Meta says 'Malformed access token', and then the token."""
    line.sandbox.fault("messages", 400, 190)
    client: GraphClient = line.house.channels[line.player.channel]._graph
    monkeypatch.setattr(client, "_token", "Something")
    with pytest.raises((SendError, GraphError)) as caught:
        await client.post(f"{line.someone.account.id}/messages", {})
    assert "<token>" in str(caught.value)
    assert "Something" not in str(caught.value)
