"""Pauses after a rush, bans with their end and appeal, and texts that came from many people."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update

from storage.doors.inquiries import Inquiry
from storage.doors.joint import Joint
from storage.doors.prepared import Prepared
from storage.doors.upsert import insert as upsert
from storage.rows import bans, inbox, pauses, texts_filed, tickets

_ANY = inbox.alias("any_arrival")
NTH_NEWEST = (
    select(_ANY.c.received_at)
    .where(_ANY.c.channel == bindparam("at_channel"), _ANY.c.address == bindparam("at_address"))
    .order_by(_ANY.c.id.desc())
    .limit(1)
    .offset(bindparam("so_many"))
)
NTH = Prepared(NTH_NEWEST)
FILED_SINCE = Prepared(
    select(func.count()).where(
        tickets.c.reporter == bindparam("person"), tickets.c.opened_at > bindparam("since")
    )
)


@dataclass(frozen=True, slots=True)
class Pause:
    """Until when an address is answered no further, and how many pauses in a row that makes."""

    until: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Ban:
    """New reports of a person that are not dealt with for a while: since which ticket, by whom, why."""

    contact: str
    number: str
    by: str
    reason: str
    since: datetime
    until: datetime
    appealed_at: datetime | None = None
    decided_by: str = ""


def arrival_before(connection: Connection, channel: str, address: str, count: int) -> datetime | None:
    """When the arrival came that has `count` newer ones of its address behind it; None when there is none."""
    rows = NTH.rows(connection, {"at_channel": channel, "at_address": address, "so_many": count})
    return next((row[0] for row in rows), None)


def set_pause(connection: Connection, channel: str, address: str, pause: Pause) -> None:
    """Keep a pause in place of the one before."""
    values = {"until": pause.until, "times": pause.times}
    again = upsert(pauses).on_conflict_do_update(index_elements=["channel", "address"], set_=values)
    connection.execute(again, {"channel": channel, "address": address, **values})


def ban(connection: Connection, given: Ban) -> None:
    """Keep a ban."""
    connection.execute(insert(bans), {name: getattr(given, name) for name in Ban.__slots__})


def banned(contact: str, now: datetime) -> Inquiry[Ban | None]:
    """The ban that holds for a person now, the one that lasts longest."""
    return Inquiry(_BAN_OF, {"person": contact, "at": now}, lambda rows: Ban(*rows[0]) if rows else None)


def ban_of(connection: Connection, contact: str, now: datetime) -> Ban | None:
    """The ban that holds for a person now, the one that lasts longest."""
    return banned(contact, now).at(connection)


def ban_about(connection: Connection, number: str, now: datetime) -> Ban | None:
    """The ban given because of a ticket, while it holds."""
    query = _BAN.where(bans.c.number == number, bans.c.until > now).order_by(bans.c.until.desc()).limit(1)
    return next((Ban(*row) for row in connection.execute(query)), None)


def bans_now(connection: Connection, now: datetime) -> tuple[Ban, ...]:
    """Every ban that holds, appealed ones first."""
    query = _BAN.where(bans.c.until > now).order_by(bans.c.appealed_at.is_(None), bans.c.until)
    return tuple(Ban(*row) for row in connection.execute(query))


_BAN = select(*(bans.c[name] for name in Ban.__slots__))
_BAN_OF = Prepared(
    _BAN.where(bans.c.contact == bindparam("person"), bans.c.until > bindparam("at"))
    .order_by(bans.c.until.desc())
    .limit(1)
)


def appeal_ban(connection: Connection, number: str, contact: str, now: datetime) -> bool:
    """Note an appeal; false when there is nothing to appeal, or it was done before."""
    done = connection.execute(
        update(bans)
        .where(
            bans.c.number == number,
            bans.c.contact == contact,
            bans.c.until > now,
            bans.c.appealed_at.is_(None),
        )
        .values(appealed_at=now)
    )
    return done.rowcount > 0


def decide_ban(connection: Connection, number: str, by: str, *, until: datetime, now: datetime) -> None:
    """Note who decided about a ban, and when it ends now."""
    connection.execute(
        update(bans).where(bans.c.number == number, bans.c.until > now).values(decided_by=by, until=until)
    )


def filed_since(contact: str, since: datetime) -> Inquiry[int]:
    """How many tickets a person has opened since."""
    return Inquiry(FILED_SINCE, {"person": contact, "since": since}, lambda rows: int(rows[0][0]))


@dataclass(frozen=True, slots=True)
class Filed:
    """A text somebody filed as a ticket; `kode` is the area's code, empty when unknown."""

    number: str
    print: str
    contact: str
    kode: str
    at: datetime


_NOTE_TEXT = Joint(upsert(texts_filed).on_conflict_do_nothing(), tuple(Filed.__slots__))
_SAME_TEXT = (
    select(*(texts_filed.c[name] for name in Filed.__slots__))
    .join(tickets, tickets.c.number == texts_filed.c.number)
    .where(texts_filed.c.print == bindparam("mark"), texts_filed.c.at > bindparam("since"))
    .where(or_(tickets.c.open, tickets.c.status == "DUPLIKAT"))
    .order_by(texts_filed.c.at)
)
SAME_TEXT = Prepared(_SAME_TEXT)
SAME_TEXT_IN = Prepared(
    _SAME_TEXT.where(or_(texts_filed.c.kode == bindparam("area"), texts_filed.c.kode == ""))
)


def note_text(connection: Connection, filed: Filed) -> None:
    """Remember a filed text."""
    _NOTE_TEXT.soon(connection, {name: getattr(filed, name) for name in Filed.__slots__})


def same_text(filed: Filed, since: datetime) -> Inquiry[tuple[Filed, ...]]:
    """The same text in reports that are open or joined to one, in the same area or with none named.

    Only what was filed since then, oldest first.
    """
    look = SAME_TEXT_IN if filed.kode else SAME_TEXT
    values = {"mark": filed.print, "since": since, "area": filed.kode}
    return Inquiry(look, values, lambda rows: tuple(Filed(*row) for row in rows))
