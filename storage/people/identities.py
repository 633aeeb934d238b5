"""One person under several names of a platform: a phone number, an id of their own, or both."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from storage.doors.upsert import insert
from storage.people.merging import merge
from storage.rows import identities
from storage.talks.hearings import last_heard

PHONE, SCOPED = "phone", "scoped"
"""A number passes on to other people, an id scoped to us does not."""

Names = Mapping[str, str]
"""What the platform calls a person now, by kind."""


def at_home(connection: Connection, channel: str, names: Names) -> str:
    """The address these names are known under, when all of them are and agree; empty otherwise."""
    homes = {_home(connection, channel, name) for name in names.values()}
    return homes.pop() if len(homes) == 1 and "" not in homes else ""


def resolve(connection: Connection, channel: str, names: Names, now: datetime) -> str:
    """The address of the person with these names, made if they are new; two known halves become one person.

    A phone number seen with a scoped id other than its last one has been given to somebody else: who had it
    before keeps their address, and the newcomer gets one of their own.
    """
    phone, scoped = names.get(PHONE, ""), names.get(SCOPED, "")
    of_scoped = _home(connection, channel, scoped)
    of_phone = _home(connection, channel, phone)
    if of_phone and scoped and of_phone != of_scoped and _names(connection, channel, of_phone, SCOPED):
        of_phone = ""
    if of_phone and of_scoped and of_phone != of_scoped:
        home = _joined(connection, channel, of_phone, of_scoped)
    else:
        home = of_scoped or of_phone or _new_address(connection, channel, phone, scoped)
    for kind, name in names.items():
        _keep(connection, channel, name, kind, home, now)
    return home


def renamed(connection: Connection, channel: str, old: str, new: str, now: datetime) -> None:
    """The platform calls a person by another name from now on; the old one is nobody's."""
    known = connection.execute(
        select(identities.c.kind, identities.c.address).where(
            identities.c.channel == channel, identities.c.name == old
        )
    ).first()
    if known is None or not new or new == old:
        return
    connection.execute(delete(identities).where(identities.c.channel == channel, identities.c.name == old))
    _keep(connection, channel, new, known.kind, known.address, now)


def reach(connection: Connection, channel: str, address: str) -> Names:
    """The newest name of each kind to write to a person under."""
    found = connection.execute(
        select(identities.c.kind, identities.c.name)
        .where(identities.c.channel == channel, identities.c.address == address)
        .order_by(identities.c.seen_at)
    )
    return {kind: name for kind, name in found}  # noqa: C416 the rows are no pairs to mypy


def _home(connection: Connection, channel: str, name: str) -> str:
    row = connection.execute(
        select(identities.c.address).where(identities.c.channel == channel, identities.c.name == name)
    ).first()
    return "" if row is None else row.address


def _names(connection: Connection, channel: str, address: str, kind: str) -> tuple[str, ...]:
    found = select(identities.c.name).where(
        identities.c.channel == channel, identities.c.address == address, identities.c.kind == kind
    )
    return tuple(connection.execute(found).scalars())


def _joined(connection: Connection, channel: str, one: str, other: str) -> str:
    """Make one person of two, at the address last heard of."""
    heard = {address: last_heard(connection, channel, address) for address in (one, other)}
    gone, home = sorted(heard, key=lambda address: (heard[address] is not None, heard[address]))
    merge(connection, channel, gone, home)
    connection.execute(
        update(identities)
        .where(identities.c.channel == channel, identities.c.address == gone)
        .values(address=home)
    )
    return home


def _new_address(connection: Connection, channel: str, phone: str, scoped: str) -> str:
    """An address nobody has: a number may have been somebody's before."""
    wanted = [name for name in (phone, scoped) if name]
    further = (f"{wanted[-1]}~{n}" for n in range(2, 1000))
    for address in (*wanted, *further):
        taken = select(identities.c.name).where(
            identities.c.channel == channel, identities.c.address == address
        )
        if connection.execute(taken).first() is None:
            return address
    raise LookupError(wanted)


def _keep(connection: Connection, channel: str, name: str, kind: str, home: str, now: datetime) -> None:
    row = {"channel": channel, "name": name, "kind": kind, "address": home, "seen_at": now}
    connection.execute(
        insert(identities).on_conflict_do_update(index_elements=["channel", "name"], set_=row), row
    )
