"""Reading the lifecycle's table: what an action does here, and who may do it."""

from collections.abc import Iterator
from typing import Any, get_args

from tickets.policies import Policies
from tickets.policies.lifecycle import ANY_CITIZEN, BACK, REPORTER, STAY, SYSTEM, ActionRule, Lifecycle
from tickets.refusal import DeskRefusal
from tickets.ticket import Actor, Status, Ticket
from tickets.units import serves

EVERYWHERE = frozenset({"koordinator", "admin", "pimpinan"})  # roles that work in every agency
OVERRULES = frozenset({"koordinator", "admin"})  # roles a colleague's claim does not bind


def find_action(lifecycle: Lifecycle, name: str) -> ActionRule:
    """The rule of an action.

    Raises:
        DeskRefusal: there is no such action.
    """
    if name not in lifecycle.actions:
        raise DeskRefusal("tindakan_tidak_dikenal", action=name)
    return lifecycle.actions[name]


def permitted(rule: ActionRule, ticket: Ticket, actor: Actor) -> bool:
    """Whether the table lets this actor do this to this ticket, whatever state it is in."""
    if actor.kind == "system":
        return SYSTEM in rule.who
    if actor.kind == "citizen":
        return ANY_CITIZEN in rule.who or (REPORTER in rule.who and actor.id == ticket.reporter)
    return _operator_permitted(rule, ticket, actor)


def path(rule: ActionRule, ticket: Ticket) -> tuple[Status, ...]:
    """The states the action passes through from where the ticket is; empty when it cannot be done here."""
    steps = rule.moves.get(ticket.status, ())
    if steps == (STAY,):
        return (ticket.status,)
    if steps == (BACK,):
        return (_back(ticket),)
    return tuple(_as_states(steps))


def _back(ticket: Ticket) -> Status:
    """Where it came from; a question that was open when it was merged is the desk's to put again."""
    before = ticket.previous_status or "VERIFIKASI"
    return "VERIFIKASI" if ticket.status == "DUPLIKAT" and before == "PERLU_DATA" else before


def refusal_text(refusal: DeskRefusal, policies: Policies, language: str = "id") -> str:
    """The sentence of a refusal in a language."""
    values: dict[str, Any] = dict(refusal.values)
    if "rule" in values:
        values["label"] = policies.lifecycle.actions[values["rule"]].label[language]
    if "state" in values:
        values.setdefault("status", policies.lifecycle.states[values["state"]].name[language].lower())
    if refusal.code.startswith("batas_"):
        values["ombudsman"] = policies.city.ombudsman[language]
    return policies.lifecycle.refusals[refusal.code][language].format_map(values)


def _operator_permitted(rule: ActionRule, ticket: Ticket, actor: Actor) -> bool:
    """A WBS ticket is in the hands of the wbs role alone; elsewhere that role is its agency's liaison."""
    if "WBS" in ticket.flags:
        return actor.role == "wbs" and bool(rule.who - {REPORTER, ANY_CITIZEN, SYSTEM})
    role = "penghubung" if actor.role == "wbs" else actor.role
    return role in rule.who and (role in EVERYWHERE or serves(actor.agency, ticket.agency))


def _as_states(steps: tuple[str, ...]) -> Iterator[Status]:
    return (state for step in steps for state in get_args(Status) if state == step)
