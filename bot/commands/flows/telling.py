"""What publishing did or would do, and the history of it, in plain lines."""

from bot.commands.telling import city_time, plain
from dialogs.impact import Impact
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


def line_of(entry: Publication) -> str:
    """One line of the history."""
    numbers = entry.impact or {}
    carried = ", ".join(f"{count} {fate}" for fate, count in numbers.items() if count)
    parts = (city_time(entry.at), entry.hash[:SHORT], entry.kind, entry.author, entry.note, carried)
    return "  ".join(part for part in parts if part)
