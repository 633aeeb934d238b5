"""What is opened is closed again, also where the whole does not come to stand."""

import gc
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.channels.base import SendError
from bot.channels.telegram.channel import TelegramChannel
from bot.serving import opened
from tests.scenarios.kit import beside_a_sandbox


@pytest.mark.parametrize("refused", ["citizen_token", "operator_token"])
async def test_where_telegram_refuses_a_token_no_connection_stays_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str
):
    stop, stopped = TelegramChannel.stop, []

    async def noted(channel: TelegramChannel) -> None:
        stopped.append(channel.name)
        await stop(channel)

    monkeypatch.setattr(TelegramChannel, "stop", noted)
    async with beside_a_sandbox(tmp_path, **{refused: SecretStr("999:falsch")}) as settings:
        with pytest.raises(SendError):
            async with opened(settings):
                raise AssertionError("it must not begin")
    assert stopped == ["telegram"]
    gc.unfreeze()
    gc.collect()  # a connection that was left open is told here, as an error
