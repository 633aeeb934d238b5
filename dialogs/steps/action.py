"""A step that says a text, or has an action do something the flow waits for."""

from dialogs.turn import ActionCall
from dialogs.work import Work

UTTER = "utter_"


def run(work: Work) -> None:
    """Say the text and go on; or stop the turn until the action's result is handed in."""
    step = work.step
    if step.target.startswith(UTTER):
        work.utter(step.target)
        work.leave_step()
        return
    text, intent = (work.message.text, work.meaning.intent.name) if work.heard else ("", "")
    work.pending = ActionCall(
        step.target, work.frame.flow, step.id, text, intent, work.context.ticket, work.bundle.domain
    )
