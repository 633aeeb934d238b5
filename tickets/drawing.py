"""Drawing the lifecycle's table: which action leads a report from which state to which."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from tickets.policies.lifecycle import BACK, Lifecycle
from tickets.ticket import Status

Arrows = Mapping[tuple[Status, Status], list[str]]


def arrows(lifecycle: Lifecycle) -> Arrows:
    """The actions that lead from one state to another, through every state they pass."""
    found: dict[tuple[Status, Status], list[str]] = defaultdict(list)
    for name, rule in lifecycle.actions.items():
        for state in rule.moves:
            for pair in _steps(lifecycle, name, state):
                if name not in found[pair]:
                    found[pair].append(name)
    return {pair: names for pair, names in found.items() if pair[0] != pair[1]}


def openings(lifecycle: Lifecycle) -> Arrows:
    """The verdicts that lead from one state to another while a report is opened."""
    found: dict[tuple[Status, Status], list[str]] = defaultdict(list)
    for verdict, path in lifecycle.opening.items():
        for pair in pairwise(path):
            found[pair].append(verdict)
    return found


def mermaid(lifecycle: Lifecycle) -> str:
    """The table as a Mermaid state diagram."""
    starts = dict.fromkeys(path[0] for path in lifecycle.opening.values())
    lines = ["stateDiagram-v2", *(f"    [*] --> {start}" for start in starts)]
    for drawn in (openings(lifecycle), arrows(lifecycle)):
        lines += [f"    {before} --> {after}: {', '.join(names)}" for (before, after), names in drawn.items()]
    lines += [f"    {state} --> [*]" for state, rule in lifecycle.states.items() if rule.final]
    return "\n".join(lines)


def dot(lifecycle: Lifecycle, language: str = "id") -> str:
    """The table for Graphviz, states and actions by their names in a language."""
    lines = ["digraph lifecycle {", "    rankdir=LR;", "    node [shape=box, style=rounded];"]
    for state, rule in lifecycle.states.items():
        ring = ", peripheries=2" if rule.final else ""
        lines.append(f'    {state} [label="{state}\\n{_quoted(rule.name[language])}"{ring}];')
    lines += _edges(openings(lifecycle), {})
    lines += _edges(
        arrows(lifecycle), {name: rule.label[language] for name, rule in lifecycle.actions.items()}
    )
    return "\n".join([*lines, "}"])


def rows(lifecycle: Lifecycle) -> Iterator[tuple[Status, str, str, str, str, str]]:
    """The table, a row a move: state, action, next states, who may, what it needs, the deadline then."""
    for state in lifecycle.states:
        for name, rule in lifecycle.actions.items():
            if state in rule.moves:
                steps, who, needs = rule.moves[state], sorted(rule.who), rule.needs
                yield (state, name, " > ".join(steps), ", ".join(who), ", ".join(needs), rule.deadline)


def _steps(lifecycle: Lifecycle, action: str, state: Status) -> Iterable[tuple[Status, Status]]:
    ends = lifecycle.targets(action, state)
    if lifecycle.actions[action].moves[state] == (BACK,):
        return ((state, end) for end in ends)
    return pairwise((state, *ends))


def _edges(drawn: Arrows, labels: Mapping[str, str]) -> list[str]:
    return [
        f'    {before} -> {after} [label="{_quoted(", ".join(labels.get(name, name) for name in names))}"];'
        for (before, after), names in drawn.items()
    ]


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
