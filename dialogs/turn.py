"""What goes into a turn beside the message, and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dialogs.conversation import Conversation
from dialogs.events import Event


@dataclass(frozen=True, slots=True)
class Edited:
    """An edited message that is part of a filed report: that report, and what the message said before."""

    ticket: str
    before: str


@dataclass(frozen=True, slots=True)
class Context:
    """The world at the moment of a turn.

    `values` fill placeholders such as `{kota}`; `ticket` is the report the message answers to, when it is a
    reply to news about one; `max_buttons` is how many choices the channel shows at once; `questions` are the
    person's reports about which an agency waits for an answer, `confirming` those it calls done; `edited` is
    set when the message changes one that had become part of a report.
    """

    now: datetime
    values: Mapping[str, str] = field(default_factory=dict)
    in_office_hours: bool = True
    max_buttons: int = 10
    ticket: str = ""
    audience: str = "citizen"
    questions: tuple[str, ...] = ()
    confirming: tuple[str, ...] = ()
    edited: Edited | None = None


@dataclass(frozen=True, slots=True)
class ActionCall:
    """An action a flow waits for, and what the person said that led to it; `domain` is the dialog's."""

    name: str
    flow: str
    step: str
    text: str = ""
    intent: str = ""
    ticket: str = ""
    domain: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Utterance:
    """A response an action wants said, with values for its gaps."""

    response: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What an action brought about; `failed` tells what went wrong and is empty when nothing did."""

    slots: Mapping[str, Any] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    utterances: tuple[Utterance, ...] = ()
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a message brought about so far: the conversation after it and every event, oldest first.

    `pending` is the action the turn waits for; hand its result to `resume` and use the turn that returns.
    """

    conversation: Conversation
    events: tuple[Event, ...] = ()
    pending: ActionCall | None = None
