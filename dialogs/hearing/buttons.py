"""Pressed buttons, and numbers or labels typed instead of pressing them."""

from typing import Any

from rapidfuzz import fuzz

from dialogs.conversation import Choice
from dialogs.hearing import again
from dialogs.hearing.filling import SUBCATEGORY, set_category
from dialogs.hearing.routes import control, start
from dialogs.payloads import Payload, read_payload
from dialogs.slots import NOTHING, SlotSpec, fold
from dialogs.work import Work

ALIKE = 88
SHORTEST_ALIKE = 5


def hear(work: Work) -> bool:
    """Do what the button means."""
    if work.message.kind != "button" and not work.message.button:
        return False
    return press(work, work.message.button or work.message.text)


def hear_choice(work: Work) -> bool:
    """Take a typed number or label for the button it stands for."""
    said = work.said
    if not said or not work.choices:
        return False
    choice = _by_number(work, said) or _by_label(work, said)
    return press(work, choice.payload) if choice else False


def press(work: Work, text: str) -> bool:
    """Do what a payload means; one that no longer fits is answered, not obeyed."""
    payload = read_payload(text)
    if payload and payload.intent:
        return _intent(work, payload.intent) or again.press(work, payload)
    shown = any(choice.payload == text for choice in work.choices)
    done = payload is not None and _assign(work, payload, shown=shown)
    return done or again.press(work, payload)


def _intent(work: Work, intent: str) -> bool:
    settings = work.bundle.settings
    name = settings.control_intents.get(intent) or settings.controls.get(fold(intent))
    if name and name != "bot":
        return control(work, name)
    flow_id = work.bundle.by_intent.get(intent) or work.bundle.by_command.get(intent)
    return start(work, flow_id) if flow_id else False


def _assign(work: Work, payload: Payload, *, shown: bool) -> bool:
    values = {name: _coerced(work, name, text) for name, text in payload.slots.items()}
    if any(value is NOTHING for value in values.values()):
        return False
    step = work.open
    if (shown and step is not None) or (step is not None and step.target in values):
        return _take(work, values)
    trigger = next((work.bundle.by_slot[name] for name in values if name in work.bundle.by_slot), "")
    if trigger:
        return start(work, trigger, values)
    changed = any(work.slots.get(name) != new for name, new in values.items())
    return _take(work, values) if changed and all(_corrects(work, name) for name in values) else False


def _take(work: Work, values: dict[str, Any]) -> bool:
    for name, value in values.items():
        if work.bundle.slots[name].choices == "categories":
            set_category(work, name, value, values.get(SUBCATEGORY))
        else:
            work.set(name, value)
    return True


def _corrects(work: Work, name: str) -> bool:
    """Whether an old button may still change that slot: it holds what was told, its flow is still open."""
    spec = work.bundle.slots[name]
    owned = any(name in work.bundle.flows[frame.flow].slots for frame in work.stack)
    return owned and bool(spec.mappings) and work.slots.get(name) is not None


def _coerced(work: Work, name: str, text: str) -> Any:
    """The value a payload's text stands for, or NOTHING when the slot cannot hold it."""
    spec = work.bundle.slots.get(name)
    if spec is None:
        return NOTHING
    if spec.choices == "categories":
        return text if text in work.bundle.categories else NOTHING
    if spec.choices == "places":
        return _reading(work, text)
    return _plain(spec, text)


def _reading(work: Work, text: str) -> Any:
    readings = work.slots.get("usulan_lokasi") or []
    return readings[int(text)] if text.isdigit() and int(text) < len(readings) else NOTHING


def _plain(spec: SlotSpec, text: str) -> Any:
    if spec.type == "categorical":
        return text if text in spec.values else NOTHING
    if spec.type == "bool":
        return {"true": True, "ya": True, "false": False, "tidak": False}.get(text.casefold(), NOTHING)
    if spec.type == "float":
        return float(text) if text.replace(".", "", 1).isdigit() else NOTHING
    return text


def _by_number(work: Work, said: str) -> Choice | None:
    at = int(said) - 1 if said.isdigit() and len(said) <= 2 else -1
    return work.choices[at] if 0 <= at < len(work.choices) else None


def _by_label(work: Work, said: str) -> Choice | None:
    """The choice called that, in any language; part of its name or a small slip will do."""
    for choice in work.choices:
        labels = {fold(choice.label), *work.bundle.labels.get(choice.payload, ())}
        if said in labels:
            return choice
    if len(said) < SHORTEST_ALIKE:
        return None
    inside = [choice for choice in work.choices if f" {said} " in f" {fold(choice.label)} "]
    if len(inside) == 1:
        return inside[0]
    scored = [(fuzz.ratio(said, fold(choice.label)), choice) for choice in work.choices]
    score, best = max(scored, key=lambda pair: pair[0])
    return best if score >= ALIKE else None
