"""Whatever keeps the command from starting is said in a sentence, not in a trace."""

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.commands.serve import CITIZEN_BOT
from bot.sandbox.server import start_sandbox


def serve(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"KENTONGAN_DATA_DIR": str(folder), "KENTONGAN_PORT": "0"} | settings
    command = [sys.executable, "-m", "bot", "serve"]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=60, cwd=folder
    )


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"KENTONGAN_PORT": "delapan"}, "KENTONGAN_PORT"),
        ({"KENTONGAN_DATABASE_URL": "mysql://di/sana"}, "sqlite:///"),
        ({"KENTONGAN_DATA_DIR": "/proc/tidak/ada"}, "KENTONGAN_DATA_DIR"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, settings: dict[str, str], told: str):
    done = serve(tmp_path, **settings)
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_said_so(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = serve(tmp_path, KENTONGAN_PORT=str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "KENTONGAN_PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_malformed_token_is_said_so_and_not_shown(tmp_path: Path):
    done = serve(tmp_path, KENTONGAN_CITIZEN_TOKEN="bukan-token-9321")
    assert done.returncode == 1
    assert "KENTONGAN_CITIZEN_TOKEN" in done.stderr
    assert "BotFather" in done.stderr
    assert "9321" not in done.stderr


async def test_a_token_telegram_does_not_know_is_said_so(tmp_path: Path):
    sandbox = await start_sandbox(bots=[CITIZEN_BOT])
    done = await asyncio.to_thread(
        serve,
        tmp_path,
        KENTONGAN_CITIZEN_TOKEN="999999:token-yang-tidak-dikenal-siapapun",
        KENTONGAN_TELEGRAM_API=sandbox.base_url,
    )
    await sandbox.stop()
    assert done.returncode == 1
    assert "does not know the token" in done.stderr
    assert "token-yang-tidak" not in done.stderr
