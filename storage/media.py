"""The files that belong to tickets: first owed, then kept with their hash, or lost with the reason."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter
from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.sqlite import insert

from dialogs.messages import Attachment
from storage.rows import media

_ATTACHMENT = TypeAdapter(Attachment)


@dataclass(frozen=True, slots=True)
class File:
    """A file of a ticket; `sha256` is empty until it is kept."""

    id: str
    number: str
    channel: str
    attachment: Attachment
    role: str
    state: str
    tries: int
    sha256: str


_FILE = select(
    media.c.id,
    media.c.number,
    media.c.channel,
    media.c.attachment,
    media.c.role,
    media.c.state,
    media.c.tries,
    media.c.sha256,
)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose files they are: the ticket, the channel they came by, and what they are to it."""

    number: str
    channel: str
    role: str


def owe(connection: Connection, attachments: Iterable[Attachment], owner: Owner, now: datetime) -> None:
    """Note files that are to be fetched and kept; those noted before stay as they are."""
    rows = [
        {
            "id": one.media_id,
            "number": owner.number,
            "channel": owner.channel,
            "attachment": one,
            "role": owner.role,
            "state": "waiting",
            "not_before": now,
            "created_at": now,
        }
        for one in attachments
    ]
    if rows:
        connection.execute(insert(media).on_conflict_do_nothing(), rows)


def _files(connection: Connection, query: object) -> tuple[File, ...]:
    rows = connection.execute(query)  # type: ignore[call-overload]
    return tuple(
        File(i, number, channel, _ATTACHMENT.validate_python(a), role, state, tries, sha or "")
        for i, number, channel, a, role, state, tries, sha in rows
    )


def owed(connection: Connection, now: datetime, most: int) -> tuple[File, ...]:
    """Files still to be fetched whose next try has come."""
    query = _FILE.where(media.c.state == "waiting", media.c.not_before <= now).order_by(media.c.created_at)
    return _files(connection, query.limit(most))


def files_of(connection: Connection, number: str) -> tuple[File, ...]:
    """The files of a ticket, oldest first."""
    return _files(connection, _FILE.where(media.c.number == number).order_by(media.c.created_at, media.c.id))


def file(connection: Connection, media_id: str) -> File | None:
    """One file by its id."""
    return next(iter(_files(connection, _FILE.where(media.c.id == media_id))), None)


def kept(connection: Connection, media_id: str, sha256: str, size: int) -> None:
    """Record that a file is on disk under its hash; size in bytes."""
    connection.execute(
        update(media).where(media.c.id == media_id).values(state="kept", sha256=sha256, size=size, error=None)
    )


def postpone(connection: Connection, media_id: str, until: datetime, error: str) -> None:
    """Record a failed fetch that is tried again."""
    connection.execute(
        update(media)
        .where(media.c.id == media_id)
        .values(tries=media.c.tries + 1, not_before=until, error=error)
    )


def lost(connection: Connection, media_id: str, error: str) -> None:
    """Record that a file cannot be had, and why."""
    connection.execute(update(media).where(media.c.id == media_id).values(state="lost", error=error))


class Folder:
    """Keeps originals in a folder under their SHA-256; the same bytes are kept once."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, content: bytes) -> str:
        """Keep the bytes durably and return their SHA-256 in hex."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
                part.write(content)
                part.flush()
                os.fsync(part.fileno())
            Path(part.name).replace(path)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes under a hash; raises FileNotFoundError."""
        return self._path(digest).read_bytes()

    def _path(self, digest: str) -> Path:
        if len(digest) != 64 or not digest.isalnum():
            raise FileNotFoundError(digest)
        return self._root / digest[:2] / digest
