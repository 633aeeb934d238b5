"""A person's own copy of all that is kept about them: made while it is sent, and kept nowhere."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import orjson

from bot.channels.base import OutboundFile
from bot.services.core import Core
from dialogs.messages import Attachment
from storage.doors.database import Connection
from storage.people import erasing, exporting
from storage.talks import conversations

COPY = "copy:"
"""How the ref of a file begins that is written when it goes out."""
Written = Callable[[Mapping[str, Any]], bytes]


def as_json(found: Mapping[str, Any]) -> bytes:
    """An export for another system."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(found, option=options, default=list)


def as_text(found: Mapping[str, Any]) -> bytes:
    """An export to be read."""
    return "\n".join(_lines(orjson.loads(as_json(found)))).encode() + b"\n"


def _lines(value: Any, indent: str = "") -> Iterator[str]:
    """A value in lines to read, what is within it further in; what is empty is left out."""
    pairs = value.items() if isinstance(value, dict) else (("-", one) for one in value)
    for name, one in pairs:
        if isinstance(one, dict | list):
            if one:
                yield f"{indent}{name}:" if name != "-" else f"{indent}-"
                yield from _lines(one, indent + "  ")
        elif one not in (None, ""):
            yield f"{indent}{name}{'' if name == '-' else ':'} {one}"


FORMS: Mapping[str, tuple[str, Written]] = {
    "salinan-data.txt": ("text/plain", as_text),
    "salinan-data.json": ("application/json", as_json),
}


def attached() -> tuple[Attachment, ...]:
    """The copy as files of a message."""
    return tuple(Attachment("document", COPY + name, mime, name=name) for name, (mime, _) in FORMS.items())


def made_for(core: Core, at: tuple[str, str], attachment: Attachment) -> OutboundFile | None:
    """A file of the copy for whoever writes from this address, and for nobody else."""
    name = attachment.ref.removeprefix(COPY)
    if name not in FORMS:
        return None
    mime, written = FORMS[name]
    return OutboundFile("document", mime, name, partial(_read, core, at, written))


async def _read(core: Core, at: tuple[str, str], written: Written) -> bytes:
    now = core.clock()

    def gather(connection: Connection) -> bytes:
        contact = conversations.contact_at(connection, *at)
        if contact is None:
            return written({})
        return written(exporting.everything(connection, erasing.person(connection, contact, now), now))

    return await core.database.read(gather)
