"""Taking something back without saying what it should be: "kategorinya salah" asks for it anew."""

from collections.abc import Iterable

from dialogs.flow import Flow
from dialogs.hearing.filling import GUESSES as OFFERED
from dialogs.hearing.filling import named_category, set_category, words
from dialogs.slots import SlotSpec
from dialogs.work import Work

FEW, MOST = 4, 8
GUESSES = {"categories": "halaman", "places": "usulan_lokasi"}
"""What narrows a slot's choices, by where they come from: forgotten when it is asked anew."""


def hear(work: Work) -> bool:
    """Ask again for what the message calls wrong, or denies by its name ("bukan lampu")."""
    return bool(work.stack) and (reopen(work, ()) or _denies_category(work))


def _denies_category(work: Work) -> bool:
    no = next((one for one in work.bundle.settings.negation_words if work.said.startswith(f"{one} ")), "")
    denied = named_category(work, work.said.removeprefix(f"{no} ")) if no and words(work) <= FEW else ""
    for frame in reversed(work.stack):
        flow = work.bundle.flows[frame.flow]
        steps = (step for step in flow.steps.values() if _holds(work, step.slot, denied))
        if wrong := next(steps, None):
            _ask_anew(work, flow, [wrong.slot])
            left = [one for one in work.slots.get(OFFERED) or () if one[wrong.slot] != denied]
            work.set(OFFERED, left or None)
            work.go(wrong.id)
            return True
    return False


def _holds(work: Work, slot: str, category: str) -> bool:
    spec = work.bundle.slots.get(slot)
    told = bool(category) and spec is not None and spec.choices == "categories"
    return told and work.slots.get(slot) == category


def reopen(work: Work, settled: Iterable[str]) -> bool:
    """Empty the slots the message calls wrong, except those settled already, and go to the first of them."""
    if not _calls_wrong(work):
        return False
    for frame in reversed(work.stack):
        flow = work.bundle.flows[frame.flow]
        named = [step for step in flow.steps.values() if step.slot and _named(work, step.slot)]
        wrong = [step for step in named if step.slot not in settled]
        if wrong:
            _ask_anew(work, flow, [step.slot for step in wrong])
            work.go(wrong[0].id)
            return True
    return False


def _ask_anew(work: Work, flow: Flow, slots: Iterable[str]) -> None:
    while work.frame.flow != flow.id:
        work.end("interrupted")
    for name in slots:
        spec = work.bundle.slots[name]
        if spec.choices == "categories":
            set_category(work, name, None)
        else:
            work.set(name, None)
        if spec.choices in GUESSES:
            work.set(GUESSES[spec.choices], None)


def _calls_wrong(work: Work) -> bool:
    """Whether the message is short and says that something is wrong."""
    settings, intent = work.bundle.settings, work.meaning.intent
    meant = intent.name in settings.correction_intents and intent.confidence >= settings.likely_intent
    said = f" {work.said} "
    told = any(f" {word} " in said for word in settings.correction_words)
    return (told and words(work) <= FEW) or (meant and words(work) <= MOST)


def _named(work: Work, name: str) -> bool:
    """Whether the message speaks of a slot that holds something and is not the open question."""
    spec: SlotSpec | None = work.bundle.slots.get(name)
    if spec is None or work.slots.get(name) is None or (work.open and work.open.target == name):
        return False
    return not spec.called.isdisjoint(work.said.split())
