"""What the desk's rules look at while an action is done."""

from dataclasses import dataclass
from datetime import datetime

from tickets.policies import Policies
from tickets.policies.lifecycle import ActionRule
from tickets.routing import Disposition, home_agency
from tickets.sla import SlaClock
from tickets.ticket import Command, Ticket


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket, what is to be done to it, by which rule, and when; `beside` is the ticket it is joined to.

    `routed` is where the routing rules send the report, for the actions that send it anywhere.
    """

    ticket: Ticket
    command: Command
    rule: ActionRule
    now: datetime
    policies: Policies
    clock: SlaClock
    beside: Ticket | None = None
    routed: Disposition | None = None

    @property
    def home(self) -> str:
        """The agency the ticket lies with while nobody else has it."""
        return home_agency(self.ticket.report, self.ticket.flags, self.policies)
