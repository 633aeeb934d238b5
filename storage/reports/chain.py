"""The history of a ticket as a chain: every line carries the hash of the one before it."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, insert, select, update

from storage.codec import TICKET_EVENT
from storage.doors.joint import Joint
from storage.doors.prepared import Prepared, dumps
from storage.doors.upsert import insert as upsert
from storage.rows import ticket_events, tickets
from storage.seals import UnknownKeyError, UnsealError
from tickets.erasure import ERASE
from tickets.ticket import TicketEvent

FIRST_HASH = "0" * 64
_LINE = select(
    ticket_events.c.number,
    ticket_events.c.seq,
    ticket_events.c.at,
    ticket_events.c.action,
    ticket_events.c.event,
    ticket_events.c.hash,
).order_by(ticket_events.c.seq)
LAST = Prepared(
    select(ticket_events.c.seq, ticket_events.c.hash)
    .where(ticket_events.c.number == bindparam("of"))
    .order_by(ticket_events.c.seq.desc())
    .limit(1)
)
COLUMNS = ("number", "seq", "at", "action", "event", "hash")
ADD = Joint(insert(ticket_events), COLUMNS)
BEGIN = Joint(upsert(ticket_events).on_conflict_do_nothing(), COLUMNS)
"""Where the number is in use, keeping the ticket tells so, and nothing of this is kept either."""
END = Prepared(update(tickets).where(tickets.c.number == bindparam("of")).values(head=bindparam("end")))


@dataclass(frozen=True, slots=True)
class Break:
    """Where a history does not hold: the line (from 1; 0 for the ticket itself) and what is wrong with it."""

    number: str
    seq: int
    fault: str


def first_lines(number: str, events: Sequence[TicketEvent]) -> list[dict[str, Any]]:
    """The history of a ticket that is about to be opened; its last line's hash is the ticket's head."""
    return list(_rows(number, events, 0, FIRST_HASH))


def begin(connection: Connection, lines: Sequence[dict[str, Any]]) -> None:
    """Keep the first lines of a ticket's history, beside the ticket with its head."""
    BEGIN.all_soon(connection, lines)


def append(connection: Connection, number: str, events: Sequence[TicketEvent]) -> None:
    """Put lines at the end of a ticket's history and note its new end with the ticket."""
    seq, previous = LAST.first(connection, {"of": number}) or (0, FIRST_HASH)
    rows = list(_rows(number, events, seq, previous))
    if rows:
        ADD.all_soon(connection, rows)
        END.run(connection, {"of": number, "end": rows[-1]["hash"]})


def _rows(number: str, events: Sequence[TicketEvent], seq: int, previous: str) -> Iterator[dict[str, Any]]:
    for step, event in enumerate(events, seq + 1):
        previous = chained(previous, orjson.loads(dumps(event)))
        yield {
            "number": number,
            "seq": step,
            "at": event.at,
            "action": event.action,
            "event": event,
            "hash": previous,
        }


def chained(previous: str, document: Mapping[str, Any]) -> str:
    """The SHA-256 of a line as it is kept, together with the hash of the line before.

    It rests on what was written, not on the shape of today: a field added later breaks no old chain.
    """
    line = {**document, "at": str(document["at"]).replace("+00:00", "Z"), "data": _sorted(document["data"])}
    return hashlib.sha256(previous.encode() + orjson.dumps(line)).hexdigest()


def _sorted(data: Any) -> Any:
    return orjson.loads(orjson.dumps(data, option=orjson.OPT_SORT_KEYS))


def strike(
    connection: Connection,
    said: TicketEvent,
    changed: Callable[[TicketEvent], TicketEvent],
    files: Sequence[str] = (),
) -> None:
    """Take words out of a history so that it still proves itself, and say so in a line at its end.

    A struck line keeps its hash, so that the chain goes on; what is left of it is bound, with that hash, by
    the line at the end, which names every struck line and the files that went.
    """
    bound = {}
    for row in connection.execute(_LINE.where(ticket_events.c.number == said.number)).all():
        before = TICKET_EVENT.load(row.event)
        after = changed(before)
        if after != before:
            here = (ticket_events.c.number == said.number) & (ticket_events.c.seq == row.seq)
            connection.execute(update(ticket_events).where(here).values(event=after))
            bound[str(row.seq)] = chained(row.hash, orjson.loads(dumps(after)))
    append(connection, said.number, [replace(said, data={"lines": bound, "files": list(files)})])


def files_let_go(connection: Connection, number: str) -> frozenset[str]:
    """The files of a ticket that its history says were let go of with their sender."""
    lines = connection.execute(_LINE.where(ticket_events.c.number == number)).all()
    told = [row.event["data"].get("files", ()) for row in lines if row.action == ERASE]
    return frozenset(one for files in told for one in files)


def _struck(rows: Sequence[Any]) -> dict[int, str]:
    """What the erasures in a history say is left of its lines, by their place; the latest word holds."""
    told = [row.event["data"].get("lines", {}) for row in rows if row.event.get("action") == ERASE]
    return {int(seq): bound for lines in told for seq, bound in lines.items()}


def find_break(connection: Connection, number: str) -> Break | None:
    """The first place where a ticket's history was tampered with; None when it is unbroken.

    Raises:
        KeyError: there is no such ticket.
    """
    kept = connection.execute(
        select(tickets.c.status, tickets.c.head).where(tickets.c.number == number)
    ).first()
    if kept is None:
        raise KeyError(number)
    rows, whole = _lines(connection, number)
    struck, previous, status = _struck(rows), FIRST_HASH, ""
    for expected, row in enumerate(rows, 1):
        if fault := _fault(row, expected, previous, struck.get(expected, "")):
            return Break(number, expected, fault)
        previous, status = row.hash, str(row.event["after"])
    if not whole:
        return Break(number, len(rows) + 1, "its words were changed: they cannot be unsealed")
    return _end_fault(number, (kept.status, kept.head), (status, previous))


def _lines(connection: Connection, number: str) -> tuple[list[Any], bool]:
    """The lines of a history up to the first that cannot be unsealed; whether that is all of them."""
    rows: list[Any] = []
    try:
        for row in connection.execute(_LINE.where(ticket_events.c.number == number)):
            rows.append(row)  # noqa: PERF402 what was read before a line that cannot be is wanted
    except (UnsealError, UnknownKeyError):
        return rows, False
    return rows, True


def _fault(row: Any, expected: int, previous: str, struck: str = "") -> str:
    """What is wrong with a line; empty when nothing is."""
    if row.seq != expected:
        return f"line {expected} is missing"
    try:
        if row.hash != chained(previous, row.event) and not _left(row, struck):
            return "its words or its hash were changed"
        said = (row.event["number"], row.event["action"], datetime.fromisoformat(row.event["at"]))
    except (KeyError, TypeError, ValueError):
        return "it cannot be read"
    columns = {"number": row.number, "action": row.action, "at": row.at}
    changed = [
        name for (name, value), original in zip(columns.items(), said, strict=True) if value != original
    ]
    return f"its column {changed[0]} was changed" if changed else ""


def _left(row: Any, struck: str) -> bool:
    """Whether a line is what an erasure left of it; an erasure itself is never struck."""
    return bool(struck) and row.event["action"] != ERASE and chained(row.hash, row.event) == struck


def _end_fault(number: str, kept: tuple[str, str], found: tuple[str, str]) -> Break | None:
    """Whether the ticket ends where its history does: lines cut off the end break no link."""
    if kept[1] != found[1]:
        return Break(number, 0, "lines are missing at the end, or the ticket's note of its end was changed")
    if kept[0] != found[0]:
        return Break(number, 0, f"the ticket stands at {kept[0]}, its history ends at {found[0]}")
    return None


def numbers(connection: Connection) -> tuple[str, ...]:
    """The numbers of all tickets, and of histories whose ticket is gone."""
    known = select(tickets.c.number).union(select(ticket_events.c.number))
    return tuple(sorted(connection.execute(known).scalars()))
