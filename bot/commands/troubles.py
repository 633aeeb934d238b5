"""What went wrong, in a sentence that says what to do; for whatever keeps a command from starting."""

import errno
import socket
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError
from pydantic_settings import SettingsError

from bot.channels.base import SendError
from bot.services.keys import KeyFormError, NoKeyError, UnfinishedRotationError, UnknownKeyError
from dialogs.faults import FlowFaults
from storage.doors.away import DatabaseAwayError, unusable
from storage.doors.database import InUseError, UnsupportedDatabaseError
from storage.doors.server import ServerRefusedError
from storage.migrations import NewerSchemaError
from storage.moving import MoveRefusedError
from storage.seals import UnsealError
from tickets.policies import PolicyFaults

LOCKED = (NoKeyError, UnknownKeyError, KeyFormError, UnfinishedRotationError, InUseError, UnsealError)
DATABASES = (UnsupportedDatabaseError, ServerRefusedError, MoveRefusedError, NewerSchemaError)
TOLD = (*DATABASES, PolicyFaults, FlowFaults, *LOCKED)
"""Errors whose own words say what to do."""
UNWRITABLE = frozenset({errno.EACCES, errno.EEXIST, errno.ENOENT, errno.ENOTDIR, errno.EPERM, errno.EROFS})
WHERE = "It, or its folder, must be there and open to this user; the data folder is KENTONGAN_DATA_DIR."
ROOM = "The disk is full: make room, or name another data folder: KENTONGAN_DATA_DIR."
EXTRAS = {
    "obstore": "KENTONGAN_MEDIA_URL names a bucket; what that needs is missing: pip install 'kentongan[s3]'"
}
"""What is not installed unless it is asked for, and what wants it."""


def explained(error: Exception) -> str | None:
    """The sentence for a trouble people can mend; None for one that is ours."""
    if isinstance(error, TOLD):
        return str(error)
    return next((told for kind, told in KINDS.items() if isinstance(error, kind)), _database)(error)


def _settings(error: ValidationError) -> str:
    return _about_settings([_setting(tuple(one["loc"]), one["msg"]) for one in error.errors()])


def _setting(place: tuple[int | str, ...], told: str) -> str:
    told = _ended(told.removeprefix("Value error, "))
    return f"KENTONGAN_{str(place[0]).upper()}: {told}" if place else told


def _unread(error: SettingsError) -> str:
    """A setting that holds several values and could not be taken apart; the library names its field."""
    name = str(error).partition('field "')[2].partition('"')[0]
    return _about_settings([f"KENTONGAN_{name.upper()}: it must be JSON, such as {{}}."])


def _about_settings(lines: list[str]) -> str:
    return "\n".join(["A setting cannot be used:", *lines, "See docs/settings.md."])


def _system(error: OSError) -> str | None:
    if error.errno == errno.EADDRINUSE:
        return "The port is taken. End what uses it, or name another: KENTONGAN_PORT, KENTONGAN_SANDBOX_PORT."
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return "This machine has no such address to listen on. See KENTONGAN_HOST; 0.0.0.0 is all of them."
    if error.errno == errno.ENOSPC:
        return ROOM
    if error.errno == errno.EACCES and not error.filename:  # files have a name, ports none
        return "Ports below 1024 are for root alone. Name another: KENTONGAN_PORT."
    if error.errno in UNWRITABLE:
        return f"{error.filename} cannot be used ({error.strerror}). {WHERE}"
    return None


def _database(error: Exception) -> str | None:
    """What keeps a database from being used: its file, the disk it lies on, or the way to its server."""
    away = isinstance(error, DatabaseAwayError)
    return unusable(error.__cause__ if away else error) or (_ended(str(error)) if away else None)


def _messenger(error: SendError) -> str:
    if error.code == "unauthorized":
        return "Telegram does not know the token. Check KENTONGAN_CITIZEN_TOKEN and KENTONGAN_OPERATOR_TOKEN."
    if error.code == "token":
        return f"The homeserver does not know the token: {_ended(error.text)} Check KENTONGAN_MATRIX_TOKEN."
    return f"Telegram refused ({error.code}): {error.text}"


def _ended(text: str) -> str:
    """Words with a full stop."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _extra(error: ModuleNotFoundError) -> str | None:
    return EXTRAS.get(error.name or "")


KINDS: dict[type[Exception], Callable[[Any], str | None]] = {
    ValidationError: _settings,
    SettingsError: _unread,
    SendError: _messenger,
    ModuleNotFoundError: _extra,
    OSError: _system,
}
"""Each kind with what tells of it."""
