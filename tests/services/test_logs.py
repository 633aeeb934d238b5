import io
import json
import sys

import pytest
import structlog

from bot.logs import set_up


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


def test_a_closed_terminal_stops_nobody(monkeypatch):
    gone = io.StringIO()
    monkeypatch.setattr(sys, "stderr", gone)
    set_up("INFO")
    gone.close()
    structlog.get_logger().error("nobody reads this")
