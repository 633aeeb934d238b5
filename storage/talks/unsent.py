"""What an operator was about to say while somebody else was at work on the report: kept until they decide."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from dialogs.messages import Attachment
from storage.codec import Codec
from storage.rows import unsent
from tickets.ticket import Command


@dataclass(frozen=True, slots=True)
class Held:
    """A command with its files; `origin` is 'chat/message' of its words, `role` what the files are."""

    command: Command
    files: tuple[Attachment, ...] = ()
    channel: str = ""
    role: str = "message"
    origin: str = ""


HELD = Codec(Held)


@dataclass(frozen=True, slots=True)
class Unsent:
    """Something held, the report it is about, and whose it is."""

    id: str
    number: str
    operator: str
    held: Held


def keep(connection: Connection, one: Unsent, now: datetime) -> None:
    """Keep it until its writer decides."""
    row = {"id": one.id, "number": one.number, "operator": one.operator, "words": one.held, "created_at": now}
    connection.execute(insert(unsent), row)


def take(connection: Connection, key: str, number: str, operator: str) -> Held | None:
    """Take it out for its writer; None when it is gone, another's, or about another report."""
    mine = (unsent.c.id == key, unsent.c.number == number, unsent.c.operator == operator)
    words = connection.execute(select(unsent.c.words).where(*mine)).scalar_one_or_none()
    if words is None:
        return None
    connection.execute(delete(unsent).where(*mine))
    return HELD.load(words)
