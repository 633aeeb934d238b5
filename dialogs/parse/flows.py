"""Reading flows: nested steps are laid out flat, and every way on from a step is made explicit."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, get_args

from dialogs.faults import Fault
from dialogs.flow import END, Audience, Branch, Flow, Rejection, Step
from dialogs.parse.notes import Place
from dialogs.source import Table

KINDS = ("collect", "action", "set_slots", "call", "link", "noop")
STEP_KEYS = frozenset({*KINDS, "id", "next", "utter", "rejections", "ask_before_filling", "description"})
FLOW_KEYS = frozenset(
    {
        "name",
        "description",
        "nlu_trigger",
        "commands",
        "slot_trigger",
        "audience",
        "if",
        "steps",
        "persisted_slots",
        "returns",
        "slots",
    }
)


@dataclass(slots=True)
class _Layout:
    """The flat list of a flow's steps as it grows."""

    place: Place
    steps: dict[str, Step] = field(default_factory=dict)

    def name(self, row: Table, kind: str, line: int) -> str:
        """The step's id; without one it is named after what it does, numbered where that repeats."""
        if "id" in row and str(row["id"]) in self.steps:
            self.place.note(line, f"the step `{row['id']}` is there twice", "Give each step an id of its own")
        target = row.get(kind)
        wanted = str(row.get("id") or (f"{kind}_{target}" if isinstance(target, str) else kind))
        return wanted if wanted not in self.steps else f"{wanted}_{len(self.steps)}"


def parse_flows(files: Mapping[str, str], faults: list[Fault]) -> dict[str, Flow]:
    """Every flow of the files by its id."""
    flows: dict[str, Flow] = {}
    for path, text in files.items():
        place = Place(path, faults)
        content = place.open(text)
        table = place.table(content.get("flows"), content.line_of("flows"), "`flows`")
        for flow_id in table:
            if flow_id in flows:
                other = flows[flow_id].file
                place.note(table.line_of(flow_id), f"the flow `{flow_id}` is also in {other}", "Rename one")
                continue
            flows[flow_id] = _flow(replace(place, flow=flow_id), flow_id, table)
    return flows


def _flow(place: Place, flow_id: str, table: Table) -> Flow:
    line = table.line_of(flow_id)
    body = place.table(table[flow_id], line, f"the flow `{flow_id}`")
    place.unknown_keys(body, FLOW_KEYS)
    rows = place.rows(body.get("steps"), body.line_of("steps"), "`steps`")
    layout = _Layout(place)
    first = _sequence(layout, rows, END)
    if not layout.steps:
        place.note(line, f"the flow `{flow_id}` has no steps", "Add at least one under `steps:`")
        layout.steps["noop_0"] = Step("noop_0", "noop", "", (Branch(END),), line)
        first = "noop_0"
    persisted = tuple(place.words(body, "persisted_slots"))
    return Flow(
        id=flow_id,
        name=str(body.get("name") or flow_id),
        file=place.file,
        line=line,
        steps=layout.steps,
        first=first,
        intents=_intents(place, body),
        commands=tuple(word.casefold() for word in place.words(body, "commands")),
        slot_triggers=tuple(place.words(body, "slot_trigger")),
        audience=_audience(place, body),
        description=str(body.get("description") or ""),
        guard=place.condition(body["if"], body.line_of("if")) if "if" in body else None,
        slots=_own_slots(layout.steps, (*persisted, *place.words(body, "slots"))),
        assigned=frozenset(name for step in layout.steps.values() for name, _ in step.assigns),
        keeps=frozenset(persisted),
        returns=bool(body.get("returns", True)),
    )


def _own_slots(steps: Mapping[str, Step], named: tuple[str, ...]) -> tuple[str, ...]:
    collected = [step.slot for step in steps.values() if step.slot]
    return tuple(dict.fromkeys([*collected, *named]))


def _intents(place: Place, body: Table) -> tuple[str, ...]:
    rows = place.rows(body.get("nlu_trigger"), body.line_of("nlu_trigger"), "`nlu_trigger`")
    return tuple(str(row.get("intent")) if isinstance(row, Table) else str(row) for row in rows)


def _audience(place: Place, body: Table) -> Audience:
    value = body.get("audience", "citizen")
    if value not in get_args(Audience):
        place.note(body.line_of("audience"), f"nobody is `{value}`", "Use citizen, operator or admin")
        return "citizen"
    return value  # type: ignore[no-any-return]


def _sequence(layout: _Layout, rows: list[Any], after: str) -> str:
    """Lay out steps one below the other; the last leads on to `after`. Returns the first one's id."""
    named = []
    for row in rows:
        table = layout.place.table(row, 0, "a step")
        kind = _kind(layout.place, table)
        step_id = layout.name(table, kind, table.line)
        layout.steps[step_id] = Step(step_id, kind, "", (), table.line)
        named.append((step_id, kind, table))
    following = [*[step_id for step_id, _, _ in named], after][1:]
    for (step_id, kind, table), below in zip(named, following, strict=True):
        layout.steps[step_id] = _step(layout, (step_id, kind, table), below)
    return named[0][0] if named else after


def _kind(place: Place, table: Table) -> str:
    kinds = [kind for kind in KINDS if kind in table]
    if len(kinds) != 1:
        text = f"a step does {' and '.join(kinds)} at once" if kinds else "a step does nothing"
        place.note(table.line, text, f"Give it exactly one of: {', '.join(KINDS)}")
    return kinds[0] if kinds else "noop"


def _step(layout: _Layout, named: tuple[str, str, Table], below: str) -> Step:
    step_id, kind, table = named
    place = replace(layout.place, step=step_id)
    place.unknown_keys(table, STEP_KEYS)
    target = table.get(kind)
    return Step(
        id=step_id,
        kind=kind,
        target=str(target) if isinstance(target, str) else "",
        next=_next(layout, table, below, place),
        line=table.line,
        utter=str(table.get("utter") or ""),
        ask_before_filling=bool(table.get("ask_before_filling")),
        rejections=_rejections(place, table),
        assigns=_assigns(place, table) if kind == "set_slots" else (),
    )


def _rejections(place: Place, table: Table) -> tuple[Rejection, ...]:
    line = table.line_of("rejections")
    found = []
    for row in place.rows(table.get("rejections"), line, "`rejections`"):
        entry = place.table(row, line, "a rejection")
        when = place.condition(entry.get("if"), entry.line_of("if"))
        if when is not None:
            found.append(Rejection(when, str(entry.get("if")), str(entry.get("utter") or "")))
    return tuple(found)


def _assigns(place: Place, table: Table) -> tuple[tuple[str, Any], ...]:
    line = table.line_of("set_slots")
    pairs: list[tuple[str, Any]] = []
    for row in place.rows(table.get("set_slots"), line, "`set_slots`"):
        pairs.extend(place.table(row, line, "a slot to set").items())
    return tuple(pairs)


def _next(layout: _Layout, table: Table, below: str, place: Place) -> tuple[Branch, ...]:
    given, line = table.get("next"), table.line_of("next")
    if given is None:
        return (Branch(below, text=""),)
    if isinstance(given, str):
        return (Branch(given, text=""),)
    branches = [_branch(layout, row, below, place) for row in place.rows(given, line, "`next`")]
    kept = tuple(branch for branch in branches if branch is not None)
    if not kept or kept[-1].when is not None:
        place.note(line, "the ways on have no `else`", "Add `- else: <step or END>` as the last one")
        kept = (*kept, Branch(below))
    return kept


def _branch(layout: _Layout, row: Any, below: str, place: Place) -> Branch | None:
    table = place.table(row, 0, "a way on")
    if "else" in table:
        return Branch(_leads(layout, table["else"], below))
    if "if" not in table or "then" not in table:
        place.note(table.line, "a way on is neither `if` with `then` nor `else`", "Write both keys, or else")
        return None
    when = place.condition(table["if"], table.line_of("if"))
    to = _leads(layout, table["then"], below)
    return Branch(to, when, str(table["if"])) if when is not None else None


def _leads(layout: _Layout, target: Any, below: str) -> str:
    """Where a way leads: a step by name, or nested steps, laid out and entered at their first."""
    if isinstance(target, list):
        return _sequence(layout, target, below)
    return str(target)
