"""What publishing a bundle does to the talks under way: worked out before it is done, and done just so."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from dialogs.bundle import Bundle
from dialogs.conversation import Choice, Conversation, Frame
from dialogs.flow import END, Step
from dialogs.payloads import read_payload
from dialogs.slots import SlotSpec

Fate = Literal["carried", "restarts", "stays"]
"""Goes on under the new bundle; likewise, its question put anew; goes on under the bundle it has."""
Obstacle = Literal[
    "", "step_gone", "asks_other", "type_changed", "value_lost", "question_skipped", "choice_gone"
]
"""Why a talk is not simply carried on; empty when it is."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one talk, where it waits, and why."""

    conversation: str
    flow: str
    step: str
    fate: Fate
    why: Obstacle = ""


@dataclass(frozen=True, slots=True)
class Impact:
    """What becomes of every open talk, one outcome each."""

    outcomes: tuple[Outcome, ...] = ()

    @property
    def open(self) -> int:
        """How many talks are open."""
        return len(self.outcomes)

    def count(self, fate: Fate) -> int:
        """How many of them have this fate."""
        return sum(one.fate == fate for one in self.outcomes)

    @property
    def held_up(self) -> Mapping[tuple[str, str, Obstacle], int]:
        """How many are not simply carried on, by flow, waiting step and reason."""
        return Counter((one.flow, one.step, one.why) for one in self.outcomes if one.why)

    @property
    def counts(self) -> dict[str, int]:
        """The numbers alone, as they are kept with a publication."""
        return {fate: self.count(fate) for fate in ("carried", "restarts", "stays")}


def impact(talks: Iterable[Conversation], pinned: Callable[[str], Bundle], new: Bundle) -> Impact:
    """What publishing `new` would do to these talks; `pinned` finds the bundle each is on now."""
    return Impact(tuple(outcome(talk, pinned(talk.bundle), new) for talk in talks if talk.stack))


def outcome(talk: Conversation, old: Bundle, new: Bundle) -> Outcome:
    """What becomes of one open talk."""
    at = talk.stack[-1]
    obstacle = _obstacle(talk, old, new) if old.hash != new.hash else ""
    if obstacle:
        return Outcome(talk.id, at.flow, at.step, "stays", obstacle)
    if old.hash != new.hash and not all(_still_means(choice, new) for choice in talk.choices):
        return Outcome(talk.id, at.flow, at.step, "restarts", "choice_gone")
    return Outcome(talk.id, at.flow, at.step, "carried")


def carry(talk: Conversation, old: Bundle, new: Bundle) -> Conversation:
    """The talk as it goes on after `new` is published: the same one when it stays where it is.

    A talk in which nothing is open goes over with whatever of its slots the new bundle can hold.
    """
    if not talk.stack:
        held = {name: value for name, value in talk.slots.items() if _holds(new, name, value)}
        return replace(talk, bundle=new.hash, slots=held, trail=(), choices=())
    fate = outcome(talk, old, new).fate
    if fate == "stays" or old.hash == new.hash:
        return talk
    trail = tuple(entry for entry in talk.trail if _asks(new, entry.flow, entry.step) == entry.slot)
    carried = replace(talk, bundle=new.hash, trail=trail)
    return carried if fate == "carried" else _restarted(carried)


def _restarted(talk: Conversation) -> Conversation:
    """Its question waits as if it had just been put: old buttons and their numbers choose nothing."""
    top = replace(talk.stack[-1], tries=0)
    return replace(talk, stack=(*talk.stack[:-1], top), choices=())


def _obstacle(talk: Conversation, old: Bundle, new: Bundle) -> Obstacle:
    for frame in talk.stack:
        obstacle = _frame_obstacle(talk, frame, old, new)
        if obstacle:
            return obstacle
    told = ((name, value) for name, value in talk.slots.items() if value != old.initial.get(name))
    return "" if all(_holds(new, name, value) for name, value in told) else "value_lost"


def _frame_obstacle(talk: Conversation, frame: Frame, old: Bundle, new: Bundle) -> Obstacle:
    if frame.step == END and frame.flow in new.flows:
        return ""
    before, after = _step(old, frame.flow, frame.step), _step(new, frame.flow, frame.step)
    if before is None or after is None:
        return "step_gone"
    if (before.kind, before.target, before.assigns) != (after.kind, after.target, after.assigns):
        return "asks_other"
    if before.slot and _type(old, before.slot) != _type(new, after.slot):
        return "type_changed"
    return "question_skipped" if _skips(talk, frame, old, new) else ""


def _skips(talk: Conversation, frame: Frame, old: Bundle, new: Bundle) -> bool:
    """Whether a question still to come would be passed over, because it was moved before this step."""
    lost = _ahead(old, frame.flow, frame.step) - _ahead(new, frame.flow, frame.step)
    asked = {step.slot for step in new.flows[frame.flow].steps.values()}
    return any(slot in asked and talk.slots.get(slot) is None for slot in lost)


def _ahead(bundle: Bundle, flow_id: str, step_id: str) -> set[str]:
    """The slots that questions from this step on ask for."""
    steps = bundle.flows[flow_id].steps
    seen, waiting = {step_id}, [step_id]
    while waiting:
        step = steps.get(waiting.pop())
        fresh = {branch.to for branch in step.next} - seen if step else set()
        seen |= fresh
        waiting.extend(fresh)
    return {steps[name].slot for name in seen if name in steps and steps[name].slot}


def _step(bundle: Bundle, flow_id: str, step_id: str) -> Step | None:
    flow = bundle.flows.get(flow_id)
    return flow.steps.get(step_id) if flow else None


def _asks(bundle: Bundle, flow_id: str, step_id: str) -> str:
    step = _step(bundle, flow_id, step_id)
    return step.slot if step else ""


def _type(bundle: Bundle, slot: str) -> str:
    spec = bundle.slots.get(slot)
    return spec.type if spec else ""


def _still_means(choice: Choice, new: Bundle) -> bool:
    """Whether a button the person sees can still be obeyed."""
    payload = read_payload(choice.payload)
    if payload is None:
        return False
    if payload.intent:
        settings = new.settings
        known = (new.by_intent, new.by_command, settings.controls, settings.control_intents)
        return any(payload.intent in names for names in known)
    return all(_may_be(new.slots.get(name), value) for name, value in payload.slots.items())


def _may_be(spec: SlotSpec | None, text: str) -> bool:
    if spec is None:
        return False
    return spec.type != "categorical" or not spec.values or text in spec.values


def _holds(bundle: Bundle, name: str, value: Any) -> bool:
    """Whether the slot can hold the value; nothing, and a skipped question's nothing, fit everywhere."""
    spec = bundle.slots.get(name)
    if value is None:
        return True
    if spec is None:
        return False
    return value in ("", []) or HOLDS[spec.type](spec, bundle, value)


def _one_of(spec: SlotSpec, bundle: Bundle, value: Any) -> bool:
    allowed = spec.values or (tuple(bundle.categories) if spec.choices == "categories" else (value,))
    return isinstance(value, str) and value in allowed


def _is_date(_spec: SlotSpec, _bundle: Bundle, value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_phone(_spec: SlotSpec, _bundle: Bundle, value: Any) -> bool:
    return isinstance(value, str) and value.startswith("+") and value[1:].isdigit()


def _instance(*kinds: type) -> Callable[[SlotSpec, Bundle, Any], bool]:
    return lambda _spec, _bundle, value: type(value) in kinds


def _files(_spec: SlotSpec, _bundle: Bundle, value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, Mapping) and "ref" in one for one in value)


HOLDS: Mapping[str, Callable[[SlotSpec, Bundle, Any], bool]] = {
    "any": lambda _spec, _bundle, _value: True,
    "text": _instance(str),
    "categorical": _one_of,
    "bool": _instance(bool),
    "float": _instance(int, float),
    "date": _is_date,
    "phone": _is_phone,
    "list": _instance(list, tuple),
    "location": lambda _spec, _bundle, value: isinstance(value, Mapping) and "kode" in value,
    "evidence": _files,
}
"""Whether a value is one that a slot of this type can hold; the same types as slots can be read from."""
