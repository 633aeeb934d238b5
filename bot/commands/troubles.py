"""What went wrong, in a sentence that says what to do; for whatever keeps a command from starting."""

import errno

from pydantic import ValidationError

from bot.channels.base import SendError
from bot.services.keys import KeyFormError, NoKeyError, UnfinishedRotationError, UnknownKeyError
from dialogs.faults import FlowFaults
from storage.database import InUseError, UnsupportedDatabaseError
from storage.migrations import NewerSchemaError
from storage.moving import MoveRefusedError
from storage.seals import UnsealError
from storage.server import ServerRefusedError
from tickets.policies import PolicyFaults

LOCKED = (NoKeyError, UnknownKeyError, KeyFormError, UnfinishedRotationError, InUseError, UnsealError)
DATABASES = (UnsupportedDatabaseError, ServerRefusedError, MoveRefusedError, NewerSchemaError)
TOLD = (*DATABASES, PolicyFaults, FlowFaults, *LOCKED)
"""Errors whose own words say what to do."""
UNWRITABLE = frozenset({errno.EACCES, errno.ENOENT, errno.ENOSPC, errno.ENOTDIR, errno.EPERM, errno.EROFS})


def explained(error: Exception) -> str | None:
    """The sentence for a trouble people can mend; None for one that is ours."""
    if isinstance(error, ValidationError):
        return _settings(error)
    if isinstance(error, OSError):
        return _port(error)
    if isinstance(error, SendError):
        return _messenger(error)
    if isinstance(error, TOLD):
        return str(error)
    return None


def _settings(error: ValidationError) -> str:
    lines = [f"KENTONGAN_{str(one['loc'][0]).upper()}: {one['msg']}." for one in error.errors() if one["loc"]]
    return "\n".join(["A setting cannot be used:", *lines, "See docs/settings.md."])


def _port(error: OSError) -> str | None:
    if error.errno == errno.EADDRINUSE:
        return "The port is taken. End what uses it, or name another: KENTONGAN_PORT, KENTONGAN_SANDBOX_PORT."
    if error.errno in UNWRITABLE:
        return f"The data folder cannot be written ({error.strerror}). Name another: KENTONGAN_DATA_DIR."
    return None


def _messenger(error: SendError) -> str:
    if error.code == "unauthorized":
        return "Telegram does not know the token. Check KENTONGAN_CITIZEN_TOKEN and KENTONGAN_OPERATOR_TOKEN."
    return f"Telegram refused ({error.code}): {error.text}"
