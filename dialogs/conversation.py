"""Where a talk stands: everything the engine needs to go on with it, and nothing that grows with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal

FrameKind = Literal["base", "call", "over", "quiet"]
MAX_TRAIL = 20
MAX_CHOICES = 40


@dataclass(frozen=True, slots=True)
class Frame:
    """A flow being talked through, and the step it is at.

    Kinds: `base` at the bottom; `call` goes back into its caller; `over` came between and the flow below
    is taken up again with a reminder; `quiet` likewise, without a word. `asked` says the step's question
    was put; `tries` counts answers to it that would not do.
    """

    flow: str
    step: str
    kind: FrameKind = "base"
    asked: bool = False
    tries: int = 0

    def at(self, step: str) -> "Frame":
        """The same flow at another step, whose question is not put yet."""
        return Frame(self.flow, step, self.kind)

    def asking(self, tries: int) -> "Frame":
        """The same step, its question put."""
        return Frame(self.flow, self.step, self.kind, asked=True, tries=tries)


@dataclass(frozen=True, slots=True)
class Answered:
    """A question that was answered: for going back to it."""

    depth: int
    flow: str
    step: str
    slot: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A button the person sees now: what it says and what it means."""

    label: str
    payload: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """One person's talk on one channel, pinned to the bundle it was started under.

    `handoff` while a person has taken over, `acknowledged` once that was said. `misses` counts messages in
    a row that were not understood; `album` is the last media group and `album_for` the ticket it went to
    ("" while in a draft), `filed_at` is when the last report was sent off, `sent` the number of what each
    flow filed since it was last begun; `quiet_at` is when silence is worth a word; `spoken` says that a
    sentence has told their language.
    """

    id: str
    channel: str
    address: str
    contact: str
    language: str
    bundle: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    stack: tuple[Frame, ...] = ()
    trail: tuple[Answered, ...] = ()
    choices: tuple[Choice, ...] = ()
    consent: str = ""
    handoff: bool = False
    acknowledged: bool = False
    turn: int = 0
    misses: int = 0
    asked_at: datetime | None = None
    quiet_at: datetime | None = None
    reminded: bool = False
    expired: bool = False
    album: str = ""
    album_for: str = ""
    filed_at: datetime | None = None
    sent: Mapping[str, str] = field(default_factory=dict)
    tickets: tuple[str, ...] = ()
    spoken: bool = False

    @classmethod
    def start(
        cls,
        id: str,  # noqa: A002 - the field's own name
        channel: str,
        address: str,
        contact: str,
        bundle: str,
        language: str = "id",
    ) -> "Conversation":
        """A conversation in which nothing was said yet."""
        return cls(id, channel, address, contact, language, bundle)


FIELDS = frozenset(field.name for field in fields(Conversation))
SHAPES: tuple[tuple[str, type[Frame] | type[Answered] | type[Choice]], ...] = (
    ("stack", Frame),
    ("trail", Answered),
    ("choices", Choice),
)
MOMENTS = ("asked_at", "quiet_at", "filed_at")


def to_json(conversation: Conversation) -> dict[str, Any]:
    """The conversation as plain JSON values; slots that hold nothing are left out."""
    document = {name: getattr(conversation, name) for name in FIELDS}
    document["slots"] = {name: value for name, value in conversation.slots.items() if value is not None}
    for name, shape in SHAPES:
        keys = shape.__slots__
        document[name] = [{key: getattr(item, key) for key in keys} for item in document[name]]
    for name in MOMENTS:
        moment = document[name]
        document[name] = moment.isoformat() if moment else None
    document["tickets"] = list(conversation.tickets)
    return document


def from_json(document: Mapping[str, Any]) -> Conversation:
    """The conversation `to_json` made the document from; fields it lacks take their defaults."""
    known = {name: value for name, value in document.items() if name in FIELDS}
    for name, shape in SHAPES:
        known[name] = tuple(shape(**item) for item in known.get(name, ()))
    for name in MOMENTS:
        known[name] = datetime.fromisoformat(known[name]) if known.get(name) else None
    known["tickets"] = tuple(known.get("tickets", ()))
    return Conversation(**known)
