"""Whatever keeps the command from starting is said in a sentence, not in a trace."""

import asyncio
import errno
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.commands.serve import CITIZEN_BOT
from bot.commands.troubles import explained
from bot.sandbox.server import start_sandbox
from bot.settings import Settings


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
        ({"KENTONGAN_HOST": "192.0.2.1"}, "KENTONGAN_HOST"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, settings: dict[str, str], told: str):
    done = serve(tmp_path, **settings)
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        (
            "KENTONGAN_SMS_GATEWAY",
            "kannel",
            "SMS by kannel also needs KENTONGAN_SMS_URL, KENTONGAN_SMS_S",
        ),
        ("KENTONGAN_WHATSAPP_TOKEN", "x", "KENTONGAN_WHATSAPP_TOKEN also needs KENTONGAN_WHATSAPP_PHONE"),
        ("KENTONGAN_FORWARD_KEYS", "bantul=abc", "KENTONGAN_FORWARD_KEYS: it must be JSON"),
        ("KENTONGAN_LOG_LEVEL", "banyak", "KENTONGAN_LOG_LEVEL: one of DEBUG, INFO, WARNING, ERROR."),
        (
            "KENTONGAN_PUBLIC_URL",
            "lapor.example.go.id",
            "KENTONGAN_PUBLIC_URL: an address begins with https://",
        ),
        ("KENTONGAN_WEBHOOK_SECRET", "rahasia kita", "KENTONGAN_WEBHOOK_SECRET: letters"),
        ("KENTONGAN_KEYS", "kunci", "KENTONGAN_KEYS: key 1 is not a key"),
    ],
)
def test_a_wrong_value_is_told_with_what_would_be_right(monkeypatch, name: str, value: str, told: str):
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=r".") as found:
        Settings(_env_file=None)
    said = explained(found.value) or ""
    assert told in said
    assert "Value error" not in said


def no_database(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("SELECT 1 FROM t")


def no_more_room() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("PRAGMA max_page_count = 1")
        connection.execute("CREATE TABLE t (x)")


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (lambda folder: sqlite3.connect(folder / "tidak" / "ada.db"), "give it and its folder"),
        (lambda _: no_more_room(), "The disk is full"),
        (lambda folder: no_database(noise(folder)), "restore a backup"),
        (lambda folder: (folder / "data").mkdir(), "data cannot be used"),
        (lambda _: raised(OSError(errno.ENOSPC, "No space left on device")), "The disk is full"),
        (lambda _: raised(PermissionError(errno.EACCES, "permission denied")), "below 1024"),
        (lambda _: raised(ModuleNotFoundError("obstore", name="obstore")), "kentongan[s3]"),
    ],
)
def test_what_the_machine_refuses_is_told_with_what_helps(tmp_path: Path, trouble, told: str):
    (tmp_path / "data").write_text("a file where a folder should be")
    with pytest.raises((OSError, sqlite3.Error, ImportError)) as found:
        trouble(tmp_path)
    assert told in (explained(found.value) or "")


def noise(folder: Path) -> Path:
    (folder / "kentongan.db").write_bytes(b"bukan basis data " * 400)
    return folder / "kentongan.db"


def raised(error: Exception) -> None:
    raise error


def test_what_is_our_own_fault_is_not_explained_away():
    assert explained(KeyError("x")) is None
    assert explained(ModuleNotFoundError("bot.tidak", name="bot.tidak")) is None


def test_a_command_answers_apart_from_what_it_logs(tmp_path: Path):
    told = {name: value for name, value in os.environ.items() if name != "KENTONGAN_KEYS"}
    told |= {"KENTONGAN_DATA_DIR": str(tmp_path), "KENTONGAN_DATABASE_URL": ""}
    command = [sys.executable, "-m", "bot", "keys", "check"]
    done = subprocess.run(command, env=told, capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.splitlines() == ["Nothing is sealed yet.", "0 fault(s)."]
    assert "a key for personal data was made" in done.stderr


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
