"""Holding a turn against what was expected of it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dialogs.bundle import Bundle
from dialogs.conversation import Conversation
from dialogs.events import BotUttered, Event, FlowEnded, FlowStarted, StepRun
from dialogs.messages import OutboundMessage
from dialogs.trial.script import Expected

SAID = ("utter", "bot")
CLARIFICATION = "utter_ask_maksud"


@dataclass(frozen=True, slots=True)
class Happened:
    """A turn as a test looks at it."""

    events: tuple[Event, ...]
    conversation: Conversation
    bundle: Bundle

    @property
    def said(self) -> list[OutboundMessage]:
        """What the bot said."""
        return [event.message for event in self.events if isinstance(event, BotUttered)]

    @property
    def flows(self) -> set[tuple[str, str]]:
        """The flows that started, and those that ended with how they did."""
        started = {(one.flow, "started") for one in self.events if isinstance(one, FlowStarted)}
        return started | {(one.flow, one.reason) for one in self.events if isinstance(one, FlowEnded)}

    @property
    def actions(self) -> set[str]:
        """The actions that ran."""
        ran = [one for one in self.events if isinstance(one, StepRun)]
        return {self.bundle.flows[one.flow].steps[one.step].target for one in ran}


@dataclass(frozen=True, slots=True)
class Difference:
    """What was expected and what came instead, and the line that expected it."""

    expected: str
    actual: str
    line: int


def difference(expected: Sequence[Expected], happened: Happened) -> Difference | None:
    """The first thing that is not as expected; the sayings, once any is written, are all there are."""
    sayings = [one for one in expected if one.kind in SAID]
    if sayings and (found := _sayings(sayings, happened)):
        return found
    for one in expected:
        if one.kind in CHECKS and (problem := CHECKS[one.kind](one.value, happened)):
            return Difference(f"{one.kind}: {_brief(one.value)}", problem, one.line)
    return None


def _sayings(expected: Sequence[Expected], happened: Happened) -> Difference | None:
    said = happened.said
    for at, one in enumerate(expected):
        actual = said[at] if at < len(said) else None
        if actual is None or str(one.value).strip() != _as(one.kind, actual):
            return Difference(str(one.value), _told(actual), one.line)
    if len(said) > len(expected):
        return Difference("(nothing more)", _told(said[len(expected)]), expected[-1].line)
    return None


def _as(kind: str, message: OutboundMessage) -> str:
    return message.response if kind == "utter" else message.text.strip()


def _told(message: OutboundMessage | None) -> str:
    return f"{message.response}  {message.text}" if message else "(nothing)"


def _is_set(value: Any, happened: Happened) -> str:
    slots = happened.conversation.slots
    for name, wanted, bare in _pairs(value):
        actual = slots.get(name)
        if (actual is None) if bare else not _fits(wanted, actual):
            return f"{name} is {_brief(actual)}"
    return ""


def _is_not_set(value: Any, happened: Happened) -> str:
    slots = happened.conversation.slots
    for name, wanted, bare in _pairs(value):
        actual = slots.get(name)
        if actual is not None if bare else _fits(wanted, actual):
            return f"{name} is {_brief(actual)}"
    return ""


def _pairs(value: Any) -> Iterable[tuple[str, Any, bool]]:
    """The slots named, with the value wanted, or true where any will do: as steps or assertions write it."""
    for row in value if isinstance(value, list) else [value]:
        if not isinstance(row, Mapping):
            yield str(row), None, True
        elif "name" in row:
            yield str(row["name"]), row.get("value"), "value" not in row
        else:
            yield from ((name, wanted, False) for name, wanted in row.items())


def _fits(wanted: Any, actual: Any) -> bool:
    """Equal as people write it; of a mapping only the keys that are named count."""
    if isinstance(wanted, Mapping):
        return isinstance(actual, Mapping) and all(_fits(wanted[key], actual.get(key)) for key in wanted)
    if wanted is None or actual is None or isinstance(wanted, bool):
        return bool(wanted == actual)
    return bool(wanted == actual) or str(wanted) == str(actual)


def _uttered(value: Any, happened: Happened) -> str:
    wanted = value if isinstance(value, Mapping) else {}
    if any(_message_fits(wanted, message) for message in happened.said):
        return ""
    return "; ".join(map(_told, happened.said)) or "(nothing)"


def _message_fits(wanted: Mapping[str, Any], message: OutboundMessage) -> bool:
    shown = {(one.label, one.payload) for row in message.buttons for one in row}
    labels = {label for label, _ in shown}
    return (
        wanted.get("utter_name", message.response) == message.response
        and re.search(str(wanted.get("text_matches", "")), message.text) is not None
        and all(
            (one["title"], one["payload"]) in shown if "payload" in one else one.get("title") in labels
            for one in wanted.get("buttons", ())
        )
    )


def _flow(reason: str) -> Callable[[Any, Happened], str]:
    def check(value: Any, happened: Happened) -> str:
        name = value.get("flow_id") if isinstance(value, Mapping) else value
        there = (str(name), reason) in happened.flows
        return "" if there else ", ".join(f"{flow} {how}" for flow, how in sorted(happened.flows)) or "none"

    return check


def _executed(value: Any, happened: Happened) -> str:
    return "" if str(value) in happened.actions else ", ".join(sorted(happened.actions)) or "none"


def _offered(value: Any, happened: Happened) -> str:
    """Whether the question between readings offers each of these, by the label of its button."""
    asked = [message for message in happened.said if message.response == CLARIFICATION]
    labels = [one.label for message in asked for row in message.buttons for one in row]
    missing = [one for one in (value if isinstance(value, list) else [value]) if str(one) not in labels]
    return f"offered: {', '.join(labels) or 'nothing'}" if missing else ""


def _brief(value: Any) -> str:
    text = str(dict(value) if isinstance(value, Mapping) else value)
    return text if len(text) <= 120 else f"{text[:119]}…"


CHECKS: Mapping[str, Callable[[Any, Happened], str]] = {
    "slot_was_set": _is_set,
    "slot_was_not_set": _is_not_set,
    "flow_started": _flow("started"),
    "flow_completed": _flow("completed"),
    "flow_cancelled": _flow("cancelled"),
    "action_executed": _executed,
    "bot_uttered": _uttered,
    "pattern_clarification_contains": _offered,
}
