"""The files people send: first owed, then kept and examined, refused, or lost; a ticket may claim them."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, bindparam, delete, func, literal_column, or_, select, update

from dialogs.messages import Attachment
from storage.doors.inquiries import Inquiry, nothing_to_ask
from storage.doors.joint import Joint
from storage.doors.prepared import Prepared
from storage.doors.upsert import insert
from storage.rows import media
from storage.talks.setback import APART, LONGEST_FETCH
from tickets.evidence.findings import Facts
from tickets.evidence.prints import Print
from tickets.evidence.sightings import Sighting

_ATTACHMENT = TypeAdapter(Attachment)
_FACTS = TypeAdapter(Facts)
_SEEN = TypeAdapter(tuple[Sighting, ...])
NO_FACTS = Facts()
FOUND = ["state", "sha256", "size", "copy_sha256", "copy_mime", "facts", "coarse", "fine", "error"]
UPLOADED = re.compile(r"(?:\w+:)?(?P<digest>[0-9a-f]{64})")
"""The ref of a file that was put away before it was noted; those of messengers are no hashes."""
ERASED = "erased"
"""Why a file cannot be had: its sender was taken out of the report."""
UNSETTLED = media.c.settled_at.is_(literal_column("NULL"))
"""Written out, not bound: only then does the index of unsettled files serve."""

STATE = func.coalesce(media.c.state, "")
"""Wrapped so that no index of it is walked: nearly every file there is has been kept."""
WAITING_FOR_THEIR_CHAIN = Prepared(
    select(media)
    .where(UNSETTLED, media.c.number > "", or_(STATE == "kept", STATE == "refused"))
    .order_by(media.c.created_at)
    .limit(bindparam("most"))
)
OWED = Prepared(
    select(media)
    .where(
        media.c.state == "waiting",
        or_(media.c.not_before <= bindparam("at"), media.c.not_before > bindparam("beyond")),
    )
    .order_by(media.c.created_at)
    .limit(bindparam("most"))
)
OF_TICKET = Prepared(
    select(media).where(media.c.number == bindparam("of")).order_by(media.c.created_at, media.c.id)
)
ONE = Prepared(select(media).where(media.c.id == bindparam("of")))
COLUMNS = tuple(media.c.keys())


def _owe() -> Joint:
    new = insert(media)
    claimed = {"number": new.excluded.number, "role": new.excluded.role}
    unclaimed = media.c.number.is_(None)
    again = new.on_conflict_do_update(index_elements=["id"], set_=claimed, where=unclaimed)
    names = "id number channel address attachment role sha256 state not_before created_at"
    return Joint(again, names.split(), {"id": media.c.id})


OWE = _owe()
KEPT = Joint(
    update(media)
    .where(media.c.id == bindparam("one"))
    .values({name: bindparam(f"new_{name}") for name in FOUND}),
    known_by={"one": media.c.id},
)


@dataclass(frozen=True, slots=True)
class File:
    """A file somebody sent; `number` is empty until a ticket claims it.

    `sha256` and `size` (bytes) are the original's, `copy_sha256` names what may be passed on; both are empty
    until the file is kept. `error` is why it was refused (one of REFUSALS) or could not be had.
    """

    id: str
    number: str
    channel: str
    address: str
    attachment: Attachment
    role: str
    state: str
    tries: int
    created_at: datetime
    sha256: str = ""
    size: int = 0
    copy_sha256: str = ""
    copy_mime: str = ""
    facts: Facts = NO_FACTS
    print: Print | None = None
    seen: tuple[Sighting, ...] = ()
    settled: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose files they are: the ticket (empty while none claims them), channel, sender, and their role."""

    number: str
    channel: str
    role: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it lies in the vault: the original, what was found in it, and the copy to pass on."""

    sha256: str
    size: int
    facts: Facts = NO_FACTS
    print: Print | None = None
    copy_sha256: str = ""
    copy_mime: str = ""
    refused: str = ""


def _digest(attachment: Attachment) -> str | None:
    """The hash of bytes that lie with us already, so that nobody else's erasure takes them."""
    found = UPLOADED.fullmatch(attachment.ref)
    return found["digest"] if found else None


def owe(connection: Connection, attachments: Iterable[Attachment], owner: Owner, now: datetime) -> None:
    """Note files that are to be fetched and kept; one that nobody claimed yet goes to the ticket named."""
    rows = [
        {
            "id": one.media_id,
            "number": owner.number or None,
            "channel": owner.channel,
            "address": owner.address,
            "attachment": one,
            "role": owner.role,
            "sha256": _digest(one),
            "state": "waiting",
            "not_before": now,
            "created_at": now,
        }
        for one in attachments
    ]
    OWE.all_soon(connection, rows)


def _file(row: Mapping[str, Any]) -> File:
    return File(
        id=row["id"],
        number=row["number"] or "",
        channel=row["channel"],
        address=row["address"],
        attachment=_ATTACHMENT.validate_python(row["attachment"]),
        role=row["role"],
        state=row["state"],
        tries=row["tries"],
        created_at=row["created_at"],
        sha256=row["sha256"] or "",
        size=row["size"] or 0,
        copy_sha256=row["copy_sha256"] or "",
        copy_mime=row["copy_mime"] or "",
        facts=_FACTS.validate_python(row["facts"]) if row["facts"] else NO_FACTS,
        print=Print(int(row["coarse"], 16), int(row["fine"], 16)) if row["coarse"] and row["fine"] else None,
        seen=_SEEN.validate_python(row["seen"] or ()),
        settled=row["settled_at"] is not None,
        error=row["error"] or "",
    )


def _files(connection: Connection, query: Any) -> tuple[File, ...]:
    return tuple(_file(row._asdict()) for row in connection.execute(query))


def _found(connection: Connection, look: Prepared, values: dict[str, Any]) -> tuple[File, ...]:
    return tuple(_file(dict(zip(COLUMNS, row, strict=True))) for row in look.rows(connection, values))


def owed(connection: Connection, now: datetime, most: int) -> tuple[File, ...]:
    """Files still to be fetched whose next try has come."""
    return _found(connection, OWED, {"at": now, "beyond": now + LONGEST_FETCH + APART, "most": most})


def unsettled(connection: Connection, most: int) -> tuple[File, ...]:
    """Files that a ticket has and that are kept, but not yet compared and bound into its chain."""
    return _found(connection, WAITING_FOR_THEIR_CHAIN, {"most": most})


def files_of(connection: Connection, number: str) -> tuple[File, ...]:
    """The files of a ticket, oldest first."""
    return _found(connection, OF_TICKET, {"of": number})


def file(connection: Connection, media_id: str) -> File | None:
    """One file by its id."""
    return next(iter(_found(connection, ONE, {"of": media_id})), None)


def refused_among(media_ids: Iterable[str]) -> Inquiry[frozenset[str]]:
    """Which of these files were found to be none that can be taken."""
    wanted = {_one_of(place): one for place, one in enumerate(media_ids)}
    if not wanted:
        return nothing_to_ask(frozenset())
    return Inquiry(_refused(len(wanted)), wanted, lambda rows: frozenset(one for (one,) in rows))


@cache
def _refused(count: int) -> Prepared:
    """Those refused among so many."""
    named = media.c.id.in_([bindparam(_one_of(place)) for place in range(count)])
    return Prepared(select(media.c.id).where(named, STATE == "refused"))


def _one_of(place: int) -> str:
    return f"one_{place}"


def kept(connection: Connection, media_id: str, found: Kept) -> None:
    """Record that a file lies in the vault, and what was found in it."""
    values = {
        "state": "refused" if found.refused else "kept",
        "sha256": found.sha256,
        "size": found.size,
        "copy_sha256": found.copy_sha256 or None,
        "copy_mime": found.copy_mime or None,
        "facts": found.facts,
        "coarse": f"{found.print.coarse:016x}" if found.print else None,
        "fine": f"{found.print.fine:064x}" if found.print else None,
        "error": found.refused or None,
    }
    KEPT.soon(connection, {"one": media_id, **{f"new_{name}": value for name, value in values.items()}})


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


def unclaimed(connection: Connection, before: datetime, most: int) -> tuple[File, ...]:
    """Files that came before a moment and never became part of a ticket, the oldest first."""
    query = select(media).where(UNSETTLED, media.c.number.is_(None), media.c.created_at < before)
    return _files(connection, query.order_by(media.c.created_at).limit(most))


def forget(connection: Connection, media_id: str) -> frozenset[str]:
    """Strike out a file no ticket claimed; the hashes whose bytes nothing names any more."""
    row = connection.execute(select(media).where(media.c.id == media_id, media.c.number.is_(None))).first()
    if row is None:
        return frozenset()
    connection.execute(delete(media).where(media.c.id == media_id))
    digests = (row.sha256, row.copy_sha256)
    return frozenset(digest for digest in digests if digest and not named(connection, digest))


def named(connection: Connection, digest: str, besides: Collection[str] = ()) -> bool:
    """Whether a file has these bytes, of which nothing was taken out; those `besides` do not count."""
    bytes_of = or_(media.c.sha256 == digest, media.c.copy_sha256 == digest)
    query = select(media.c.id).where(bytes_of, media.c.error.is_distinct_from(ERASED))
    return connection.execute(query.where(media.c.id.not_in(besides)).limit(1)).first() is not None
