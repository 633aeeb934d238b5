"""Files a platform already has from us, under its own handle, until it forgets them."""

from datetime import datetime

from sqlalchemy import Connection, select

from storage.doors.upsert import insert
from storage.rows import uploads


def uploaded(connection: Connection, channel: str, sha256: str, now: datetime) -> str:
    """The platform's handle of a content that was uploaded before; empty when there is none that lasts."""
    row = connection.execute(
        select(uploads.c.ref).where(
            uploads.c.channel == channel, uploads.c.sha256 == sha256, uploads.c.expires_at > now
        )
    ).first()
    return "" if row is None else row.ref


def note(connection: Connection, channel: str, sha256: str, ref: str, expires_at: datetime) -> None:
    """Remember a handle until it expires."""
    row = {"channel": channel, "sha256": sha256, "ref": ref, "expires_at": expires_at}
    connection.execute(
        insert(uploads).on_conflict_do_update(index_elements=["channel", "sha256"], set_=row), row
    )
