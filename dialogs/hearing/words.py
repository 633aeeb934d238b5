"""Words heard anywhere: the steering words, the commands of flows, and the intents that start them."""

from dialogs.hearing.filling import (
    MOST_WORDS,
    REPORT,
    bare,
    first_words,
    substantial,
    telling_a_question,
    words,
)
from dialogs.hearing.routes import control, start
from dialogs.work import Work

SURE_IN_TEXT = 0.85
SLIGHT = 4  # letters
MOST_WORDS_TO_CANCEL = 6  # "gak jadi deh, sudah dipotong"
SURE_PLACE = 0.5
MOST_WORDS_OF_A_PLACE = 3
MOST_WORDS_IN_TEXT = 8
SURE_KIND, SURE_KIND_SOMEWHERE = 0.7, 0.4
"""How sure a category must be for words beside a greeting to be a report; less where a place is named."""
QUESTION = "pertanyaan"
"""The slot of flows that want the words that started them."""


def hear_word(work: Work) -> bool:
    """A steering word or a command, written alone, with or without a slash."""
    said = work.said
    if not said:
        return False
    controls, plain = work.bundle.settings.controls, bare(work)
    name = controls.get(said) or controls.get(plain)
    if name and name != "bot":
        return control(work, name)
    flow_id = _called(work, said) or _called(work, plain)
    return start(work, flow_id) if flow_id else False


def _called(work: Work, words_said: str) -> str:
    return work.bundle.by_command.get(words_said.replace(" ", "_"), "")


def hear_intent(work: Work) -> bool:
    """What the sentence as a whole asks for, when that is sure enough to leave the open question."""
    intent, settings = work.meaning.intent, work.bundle.settings
    plain = work.said in work.bundle.words.yes or work.said in work.bundle.words.no
    if intent.confidence < _enough(work) or work.message.button or plain:
        return False
    name = settings.control_intents.get(intent.name)
    if name and name != "bot" and _steers(work, name):
        return control(work, name)
    flow_id = work.bundle.by_intent.get(intent.name, "")
    if _only_names_a_place(work):
        return False
    return bool(flow_id) and _may_come_between(work, flow_id) and _begin(work, flow_id)


def _begin(work: Work, flow_id: str) -> bool:
    """Start the flow, or the report that is told beside a greeting, thanks or a wish."""
    if _is_beside_a_report(work):
        given = {flow_id: True} if flow_id in work.bundle.flows[REPORT].slots else None
        return start(work, REPORT, given)
    if flow_id == REPORT and not work.stack:
        return start(work, REPORT, first_words(work))
    asks = QUESTION in work.bundle.flows[flow_id].slots
    if asks and telling_a_question(work):
        return False
    return start(work, flow_id, {QUESTION: work.message.text} if asks else None)


def _may_come_between(work: Work, flow_id: str) -> bool:
    """Whether a sentence may start that flow where the talk stands."""
    running = any(frame.flow == flow_id for frame in work.stack)
    free = work.open is None or _leaves_question(work)
    return free and not running and not (words(work) == 1 and _says_too_little(work, flow_id))


def _says_too_little(work: Work, flow_id: str) -> bool:
    """Whether a word nobody has made a command is too little for a flow that asks: "saya", "itu"."""
    asks = any(step.kind in {"collect", "call"} for step in work.bundle.flows[flow_id].steps.values())
    slight = work.said in work.bundle.settings.filler_words or len(work.said) <= SLIGHT
    return asks and (slight or flow_id == REPORT)


def _is_beside_a_report(work: Work) -> bool:
    """Whether a greeting, thanks or a wish stands beside a problem that is told."""
    if work.stack or work.meaning.intent.name not in work.bundle.settings.aside_intents:
        return False
    guesses, place = work.meaning.categories, work.meaning.place
    kind = guesses[0].confidence if guesses else 0.0
    told = words(work) > MOST_WORDS and substantial(work)
    return told and kind >= (SURE_KIND if place is None else SURE_KIND_SOMEWHERE)


def _steers(work: Work, name: str) -> bool:
    """Whether a sentence may steer: a short one; to skip, only where that can be done."""
    step = work.open
    spec = work.bundle.slots.get(step.target) if step else None
    if name == "cancel" and work.meaning.intent.confidence >= SURE_IN_TEXT and not work.meaning.place:
        return words(work) <= MOST_WORDS_TO_CANCEL
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
    if spec is not None and spec.type == "location" and _names_a_place(work):
        return False
    if spec is not None and spec.choices == "tickets" and work.meaning.intent.name == REPORT:
        return False
    if spec is None or spec.type not in {"text", "any"}:
        return True
    return work.meaning.intent.confidence >= SURE_IN_TEXT and words(work) <= MOST_WORDS_IN_TEXT


def _only_names_a_place(work: Work) -> bool:
    """Whether it is a place and no more: that asks for nothing."""
    told = [word for word in work.said.split() if word not in work.bundle.settings.filler_words]
    return len(told) <= MOST_WORDS_OF_A_PLACE and work.message.kind == "text" and _names_a_place(work)


def _names_a_place(work: Work) -> bool:
    """Whether it is a place by itself, as asked for."""
    place, text = work.meaning.place, work.message.text.strip()
    return place is not None and place.confidence >= SURE_PLACE and not text.endswith("?")
