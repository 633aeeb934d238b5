"""When a person last wrote: some platforms let us speak freely only for so long after it."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, case, select, update

from storage.doors.prepared import Prepared
from storage.doors.upsert import insert
from storage.rows import hearings

_HEARD = Prepared(
    select(hearings.c.heard_at).where(
        hearings.c.channel == bindparam("at_channel"), hearings.c.address == bindparam("at_address")
    )
)


def heard(connection: Connection, channel: str, address: str, at: datetime) -> None:
    """Note that a person wrote; what comes late does not set the clock back."""
    new = insert(hearings).values(channel=channel, address=address, heard_at=at)
    old, fresh = hearings.c.heard_at, new.excluded.heard_at
    later = case((old > fresh, old), else_=fresh)
    connection.execute(
        new.on_conflict_do_update(index_elements=["channel", "address"], set_={"heard_at": later})
    )


def last_heard(connection: Connection, channel: str, address: str) -> datetime | None:
    """When a person last wrote, if ever."""
    found = _HEARD.rows(connection, {"at_channel": channel, "at_address": address})
    return found[0][0] if found else None


def silent_since(connection: Connection, channel: str, address: str, moment: datetime) -> bool:
    """Note what the platform says, that a person has not written since; false when that was known."""
    mine = (hearings.c.channel == channel, hearings.c.address == address, hearings.c.heard_at > moment)
    return connection.execute(update(hearings).where(*mine).values(heard_at=moment)).rowcount == 1
