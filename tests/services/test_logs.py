import asyncio
import io
import json
import logging
import subprocess
import sys

import pytest
import structlog
from structlog.testing import LogCapture

from bot.logs import set_up
from bot.meters import Meters
from bot.services.ticks import every
from storage.doors.database import DatabaseAwayError


@pytest.fixture(autouse=True)
def configured():
    yield
    set_up("ERROR")


def test_an_exception_is_told_by_kind_and_place_not_by_its_words(monkeypatch):
    seen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", seen)
    set_up("INFO")
    try:
        int("NIK saya 3404071201900001")
    except ValueError:
        structlog.get_logger().exception("turn failed", rows=(1,))
    line = json.loads(seen.getvalue())
    assert line["error"] == "ValueError"
    assert any("test_logs.py" in place for place in line["trace"])
    assert "3404071201900001" not in seen.getvalue()


LIBRARIES = """
import asyncio, logging
from bot.logs import set_up
set_up("INFO")
async def fails(): raise ValueError("NIK saya 3404071201900001")
async def main():
    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
    del task
try: int("NIK saya 3404071201900001")
except ValueError: logging.getLogger("aiohttp.server").exception("Error handling request from %s", "10.1.2.3")
asyncio.run(main())
logging.getLogger("lib").warning("Retrying in %ds", 5)
"""


def test_what_libraries_log_is_json_without_values_and_without_an_errors_words():
    done = subprocess.run([sys.executable, "-c", LIBRARIES], capture_output=True, text=True, check=True)
    server, task, lib = map(json.loads, done.stderr.splitlines())
    assert (server["event"], server["library"]) == ("Error handling request from %s", "aiohttp.server")
    assert (server["error"], bool(server["trace"])) == ("ValueError", True)
    assert (task["event"], task["error"]) == ("Task exception was never retrieved", "ValueError")
    assert (lib["event"], lib["level"]) == ("Retrying in %ds", "warning")
    assert "3404071201900001" not in done.stderr
    assert "10.1.2.3" not in done.stderr


def test_nobodys_words_make_a_log_line(monkeypatch):
    seen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", seen)
    set_up("INFO")
    forged = 'x\n{"event": "operator revoked"}\r\n\u2028\x1b[2Jy'
    structlog.get_logger().warning("refused", path=forged)
    (line,) = seen.getvalue().splitlines()
    assert json.loads(line)["path"] == forged


def test_a_closed_terminal_stops_nobody(monkeypatch):
    gone = io.StringIO()
    monkeypatch.setattr(sys, "stderr", gone)
    set_up("INFO")
    gone.close()
    structlog.get_logger().error("nobody reads this")


def test_being_told_to_slow_down_is_no_error_of_ours(caplog):
    set_up("INFO")
    logging.getLogger("telegram.ext.AIORateLimiter").error("Rate limit hit")
    logging.getLogger("telegram.ext").error("something else")
    assert caplog.messages == ["something else"]


async def test_a_job_waits_for_the_database_without_an_alarm(monkeypatch):
    written, rounds = LogCapture(), []
    log = structlog.wrap_logger(None, processors=[written], wrapper_class=structlog.stdlib.BoundLogger)
    monkeypatch.setattr("bot.services.ticks.log", log)

    async def job() -> int:
        rounds.append(1)
        if len(rounds) == 2:
            raise asyncio.CancelledError
        raise DatabaseAwayError(OSError())

    with pytest.raises(asyncio.CancelledError):
        await every(0, job, "deadlines", Meters())
    (told,) = written.entries
    assert (told["log_level"], told["job"]) == ("warning", "deadlines")
