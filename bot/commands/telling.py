"""What the `flows` commands print: faults, impact, history, in plain lines."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

import typer
from rich.console import Console

from dialogs.faults import Fault
from dialogs.impact import Impact
from tickets.policies.faults import Fault as PolicyFault

if TYPE_CHECKING:  # commands that need no database use this too
    from storage.publishing import Publication

SHORT = 10
"""Characters of a hash that are shown."""
WHY = {
    "step_gone": "the step is gone or renamed",
    "asks_other": "the step does something else now",
    "type_changed": "the answer is of another type",
    "value_lost": "a value told earlier does not fit any more",
    "question_skipped": "a question still to come was moved before this step",
    "choice_gone": "a button on the screen is gone",
}


def plain() -> Console:
    """A console that prints words as they are."""
    return Console(highlight=False, soft_wrap=True, markup=False)


def stop(text: str) -> NoReturn:
    """End the command with a sentence and exit code 1."""
    Console(stderr=True, highlight=False, soft_wrap=True, markup=False).print(text)
    raise typer.Exit(1)


def tell_faults(faults: Sequence[Fault | PolicyFault]) -> None:
    """Print faults, if any, and end the command then with exit code 1."""
    if not faults:
        return
    for fault in faults:
        plain().print(str(fault))
    plain().print(f"{len(faults)} fault(s).")
    raise typer.Exit(1)


def tell_impact(found: Impact) -> None:
    """Print how many open talks have which fate, and those held up by step and reason."""
    console = plain()
    console.print(
        f"{found.open} open conversation(s): {found.count('carried')} carry on under the new version, "
        f"{found.count('stays')} stay on theirs until they end, "
        f"{found.count('restarts')} restart their current question."
    )
    for (flow, step, why), count in found.held_up.items():
        console.print(f"  {count} at {flow}.{step}: {WHY[why]}")


def line_of(entry: "Publication") -> str:
    """One line of the history."""
    numbers = entry.impact or {}
    carried = ", ".join(f"{count} {fate}" for fate, count in numbers.items() if count)
    parts = (f"{entry.at:%Y-%m-%d %H:%M}", entry.hash[:SHORT], entry.kind, entry.author, entry.note, carried)
    return "  ".join(part for part in parts if part)
