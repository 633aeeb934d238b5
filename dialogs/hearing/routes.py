"""Starting a flow because somebody asked for it, and the words that steer a talk."""

from collections.abc import Callable, Mapping
from typing import Any

from dialogs.conversation import FrameKind
from dialogs.flow import Flow
from dialogs.hearing.filling import bare, fill, set_category
from dialogs.slots import SlotSpec, empty, location
from dialogs.work import Work

UNSORTED = "lainnya"
"""The category of what people sort."""


def may_start(work: Work, flow: Flow) -> bool:
    """Whether the flow is for this person and its guard holds."""
    if flow.audience not in {"citizen", work.context.audience}:
        return False
    return flow.guard is None or flow.guard(work.slots, work.looks)


def start(work: Work, flow_id: str, given: Mapping[str, Any] | None = None) -> bool:
    """Start a flow, filled with what the message already tells.

    One that is open already is asked on; given other values, it begins anew with them.
    """
    flow = work.bundle.flows[flow_id]
    if not may_start(work, flow):
        return False
    kind: FrameKind = "over"
    if any(frame.flow == flow_id for frame in work.stack):
        _back_down_to(work, flow_id)
        if _held(work, given or {}):
            return True
        kind = work.end("restarted").kind
    work.start(flow_id, kind, given)
    if work.heard is not None and not work.message.button:
        fill(work, flow)
    return True


def control(work: Work, name: str) -> bool:
    """Do what a steering word asks for."""
    return CONTROL[name](work)


def say_quietly(work: Work, flow_id: str, given: Mapping[str, Any] | None = None) -> bool:
    """Let a pattern say its piece, after which the open question is simply asked again."""
    work.start(flow_id, "quiet", given)
    return True


def _held(work: Work, given: Mapping[str, Any]) -> bool:
    return all(work.slots.get(name) == value for name, value in given.items())


def _back_down_to(work: Work, flow_id: str) -> None:
    while work.frame.flow != flow_id:
        work.end("interrupted")


def _back(work: Work) -> bool:
    """To the last answered question; out of a flow that came between and has none."""
    if len(work.stack) > 1 and work.frame.kind != "call" and not _has_trail(work):
        work.end("back")
        return True
    while work.trail:
        entry = work.trail.pop()
        if entry.depth < len(work.stack) and work.stack[entry.depth].flow == entry.flow:
            while len(work.stack) > entry.depth + 1:
                work.end("back")
            work.go(entry.step)
            work.set(entry.slot, None)
            return True
    return say_quietly(work, "pattern_no_way_back")


def _has_trail(work: Work) -> bool:
    return bool(work.trail) and work.trail[-1].depth == len(work.stack) - 1


def _skip(work: Work) -> bool:
    """Leave an optional question unanswered."""
    step = work.open
    spec = work.bundle.slots.get(step.target) if step else None
    if step is None or spec is None:
        return False
    if not spec.optional and not work.bundle.words.yes.isdisjoint({work.said, bare(work)}):
        return False
    if spec.choices == "categories" and leave_unsorted(work, step.target):
        return True
    if spec.type == "location" and not spec.optional:
        return _skip_place(work, spec)
    if not spec.optional:
        return say_quietly(work, "pattern_cannot_skip")
    work.set(step.target, empty(spec))
    return True


def leave_unsorted(work: Work, slot: str) -> bool:
    """Leave it to people what a report is about; false where the city has no category for that."""
    if UNSORTED not in work.bundle.categories:
        return False
    set_category(work, slot, UNSORTED)
    work.utter("utter_kategori_petugas")
    return True


def _skip_place(work: Work, spec: SlotSpec) -> bool:
    """Ask once more for any mark at all; who skips again does not know the place."""
    if work.frame.tries >= max(spec.lenient, 1):
        work.set(spec.name, location(str(work.slots.get(spec.gathers) or "")))
        return True
    work.stack[-1] = work.frame.asking(work.frame.tries + 1)
    work.utter("utter_lokasi_perlu")
    return True


def _cancel(work: Work) -> bool:
    """End what is being talked about; with nothing open, a filed report may be meant."""
    if not work.stack:
        flow_id = work.bundle.by_intent.get("batal_laporan", "")
        return start(work, flow_id) if flow_id else say_quietly(work, "pattern_cancel")
    _end_topic(work, "cancelled")
    work.set("tertunda", None)
    return say_quietly(work, "pattern_cancel")


def _restart(work: Work) -> bool:
    """Begin the flow anew."""
    if not work.stack:
        return False
    name, waiting = work.main.flow, work.slots.get("tertunda")
    _end_topic(work, "restarted")
    work.utter("utter_diulang")
    work.start(name, "over", waiting if isinstance(waiting, dict) else None)
    work.set("tertunda", None)
    return True


def _resume(work: Work) -> bool:
    """Go on with the question that was open before a pattern came between."""
    work.set("tertunda", None)
    while work.stack and work.frame.kind == "quiet":
        work.end("resumed")
    return bool(work.stack)


def _end_topic(work: Work, reason: str) -> None:
    main = work.main
    while work.stack and work.frame is not main:
        work.end(reason)
    work.end(reason)


CONTROL: Mapping[str, Callable[[Work], bool]] = {
    "back": _back,
    "skip": _skip,
    "cancel": _cancel,
    "restart": _restart,
    "resume": _resume,
}
