"""Deadlines: which one runs, from when, until when, and how it stands still."""

from dataclasses import dataclass, replace
from datetime import datetime

from tickets.calendar import WorkCalendar
from tickets.policies import Policies
from tickets.policies.lifecycle import StateRule
from tickets.policies.sla import Rung
from tickets.ticket import Report, Ticket
from tickets.units import family_of

OF_THE_AGENCY = frozenset({"first_response", "resolve", "rework"})
"""Deadlines of an agency's own work; what a moderator or the citizen is given counts the city's week."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A promise: which kind, by when, counted from when, in how many working days."""

    kind: str
    due_at: datetime
    start: datetime
    days: int


class SlaClock:
    """Starts, stops and recounts the deadline of a ticket by the city's policy."""

    def __init__(self, policies: Policies, calendar: WorkCalendar | None = None) -> None:
        self._policy = policies.sla
        self._states = policies.lifecycle.states
        self.calendar = calendar or WorkCalendar(policies)
        self._weeks = {name: WorkCalendar(policies, name) for name in policies.calendar.by_agency}

    def calendar_of(self, kind: str, agency: str) -> WorkCalendar:
        """The week a deadline counts: an agency's own for its work, where it has one, else the city's."""
        if kind not in OF_THE_AGENCY:
            return self.calendar
        return self._weeks.get(agency) or self._weeks.get(family_of(agency)) or self.calendar

    def deadline(self, kind: str, report: Report, start: datetime, agency: str = "") -> Deadline:
        """The deadline of that kind for a report, counted from `start`; an agency may have its own."""
        days = self.days(kind, report.classification, report.category, agency)
        due = self.calendar_of(kind, agency).add_workdays(start, days)
        return Deadline(kind, due, start, days)

    def start(self, ticket: Ticket, kind: str, now: datetime) -> Ticket:
        """The ticket with this deadline running; whatever was late before is so no more.

        Solving counts from when the report came, plus the days the citizen was asked; all else from now.
        """
        since = self._whole_from(ticket) if kind == "resolve" else now
        return replace(
            ticket,
            due_kind=kind,
            due_at=self._due(ticket, kind, since),
            clock_from=since,
            paused_at=None,
            escalation=0,
            warned_at=None,
            flags=ticket.flags - {"TERLAMBAT", "ESKALASI"},
        )

    def clear(self, ticket: Ticket) -> Ticket:
        """The ticket with no deadline running."""
        stopped = replace(ticket, due_kind="", due_at=None, clock_from=None, paused_at=None)
        return self._in_time(stopped)

    def renew(self, ticket: Ticket, now: datetime) -> Ticket:
        """The ticket recounted; one that is no longer late, or late for the first time, is told afresh."""
        found = self.recount(ticket)
        on_time = found.due_at is not None and found.due_at > now
        return self._in_time(found) if on_time and found.due_at != ticket.due_at else found

    def _in_time(self, ticket: Ticket) -> Ticket:
        flags = ticket.flags - {"TERLAMBAT", "ESKALASI"}
        return replace(ticket, escalation=0, warned_at=None, flags=flags)

    def pause(self, ticket: Ticket, now: datetime) -> Ticket:
        """The ticket with its clock standing still; nothing is due while it does."""
        return replace(ticket, paused_at=ticket.paused_at or now, due_at=None)

    def resume(self, ticket: Ticket, now: datetime) -> Ticket:
        """The ticket with its clock running again, moved on by the working days it stood."""
        if ticket.paused_at is None:
            return ticket
        week = self._week(ticket)
        stood = week.workdays_between(ticket.paused_at, now)
        since = ticket.clock_from and week.shift(ticket.clock_from, stood)
        going = replace(ticket, clock_from=since, paused_at=None, paused_days=ticket.paused_days + stood)
        return self.recount(going)

    def recount(self, ticket: Ticket) -> Ticket:
        """The ticket with its deadline counted anew, as after a change of policy or calendar."""
        if not ticket.due_kind or ticket.clock_from is None or ticket.paused_at:
            return ticket
        return replace(ticket, due_at=self._due(ticket, ticket.due_kind, ticket.clock_from))

    def _due(self, ticket: Ticket, kind: str, since: datetime) -> datetime:
        """By when it is due.

        Every agency a report comes to has its own days for a first answer, but what the whole may take, where
        that is not over yet, grows by no forwarding.
        """
        due = self.deadline(kind, ticket.report, since, ticket.agency).due_at
        if kind != "first_response":
            return due
        whole = self.deadline("resolve", ticket.report, self._whole_from(ticket), ticket.agency).due_at
        return min(due, whole) if since < whole else due

    def _whole_from(self, ticket: Ticket) -> datetime:
        """From when solving it counts: from its opening, less the days the citizen was asked."""
        return self.calendar_of("resolve", ticket.agency).shift(ticket.opened_at, ticket.paused_days)

    def enter(self, ticket: Ticket, before: Ticket, now: datetime) -> Ticket:
        """The ticket with the clock its state asks for; `before` is the ticket before the action."""
        state = self._states[ticket.status]
        if state.clock_stops:
            return self.pause(ticket, now)
        ticket = self.resume(ticket, now)
        kind = _kind(state, ticket)
        if not kind:
            return ticket if ticket.status == before.status else self.clear(ticket)
        if ticket.agency == before.agency and ticket.due_kind in {kind, *state.keeps}:
            return ticket
        return self.start(ticket, kind, now)

    def remind_at(self, ticket: Ticket) -> datetime | None:
        """When the agency is to be reminded; None when nothing is due."""
        if ticket.due_at is None:
            return None
        return self._week(ticket).subtract_workdays(ticket.due_at, self._policy.due_soon_days)

    def next_rung(self, ticket: Ticket) -> Rung | None:
        """The next rung of the ladder; None at its top."""
        ladder = self._policy.escalation
        return ladder[ticket.escalation] if ticket.escalation < len(ladder) else None

    def escalate_at(self, ticket: Ticket) -> datetime | None:
        """When the next rung is to be told; None when nothing is due or the ladder ends.

        Whoever was told last has the days between the two rungs, also when that was late, after an outage.
        """
        rung = self.next_rung(ticket)
        if rung is None or ticket.due_at is None:
            return None
        week = self._week(ticket)
        by_rule = week.add_workdays(ticket.due_at, rung.after)
        if ticket.warned_at is None:
            return by_rule
        return max(by_rule, week.add_workdays(ticket.warned_at, rung.after - self._told(ticket)))

    def _week(self, ticket: Ticket) -> WorkCalendar:
        return self.calendar_of(ticket.due_kind, ticket.agency)

    def _told(self, ticket: Ticket) -> int:
        """How many days past the deadline the rung stands that was told last."""
        return self._policy.escalation[ticket.escalation - 1].after if ticket.escalation else 0

    def days(self, kind: str, classification: str, category: str, agency: str) -> int:
        """How many working days that kind of deadline allows."""
        rule = self._policy.deadlines[kind]
        if rule.supervision is not None and self._supervised(classification, category):
            return rule.supervision
        own = next((unit for unit in (agency, family_of(agency)) if unit in rule.by_agency), None)
        if own is not None:
            return rule.by_agency[own]
        return rule.by_classification.get(classification, rule.days)

    def _supervised(self, classification: str, category: str) -> bool:
        """Whether such a report has an element of supervision (berkadar pengawasan)."""
        policy = self._policy
        return (
            classification in policy.supervision_classifications or category in policy.supervision_categories
        )


def _kind(state: StateRule, ticket: Ticket) -> str:
    if (ticket.reopened or ticket.denied) and state.after_reopen:
        return state.after_reopen
    return state.before_answer if state.before_answer and not ticket.answered_at else state.deadline
