"""Reads the lifecycle's table from its file."""

from typing import get_args

from tickets.policies.lifecycle import (
    ACTIONS,
    ANY_CITIZEN,
    BACK,
    NEEDS,
    REFUSALS,
    REPORTER,
    STAY,
    SYSTEM,
    ActionRule,
    Lifecycle,
    Limits,
    StateRule,
    Telling,
)
from tickets.policies.reader import Node, Words
from tickets.policies.sla import KINDS
from tickets.ticket import Classification, Role, Status, Verdict

STATES: tuple[Status, ...] = get_args(Status)
WHO = (REPORTER, ANY_CITIZEN, SYSTEM, *get_args(Role))
BESIDE = ("colleague_minutes", "unread_seconds", "card_seconds")
"""Limits that a city's older file may do without."""
AUDIENCES = ("reporter", "followers", "agency", "leader", "moderators", "top", "duty")


def read_lifecycle(node: Node) -> Lifecycle:
    """The table of `lifecycle.yml`; every state, action and refusal must be there."""
    node.known("limits", "opening", "opening_tells", "states", "actions", "refusals")
    return Lifecycle(
        states=_states(node.at("states")),
        actions=_actions(node.at("actions")),
        opening={verdict: _opening(node.at("opening"), verdict) for verdict in get_args(Verdict)},
        opening_tells=_opening_tells(node.at("opening_tells")),
        limits=_limits(node.at("limits")),
        refusals=_refusals(node.at("refusals")),
    )


def _limits(node: Node) -> Limits:
    node.known("hops", "reopen_times", "reopen_days", "poor_rating", "split_times", *BESIDE)
    return Limits(
        hops=node.count("hops", least=1),
        reopen_times=node.count("reopen_times", least=1),
        reopen_days=node.count("reopen_days", least=1),
        poor_rating=node.count("poor_rating", least=1),
        split_times=node.count("split_times", least=1),
        colleague_minutes=node.count("colleague_minutes", 10),
        unread_seconds=node.count("unread_seconds", 30),
        card_seconds=node.count("card_seconds", 5),
    )


def _complete(node: Node, names: tuple[str, ...], what: str) -> None:
    node.known(*names)
    for name in names:
        if not node.has(name):
            node.fault(f"The {what} '{name}' is missing.", "Copy it from the delivered file.")


def _states(node: Node) -> dict[Status, StateRule]:
    _complete(node, STATES, "state")
    return {state: _state(node.at(state)) for state in STATES}


def _state(node: Node) -> StateRule:
    node.known("name", "deadline", "before_answer", "after_reopen", "keeps", "clock", "final")
    return StateRule(
        name=node.words("name"),
        deadline=node.choice("deadline", (*KINDS, ""), ""),
        before_answer=node.choice("before_answer", (*KINDS, ""), ""),
        after_reopen=node.choice("after_reopen", (*KINDS, ""), ""),
        keeps=frozenset(node.choices("keeps", KINDS)),
        clock_stops=node.choice("clock", ("run", "stop"), "run") == "stop",
        final=node.flag("final", default=False),
    )


def _opening(node: Node, verdict: str) -> tuple[Status, ...]:
    node.known(*get_args(Verdict))
    path = node.choices(verdict, STATES)
    if not path:
        node.fault(f"Where does a report with the verdict '{verdict}' begin?", "List its states.")
    return tuple(state for step in path for state in STATES if state == step)


def _opening_tells(node: Node) -> dict[str, tuple[Telling, ...]]:
    node.known(*get_args(Verdict))
    return {verdict: _tells(node, verdict) for verdict in get_args(Verdict)}


def _actions(node: Node) -> dict[str, ActionRule]:
    _complete(node, ACTIONS, "action")
    return {action: _action(action, node.at(action)) for action in ACTIONS}


def _action(name: str, node: Node) -> ActionRule:
    node.known(*(field for field in ActionRule.__dataclass_fields__ if field != "name"))
    return ActionRule(
        name=name,
        label=node.words("label"),
        who=frozenset(node.choices("who", WHO)),
        moves=_moves(node.at("moves")),
        needs=node.choices("needs", NEEDS),
        needs_for=_needs_for(node.at("needs_for")),
        tells=_tells(node, "tells"),
        deadline=node.choice("deadline", (*KINDS, ""), ""),
        exclusive=node.flag("exclusive", default=False),
        refuses=node.flag("refuses", default=False),
        button=node.flag("button", default=True),
    )


def _needs_for(node: Node) -> dict[str, tuple[str, ...]]:
    node.known(*get_args(Classification))
    return {key: node.choices(key, NEEDS) for key, _ in node.entries()}


def _moves(node: Node) -> dict[Status, tuple[str, ...]]:
    node.known(*STATES)
    return {state: node.choices(state, (*STATES, STAY, BACK)) for state in STATES if node.has(state)}


def _tells(node: Node, key: str) -> tuple[Telling, ...]:
    found = []
    for item in node.items(key):
        item.known("to", "name")
        found.append(Telling(item.choice("to", AUDIENCES), item.text("name"), item.line))
    return tuple(found)


def _refusals(node: Node) -> dict[str, Words]:
    _complete(node, REFUSALS, "refusal")
    return {code: node.words(code) for code in REFUSALS}
