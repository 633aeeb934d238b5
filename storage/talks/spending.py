"""What sending cost, and how much went to whom."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select

from storage.rows import spending


@dataclass(frozen=True, slots=True)
class Expense:
    """What one message cost: in segments, and in the unit of money that is counted (rupiah)."""

    channel: str
    address: str
    segments: int
    cost: int


def spend(connection: Connection, expense: Expense, at: datetime) -> None:
    """Note an expense."""
    row = {
        "channel": expense.channel,
        "address": expense.address,
        "segments": expense.segments,
        "cost": expense.cost,
        "at": at,
    }
    connection.execute(insert(spending), row)


def spent(connection: Connection, channel: str, since: datetime) -> int:
    """The money a channel cost since a moment."""
    query = select(func.coalesce(func.sum(spending.c.cost), 0)).where(
        spending.c.channel == channel, spending.c.at >= since
    )
    return int(connection.execute(query).scalar_one())


def segments_to(connection: Connection, channel: str, address: str, now: datetime) -> int:
    """The segments that went to one address in the last hour."""
    query = select(func.coalesce(func.sum(spending.c.segments), 0)).where(
        spending.c.channel == channel,
        spending.c.address == address,
        spending.c.at > now - timedelta(hours=1),
    )
    return int(connection.execute(query).scalar_one())
