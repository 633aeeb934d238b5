"""A step that has another flow talk first, and goes on when that is done."""

import re

from dialogs.work import Work

GAP = re.compile(r"\{(\w+)\}")


def run(work: Work) -> None:
    """Put the called flow on top; one named after a slot's value that does not exist is passed by."""
    target = GAP.sub(lambda gap: str(work.slots.get(gap[1]) or ""), work.step.target)
    if target in work.bundle.flows:
        work.start(target, "call")
    else:
        work.leave_step()
