"""A step that puts values into slots: written out, copied from another slot, or a text made of several."""

from typing import Any

from dialogs.work import Work

COPY = "slots."


def run(work: Work) -> None:
    """Set the slots, then go on."""
    for name, value in work.step.assigns:
        work.set(name, _value(work, value))
    work.leave_step()


def _value(work: Work, value: Any) -> Any:
    if isinstance(value, str) and value.startswith(COPY):
        return work.slots.get(value.removeprefix(COPY))
    if isinstance(value, str):
        return work.named(value)
    return value
