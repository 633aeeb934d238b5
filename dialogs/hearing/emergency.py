"""Somebody may be in danger: that comes before everything else."""

from dialogs.events import EmergencyRaised
from dialogs.hearing.filling import wants_else, words
from dialogs.hearing.routes import say_quietly
from dialogs.mappings import find
from dialogs.slots import NOTHING, Mapped
from dialogs.work import Work

FLOW = "pattern_emergency"
NOTED = "darurat_lapor"
PLACE = (Mapped("from_place", least=0.5),)
INWARD = "self_harm"
GRAVE = 2
"""From here on somebody may act on it; weariness alone is answered with care where the report is filed."""


def hear(work: Work) -> bool:
    """Interrupt whatever is going on; the numbers are the first thing said."""
    kind = _kind(work)
    if not kind:
        return False
    work.events.append(EmergencyRaised(kind, work.message.text))
    while work.stack and work.frame.flow == FLOW:
        work.end("repeated")
    found = find(PLACE, work.message, work.meaning)
    best = work.meaning.categories[0].category if work.meaning.categories else None
    given = {
        "darurat_jenis": kind,
        "darurat_teks": work.message.text,
        "darurat_lokasi": None if found is NOTHING else found,
        "darurat_kategori": best,
    }
    work.start(FLOW, "over", given)
    return True


def hear_pin(work: Work) -> bool:
    """A pin sent where we ask whether to note an emergency is a yes."""
    return work.message.location is not None and hear_where(work)


def hear_where(work: Work) -> bool:
    """A place told where we ask whether to note an emergency is a yes, unless a no stands before it."""
    step, said = work.open, work.said.split()
    if step is None or work.frame.flow != FLOW or step.target != NOTED or work.message.button:
        return False
    found = find(PLACE, work.message, work.meaning)
    if found is NOTHING:
        return False
    refused = bool(said) and said[0] in work.bundle.words.no
    work.set(NOTED, "tidak" if refused else "ya")
    work.set("darurat_lokasi", found)
    return True


def hear_after(work: Work) -> bool:
    """Stay with somebody who has just spoken of giving up: their next sad words are no report to be filed."""
    asked_at, settings = work.before.asked_at, work.bundle.settings
    if work.stack or work.message.kind != "text" or work.slots.get("darurat_jenis") != INWARD:
        return False
    if asked_at is None or work.context.now - asked_at > settings.again_within or wants_else(work):
        return False
    subject = max((guess.confidence for guess in work.meaning.categories), default=0.0)
    told = subject >= settings.likely_intent or work.meaning.place is not None
    return not told and say_quietly(work, "pattern_unknown")


def _kind(work: Work) -> str:
    if work.message.kind not in {"text", "media", "location", "edited"} or not words(work):
        return ""
    found = work.meaning.emergency
    if found is not None and found.confidence >= work.bundle.settings.sure_emergency:
        return found.kind
    grave = (signal for signal in work.meaning.signals if signal.kind == INWARD and signal.severity >= GRAVE)
    return INWARD if any(grave) else ""
