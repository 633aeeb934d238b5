"""Pressing or saying once more what was answered already: people are told what became of it."""

from dialogs.flow import Flow
from dialogs.hearing.filling import substantial, surely_new, wants_else
from dialogs.hearing.routes import say_quietly
from dialogs.payloads import Payload
from dialogs.work import Work

STALE = "pattern_stale_button"
EMERGENCY = "pattern_emergency"
SURE_PLACE, PLACE_WORDS = 0.7, 3


def press(work: Work, payload: Payload | None) -> bool:
    """Answer a button that no longer fits: nothing is done, what it once led to is told."""
    pressed = payload.slots if payload else {}
    held = bool(pressed) and all(str(work.slots.get(name)) == value for name, value in pressed.items())
    given = {
        "tombol": ",".join(f"{name}={value}" for name, value in pressed.items()) or None,
        "tercatat": held or None,
    }
    return say_quietly(work, STALE, given | _sent_with(work, frozenset(pressed)))


def hear(work: Work) -> bool:
    """Take "kirim" or "ya" after a report was sent off for what it is: the last answer given once more."""
    if work.stack or work.message.kind != "text" or not work.now("sent"):
        return False
    if not just_filed(work) or not _agrees(work):
        return False
    return say_quietly(work, STALE, _latest(work))


def hear_correction(work: Work) -> bool:
    """Pass "eh salah, …" on to the report that was just sent off."""
    message, settings, tickets = work.message, work.bundle.settings, work.now("tickets")
    if work.stack or message.kind != "text" or not tickets or not just_filed(work):
        return False
    intent = work.meaning.intent
    meant = intent.name in settings.correction_intents and intent.confidence >= settings.sure_intent
    begun = any(work.said.startswith(f"{word} ") for word in settings.correction_words)
    if not (meant and begun and substantial(work)):
        return False
    work.start("pesan_tiket", "over", {"tiket": tickets[-1], "pesan": message.text.strip()})
    return True


def hear_place(work: Work) -> bool:
    """Pass a place told by itself on to the report that was just sent off."""
    message, tickets, place = work.message, work.now("tickets"), work.meaning.place
    if work.stack or message.kind != "text" or not tickets or not just_filed(work):
        return False
    if place is None or place.confidence < SURE_PLACE or len(message.text.split()) > PLACE_WORDS:
        return False
    if substantial(work) and work.meaning.categories:
        return False
    work.start("pesan_tiket", "over", {"tiket": tickets[-1], "pesan": message.text.strip()})
    return True


def hear_emergency(work: Work) -> bool:
    """Pass on whatever is said after an emergency was noted, unless it surely tells of something else."""
    message, tickets = work.message, work.now("tickets")
    if work.stack or message.kind != "text" or not tickets or not just_filed(work):
        return False
    if work.now("sent").get(EMERGENCY) != tickets[-1] or not work.said:
        return False
    if surely_new(work) or wants_else(work):
        return False
    work.start("pesan_tiket", "over", {"tiket": tickets[-1], "pesan": message.text.strip()})
    return True


def just_filed(work: Work) -> bool:
    """Whether a report was sent off a short while ago."""
    filed_at = work.now("filed_at")
    return filed_at is not None and work.context.now - filed_at <= work.bundle.settings.again_within


def _agrees(work: Work) -> bool:
    """Whether the message is made of nothing but words that say yes or send it."""
    controls = work.bundle.settings.controls
    known = work.bundle.words.yes | {word for word, name in controls.items() if name == "skip"}
    said = work.said
    return said in known or (bool(said) and known.issuperset(said.split()))


def _sent_with(work: Work, slots: frozenset[str]) -> dict[str, str]:
    """The report filed by the flow that asks for these slots; with no slots and nothing open, the latest."""
    if not slots:
        return {} if work.stack else _latest(work)
    return next(
        (_told(flow, number) for flow, number in work.now("sent").items() if _asks(work, flow, slots)), {}
    )


def _latest(work: Work) -> dict[str, str]:
    flows = {number: flow for flow, number in work.now("sent").items()}
    return next((_told(flows[one], one) for one in reversed(work.now("tickets")) if one in flows), {})


def _told(flow: str, number: str) -> dict[str, str]:
    return {"terkirim": number, "alur_terkirim": flow}


def _asks(work: Work, flow_id: str, slots: frozenset[str]) -> bool:
    flow = work.bundle.flows.get(flow_id)
    called = (work.bundle.flows.get(step.target) for step in flow.steps.values()) if flow else ()
    return any(not slots.isdisjoint(_asked(one)) for one in (flow, *called) if one)


def _asked(flow: Flow) -> set[str]:
    return {step.slot for step in flow.steps.values() if step.slot}
