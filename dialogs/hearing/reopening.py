"""Taking something back without saying what it should be: "kategorinya salah" asks for it anew."""

from collections.abc import Iterable

from dialogs.flow import Flow
from dialogs.hearing.filling import set_category, words
from dialogs.slots import SlotSpec
from dialogs.work import Work

FEW, MOST = 4, 8
GUESSES = {"categories": "halaman", "places": "usulan_lokasi"}
"""What narrows a slot's choices, by where they come from: forgotten when it is asked anew."""


def hear(work: Work) -> bool:
    """Ask again for what the message calls wrong."""
    return bool(work.stack) and reopen(work, ())


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
