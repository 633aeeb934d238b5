"""Where news goes when a person has several channels."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.webchat.capabilities import CAPABILITIES
from bot.services.reports import ways
from storage.people import linking
from storage.people.linking import Way
from storage.reports.cases import Home

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HOME = Home("siti", "telegram", "1")


def way(channel: str, hours: float) -> Way:
    return Way(channel, f"{channel}-siti", NOW - timedelta(hours=hours))


@pytest.mark.parametrize(
    ("used", "chosen", "wanted"),
    [
        ((way("telegram", 1),), "", "telegram"),
        ((way("surat", 1), way("telegram", 2)), "", "surat"),
        ((way("surat", 25), way("telegram", 90)), "", "telegram"),
        ((way("surat", 25), way("pos", 90)), "", "surat"),
        ((way("surat", 25), way("telegram", 90)), "surat", "surat"),
        ((way("telegram", 1), way("sms", 90)), "sms", "sms"),
        ((way("telegram", 1), way("sms", 90)), "gone", "telegram"),
    ],
)
def test_the_chosen_one_else_the_last_used_that_lets_us_speak(monkeypatch, used, chosen, wanted):
    day = replace(CAPABILITIES, window=timedelta(hours=24))
    monkeypatch.setattr(ways, "CHANNELS", {"surat": day, "pos": day})
    monkeypatch.setattr(linking, "ways", lambda *_: used)
    monkeypatch.setattr(linking, "choice", lambda *_: chosen)
    monkeypatch.setattr(ways.conversations, "blocked", lambda *_: False)
    assert ways.home_now(None, HOME, NOW).channel == wanted


@pytest.mark.parametrize(("shut", "wanted"), [(True, "sms"), (False, "telegram")])
def test_who_shut_us_out_where_they_reported_is_told_where_they_can_be(monkeypatch, shut, wanted):
    monkeypatch.setattr(linking, "ways", lambda *_: (way("sms", 90),))
    monkeypatch.setattr(linking, "choice", lambda *_: "")
    monkeypatch.setattr(ways.conversations, "blocked", lambda *_: shut)
    assert ways.home_now(None, HOME, NOW).channel == wanted
