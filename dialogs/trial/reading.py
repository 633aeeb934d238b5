"""Reading conversations: Rasa's end-to-end format, with photos, pins, buttons and silence added."""

import re
from collections.abc import Mapping
from typing import Any, get_args

from dialogs.faults import Fault, FlowFaults
from dialogs.messages import MessageKind
from dialogs.parse.notes import Place
from dialogs.source import Table
from dialogs.trial.compare import CHECKS, SAID
from dialogs.trial.script import Case, Exchange, Expected, Given, Move

TOP = frozenset({"version", "test_cases", "fixtures", "metadata"})
CASE_KEYS = frozenset({"test_case", "steps", "fixtures", "metadata", "given"})
MOVES = ("user", "photo", "location", "button", "sends", "silence")
BESIDE = frozenset({*MOVES, "reply_to", "meant", "metadata", "assertions", "assertion_order_enabled"})
STEPS = frozenset({*SAID, "slot_was_set", "slot_was_not_set"})
GIVEN_KEYS = frozenset(
    {"language", "channel", "consent", "office_hours", "tickets", "nearby", "ways", "verdicts", "broken"}
)
MEANT = frozenset({"intent", "confidence", "classification"})
POSITION = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*")


def read_cases(files: Mapping[str, str]) -> tuple[Case, ...]:
    """Every conversation of the files (path → text), in their order.

    Raises:
        FlowFaults: something in them cannot be read; it carries every fault found.
    """
    faults: list[Fault] = []
    cases = [case for path, text in sorted(files.items()) for case in _file(Place(path, faults), text)]
    if faults:
        raise FlowFaults(sorted(faults))
    return tuple(cases)


def _file(place: Place, text: str) -> list[Case]:
    content = place.open(text)
    place.unknown_keys(content, TOP)
    fixtures = _fixtures(place, content)
    rows = place.rows(content.get("test_cases"), content.line_of("test_cases"), "`test_cases`")
    return [_case(place, place.table(row, 0, "a test case"), fixtures) for row in rows]


def _fixtures(place: Place, content: Table) -> dict[str, dict[str, Any]]:
    """Slots by the name of the fixture that sets them."""
    line = content.line_of("fixtures")
    found: dict[str, dict[str, Any]] = {}
    for row in place.rows(content.get("fixtures"), line, "`fixtures`"):
        for name, pairs in place.table(row, line, "a fixture").items():
            tables = [place.table(pair, line, "a slot") for pair in place.rows(pairs, line, f"`{name}`")]
            found[name] = {slot: value for table in tables for slot, value in table.items()}
    return found


def _case(place: Place, table: Table, fixtures: Mapping[str, Mapping[str, Any]]) -> Case:
    place.unknown_keys(table, CASE_KEYS)
    name = str(table.get("test_case") or "")
    if not name:
        place.note(table.line, "a test case has no name", "Write `- test_case: <what it shows>`")
    slots: dict[str, Any] = {}
    for fixture in place.words(table, "fixtures"):
        if fixture not in fixtures:
            place.note(table.line, f"there is no fixture `{fixture}`", "Write it under `fixtures:`")
        slots.update(fixtures.get(fixture, {}))
    return Case(name, place.file, table.line, _given(place, table, slots), _exchanges(place, table))


def _given(place: Place, case: Table, slots: Mapping[str, Any]) -> Given:
    table = place.table(case.get("given"), case.line_of("given"), "`given`")
    place.unknown_keys(table, GIVEN_KEYS)
    standard = Given()
    return Given(
        language=str(table.get("language", standard.language)),
        channel=str(table.get("channel", standard.channel)),
        consent=bool(table.get("consent", standard.consent)),
        office_hours=bool(table.get("office_hours", standard.office_hours)),
        tickets=_tables(place, table, "tickets"),
        nearby=_tables(place, table, "nearby"),
        ways=_tables(place, table, "ways"),
        verdicts=_tables(place, table, "verdicts"),
        broken=frozenset(place.words(table, "broken")),
        slots=slots,
    )


def _tables(place: Place, table: Table, key: str) -> tuple[Table, ...]:
    line = table.line_of(key)
    return tuple(place.table(row, line, f"one of `{key}`") for row in place.rows(table.get(key), line, key))


def _exchanges(place: Place, case: Table) -> tuple[Exchange, ...]:
    line = case.line_of("steps")
    made: list[tuple[Move, list[Expected], int]] = []
    for row in place.rows(case.get("steps"), line, "`steps`"):
        step = place.table(row, line, "a step")
        if any(key in step for key in MOVES):
            made.append((_move(place, step), _assertions(place, step), step.line))
        elif made:
            made[-1][1].extend(_expected(place, step))
        else:
            place.note(step.line, "the bot cannot speak first", "Begin with the citizen: `- user: …`")
    if not made:
        place.note(case.line, "a test case has no steps", "Add `steps:` beginning with `- user: …`")
    return tuple(Exchange(move, tuple(expected), at) for move, expected, at in made)


def _move(place: Place, step: Table) -> Move:
    place.unknown_keys(step, BESIDE)
    sends = str(step.get("sends") or "")
    if sends and sends not in get_args(MessageKind):
        place.note(step.line, f"nobody sends `{sends}`", f"Use one of: {', '.join(get_args(MessageKind))}")
    files = step.get("photo") or ()
    return Move(
        text=str(step.get("user") or ""),
        files=tuple(map(str, files)) if isinstance(files, list) else tuple([str(files)] if files else ()),
        pin=_pin(place, step),
        button=str(step.get("button") or ""),
        sends=sends,
        silence=int(place.number(step, "silence", 0)),
        reply_to=str(step.get("reply_to") or ""),
        meant=_meant(place, step),
    )


def _meant(place: Place, step: Table) -> Table:
    table = place.table(step.get("meant"), step.line_of("meant"), "`meant`")
    place.unknown_keys(table, MEANT)
    place.number(table, "confidence", 1)
    return table


def _pin(place: Place, step: Table) -> tuple[float, float] | None:
    if "location" not in step:
        return None
    found = POSITION.fullmatch(str(step["location"]))
    if found is None:
        place.note(step.line_of("location"), "a location is no pair of degrees", 'Write `"-7.77, 110.29"`')
        return None
    return float(found[1]), float(found[2])


def _expected(place: Place, step: Table) -> list[Expected]:
    place.unknown_keys(step, STEPS)
    return [Expected(kind, value, step.line_of(kind)) for kind, value in step.items() if kind in STEPS]


def _assertions(place: Place, step: Table) -> list[Expected]:
    found: list[Expected] = []
    line = step.line_of("assertions")
    for row in place.rows(step.get("assertions"), line, "`assertions`"):
        table = place.table(row, line, "an assertion")
        place.unknown_keys(table, frozenset(CHECKS))
        found += [
            Expected(kind, value, table.line_of(kind)) for kind, value in table.items() if kind in CHECKS
        ]
    return found
