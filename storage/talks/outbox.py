"""What is to be said: written with what it tells of, sent after it, in order per address."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, literal_column, or_, select, update

from dialogs.messages import OutboundMessage
from storage.codec import OUTBOUND
from storage.doors.joint import Joint
from storage.doors.prepared import Prepared
from storage.doors.upsert import replacing
from storage.rows import links, outbox
from storage.talks.inbox import MOST_LEFT
from storage.talks.setback import APART, LONGEST_ASKED
from storage.trail import turn_in_hand

STILL = outbox.c.state == literal_column("'waiting'")
"""Written out, not bound: only then does the index of waiting rows serve."""
LOOKED_BACK = 20
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
HELD = outbox.c.state == literal_column("'held'")
ADD = Joint(
    insert(outbox),
    ("channel", "address", "message", "ticket", "origin", "state", "created_at", "not_before", "turn"),
)
WAITING = Prepared(
    select(
        outbox.c.id,
        outbox.c.message,
        outbox.c.ticket,
        outbox.c.origin,
        outbox.c.not_before,
        outbox.c.tries,
        outbox.c.refs,
        outbox.c.created_at,
        outbox.c.turn,
    )
    .where(
        outbox.c.channel == bindparam("at_channel"),
        outbox.c.address == bindparam("at_address"),
        STILL,
    )
    .order_by(outbox.c.id)
    .limit(bindparam("most"))
)
SENT = Joint(
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(state="sent", sent_at=bindparam("at"), refs=bindparam("got"))
)
LINK = Joint(
    replacing(links),
    ("channel", "address", "ref", "ticket", "purpose"),
    {"channel": links.c.channel, "address": links.c.address, "ref": links.c.ref},
)
LINKED = Prepared(
    select(links.c.ticket, links.c.purpose).where(
        links.c.channel == bindparam("at_channel"),
        links.c.address == bindparam("at_address"),
        links.c.ref == bindparam("at_ref"),
    )
)
SAID = Prepared(
    select(outbox.c.id, outbox.c.message, outbox.c.state, outbox.c.created_at)
    .where(
        outbox.c.channel == bindparam("at_channel"),
        outbox.c.address == bindparam("at_address"),
        outbox.c.id > bindparam("after"),
    )
    .order_by(outbox.c.id)
)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message with where it goes; `origin` says whose words they were, so that ✓ or ✗ shows there.

    It goes no sooner than `after` from now.
    """

    channel: str
    address: str
    message: OutboundMessage
    origin: str = ""
    after: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class WaitingOut:
    """A message not sent yet, and the turn that brought it; `refs` are those of its parts that have been."""

    id: int
    message: OutboundMessage
    ticket: str
    origin: str
    not_before: datetime
    tries: int
    refs: tuple[str, ...]
    created_at: datetime
    turn: str = ""


def add(connection: Connection, messages: Iterable[Outgoing], now: datetime) -> None:
    """Put messages in line, in the order given."""
    rows = [
        {
            "channel": one.channel,
            "address": one.address,
            "message": one.message,
            "ticket": one.message.ticket,
            "origin": one.origin,
            "state": "waiting",
            "created_at": now,
            "not_before": now + one.after,
            "turn": turn_in_hand(),
        }
        for one in messages
        if one.channel  # a report whose reporter was taken out of it has nobody to tell
    ]
    for row in rows:
        ADD.soon(connection, row)


def count_of(connection: Connection, ticket: str, origin: str) -> int:
    """How many messages about a ticket came of the same words."""
    query = select(func.count()).where(outbox.c.ticket == ticket, outbox.c.origin == origin)
    return int(connection.execute(query).scalar_one())


def waiting(connection: Connection, channel: str, address: str, most: int) -> tuple[WaitingOut, ...]:
    """The oldest unsent messages of an address, at most `most`."""
    rows = WAITING.rows(connection, {"at_channel": channel, "at_address": address, "most": most})
    return tuple(
        WaitingOut(row, OUTBOUND.load(message), ticket, origin, not_before, tries, tuple(refs or ()), *more)
        for row, message, ticket, origin, not_before, tries, refs, *more in rows
    )


def addresses_waiting(connection: Connection, before: datetime | None = None) -> tuple[tuple[str, str], ...]:
    """Every (channel, address) with something unsent (that could go before a moment): where to go on."""
    found = select(outbox.c.channel, outbox.c.address).where(STILL).distinct()
    if before is not None:
        beyond = outbox.c.not_before > before + LONGEST_ASKED + APART
        found = found.where(or_(outbox.c.not_before < before, beyond)).limit(MOST_LEFT)
    return tuple((channel, address) for channel, address in connection.execute(found))


def sent(connection: Connection, row: int, refs: Sequence[str], now: datetime) -> None:
    """Record that the platform took a message, under these ids of its own."""
    SENT.soon(connection, {"row": row, "at": now, "got": list(refs)})


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a message did not go, in a code and in words, and the parts of it that did."""

    code: str
    text: str
    refs: tuple[str, ...] = ()


def postpone(connection: Connection, row: int, until: datetime, trouble: Trouble) -> None:
    """Record a failure that may pass; the message stays first in its line until then."""
    connection.execute(
        update(outbox)
        .where(outbox.c.id == row)
        .values(tries=outbox.c.tries + 1, not_before=until, **_troubled(trouble))
    )


def give_up(connection: Connection, row: int, trouble: Trouble) -> None:
    """Record that a message will not arrive, and why; those behind it go on."""
    connection.execute(
        update(outbox)
        .where(outbox.c.id == row)
        .values(state="failed", tries=outbox.c.tries + 1, **_troubled(trouble))
    )


def hold(connection: Connection, row: int, trouble: Trouble, until: datetime | None = None) -> None:
    """Take a message out of line until a moment, or until `release` (None), when the person wrote again."""
    values = {"state": "held", "not_before": until or NEVER, **_troubled(trouble)}
    connection.execute(update(outbox).where(outbox.c.id == row).values(**values))


def due_held(connection: Connection, now: datetime) -> bool:
    """Whether anything was kept back long enough."""
    due = select(outbox.c.id).where(HELD, outbox.c.not_before <= now).limit(1)
    return connection.execute(due).first() is not None


def release_due(connection: Connection, now: datetime) -> tuple[tuple[str, str], ...]:
    """Put what was kept back long enough in line again; the addresses."""
    freed = (
        update(outbox)
        .where(HELD, outbox.c.not_before <= now)
        .values(state="waiting")
        .returning(outbox.c.channel, outbox.c.address)
    )
    return tuple(dict.fromkeys((channel, address) for channel, address in connection.execute(freed)))


def release(connection: Connection, channel: str, address: str, now: datetime) -> int:
    """Put what was held for an address back in line, oldest first; how many messages that were."""
    held = (outbox.c.channel == channel, outbox.c.address == address, HELD)
    return connection.execute(
        update(outbox).where(*held).values(state="waiting", not_before=now, tries=0)
    ).rowcount


def again(connection: Connection, row: int, until: datetime, trouble: Trouble) -> None:
    """Send a message once more that the platform had taken and then could not deliver."""
    connection.execute(
        update(outbox)
        .where(outbox.c.id == row)
        .values(state="waiting", tries=outbox.c.tries + 1, not_before=until, **_troubled(trouble))
    )


def recall(connection: Connection, channel: str, address: str, trouble: Trouble) -> None:
    """Take back what an address has not been sent yet."""
    connection.execute(
        update(outbox)
        .where(outbox.c.channel == channel, outbox.c.address == address, STILL)
        .values(state="failed", error_code=trouble.code, error_text=trouble.text)
    )


def _troubled(trouble: Trouble) -> dict[str, Any]:
    return {"error_code": trouble.code, "error_text": trouble.text, "refs": list(trouble.refs)}


@dataclass(frozen=True, slots=True)
class Link:
    """What messages of a chat are about; `purpose` says what an answer to them means."""

    ticket: str
    purpose: str = "news"


def link(connection: Connection, channel: str, address: str, refs: Sequence[str], about: Link) -> None:
    """Remember what these messages of a chat are about, so that an answer finds it."""
    rows = [
        {"channel": channel, "address": address, "ref": ref, "ticket": about.ticket, "purpose": about.purpose}
        for ref in refs
    ]
    LINK.all_soon(connection, rows)


def linked(connection: Connection, channel: str, address: str, ref: str) -> Link | None:
    """What a message in a chat is about, if about a ticket."""
    found = LINKED.rows(connection, {"at_channel": channel, "at_address": address, "at_ref": ref})
    return Link(*found[0]) if found else None


@dataclass(frozen=True, slots=True)
class Said:
    """One message as it stands in the outbox."""

    id: int
    message: OutboundMessage
    state: str
    created_at: datetime


def said_after(connection: Connection, channel: str, address: str, after: int) -> tuple[Said, ...]:
    """What was said to an address after row `after`, oldest first."""
    rows = SAID.rows(connection, {"at_channel": channel, "at_address": address, "after": after})
    return tuple(Said(row, OUTBOUND.load(message), state, at) for row, message, state, at in rows)


def undeliverable(connection: Connection, state: str = "failed") -> tuple[dict[str, Any], ...]:
    """Every message that could not be delivered (`held`: not yet): what was promised, with the reason."""
    names = ("id", "channel", "ticket", "error_code", "error_text", "not_before")
    found = select(*(outbox.c[name] for name in names)).where(outbox.c.state == state)
    return tuple(dict(row) for row in connection.execute(found).mappings())


def last_offer(connection: Connection, channel: str, address: str, pushed: str) -> OutboundMessage | None:
    """The news with choices that a person has before them; None when the talk's own question came after.

    `pushed` is how the names of news begin. News without choices leave those before them standing.
    """
    found = (
        select(outbox.c.message, outbox.c.state)
        .where(outbox.c.channel == channel, outbox.c.address == address)
        .where(outbox.c.state.in_(("sent", "waiting")))
        .order_by(outbox.c.id.desc())
        .limit(LOOKED_BACK)
    )
    for document, state in connection.execute(found):
        message = OUTBOUND.load(document)
        if not message.response.startswith(pushed):
            return None
        if message.buttons and state == "sent":
            return message
    return None
