"""A step that needs a value in a slot: it asks, unless the value is there already."""

from dialogs.choices import buttons_for
from dialogs.work import Work


def run(work: Work) -> None:
    """Go on when the slot holds a value that will do; otherwise ask and wait."""
    step, slot = work.step, work.step.target
    if step.ask_before_filling and not work.frame.asked:
        work.set(slot, None)
    if work.slots.get(slot) is None:
        question(work)
    elif not _rejected(work):
        if work.frame.asked:
            work.answered(slot)
        work.leave_step()


def question(work: Work) -> None:
    """Put the question, with the buttons its slot offers now."""
    step = work.step
    work.ask(step.utter or f"utter_ask_{step.target}", buttons_for(work, step.target))


def _set_aside(work: Work, slot: str) -> None:
    """Empty the slot; what it held is kept where the slot gathers what people tell."""
    spec = work.bundle.slots.get(slot)
    if spec is not None and spec.gathers:
        work.set(spec.gathers, work.slots[slot])
    work.set(slot, None)


def _rejected(work: Work) -> bool:
    """Whether the value will not do; then it is said why, and asked again."""
    step = work.step
    for rejection in step.rejections:
        if rejection.when(work.slots, work.looks):
            work.ran(rejection.text)
            _set_aside(work, step.target)
            work.stack[-1] = work.frame.asking(work.frame.tries + 1)
            if not rejection.utter:
                question(work)
                return True
            work.ask(rejection.utter, buttons_for(work, step.target))
            return True
    return False
