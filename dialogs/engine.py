"""One turn of a dialog: pure, bounded, and never without an answer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from dialogs.bundle import Bundle
from dialogs.conversation import Conversation
from dialogs.events import (
    BotUttered,
    ConsentGiven,
    Event,
    Failed,
    HandoffStarted,
    LanguageChanged,
    StepRun,
    TicketRequested,
)
from dialogs.flow import END
from dialogs.hearing import clarifying, hear
from dialogs.messages import InboundMessage, Location
from dialogs.slots import fold
from dialogs.steps import STEPS
from dialogs.steps.collect import question
from dialogs.turn import ActionResult, Context, Turn
from dialogs.work import Work
from nlu.interpretation import Guess, Interpretation

MAX_STEPS = 60
"""Steps in one go; more is a loop in a flow."""
MAX_TURN = 240
"""Steps in one turn, across the actions it waits for; more is a loop through an action."""
MAX_TEXT = 4_000
"""Characters of a message that are read; the rest is left out, and said so."""
MAX_TICKETS = 5
"""Reports of one's own that a conversation remembers."""
WORDS_THAT_TELL_A_LANGUAGE, FIRST_TURNS = 3, 4


def advance(
    conversation: Conversation,
    message: InboundMessage,
    interpretation: Interpretation,
    bundle: Bundle,
    context: Context,
) -> Turn:
    """What a message brings about.

    A turn with `pending` set waits for an action: hand its result to `resume`. The events of a turn are
    all of them from its beginning, oldest first.
    """
    message, meaning = _pinned(message, interpretation, bundle)
    message, cut = _bounded(message)
    work = Work(conversation, bundle, context, (message, meaning))
    _repair(work)
    _greet_in_own_language(work)
    if cut:
        work.utter("utter_pesan_dipotong", {"batas": str(MAX_TEXT)})
    hear(work)
    return _run(work)


def asked(conversation: Conversation, bundle: Bundle) -> str | None:
    """The slot whose question waits for an answer: what a reading of the next message should know."""
    if not conversation.stack or not conversation.stack[-1].asked:
        return None
    frame = conversation.stack[-1]
    if frame.flow == clarifying.FLOW:  # any sentence may follow, read like the first
        return None
    flow = bundle.flows.get(frame.flow)
    step = flow.steps.get(frame.step) if flow else None
    return step.slot or None if step else None


def resume(turn: Turn, result: ActionResult, bundle: Bundle, context: Context) -> Turn:
    """Go on with a turn after its pending action; an action that failed is apologised for."""
    work = Work(turn.conversation, bundle, context)
    work.events = list(turn.events)
    call = turn.pending
    if call is None:
        return turn
    if result.failed:
        _fail(work, "action", f"{call.name}: {result.failed}")
        return _run(work)
    for name, value in result.slots.items():
        work.set(name, value)
    for event in result.events:
        _happen(work, event)
    for utterance in result.utterances:
        work.utter(utterance.response, utterance.values)
    work.leave_step()
    return _run(work)


def tick(conversation: Conversation, bundle: Bundle, context: Context) -> Turn:
    """What silence brings about: one reminder, after that the draft is laid aside until the next message."""
    due = conversation.quiet_at
    if due is None or context.now < due:
        return Turn(conversation)
    work = Work(conversation, bundle, context)
    _repair(work)
    if work.open is None or conversation.handoff:
        return Turn(replace(conversation, quiet_at=None))
    if conversation.reminded:
        return _lay_aside(work)
    asked_at = conversation.asked_at
    work.utter("utter_pengingat")
    question(work)
    work.change(asked_at=asked_at, reminded=True)
    return Turn(_freeze(work), tuple(work.events))


def _lay_aside(work: Work) -> Turn:
    """Keep the draft for later; without consent there is nothing that may be kept."""
    if not work.looks["consent"]:
        while work.stack:
            work.end("expired")
    work.change(expired=bool(work.stack))
    return Turn(_freeze(work), tuple(work.events))


def _run(work: Work) -> Turn:
    """Take steps until the flow waits for the person or for an action."""
    if not work.hushed:
        _take_steps(work)
    if work.pending is None and not _answered(work):
        work.utter("utter_ada_lagi")
    return Turn(_freeze(work), tuple(work.events), work.pending)


def _take_steps(work: Work) -> None:
    for _ in range(min(MAX_STEPS, MAX_TURN - _steps(work))):
        if _settled(work):
            return
        if work.frame.step == END:
            _finish(work)
        else:
            STEPS[work.step.kind](work)
    if _settled(work):
        return
    _fail(work, "loop", f"more than {MAX_STEPS} steps without waiting for an answer")
    if work.stack and work.step.kind == "collect":  # the question gone back to is put anew
        question(work)


def _settled(work: Work) -> bool:
    """Whether the turn waits for the person or an action, or there is nothing left to do."""
    return work.waiting or work.pending is not None or not work.stack


def _steps(work: Work) -> int:
    """The steps of the turn so far."""
    return sum(isinstance(event, StepRun) for event in work.events)


def _finish(work: Work) -> None:
    """End the top flow and take up the one below: its caller, or the question it came between.

    While a person has taken over, that question waits for the bot's return.
    """
    ended = work.end("completed")
    if not work.stack:
        return
    if ended.kind == "call":
        work.leave_step()
    elif work.now("handoff"):
        work.waiting = True
    elif ended.kind == "over" and work.frame.asked and work.slots.get(work.step.target) is None:
        work.start("pattern_interruption", "quiet")


def _fail(work: Work, kind: str, detail: str) -> None:
    """Apologise and go back to the last question of the talk; what was told is kept."""
    frame = work.frame
    work.events.append(Failed(kind, frame.flow, frame.step, detail))
    work.utter("utter_galat")
    while work.trail:
        entry = work.trail.pop()
        if entry.depth < len(work.stack) and work.stack[entry.depth].flow == entry.flow:
            while len(work.stack) > entry.depth + 1:
                work.end("failed")
            work.go(entry.step)
            work.slots[entry.slot] = None
            return
    while work.stack and (work.frame.kind == "call" or not work.frame.asked):
        work.end("failed")


def _happen(work: Work, event: Event) -> None:
    """Note an action's event, and what it changes in the conversation itself."""
    work.events.append(event)
    if isinstance(event, ConsentGiven):
        work.change(consent=event.version)
        work.looks["consent"] = event.version == work.consent_version
    elif isinstance(event, LanguageChanged):
        work.language = work.looks["language"] = event.language
        work.change(spoken=True)
    elif isinstance(event, HandoffStarted):
        work.change(handoff=True, acknowledged=False)
    elif isinstance(event, TicketRequested):
        tickets = (*work.now("tickets"), event.number)[-MAX_TICKETS:]
        sent = {**work.now("sent"), work.topic: event.number}
        work.change(tickets=tickets, sent=sent, album_for=event.number, filed_at=work.context.now)


def _answered(work: Work) -> bool:
    said = any(isinstance(event, BotUttered) for event in work.events)
    return said or work.now("handoff")


def _freeze(work: Work) -> Conversation:
    fields: dict[str, Any] = {
        "slots": _filled(work),
        "stack": tuple(work.stack),
        "trail": tuple(work.trail),
        "choices": work.choices,
        "language": work.language,
        "turn": work.turn,
        **work.changes,
    }
    fields["quiet_at"] = _quiet_at(work, fields)
    return replace(work.before, **fields)


def _filled(work: Work) -> dict[str, Any]:
    """The slots without those that hold nothing and begin so: of a hundred, most."""
    begins = work.bundle.initial
    return {
        name: value for name, value in work.slots.items() if value is not None or begins.get(name) is not None
    }


def _quiet_at(work: Work, fields: Mapping[str, Any]) -> datetime | None:
    """When silence becomes worth a word: while a question is open, first to remind, then to lay aside."""
    asked_at = fields.get("asked_at", work.before.asked_at)
    if work.open is None or work.pending is not None or asked_at is None:
        return None
    if work.now("handoff") or work.now("expired"):
        return None
    settings = work.bundle.settings
    wait = settings.expire_after if work.now("reminded") else settings.remind_after
    return asked_at + wait  # type: ignore[no-any-return]


def _repair(work: Work) -> None:
    """Leave out flows and steps this bundle does not have."""
    known = [frame for frame in work.stack if _exists(work.bundle, frame.flow, frame.step)]
    if len(known) != len(work.stack):
        work.stack = [replace(frame, kind="base") if at == 0 else frame for at, frame in enumerate(known)]
        work.trail = []


def _exists(bundle: Bundle, flow_id: str, step_id: str) -> bool:
    return flow_id in bundle.flows and (step_id == END or step_id in bundle.flows[flow_id].steps)


def _greet_in_own_language(work: Work) -> None:
    """Take up the language of somebody's first sentence, be it after a greeting."""
    language, words = work.meaning.language, len(work.message.text.split())
    if work.before.spoken or work.turn > FIRST_TURNS or words < WORDS_THAT_TELL_A_LANGUAGE:
        return
    work.change(spoken=True)
    if language != work.language:
        work.language = language
        work.events.append(LanguageChanged(language))


def _pinned(
    message: InboundMessage, meaning: Interpretation, bundle: Bundle
) -> tuple[InboundMessage, Interpretation]:
    """A message that is nothing but a point in numbers or a map's link is the pin it stands for."""
    point, place = meaning.entity("point"), meaning.place
    if point is None:
        return message, meaning
    beside = fold(message.text[: point.start] + message.text[point.end :])
    called = (spec.called for spec in bundle.slots.values() if spec.type == "location")
    alone = not beside or any(beside in words for words in called)
    if not alone or message.location or place is None or place.lat is None or place.lon is None:
        return message, meaning
    pin = Location(place.lat, place.lon, title=place.label)
    return replace(message, text="", location=pin), Interpretation("", Guess("", 0.0), place=place)


def _bounded(message: InboundMessage) -> tuple[InboundMessage, bool]:
    if len(message.text) <= MAX_TEXT:
        return message, False
    return replace(message, text=message.text[:MAX_TEXT]), True
