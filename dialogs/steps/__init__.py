"""The kinds of steps: one file each, one table."""

from collections.abc import Callable, Mapping

from dialogs.steps import action, call, collect, link, noop, set_slots
from dialogs.work import Work

STEPS: Mapping[str, Callable[[Work], None]] = {
    "collect": collect.run,
    "action": action.run,
    "set_slots": set_slots.run,
    "call": call.run,
    "link": link.run,
    "noop": noop.run,
}
