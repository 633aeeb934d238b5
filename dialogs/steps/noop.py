"""A step that does nothing but choose the way on."""

from dialogs.work import Work


def run(work: Work) -> None:
    """Go on."""
    work.leave_step()
