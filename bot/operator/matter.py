"""What somebody acts on."""

from dataclasses import dataclass

from tickets.ticket import Actor, Ticket


@dataclass(frozen=True, slots=True)
class Matter:
    """A ticket and the operator who acts on it."""

    ticket: Ticket
    actor: Actor
