"""Between rasa-sdk's JSON and our own shapes; what does not fit is an error, never dropped."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dialogs.conversation import Conversation
from dialogs.events import (
    ConsentGiven,
    DataRequested,
    EmergencyRaised,
    Event,
    HandoffEnded,
    HandoffStarted,
    LanguageChanged,
    LinkOffered,
    LinkTaken,
    TicketActionRequested,
    TicketRequested,
    WayChosen,
)
from dialogs.messages import Attachment
from dialogs.turn import ActionCall, ActionResult, Context, Utterance

LARGEST = 50_000
"""Characters of JSON a slot may hold from an action."""
SHAPES: Mapping[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("text", "categorical", "date", "phone"), str),
    **dict.fromkeys(("list", "evidence"), list),
    "bool": bool,
    "float": (int, float),
    "location": Mapping,
}
OF_RASA = frozenset({"text", "buttons", "elements", "custom", "template", "response", "image", "attachment"})


class ActionFaultError(Exception):
    """An action gave back something that is none of the agreed shapes."""


def tracker_of(call: ActionCall, conversation: Conversation, context: Context) -> dict[str, Any]:
    """The state of the talk as rasa-sdk knows it; the same JSON an action server elsewhere would get."""
    metadata = {
        "contact": conversation.contact,
        "channel": conversation.channel,
        "language": conversation.language,
        "ticket": call.ticket,
        "consent_version": context.values.get("versi_privasi") or call.domain.get("consent_version", "1"),
        "now": context.now.isoformat(),
    }
    return {
        "sender_id": conversation.id,
        "user_id": conversation.contact,
        "slots": {**dict.fromkeys(call.domain.get("slots", ())), **conversation.slots},
        "latest_message": {
            "text": call.text,
            "intent": {"name": call.intent, "confidence": 1.0},
            "entities": [],
            "metadata": metadata,
        },
        "events": [],
        "paused": conversation.handoff,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": None,
        "stack": [{"flow_id": frame.flow, "step_id": frame.step} for frame in conversation.stack],
    }


def checked(events: Any) -> Sequence[Mapping[str, Any]]:
    """The events an action gave back, as they came.

    Raises:
        ActionFaultError: it is no list, or one of them is no event (rasa-sdk would leave it out silently).
    """
    if events is None:
        return []
    if not isinstance(events, list):
        raise ActionFaultError(f"gave back {type(events).__name__} instead of a list of events")
    for one in events:
        if not isinstance(one, dict) or not one.get("event"):
            raise ActionFaultError(f"gave back something that is no event: {str(one)[:80]}")
    return events


def result_of(
    events: Sequence[Mapping[str, Any]],
    responses: Sequence[Mapping[str, Any]],
    declared: Mapping[str, Mapping[str, Any]] | None = None,
) -> ActionResult:
    """What the engine is to do about an action's events and responses; `declared` are the dialog's slots.

    Raises:
        ActionFaultError: an event of a kind nobody handles, one that lacks a part, or a slot given something
            it cannot hold.
    """
    slots: dict[str, Any] = {}
    happened: list[Event] = []
    for one in events:
        if one["event"] == "slot":
            name = str(_part(one, "name"))
            slots[name] = _held(name, one.get("value"), declared)
        else:
            happened.append(_event(one))
    return ActionResult(slots, tuple(happened), tuple(map(_utterance, responses)))


def _held(name: str, value: Any, declared: Mapping[str, Mapping[str, Any]] | None) -> Any:
    """The value, if the slot is there and can hold it."""
    if declared is not None and name not in declared:
        raise ActionFaultError(f"sets the slot `{name}`, which is not declared")
    if value is None:
        return None
    kind = str(declared[name]["type"]) if declared else "any"
    if not isinstance(value, SHAPES.get(kind, object)):
        raise ActionFaultError(f"gives the {kind} slot `{name}` a value of type {type(value).__name__}")
    try:
        size = len(json.dumps(value))
    except (TypeError, ValueError, RecursionError):
        raise ActionFaultError(f"gives the slot `{name}` something that is no plain value") from None
    if size > LARGEST:
        raise ActionFaultError(f"gives the slot `{name}` a value of {size} characters")
    return value


def _event(one: Mapping[str, Any]) -> Event:
    make = EVENTS.get(one["event"])
    if make is None:
        raise ActionFaultError(f"gave back the unknown event `{one['event']}`")
    return make(one)


def _part(one: Mapping[str, Any], name: str) -> Any:
    if one.get(name) in (None, ""):
        raise ActionFaultError(f"the event `{one['event']}` lacks `{name}`")
    return one[name]


def _files(one: Mapping[str, Any]) -> tuple[Attachment, ...]:
    return tuple(Attachment(**file) for file in one.get("evidence") or ())


def _utterance(message: Mapping[str, Any]) -> Utterance:
    if not message.get("response"):
        raise ActionFaultError("said a text of its own instead of a response by name")
    values = {
        name: str(value) for name, value in message.items() if name not in OF_RASA and value is not None
    }
    return Utterance(message["response"], values)


EVENTS: Mapping[str, Callable[[Mapping[str, Any]], Event]] = {
    "ticket_requested": lambda e: TicketRequested(_part(e, "number"), e.get("slots") or {}, _files(e)),
    "ticket_action": lambda e: TicketActionRequested(
        _part(e, "number"), _part(e, "action"), e.get("data") or {}, _files(e)
    ),
    "consent_given": lambda e: ConsentGiven(_part(e, "version")),
    "language_changed": lambda e: LanguageChanged(_part(e, "language")),
    "handoff": lambda e: HandoffStarted(str(e.get("reason") or "")),
    "handoff_ended": lambda _: HandoffEnded(),
    "link_offered": lambda e: LinkOffered(_part(e, "code")),
    "link_taken": lambda e: LinkTaken(_part(e, "code")),
    "way_chosen": lambda e: WayChosen(str(e.get("channel") or "")),
    "alarm": lambda e: EmergencyRaised(_part(e, "signal"), _part(e, "text")),
    "data_requested": lambda e: DataRequested(_part(e, "right"), str(e.get("words") or "")),
}
