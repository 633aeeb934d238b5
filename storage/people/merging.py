"""Two addresses that turn out to be one person's: what belongs to the one goes over to the other."""

from dataclasses import replace

from sqlalchemy import Connection, select, update

from storage.reports.cases import all_of
from storage.rows import addresses, bans, consents, data_requests, followers, inbox, links, outbox, tickets


def merge(connection: Connection, channel: str, gone: str, home: str) -> None:
    """Give the tickets, subscriptions and messages of one address to another of the same channel."""
    old, new = (_contact(connection, channel, one) for one in (gone, home))
    if old and new and old != new:
        give_belongings(connection, old, new)
        connection.execute(update(addresses).where(addresses.c.contact == old).values(contact=new))
    for table in (tickets, followers, inbox, outbox):
        connection.execute(
            update(table).where(table.c.channel == channel, table.c.address == gone).values(address=home)
        )
    _give_links(connection, channel, gone, home)


def give_belongings(connection: Connection, old: str, new: str) -> None:
    """Give what one person reported, follows, agreed to, asked for and is limited by to another."""
    _give_tickets(connection, old, new)
    _give_followed(connection, old, new)
    for table in (consents, data_requests, bans):
        connection.execute(update(table).where(table.c.contact == old).values(contact=new))


def _contact(connection: Connection, channel: str, address: str) -> str:
    row = connection.execute(
        select(addresses.c.contact).where(addresses.c.channel == channel, addresses.c.address == address)
    ).first()
    return "" if row is None else row.contact


def _give_links(connection: Connection, channel: str, gone: str, home: str) -> None:
    at_home = select(links.c.ref).where(links.c.channel == channel, links.c.address == home)
    mine = (links.c.channel == channel, links.c.address == gone)
    connection.execute(update(links).where(*mine, links.c.ref.not_in(at_home)).values(address=home))


def _give_tickets(connection: Connection, old: str, new: str) -> None:
    for case in all_of(connection, old):
        mine = replace(case.ticket, reporter=new)
        connection.execute(
            update(tickets).where(tickets.c.number == mine.number).values(reporter=new, state=mine)
        )


def _give_followed(connection: Connection, old: str, new: str) -> None:
    both = select(followers.c.number).where(followers.c.contact == new)
    only_old = (followers.c.contact == old) & followers.c.number.not_in(both)
    connection.execute(update(followers).where(only_old).values(contact=new))
    connection.execute(followers.delete().where(followers.c.contact == old))
