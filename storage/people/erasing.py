"""One person taken out of what is kept: their closed reports lose them, the rest of theirs goes."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select, tuple_, update

from storage import fresh
from storage.doors.upsert import insert
from storage.people.belongings import (
    KNOWN_OF_ADDRESS,
    OF_DEEDS,
    OF_TALKS,
    PASSED_ADDRESS,
    Address,
    drop_at,
    drop_of,
)
from storage.reports import cases, chain
from storage.reports.media import ERASED, File, files_of, named
from storage.rows import (
    addresses,
    bans,
    contacts,
    followers,
    inbox,
    links,
    media,
    outbox,
    prints,
    receipts,
    tickets,
    uploads,
    walk_ins,
)
from tickets.erasure import ERASE, NOBODY, Eraser
from tickets.ticket import Actor, Ticket, TicketEvent

OPERATOR = "operator"
SYSTEM = Actor("system")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, the (channel, address) they write from, and their reports: closed ones, and open ones."""

    contact: str
    addresses: tuple[Address, ...]
    names: frozenset[str]
    closed: tuple[Ticket, ...]
    open: tuple[str, ...]
    banned: bool

    @property
    def held(self) -> bool:
        """Whether a report still under way, or a ban that lasts, needs to know who they are."""
        return bool(self.open) or self.banned


def person(connection: Connection, contact: str, now: datetime) -> Person:
    """Somebody with all that is theirs."""
    ways = select(addresses.c.channel, addresses.c.address).where(addresses.c.contact == contact)
    at = tuple((channel, address) for channel, address in connection.execute(ways))
    mine = [case.ticket for case in cases.all_of(connection, contact)]
    ban = select(bans.c.id).where(bans.c.contact == contact, bans.c.until > now)
    return Person(
        contact=contact,
        addresses=at,
        names=_names(connection, at),
        closed=tuple(one for one in mine if one.status in cases.CLOSED),
        open=tuple(one.number for one in mine if one.status not in cases.CLOSED),
        banned=connection.execute(ban.limit(1)).first() is not None,
    )


def _names(connection: Connection, at: Sequence[Address]) -> frozenset[str]:
    """What platforms say somebody is called, and the numbers they left."""
    said = select(inbox.c.payload).where(tuple_(inbox.c.channel, inbox.c.address).in_(at))
    left = select(walk_ins.c.phone).where(walk_ins.c.id.in_([address for _, address in at]))
    given = {str(payload.get("sender_name") or "") for payload in connection.execute(said).scalars()}
    return frozenset(given | set(connection.execute(left).scalars())) - {""}


def others(connection: Connection, number: str) -> frozenset[str]:
    """Those who follow a report: what they said of it is theirs."""
    query = select(followers.c.contact).where(followers.c.number == number)
    return frozenset(connection.execute(query).scalars())


def own_files(connection: Connection, number: str) -> tuple[File, ...]:
    """The files citizens sent to a report that are still there."""
    return tuple(
        one for one in files_of(connection, number) if one.channel != OPERATOR and one.error != ERASED
    )


def only_theirs(connection: Connection, files: Iterable[File]) -> frozenset[str]:
    """The hashes among these files whose bytes nothing else names."""
    files = tuple(files)
    mine = [one.id for one in files]
    wanted = {digest for one in files for digest in (one.sha256, one.copy_sha256) if digest}
    return frozenset(one for one in wanted if not named(connection, one, mine))


@contextmanager
def _wiped(connection: Connection) -> Iterator[None]:
    """Have SQLite overwrite what is deleted inside; PostgreSQL's VACUUM frees it by itself."""
    lite = connection.dialect.name == "sqlite"
    if lite:
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    try:
        yield
    finally:
        if lite:
            connection.exec_driver_sql("PRAGMA secure_delete = OFF")


def take_out(connection: Connection, ticket: Ticket, eraser: Eraser, now: datetime) -> None:
    """Let a closed report go on without its reporter, and without their files unless those are kept."""
    with _wiped(connection):
        _nobody(connection, now)
        files = () if eraser.policy.keep_files else own_files(connection, ticket.number)
        for file in files:
            _let_go(connection, file)
        said = TicketEvent(ticket.number, ERASE, now, SYSTEM, ticket.status, ticket.status)
        chain.strike(connection, said, eraser.line, tuple(one.id for one in files))
        _unlink(connection, ticket)
        cases.hand_to_nobody(connection, eraser.ticket(ticket))
        _drop_sent(connection, outbox.c.ticket == ticket.number)
    fresh.forget()


def _unlink(connection: Connection, ticket: Ticket) -> None:
    """Their messages are not about this report any more; those of others who follow it still are."""
    theirs = select(addresses.c.channel, addresses.c.address).where(addresses.c.contact == ticket.reporter)
    mine = tuple_(links.c.channel, links.c.address).in_(theirs)
    connection.execute(delete(links).where(mine, links.c.ticket == ticket.number))


def _nobody(connection: Connection, now: datetime) -> None:
    row = {"id": NOBODY, "created_at": now, "language": "id"}
    connection.execute(insert(contacts).on_conflict_do_nothing(), row)


def _let_go(connection: Connection, file: File) -> None:
    """What is left of a file: that there was one, its hash and its place in the chain."""
    connection.execute(delete(prints).where(prints.c.media == file.id))
    bare = replace(file.attachment, ref="", name="")
    gone = {"copy_sha256": None, "copy_mime": None, "facts": None, "coarse": None, "fine": None}
    row = {"state": "lost", "error": ERASED, "address": "", "attachment": bare, **gone}
    connection.execute(update(media).where(media.c.id == file.id).values(**row))
    digests = [digest for digest in (file.sha256, file.copy_sha256) if digest]
    connection.execute(delete(uploads).where(uploads.c.sha256.in_(digests)))


def _drop_sent(connection: Connection, mine: ColumnElement[bool]) -> None:
    """Messages that went out, with the platforms' word on them."""
    gone = select(outbox.c.id).where(mine, outbox.c.state.in_(("sent", "failed")))
    connection.execute(delete(receipts).where(receipts.c.outbox.in_(gone)))
    connection.execute(delete(outbox).where(outbox.c.id.in_(gone)))


def forget(connection: Connection, who: Person) -> None:
    """Let everything go that is left of somebody with no report under way."""
    with _wiped(connection):
        at = who.addresses
        _drop_sent(connection, tuple_(outbox.c.channel, outbox.c.address).in_(at))
        drop_at(connection, (*PASSED_ADDRESS, *KNOWN_OF_ADDRESS), at)
        connection.execute(delete(walk_ins).where(walk_ins.c.id.in_([address for _, address in at])))
        drop_of(connection, (*OF_DEEDS, *OF_TALKS), [who.contact])
        connection.execute(delete(contacts).where(contacts.c.id == who.contact))
    fresh.forget()


def files_at(connection: Connection, at: Sequence[Address]) -> tuple[str, ...]:
    """The files somebody sent that no report claimed."""
    here = tuple_(media.c.channel, media.c.address).in_(at)
    return tuple(connection.execute(select(media.c.id).where(here, media.c.number.is_(None))).scalars())


def _aged(before: datetime) -> ColumnElement[bool]:
    """Closed reports that nothing happened to since then and that still know whose they were."""
    return and_(
        tickets.c.opened_at < before,
        tickets.c.changed_at < before,
        ~tickets.c.open,
        tickets.c.reporter != NOBODY,
    )


def aged(connection: Connection, before: datetime, most: int) -> tuple[Ticket, ...]:
    """Closed reports that have known their reporter for too long, the oldest first."""
    query = select(tickets.c.number).where(_aged(before)).order_by(tickets.c.opened_at).limit(most)
    found = (cases.case(connection, number) for number in connection.execute(query).scalars().all())
    return tuple(one.ticket for one in found if one is not None)


def count_aged(connection: Connection, before: datetime) -> int:
    """How many reports that are."""
    return connection.execute(select(func.count()).select_from(tickets).where(_aged(before))).scalar_one()


def contact_of(connection: Connection, number: str) -> str | None:
    """Who made a report; None when there is no such report."""
    return connection.execute(select(tickets.c.reporter).where(tickets.c.number == number)).scalar()
