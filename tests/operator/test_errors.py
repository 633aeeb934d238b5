"""Telegram's refusals in the closed set of codes, and never the token."""

from datetime import timedelta

import pytest
from telegram import error

from bot.operator.errors import scrubbed, send_error

TOKEN = "1002:petugas-rahasia"


@pytest.mark.parametrize(
    ("refused", "code", "retryable"),
    [
        (error.BadRequest("Bad Request: message is too long"), "bad_request", False),
        (error.BadRequest("Bad Request: chat not found"), "chat_not_found", False),
        (error.Forbidden("Forbidden: bot was blocked by the user"), "blocked", False),
        (error.InvalidToken("Unauthorized"), "unauthorized", False),
        (error.Conflict("terminated by other getUpdates request"), "conflict", True),
        (error.ChatMigrated(-100), "chat_not_found", False),
        (error.TimedOut(), "unknown_outcome", True),
        (error.NetworkError("Internal Server Error"), "unknown_outcome", True),
        (error.TelegramError("new kind"), "refused", True),
        (error.RetryAfter(timedelta(seconds=7)), "rate_limited", True),
    ],
)
def test_every_refusal_has_its_code(refused, code, retryable):
    problem = send_error(refused, TOKEN)
    assert (problem.code, problem.retryable) == (code, retryable)


def test_being_told_to_wait_says_how_long():
    assert send_error(error.RetryAfter(timedelta(seconds=7)), TOKEN).retry_after == 7.0


@pytest.mark.parametrize(("cause", "code"), [("ConnectError", "network"), ("ReadError", "unknown_outcome")])
def test_whether_anything_can_have_been_sent_is_told_apart(cause, code):
    problem = error.NetworkError("no luck")
    problem.__cause__ = type(cause, (Exception,), {})()
    assert send_error(problem, TOKEN).code == code


def test_the_token_is_taken_out_plain_and_as_in_an_address():
    text = f"https://api/bot{TOKEN}/x and 1002%3Apetugas-rahasia"
    assert "rahasia" not in scrubbed(text, TOKEN)
