"""Words heard anywhere: the steering words, the commands of flows, and the intents that start them."""

from dialogs.hearing.filling import substantial, telling_a_question, words
from dialogs.hearing.routes import control, start
from dialogs.work import Work

MOST_WORDS = 4
SURE_IN_TEXT = 0.85
MOST_WORDS_IN_TEXT = 8
QUESTION = "pertanyaan"
"""The slot of flows that want the words that started them."""


def hear_word(work: Work) -> bool:
    """A steering word or a command, written alone, with or without a slash."""
    said = work.said
    if not said:
        return False
    name = work.bundle.settings.controls.get(said)
    if name and name != "bot":
        return control(work, name)
    command = said.replace(" ", "_")
    flow_id = work.bundle.by_command.get(command)
    return start(work, flow_id) if flow_id else False


def hear_intent(work: Work) -> bool:
    """What the sentence as a whole asks for, when that is sure enough to leave the open question."""
    intent, settings = work.meaning.intent, work.bundle.settings
    if intent.confidence < _enough(work) or work.message.button:
        return False
    name = settings.control_intents.get(intent.name)
    if name and name != "bot" and _steers(work, name):
        return control(work, name)
    flow_id = work.bundle.by_intent.get(intent.name)
    if not flow_id or any(frame.flow == flow_id for frame in work.stack):
        return False
    asks = QUESTION in work.bundle.flows[flow_id].slots
    if work.open is not None and not _leaves_question(work):
        return False
    if asks and telling_a_question(work):
        return False
    return start(work, flow_id, {QUESTION: work.message.text} if asks else None)


def _steers(work: Work, name: str) -> bool:
    """Whether a sentence may steer: a short one; to skip, only where that can be done."""
    step = work.open
    spec = work.bundle.slots.get(step.target) if step else None
    skips_in_vain = name == "skip" and spec is not None and not spec.optional
    return words(work) <= MOST_WORDS and not (skips_in_vain or work.message.attachments)


def _enough(work: Work) -> float:
    """How sure an intent must be: less for a few words with nothing open, which are no report anyway."""
    settings = work.bundle.settings
    return settings.sure_intent if work.stack or substantial(work) else settings.likely_intent


def _leaves_question(work: Work) -> bool:
    """Whether the message is no answer to the open question: an open text takes nearly everything."""
    step = work.open
    spec = work.bundle.slots.get(step.target) if step else None
    if spec is None or spec.type not in {"text", "any"}:
        return True
    return work.meaning.intent.confidence >= SURE_IN_TEXT and words(work) <= MOST_WORDS_IN_TEXT
