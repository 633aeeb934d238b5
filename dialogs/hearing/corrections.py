"""Taking back something told earlier: "eh salah, bukan Depok, Mlati"."""

from collections.abc import Mapping
from typing import Any

from dialogs.flow import Flow
from dialogs.hearing.answers import add
from dialogs.hearing.filling import (
    CATEGORY,
    guessed_sub,
    named_category,
    set_category,
    substantial,
    surely_of_a_kind,
    words,
)
from dialogs.hearing.reopening import reopen
from dialogs.mappings import find
from dialogs.slots import NOTHING, SlotSpec, fold, located
from dialogs.work import Work

FREE = frozenset({"text", "any", "location", "evidence"})
SURE = 0.7
BARE = 4  # words of a place by itself, where a photo is asked for


def hear(work: Work) -> bool:
    """Give told slots their new values, say so, and ask the open question again."""
    if not work.stack or not work.message.text.strip():
        return False
    marked = _marked(work)
    changed = [name for flow in _flows(work) for name in _correct(work, flow, marked=marked)]
    if not changed:
        return False
    if any(work.bundle.slots[name].choices == "categories" for name in changed) and substantial(work):
        add(work)  # what it is about now was told nowhere else
    work.utter("utter_dikoreksi", {"koreksi": ", ".join(map(work.shown, changed))})
    reopen(work, changed)
    return True


def _flows(work: Work) -> list[Flow]:
    return [work.bundle.flows[name] for name in dict.fromkeys(frame.flow for frame in reversed(work.stack))]


def _marked(work: Work) -> bool:
    """Whether the message begins like a correction, or as a whole surely is one."""
    settings, intent = work.bundle.settings, work.meaning.intent
    if intent.name in settings.correction_intents and intent.confidence >= settings.sure_intent:
        return True
    said = f"{work.said} "
    return any(said.startswith(f"{word} ") for word in settings.correction_words)


def _correct(work: Work, flow: Flow, *, marked: bool) -> list[str]:
    open_slot = work.open.target if work.open else ""
    changed = []
    for name in flow.slots:
        spec = work.bundle.slots.get(name)
        if spec is None or name == open_slot or not _told(work, spec):
            continue
        value = _new_value(work, spec, marked=marked)
        if value is not NOTHING and value != work.slots[name]:
            if spec.choices == "categories":
                set_category(work, name, value, guessed_sub(work, value))
            else:
                work.set(name, value)
            changed.append(name)
    return changed


def _told(work: Work, spec: SlotSpec) -> bool:
    readable = any(mapped.kind in {"from_place", "from_category", "from_entity"} for mapped in spec.mappings)
    return readable and work.slots.get(spec.name) is not None


def _new_value(work: Work, spec: SlotSpec, *, marked: bool) -> Any:
    if spec.type == "location":
        return _place(work, work.slots[spec.name], marked=marked)
    if spec.choices == "categories" and not marked:
        return (_choosing(work) and named_category(work, work.said)) or NOTHING
    if not marked:
        return NOTHING
    if spec.choices == "categories":
        return _category(work, spec)
    return find(spec.mappings, work.message, work.meaning)


def _choosing(work: Work) -> bool:
    """Whether the open question offers buttons only: a category's bare name can then only mean that."""
    spec = work.bundle.slots.get(work.open.target) if work.open else None
    return spec is not None and spec.type not in FREE and words(work) <= BARE


def _category(work: Work, spec: SlotSpec) -> Any:
    """The likeliest category not denied ("bukan sampah"), weighed against those that are left."""
    guesses = work.meaning.categories
    left = [guess for guess in guesses if not _denied(work, (*guess.words, guess.category))]
    share = 1 - sum(guess.confidence for guess in guesses if guess not in left)
    least = min((mapped.least for mapped in spec.mappings), default=0)
    if left and left[0].confidence >= least * share:
        return left[0].category
    told = work.said.split()
    renamed = len(told) > 1 and any(word in spec.called for word in told)
    return (renamed and named_category(work, told[-1])) or NOTHING


def _place(work: Work, told: Mapping[str, Any], *, marked: bool) -> Any:
    """The place meant now: unmarked only where the open question would not take words."""
    place = work.meaning.place
    if place is None or (not marked and not _could_only_correct(work)):
        return NOTHING
    areas = [area for area in (place.area, *place.ambiguous) if not _denied(work, _names(area))]
    areas = [area for area in areas if told["kode"] and area.kode.startswith(told["kode"])] or areas
    if not areas or (len(areas) > 1 and not marked):
        return NOTHING
    denied = _denied(work, (place.label,)) if place.label else False
    found = located(place, "", areas[0])
    return {**found, "text": ""} if denied else found


def _could_only_correct(work: Work) -> bool:
    step, place = work.open, work.meaning.place
    spec = work.bundle.slots.get(step.target) if step else None
    bare = work.message.text and not work.message.attachments and words(work) <= BARE
    if spec is None or place is None or (spec.type in FREE and not (spec.type == "evidence" and bare)):
        return False
    another = surely_of_a_kind(work) and work.meaning.categories[0].category != work.slots.get(CATEGORY)
    return place.confidence >= SURE and words(work) <= 12 and not another


def _names(area: Any) -> tuple[str, ...]:
    return (area.kalurahan or area.kapanewon or area.kabupaten,)


def _denied(work: Work, names: tuple[str, ...]) -> bool:
    """Whether the message says it is not that ("bukan Depok")."""
    said = work.said
    negations = work.bundle.settings.negation_words
    return any(f"{no} {fold(name)}" in said for no in negations for name in names if name)
