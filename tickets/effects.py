"""What each action changes in a ticket besides its state and its clock: one entry per action that does."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tickets.case import Case
from tickets.checklist import ticked
from tickets.routing import Disposition
from tickets.ticket import Flag, Proposal, Ticket
from tickets.units import serves

Effect = Callable[[Case], Ticket]

IN_HAND = frozenset({"DISPOSISI", "PROSES", "DIBUKA_KEMBALI"})
"""States in which an agency works on a ticket."""


def apply_effect(case: Case) -> Ticket:
    """The ticket with the action's own changes."""
    effect = EFFECTS.get(case.rule.name)
    return effect(case) if effect else case.ticket


def disposition(case: Case) -> Disposition | None:
    """Where the routing rules send the ticket, when the command leaves that to them."""
    found = case.routed if case.rule.name in ("verify", "refer") else None
    return found if found and case.command.target in ("", found.agency) else None


def _sent(case: Case) -> Ticket:
    """With the agency it is sent to, claimed and answered by nobody there yet."""
    found, ticket = disposition(case), case.ticket
    agency = found.agency if found else case.command.target
    flags = ticket.flags | found.flags if found else ticket.flags
    return replace(ticket, agency=agency, flags=flags, claimed_by="", answered_at=None, parent="")


def _recategorised(case: Case) -> Ticket:
    """With its new category, at home: the rules send it on from there."""
    category, _, subcategory = case.command.target.partition("/")
    report = replace(case.ticket.report, category=category, subcategory=subcategory)
    return replace(case.ticket, report=report, agency=case.home, claimed_by="")


def _forwarded(case: Case) -> Ticket:
    return replace(_sent(case), hops=case.ticket.hops + 1)


def _returned(case: Case) -> Ticket:
    return replace(case.ticket, agency=case.home, claimed_by="", hops=case.ticket.hops + 1)


def _claimed(case: Case) -> Ticket:
    return replace(case.ticket, claimed_by=case.command.actor.id)


def _released(case: Case) -> Ticket:
    return replace(case.ticket, claimed_by="")


def _handed_over(case: Case) -> Ticket:
    return replace(case.ticket, claimed_by=case.command.target)


def _taken(case: Case) -> Ticket:
    """Claimed by whoever of the agency in charge speaks first, so that no two answer the same thing."""
    ticket, actor = case.ticket, case.command.actor
    in_charge = actor.kind == "operator" and serves(actor.agency, ticket.agency) and ticket.status in IN_HAND
    return replace(ticket, claimed_by=actor.id) if in_charge and not ticket.claimed_by else ticket


def _answered(case: Case) -> Ticket:
    """Stamped once for each agency in charge: the coordinator's word before that is no response."""
    if case.ticket.status in ("VERIFIKASI", "DITERUSKAN") and case.rule.name == "reply":
        return case.ticket
    return replace(_taken(case), answered_at=case.ticket.answered_at or case.now)


def _asked(case: Case) -> Ticket:
    return replace(case.ticket, asked=case.command.items)


def _closed(case: Case) -> Ticket:
    return replace(case.ticket, closed_at=case.now)


def _refused(case: Case) -> Ticket:
    """Closed; an appeal against it is for others than those who decided."""
    before = case.ticket.proposal
    people = (before.by, case.command.actor.id) if before else (case.command.actor.id,)
    return replace(case.ticket, closed_at=case.now, decided_by=people, proposal=None, appealed=False)


def _proposed(case: Case) -> Ticket:
    command = case.command
    proposal = Proposal(command.actor.id, command.reason, command.text, case.now)
    return replace(case.ticket, proposal=proposal, agency=case.home, claimed_by="")


def _let_pass(case: Case) -> Ticket:
    return replace(case.ticket, proposal=None, appealed=False)


def _sent_back(case: Case) -> Ticket:
    """Back to the citizen; when it returns it is decided anew, in a moderator's own time."""
    ticket = replace(_asked(case), proposal=None)
    return case.clock.start(ticket, "moderate", case.now) if ticket.due_kind == "confirm" else ticket


def _merged(case: Case) -> Ticket:
    return replace(case.ticket, closed_at=case.now, parent=case.command.target)


def _reopened(case: Case) -> Ticket:
    times = case.ticket.reopened + 1
    return replace(case.ticket, closed_at=None, rating=None, claimed_by="", reopened=times)


def _denied(case: Case) -> Ticket:
    return replace(case.ticket, denied=True)


def _appealed(case: Case) -> Ticket:
    if case.ticket.status == "DITAHAN":
        return replace(case.ticket, appealed=True)
    return replace(_reopened(case), agency=case.home, parent="", appealed=case.ticket.status == "ARSIP")


def _split(case: Case) -> Ticket:
    """On its own again where it was before, the working days it spent merged not counted against anyone."""
    ticket = case.ticket
    week = case.clock.calendar_of("resolve", ticket.agency)
    merged = week.workdays_between(ticket.closed_at or ticket.changed_at, case.now)
    kept = ticket.previous_status not in (None, "PERLU_DATA", "VERIFIKASI")
    return replace(
        ticket,
        closed_at=None,
        parent="",
        agency=ticket.agency if kept else case.home,
        claimed_by="",
        paused_days=ticket.paused_days + merged,
        splits=ticket.splits + (case.command.actor.kind == "citizen"),
    )


def _rated(case: Case) -> Ticket:
    return replace(case.ticket, rating=case.command.value)


def _supplied(case: Case) -> Ticket:
    """With the evidence the citizen added, and what it answers ticked."""
    ticket, command = case.ticket, case.command
    evidence = (*ticket.report.evidence, *command.proof)
    asked = ticked(ticket.asked, command.text, len(command.proof))
    return replace(ticket, report=replace(ticket.report, evidence=evidence), asked=asked)


def _hidden(case: Case, flag: Flag, **changed: Any) -> Ticket:
    report = replace(case.ticket.report, **changed)
    return replace(case.ticket, flags=case.ticket.flags | {flag}, report=report)


def _confidential(case: Case) -> Ticket:
    return _hidden(case, "RAHASIA", confidential=True)


def _anonymous(case: Case) -> Ticket:
    return _hidden(case, "ANONIM", anonymous=True)


def _late(case: Case) -> Ticket:
    return replace(case.ticket, flags=case.ticket.flags | {"TERLAMBAT"}, warned_at=case.now)


def _recounted(case: Case) -> Ticket:
    return case.clock.renew(case.ticket, case.now)


def _replied(case: Case) -> Ticket:
    """While the citizen is asked whether it is done, a further word begins the wait for them anew."""
    ticket = _answered(case)
    return case.clock.clear(ticket) if ticket.status == "MENUNGGU_KONFIRMASI" else ticket


def _escalated(case: Case) -> Ticket:
    flags: frozenset[Flag] = case.ticket.flags | {"ESKALASI"}
    return replace(case.ticket, flags=flags, escalation=case.ticket.escalation + 1, warned_at=case.now)


EFFECTS: dict[str, Effect] = {
    "verify": _sent,
    "refer": _sent,
    "redispose": _recategorised,
    "forward": _forwarded,
    "not_ours": _returned,
    "claim": _claimed,
    "release": _released,
    "hand_over": _handed_over,
    "reply": _replied,
    "ask_data": _asked,
    "close": _answered,
    "confirm": _closed,
    "auto_close": _closed,
    "close_unheard": _closed,
    "refuse": _refused,
    "moderate_refuse": _refused,
    "propose_refusal": _proposed,
    "moderate_confirm": _refused,
    "moderate_pass": _let_pass,
    "moderate_lapse": _let_pass,
    "moderate_ask": _sent_back,
    "cancel": _closed,
    "merge": _merged,
    "group": _merged,
    "split": _split,
    "deny": _denied,
    "reopen": _reopened,
    "appeal": _appealed,
    "rate": _rated,
    "give_data": _supplied,
    "data_part": _supplied,
    "message": _supplied,
    "make_confidential": _confidential,
    "make_anonymous": _anonymous,
    "due": _late,
    "recount": _recounted,
    "escalate": _escalated,
}
