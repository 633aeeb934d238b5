"""Logging: structured, on standard error, never with anybody's words, address or token in it."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, TextIO, cast

import structlog

from storage.trail import marks_in_hand

ANSWERED = "telegram.ext.AIORateLimiter"
"""Tells every 429 as an error with its stack; the outbox answers it, and says so where it matters."""
QUIET = ("aiogram", "telegram", "httpx", "httpcore", "apscheduler", "aiohttp.access", "alembic", "rasa_sdk")


class Stderr:
    """Standard error as it is now, or nowhere: a closed terminal or a full disk must not stop the work."""

    @staticmethod
    def write(text: str) -> None:
        """Write if it can be written."""
        with suppress(OSError, ValueError):
            sys.stderr.write(text)

    @staticmethod
    def flush() -> None:
        """Flush if it can be flushed."""
        with suppress(OSError, ValueError):
            sys.stderr.flush()


class OfLibraries(logging.Handler):
    """What libraries log, as lines like ours: without the values they fill in, which may be anybody's."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log the first line of its pattern; on further lines asyncio shows errors with their words."""
        said = str(record.msg).partition("\n")[0]
        error = record.exc_info[1] if record.exc_info else None
        structlog.get_logger().log(record.levelno, said, library=record.name, exc_info=error)


def set_up(level: str) -> None:
    """Write log lines of this level and above, for people on a terminal and as JSON otherwise."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    logging.basicConfig(level=logging.WARNING, handlers=[OfLibraries()])
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
    logging.getLogger(ANSWERED).setLevel(logging.CRITICAL)
    renderer = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            with_marks,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            where_it_failed,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", Stderr())),
        cache_logger_on_first_use=True,
    )


def with_marks(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Say which turn a line belongs to, and which message."""
    for name, value in marks_in_hand().items():
        event.setdefault(name, value)
    return event


def where_it_failed(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Say what kind an exception is and where it came from, but not its words: they may be a citizen's."""
    told = event.pop("exc_info", None)
    error = sys.exc_info()[1] if told is True else told
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        event["error"] = type(error).__name__
        event["trace"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event
