"""What cannot be kept is set aside after three tries; an outage of the database is no try."""

from datetime import UTC, datetime

from structlog.testing import capture_logs

from bot.channels.stumbles import MOST_TRIES, Stumbles
from dialogs.messages import InboundMessage
from storage.doors.away import DatabaseAwayError

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LAMP = InboundMessage(
    channel="telegram", external_id="7", address="1", sent_at=NOW, kind="text", text="lampu"
)


async def test_the_third_try_sets_it_aside_and_each_is_an_error_in_the_log():
    aside = []

    async def keep(message, error):
        aside.append((message, str(error)))
        return True

    stumbles = Stumbles("telegram", keep)
    with capture_logs() as logged:
        over = [await stumbles.over("7", LAMP, RuntimeError("broken")) for _ in range(MOST_TRIES)]
    assert over == [False, False, True]
    assert aside == [(LAMP, "broken")]
    assert [(one["log_level"], one["channel"]) for one in logged] == [("error", "telegram")] * MOST_TRIES


async def test_while_the_database_is_away_nothing_is_counted_and_the_log_is_not_filled():
    async def keep(_message, _error):
        raise AssertionError("it will be kept when the database is back")

    stumbles = Stumbles("telegram", keep)
    with capture_logs() as logged:
        assert not any([await stumbles.over("7", LAMP, DatabaseAwayError("gone")) for _ in range(9)])
    assert logged == []
