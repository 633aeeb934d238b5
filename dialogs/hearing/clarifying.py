"""Messages that may mean two things: asked which, with what they told kept for either."""

from dialogs.hearing.answers import add
from dialogs.hearing.filling import REPORT, fill, guess_anew, readings, substantial
from dialogs.work import Work

FLOW, SLOT, CHOICES = "pattern_clarification", "maksud", "usulan_maksud"
QUESTION = "info"


def hear(work: Work) -> bool:
    """Ask which of two readings is meant when neither is sure."""
    if work.stack or not substantial(work):
        return False
    found = _candidates(work)
    if len(found) < 2:
        return False
    message = work.message
    told = readings(work, work.bundle.flows[REPORT])
    work.change(album=message.group, album_for="")
    work.start(FLOW, "over", {**told, CHOICES: found, "pertanyaan": message.text})
    return True


def hear_answer(work: Work) -> bool:
    """A further sentence settles it where it surely means one of them; it is told with the first."""
    step, intent = work.open, work.meaning.intent
    if step is None or step.target != SLOT or intent.confidence < work.bundle.settings.sure_intent:
        return False
    flow_id = work.bundle.by_intent.get(intent.name)
    if flow_id not in (work.slots.get(CHOICES) or ()):
        return False
    if substantial(work):
        add(work)
        fill(work, work.flow)
        guess_anew(work, work.flow)
    work.set(SLOT, flow_id)
    return True


def _candidates(work: Work) -> list[str]:
    """The flows the message may want, the likelier first: a report is always one of them."""
    intent, settings = work.meaning.intent, work.bundle.settings
    if not settings.likely_intent <= intent.confidence < settings.sure_intent:
        return []
    guessed = work.bundle.by_intent.get(intent.name, "")
    asking = [QUESTION] if work.meaning.classification == "informasi" else []
    offered = work.bundle.slots[SLOT].values
    return [name for name in dict.fromkeys([guessed, *asking, REPORT]) if name in offered]
