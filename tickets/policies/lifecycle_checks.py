"""Checks over the whole lifecycle: nobody is left standing anywhere."""

from collections.abc import Mapping
from itertools import pairwise

from tickets.policies.lifecycle import ANY_CITIZEN, BACK, REPORTER, SYSTEM, Lifecycle
from tickets.policies.reader import Node
from tickets.ticket import Status

Edges = dict[Status, set[Status]]
NEEDED: Mapping[str, frozenset[str]] = {
    "reply": frozenset({"text"}),
    "ask_data": frozenset({"text"}),
    "forward": frozenset({"target", "reason"}),
    "not_ours": frozenset({"reason"}),
    "refer": frozenset({"target"}),
    "refuse": frozenset({"reason"}),
    "moderate_refuse": frozenset({"reason"}),
    "close": frozenset({"text", "proof"}),
    "deny": frozenset({"reason"}),
    "reopen": frozenset({"reason"}),
    "rate": frozenset({"value"}),
    "merge": frozenset({"target"}),
}
"""What people are owed with an action, whatever else a city asks for."""


HEARD = frozenset(
    {"verify", "refer", "forward", "reply", "ask_data", "refuse", "close", "auto_close", "close_unheard"}
    | {"merge", "group", "split", "reopen", "deny", "cancel", "appeal", "moderate_pass", "moderate_ask"}
    | {"moderate_refuse", "moderate_confirm", "moderate_lapse", "due", "acknowledge", "hear_outside"}
)
"""What is never done without a word to whoever reported."""


def check_lifecycle(node: Node, lifecycle: Lifecycle) -> None:
    """Write down every broken promise of the table as a fault of its file."""
    edges = _edges(lifecycle)
    _every_state_reached(node, lifecycle, edges)
    _every_state_left(node, lifecycle, edges)
    _every_refusal_appealed(node, lifecycle)
    _not_ours_moves_on(node, lifecycle)
    _someone_may(node, lifecycle)
    _owed_is_needed(node, lifecycle)
    _every_wait_is_watched(node, lifecycle)
    _nothing_silently(node, lifecycle)


def _edges(lifecycle: Lifecycle) -> Edges:
    """Where each state leads; going back leads nowhere new, so it is left out."""
    edges: Edges = {state: set() for state in lifecycle.states}
    for path in lifecycle.opening.values():
        _join(edges, path)
    for action, rule in lifecycle.actions.items():
        for state in rule.moves:
            if rule.moves[state] != (BACK,):
                _join(edges, (state, *lifecycle.targets(action, state)))
    return edges


def _join(edges: Edges, path: tuple[Status, ...]) -> None:
    for before, after in pairwise(path):
        edges[before].add(after)


def _reached(edges: Edges, starts: set[Status]) -> set[Status]:
    seen, ahead = set(starts), list(starts)
    while ahead:
        for state in edges[ahead.pop()] - seen:
            seen.add(state)
            ahead.append(state)
    return seen


def _every_state_reached(node: Node, lifecycle: Lifecycle, edges: Edges) -> None:
    starts = {path[0] for path in lifecycle.opening.values()}
    for state in lifecycle.states.keys() - _reached(edges, starts):
        node.at("states").fault(f"No action leads to {state}.", "Add a move that leads there.", state)


def _every_state_left(node: Node, lifecycle: Lifecycle, edges: Edges) -> None:
    for state, rule in lifecycle.states.items():
        ends = {end for end in _reached(edges, {state}) if lifecycle.states[end].final}
        if not rule.final and not ends:
            node.at("states").fault(
                f"{state} is a dead end.", "Add a move that leads to a final state.", state
            )


def _every_refusal_appealed(node: Node, lifecycle: Lifecycle) -> None:
    appeal = lifecycle.actions["appeal"].moves
    for name, rule in lifecycle.actions.items():
        ends = {lifecycle.targets(name, state)[-1] for state in rule.moves if rule.refuses}
        for end in ends - appeal.keys():
            _appeal_missing(node, end, f"'{name}'")
    for verdict in ("hold", "refuse"):
        if lifecycle.opening[verdict][-1] not in appeal:
            _appeal_missing(node, lifecycle.opening[verdict][-1], f"the verdict '{verdict}'")


def _appeal_missing(node: Node, state: Status, cause: str) -> None:
    moves = node.at("actions").at("appeal")
    moves.fault(
        f"A report in {state} after {cause} cannot be appealed.", f"Add {state} to its moves.", "moves"
    )


def _not_ours_moves_on(node: Node, lifecycle: Lifecycle) -> None:
    for state in lifecycle.actions["not_ours"].moves:
        end = lifecycle.targets("not_ours", state)[-1]
        if lifecycle.states[end].final:
            spot = node.at("actions").at("not_ours").at("moves")
            spot.fault(f"'Not ours' closes the report in {end}.", "Lead it back to VERIFIKASI.", state)


def _someone_may(node: Node, lifecycle: Lifecycle) -> None:
    for name, rule in lifecycle.actions.items():
        if not rule.who or not rule.moves:
            node.at("actions").fault(f"Nobody can ever do '{name}'.", "Give it who and moves.", name)
    citizen = {REPORTER, ANY_CITIZEN}
    for name in ("confirm", "deny", "appeal", "cancel", "rate", "reopen"):
        if not lifecycle.actions[name].who & citizen or SYSTEM in lifecycle.actions[name].who:
            node.at("actions").fault(f"'{name}' is the citizen's word.", "Let who be pelapor.", name)


def _owed_is_needed(node: Node, lifecycle: Lifecycle) -> None:
    for name, owed in NEEDED.items():
        missing = sorted(owed - set(lifecycle.actions[name].needs))
        if missing:
            spot = node.at("actions").at(name)
            spot.fault(
                f"'{name}' could be done without {' and '.join(missing)}.", "Add it to needs.", "needs"
            )


def _every_wait_is_watched(node: Node, lifecycle: Lifecycle) -> None:
    """A state a report rests in has a deadline, or gets one by an action, or waits for the citizen."""
    for state in _resting(lifecycle):
        rule = lifecycle.states[state]
        dated = any(
            state in _ends(lifecycle, name) for name, one in lifecycle.actions.items() if one.deadline
        )
        if not (rule.final or rule.clock_stops or rule.deadline or dated):
            node.at("states").fault(f"No deadline runs in {state}.", "Give it a deadline.", state)


def _resting(lifecycle: Lifecycle) -> set[Status]:
    """The states an action or an opening ends in."""
    opened = {path[-1] for path in lifecycle.opening.values()}
    return opened.union(*(_ends(lifecycle, name) for name in lifecycle.actions))


def _ends(lifecycle: Lifecycle, action: str) -> set[Status]:
    """Where an action leads in the end."""
    moves = lifecycle.actions[action].moves
    return {end for state in moves for end in lifecycle.targets(action, state)[-1:]}


def _nothing_silently(node: Node, lifecycle: Lifecycle) -> None:
    """Whoever reported is told what becomes of it, above all when it is held, refused or asked about."""
    told = {("opening_tells", name): lifecycle.opening_tells[name] for name in ("hold", "ask", "refuse")}
    told |= {("actions", name): lifecycle.actions[name].tells for name in HEARD}
    for (where, name), tellings in told.items():
        if not any(telling.to == "reporter" for telling in tellings):
            node.at(where).fault(
                f"'{name}' would happen without a word to the reporter.", "Add {to: reporter, name: …}.", name
            )
