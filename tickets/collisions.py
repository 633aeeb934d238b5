"""Two of the staff at work on one report: what a colleague has just said or holds, before more goes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tickets.lifecycle import OVERRULES
from tickets.policies import Policies
from tickets.policies.lifecycle import ActionRule
from tickets.ticket import Actor, Ticket, TicketEvent

HANDED = frozenset({"hand_over", "release"})
"""After these whoever comes next is meant to go on."""
Kind = Literal["answered", "held", "writing", "heard", "taken"]


@dataclass(frozen=True, slots=True)
class Collision:
    """What is in the way of words to a citizen: a colleague (`by`) or the citizen's own words, since when.

    `answered`: a colleague spoke to them just now; `held`: one has claimed the report; `writing`: one was
    asked for words and has not given them yet; `heard`: the citizen wrote again; `taken`: a colleague's
    claim binds this actor, so that only colleagues can be told.
    """

    kind: Kind
    by: str
    at: datetime
    words: str = ""


def reaches_citizen(rule: ActionRule) -> bool:
    """Whether the reporter hears of an action."""
    return any(telling.to == "reporter" for telling in rule.tells)


def beside(
    ticket: Ticket, history: Sequence[TicketEvent], actor: Actor, policies: Policies, since: datetime
) -> Collision | None:
    """What the history tells of a colleague: an answer since a moment, or a claim this actor may overrule."""
    return _answered(history, actor, policies, since) or _held(ticket, history, actor)


def _answered(
    history: Sequence[TicketEvent], actor: Actor, policies: Policies, since: datetime
) -> Collision | None:
    for event in reversed(history):
        if event.at < since or event.actor.id == actor.id or event.action in HANDED:
            return None
        rule = policies.lifecycle.actions.get(event.action)
        if rule and event.actor.kind == "operator" and "text" in rule.needs and reaches_citizen(rule):
            return Collision("answered", event.actor.id, event.at, event.text)
    return None


def _held(ticket: Ticket, history: Sequence[TicketEvent], actor: Actor) -> Collision | None:
    """A claim, unless this actor has acted since its holder last did: then they know."""
    if ticket.claimed_by in {"", actor.id} or actor.role not in OVERRULES:
        return None
    deeds = (event for event in reversed(history) if event.actor.id in {actor.id, ticket.claimed_by})
    last = next(deeds, None)
    if last is not None and last.actor.id == actor.id:
        return None
    return Collision("held", ticket.claimed_by, last.at if last else ticket.changed_at)
