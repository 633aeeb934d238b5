"""A turn as an admin looks it up: what was understood, which steps ran and why, what was written and said."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dialogs.events import (
    BotUttered,
    EmergencyRaised,
    Event,
    Failed,
    FlowEnded,
    FlowStarted,
    SlotSet,
    StepRun,
    TicketActionRequested,
    TicketRequested,
)
from dialogs.turn import Turn
from nlu.interpretation import Interpretation, Place

LONGEST = 60
Entry = list[Any]


def trace(turn: Turn, meaning: Interpretation | None = None) -> dict[str, Any]:
    """A turn as plain JSON values, small enough to be kept with every message; long values are cut."""
    return {
        "understood": _understood(meaning) if meaning else {},
        "happened": [_entry(event) for event in turn.events],
    }


def lines(kept: Mapping[str, Any]) -> Iterator[str]:
    """What `trace` made, in sentences."""
    found = kept.get("understood") or {}
    if found:
        yield "understood " + ", ".join(f"{name}: {value}" for name, value in found.items())
    for kind, *parts in kept.get("happened") or ():
        yield SHOWN[kind](parts)


def _understood(meaning: Interpretation) -> dict[str, Any]:
    best = meaning.categories[0] if meaning.categories else None
    found = {
        "intent": _sure(meaning.intent.name, meaning.intent.confidence),
        "category": _sure(f"{best.category}/{best.subcategory}", best.confidence) if best else "",
        "place": _place(meaning.place) if meaning.place else "",
        "emergency": meaning.emergency.kind if meaning.emergency else "",
        "signals": ", ".join(signal.kind for signal in meaning.signals),
        "language": meaning.language,
    }
    return {name: value for name, value in found.items() if value}


def _sure(name: str, confidence: float) -> str:
    return f"{name} {confidence:.2f}"


def _place(place: Place) -> str:
    area = place.area
    name = area.kalurahan or area.kapanewon or area.kabupaten
    others = f", or {len(place.ambiguous)} more" if place.ambiguous else ""
    return _sure(name, place.confidence) + others


def _entry(event: Event) -> Entry:
    kind = type(event)
    return [kind.__name__, *KEPT[kind](event)] if kind in KEPT else [kind.__name__]


def _brief(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


KEPT: Mapping[type, Callable[[Any], Entry]] = {
    StepRun: lambda event: [f"{event.flow}.{event.step}", event.why],
    SlotSet: lambda event: [event.name, _brief(event.value)],
    BotUttered: lambda event: [event.message.response],
    FlowStarted: lambda event: [event.flow],
    FlowEnded: lambda event: [event.flow, event.reason],
    TicketRequested: lambda event: [event.number],
    TicketActionRequested: lambda event: [event.number, event.action],
    EmergencyRaised: lambda event: [event.kind],
    Failed: lambda event: [f"{event.flow}.{event.step}", event.kind, _brief(event.detail)],
}
"""What is kept of an event beside its name; of others the name tells enough."""

SHOWN: Mapping[str, Callable[[list[Any]], str]] = {
    "StepRun": lambda parts: f"step {parts[0]}" + (f", because {parts[1]}" if parts[1] else ""),
    "SlotSet": lambda parts: (
        f"slot {parts[0]} = {parts[1]}" if parts[1] is not None else f"slot {parts[0]} emptied"
    ),
    "BotUttered": lambda parts: f"said {parts[0]}",
    "FlowStarted": lambda parts: f"flow {parts[0]} started",
    "FlowEnded": lambda parts: f"flow {parts[0]} {parts[1]}",
    "TicketRequested": lambda parts: f"ticket {parts[0]} requested",
    "TicketActionRequested": lambda parts: f"ticket {parts[0]}: {parts[1]}",
    "EmergencyRaised": lambda parts: f"emergency {parts[0]}",
    "Failed": lambda parts: f"failed at {parts[0]} ({parts[1]}): {parts[2]}",
    "ConsentGiven": lambda _: "consent given",
    "LanguageChanged": lambda _: "language changed",
    "HandoffStarted": lambda _: "a person takes over",
    "HandoffEnded": lambda _: "the bot speaks again",
    "DataRequested": lambda _: "a right over personal data used",
    "LinkOffered": lambda _: "a code to link another channel given out",
    "LinkTaken": lambda _: "linked with another channel",
    "WayChosen": lambda _: "the channel for news chosen",
}
