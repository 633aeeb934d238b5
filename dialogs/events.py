"""What a turn of the dialog brought about: a closed set, each with exactly one effect outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dialogs.messages import Attachment, OutboundMessage


@dataclass(frozen=True, slots=True)
class SlotSet:
    """A slot holds a new value (None when emptied)."""

    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class FlowStarted:
    """A flow was put on the stack."""

    flow: str


@dataclass(frozen=True, slots=True)
class FlowEnded:
    """A flow left the stack: completed, cancelled, expired or failed."""

    flow: str
    reason: str


@dataclass(frozen=True, slots=True)
class StepRun:
    """A step ran; `why` names the condition that led on. The trace an admin reads."""

    flow: str
    step: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class BotUttered:
    """The bot says something."""

    message: OutboundMessage


@dataclass(frozen=True, slots=True)
class TicketRequested:
    """A report is complete: open a ticket under this number, in the same transaction as the turn.

    `slots` are the conversation's slots at that moment; `evidence` the attachments, oldest first.
    """

    number: str
    slots: Mapping[str, Any]
    evidence: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketActionRequested:
    """The citizen does something to a ticket: confirm, reopen, rate, cancel, appeal, follow, answer, add."""

    number: str
    action: str
    data: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """The citizen agreed to the privacy sentence of this version."""

    version: str


@dataclass(frozen=True, slots=True)
class LanguageChanged:
    """The citizen wants to be spoken to in another language."""

    language: str


@dataclass(frozen=True, slots=True)
class HandoffStarted:
    """A person takes over: the bot falls silent until the handoff ends.

    Told again with each thing the citizen says meanwhile that belongs to no report; `reason` are the words.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class HandoffEnded:
    """The bot speaks again."""


@dataclass(frozen=True, slots=True)
class EmergencyRaised:
    """Somebody may be in danger: the duty group is to know at once."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class DataRequested:
    """The citizen exercises a right over their data: `export`, `correct` or `delete`.

    `words` say what is wrong and how it is right.
    """

    right: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class LinkOffered:
    """The citizen was given a code that ties another channel to theirs."""

    code: str


@dataclass(frozen=True, slots=True)
class LinkTaken:
    """The citizen wrote the code another channel of theirs was given."""

    code: str


@dataclass(frozen=True, slots=True)
class WayChosen:
    """The citizen wants news on this channel from here on; "" is the one used last."""

    channel: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Something in the flow went wrong; the citizen got an apology, the admin gets this."""

    kind: str
    flow: str
    step: str
    detail: str


Event = (
    SlotSet
    | FlowStarted
    | FlowEnded
    | StepRun
    | BotUttered
    | TicketRequested
    | TicketActionRequested
    | ConsentGiven
    | LanguageChanged
    | HandoffStarted
    | HandoffEnded
    | EmergencyRaised
    | DataRequested
    | LinkOffered
    | LinkTaken
    | WayChosen
    | Failed
)
