"""The desk: the only door through which a ticket is opened or changed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from tickets.case import Case
from tickets.checklist import ticked
from tickets.effects import apply_effect, disposition
from tickets.guards import check_fields, check_standing
from tickets.lifecycle import find_action, path, permitted
from tickets.notices import action_notices, agency_card, opening_notices
from tickets.policies import Policies
from tickets.policies.lifecycle import ActionRule
from tickets.refusal import DeskRefusal
from tickets.routing import Disposition, home_agency, route
from tickets.satisfaction import SURVEY, answers_in
from tickets.sla import SlaClock
from tickets.ticket import Actor, Change, Command, Flag, Report, Status, Ticket, TicketEvent
from tickets.title import derive_title

__all__ = ["Desk", "DeskRefusal"]

SYSTEM = Actor("system")
SENT_ON = frozenset(
    {"moderate_pass", "moderate_lapse", "redispose"}
)  # back at verification, the rules send it on
TRANSFERS = frozenset({"verify", "forward"})  # sent outside, these become a referral
SENDING = TRANSFERS | {"refer"}
REFUSALS = frozenset({"refuse", "moderate_refuse"})  # of what takes two people, these become a proposal
CONFIRM = "moderate_confirm"
MODERATED = frozenset({"propose_refusal", CONFIRM})
SPOKEN = frozenset({"message", "give_data"})  # while data is asked for, these are that data
MAY_MEAN: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(TRANSFERS, ("refer",)),
    **dict.fromkeys(REFUSALS, ("propose_refusal", CONFIRM)),
    **dict.fromkeys(SPOKEN, ("give_data", "data_part")),
}
"""What a command may turn out to mean beside the action it names."""


class Desk:
    """Opens tickets and acts on them by the city's policies; pure, it returns what is to be kept and told."""

    def __init__(self, policies: Policies, category_names: Mapping[str, str] | None = None) -> None:
        self._policies = policies
        self._category_names = category_names or {}
        self.clock = SlaClock(policies)

    def open(self, report: Report, number: str, reporter: str, now: datetime) -> Change:
        """Open a ticket: the states its verdict prescribes, then on to its agency if that is sure."""
        steps = self._policies.lifecycle.opening[report.screening.verdict]
        found = route(report, self._policies)
        ticket = self._new(report, number, reporter, now, found.flags)
        citizen = Actor("citizen", reporter)
        events = tuple(_events(ticket, "open", citizen, (None, *steps), now))
        end = self._placed(ticket, steps, now)
        notices = opening_notices(end, self._policies)
        return self._onward(Change(end, events, notices), now, found)

    def act(self, ticket: Ticket, command: Command, now: datetime, beside: Ticket | None = None) -> Change:
        """Do what the command says; `beside` is the ticket its target names, when it names one.

        Raises:
            DeskRefusal: the actor may not, the state does not allow it, or something needed is missing.
        """
        case = self._case(ticket, command, now, beside=beside)
        change = self._done(case)
        if case.rule.name not in SENT_ON:
            return change
        return self._onward(change, now, route(change.ticket.report, self._policies))

    def allowed(self, ticket: Ticket, actor: Actor, now: datetime | None = None) -> tuple[str, ...]:
        """The actions this actor may do, in the table's order; `now` defaults to the last change."""
        rules = self._policies.lifecycle.actions.values()
        at = now or ticket.changed_at
        return tuple(r.name for r in rules if r.button and self._open_to(ticket, r.name, actor, at))

    def _new(
        self, report: Report, number: str, reporter: str, now: datetime, routed: frozenset[Flag]
    ) -> Ticket:
        flags = _flags(report, routed)
        return Ticket(
            number=number,
            report=report,
            reporter=reporter,
            title=derive_title(report, self._category_name(report.category)),
            status="BARU",
            agency=home_agency(report, flags, self._policies),
            flags=flags,
            opened_at=now,
            changed_at=now,
        )

    def _category_name(self, category: str) -> str:
        return self._category_names.get(category) or category.replace("_", " ").capitalize()

    def _placed(self, ticket: Ticket, steps: tuple[Status, ...], now: datetime) -> Ticket:
        """The ticket at the end of its opening; a clock that stops at the end has first been started."""
        for before, after in pairwise(steps):
            moved = replace(ticket, status=after, previous_status=before)
            ticket = self.clock.enter(moved, ticket, now)
        closed = self._policies.lifecycle.states[ticket.status].final
        return replace(ticket, closed_at=now) if closed else ticket

    def _done(self, case: Case) -> Change:
        """What the case's command does, where it may be done."""
        steps = _steps(case)
        check_standing(case)
        check_fields(case)
        after = self._after(case, steps)
        return Change(after, _action_events(case, steps), action_notices(case, after))

    def _onward(self, change: Change, now: datetime, found: Disposition) -> Change:
        """The change and the system's own disposition, or the coordinator's card if that is unsure."""
        if change.ticket.status != "VERIFIKASI":
            return change
        if not found.sure:
            return replace(change, notices=(*change.notices, agency_card(change.ticket, self._policies)))
        then = self._done(self._case(change.ticket, Command("verify", SYSTEM), now, routed=found))
        ticket = replace(then.ticket, version=change.ticket.version)
        return Change(ticket, change.events + then.events, change.notices + then.notices)

    def _case(
        self,
        ticket: Ticket,
        command: Command,
        now: datetime,
        *,
        beside: Ticket | None = None,
        routed: Disposition | None = None,
    ) -> Case:
        lifecycle = self._policies.lifecycle
        said = find_action(lifecycle, command.action)
        if routed is None and command.action in SENDING:
            routed = route(ticket.report, self._policies)
        command = self._meant(ticket, command, routed)
        rule = find_action(lifecycle, command.action)
        if not (permitted(rule, ticket, command.actor) and _may_say(said, ticket, command)):
            raise DeskRefusal("tidak_berwenang", rule=said.name)
        if not command.reason and command.text and "reason" in rule.needs and not rule.refuses:
            command = replace(command, reason=command.text)
        return Case(ticket, command, rule, now, self._policies, self.clock, beside, routed)

    def _meant(self, ticket: Ticket, command: Command, routed: Disposition | None) -> Command:
        """The command by its proper name.

        Words said while data is asked for are that data, a part of it as long as items stay open; sending
        a report to another government is a referral; refusing what takes two people to refuse is a
        proposal, or confirms another's.
        """
        if command.action in REFUSALS and takes_two(ticket, self._policies):
            return _half(ticket, command)
        if command.action == CONFIRM and ticket.proposal:
            return _with_proposed(ticket, command)
        if _answers(ticket, command):
            after = ticked(ticket.asked, command.text, len(command.proof))
            return replace(command, action="give_data" if all(one.done for one in after) else "data_part")
        if command.action not in TRANSFERS:
            return command
        command = self._settled(ticket, command)
        target = command.target or (routed.agency if routed and command.action == "verify" else "")
        external = target in self._policies.agencies and self._policies.agencies[target].external
        return replace(command, action="refer", target=target) if external else command

    def _settled(self, ticket: Ticket, command: Command) -> Command:
        """Sent to a family of units, it goes to the one that serves the place."""
        unit = self._policies.agencies.at(command.target, ticket.report.place.kode)
        return command if unit == command.target else replace(command, target=unit)

    def _after(self, case: Case, steps: tuple[Status, ...]) -> Ticket:
        ticket, end = apply_effect(case), steps[-1]
        previous = case.ticket.status if end != case.ticket.status else case.ticket.previous_status
        moved = replace(
            ticket,
            status=end,
            previous_status=previous,
            changed_at=case.now,
            version=case.ticket.version + 1,
        )
        entered = self.clock.enter(moved, case.ticket, case.now)
        return self.clock.start(entered, case.rule.deadline, case.now) if case.rule.deadline else entered

    def _open_to(self, ticket: Ticket, action: str, actor: Actor, now: datetime) -> bool:
        if not self._in_question(ticket, action, actor):
            return False
        try:
            case = self._case(ticket, Command(action, actor), now)
            _steps(case)
            check_standing(case)
        except DeskRefusal:
            return False
        return True

    def _in_question(self, ticket: Ticket, action: str, actor: Actor) -> bool:
        """Whether an action is worth a closer look: most of the table is not theirs, or not from here."""
        rules = self._policies.lifecycle.actions
        return any(
            ticket.status in rules[name].moves and permitted(rules[name], ticket, actor)
            for name in (action, *MAY_MEAN.get(action, ()))
        )


def _answers(ticket: Ticket, command: Command) -> bool:
    """Whether a command is the reporter's answer to what they were asked."""
    return command.action in SPOKEN and ticket.status == "PERLU_DATA" and command.actor.id == ticket.reporter


def _may_say(said: ActionRule, ticket: Ticket, command: Command) -> bool:
    """Whether what was said, too, is theirs to say, where it means a step of the moderators'."""
    return command.action not in MODERATED or permitted(said, ticket, command.actor)


def takes_two(ticket: Ticket, policies: Policies) -> bool:
    """Whether two people must agree to refuse this report."""
    return any(found.signal in policies.screening.two_people for found in ticket.report.screening.findings)


def _half(ticket: Ticket, command: Command) -> Command:
    """One person's refusal where two are needed: the first proposes, another confirms."""
    first = ticket.proposal is None or ticket.proposal.by == command.actor.id
    if first or ticket.status != "DITAHAN":
        return replace(command, action="propose_refusal")
    return _with_proposed(ticket, replace(command, action=CONFIRM))


def _with_proposed(ticket: Ticket, command: Command) -> Command:
    """The confirmation, for the reason that was proposed."""
    assert ticket.proposal is not None  # noqa: S101 the callers looked
    return replace(command, reason=ticket.proposal.reason, text=command.text or ticket.proposal.text)


def _steps(case: Case) -> tuple[Status, ...]:
    steps = path(case.rule, case.ticket)
    if not steps:
        raise DeskRefusal("tidak_bisa_sekarang", rule=case.rule.name, state=case.ticket.status)
    return steps


def _flags(report: Report, routed: frozenset[Flag]) -> frozenset[Flag]:
    held: dict[Flag, bool] = {
        "DARURAT": bool(report.emergency),
        "RAHASIA": report.confidential or report.screening.verdict == "pass_private",
        "ANONIM": report.anonymous,
        "WBS": report.classification == "wbs",
    }
    return routed | {flag for flag, holds in held.items() if holds}


def _action_events(case: Case, steps: tuple[Status, ...]) -> tuple[TicketEvent, ...]:
    first, *rest = _events(
        case.ticket, case.rule.name, case.command.actor, (case.ticket.status, *steps), case.now
    )
    told = replace(first, reason=case.command.reason, text=case.command.text, data=_event_data(case))
    return (told, *rest)


def _events(
    ticket: Ticket, action: str, actor: Actor, steps: tuple[Status | None, ...], now: datetime
) -> Iterator[TicketEvent]:
    for before, after in pairwise(steps):
        if after is not None:
            yield TicketEvent(ticket.number, action, now, actor, before, after)


def _event_data(case: Case) -> dict[str, Any]:
    command, found = case.command, disposition(case)
    routed = {"agency": found.agency, "rule": found.rule, "why": found.why} if found else {}
    recounted = case.clock.recount(case.ticket) if case.rule.name == "recount" else None
    dates = {"was": _iso(case.ticket.due_at), "due": _iso(recounted.due_at)} if recounted else {}
    answers = answers_in(command.text) if case.rule.name == SURVEY else None
    given = dates | {
        "survey": answers,
        "target": command.target,
        "proof": list(command.proof),
        "instead_of": command.instead_of,
        "value": command.value,
    }
    return {key: value for key, value in given.items() if value not in ("", [], None)} | routed


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
