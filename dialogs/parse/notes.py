"""Noting faults while reading, so that one mistake does not hide the next."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from dialogs.conditions import ConditionError, compile_condition
from dialogs.faults import Fault, FlowFaults
from dialogs.flow import Condition
from dialogs.source import Table, read_yaml


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the sources something stands, and the list its faults go to."""

    file: str
    faults: list[Fault]
    flow: str = ""
    step: str = ""

    def note(self, line: int, text: str, remedy: str) -> None:
        """Keep a fault."""
        self.faults.append(Fault(self.file, line, self.flow, self.step, text, remedy))

    def open(self, text: str) -> Table:
        """The file's content; an empty table, with the faults noted, when it cannot be read."""
        try:
            return read_yaml(self.file, text)
        except FlowFaults as error:
            self.faults.extend(error.faults)
            return Table()

    def table(self, value: Any, line: int, what: str) -> Table:
        """The value if it is a mapping, else an empty one with a fault noted."""
        if isinstance(value, Table):
            return value
        if value is not None:
            self.note(line, f"{what} is not a mapping", "Write `key: value` lines below it")
        return Table()

    def rows(self, value: Any, line: int, what: str) -> list[Any]:
        """The value if it is a list, else an empty one with a fault noted."""
        if isinstance(value, list):
            return value
        if value is not None:
            self.note(line, f"{what} is not a list", "Write `- item` lines below it")
        return []

    def words(self, table: Table, key: str) -> list[str]:
        """The list of words under a key; empty when there is none."""
        rows = self.rows(table.get(key), table.line_of(key), f"`{key}`")
        return [str(row) for row in rows if not isinstance(row, list | dict)]

    def number(self, table: Table, key: str, standard: float) -> float:
        """The number under a key; the standard, with a fault noted, when it is none."""
        value = table.get(key, standard)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.note(table.line_of(key), f"`{key}` is no number", "Write a number")
            return standard
        return value

    def condition(self, value: Any, line: int) -> Condition | None:
        """The compiled condition; None, with a fault noted, when it cannot be understood."""
        try:
            return compile_condition(str(value))
        except ConditionError as error:
            remedy = 'Compare `slots.…` or `context.…` with a value, for instance slots.kategori = "jalan"'
            self.note(line, f"the condition `{value}` is {error}", remedy)
            return None

    def unknown_keys(self, table: Table, allowed: frozenset[str]) -> None:
        """Note keys nobody reads."""
        for key in table.keys() - allowed:
            self.note(table.line_of(key), f"`{key}` means nothing here", _instead(key, allowed))


def _instead(key: str, allowed: frozenset[str]) -> str:
    """The key that was meant, as far as one can tell; else all there are."""
    close = get_close_matches(key, sorted(allowed), n=1)
    return f"Use `{close[0]}`" if close else f"Use one of: {', '.join(sorted(allowed))}"
