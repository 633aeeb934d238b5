"""A step that has another flow talk first, and goes on when that is done."""

from dialogs.work import Work


def run(work: Work) -> None:
    """Put the called flow on top; one named after a slot's value that does not exist is passed by."""
    target = work.named(work.step.target)
    if target in work.bundle.flows:
        work.start(target, "call")
    else:
        work.leave_step()
