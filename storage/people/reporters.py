"""Who reported something: looked up for those few who may know, and kept nowhere else."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage.rows import inbox, tickets, walk_ins


@dataclass(frozen=True, slots=True)
class Reporter:
    """A reporter: the name their messenger gave, where they are reached, a phone number they left."""

    name: str
    channel: str
    address: str
    phone: str


def reporter(connection: Connection, number: str) -> Reporter | None:
    """The reporter of a ticket; None when there is no such ticket."""
    home = connection.execute(
        select(tickets.c.channel, tickets.c.address).where(tickets.c.number == number)
    ).first()
    if home is None:
        return None
    said = connection.execute(
        select(inbox.c.payload)
        .where(inbox.c.channel == home.channel, inbox.c.address == home.address)
        .order_by(inbox.c.id.desc())
        .limit(1)
    ).scalar()
    phone = connection.execute(select(walk_ins.c.phone).where(walk_ins.c.id == home.address)).scalar()
    name = str((said or {}).get("sender_name") or "")
    return Reporter(name, home.channel, home.address, phone or "")
