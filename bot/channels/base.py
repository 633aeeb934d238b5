"""What every channel is: how it is known, what it can do, and how sending goes right or wrong."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from dialogs.messages import Attachment, InboundMessage, OutboundMessage


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do; its render step adapts messages to it. Lengths in characters, sizes in bytes.

    `max_rows` is how many choices fit into a list picker (0 without one); `links` says whether a button can
    open a web page, `albums` whether photos sent together say so, `edits` whether changed and deleted
    messages are told of, `receipts` whether the platform tells that a message reached its reader. `window` is
    how long after a person's last message free words may be sent (None: always), `templates` whether words
    approved beforehand may be sent after it.
    """

    max_text: int
    max_buttons: int
    max_button_label: int
    sends_photos: bool
    asks_location: bool
    max_download: int
    max_rows: int = 0
    links: bool = False
    albums: bool = False
    edits: bool = False
    receipts: bool = False
    window: timedelta | None = None
    templates: bool = False


@dataclass(frozen=True, slots=True)
class SendResult:
    """A message the platform accepted: its ids there, oldest first (a long text becomes several).

    `knocked` when only a short notice went out and the message itself still waits for the person to write.
    """

    refs: tuple[str, ...]
    knocked: bool = False


DOOR_CODES = frozenset({"token", "account", "unauthorized"})
"""Codes of errors that lie with our own account there: no message is given up for them."""

WINDOW_CLOSED = "window_closed"
"""The person has been silent for too long to be written to in free words."""
BY_HAND = "by_hand"
"""The code of a message that the staff post themselves."""


RATE_LIMITED = "rate_limited"
"""The platform takes no more for a while: no message is given up for that."""


class SendError(Exception):
    """A message the platform did not accept.

    `code` is short and stable; `retryable` says whether the same message may succeed later, and then
    `retry_after` (seconds, 0 when the platform does not say) when; the text is for the admin. `refs` are the
    platform's ids of the first parts, when a message of several parts got halfway: hand them back as
    `Delivery.sent` and the next attempt goes on where this one stopped.
    """

    held = False
    """Whether the message waits, out of line, until the person writes again."""

    def __init__(
        self, code: str, text: str, *, retryable: bool, retry_after: float = 0.0, refs: tuple[str, ...] = ()
    ) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text
        self.retryable = retryable
        self.retry_after = retry_after
        self.refs = refs


class HeldError(SendError):
    """No try opens the way to this person now, only a message of theirs does.

    With `retry_after`, time does: after so many seconds, while what comes behind goes on meanwhile.
    The text is shown to the operator whose words wait.
    """

    held = True

    def __init__(self, code: str, text: str, *, retry_after: float = 0.0) -> None:
        super().__init__(code, text, retryable=False, retry_after=retry_after)


class FetchError(Exception):
    """A file a person sent cannot be had; `retryable` says whether a later try may succeed.

    With `ours` the trouble lies with our own account there: the file is asked for until somebody mends it.
    """

    def __init__(self, text: str, *, retryable: bool, ours: bool = False) -> None:
        super().__init__(text)
        self.retryable = retryable
        self.ours = ours


@dataclass(frozen=True, slots=True)
class OutboundFile:
    """A kept file on its way out: the bytes are read only when the channel sends them.

    `sha256` names the content, so that a channel that uploads files first need not do it twice.
    """

    kind: str
    mime: str
    name: str
    read: Callable[[], Awaitable[bytes]]
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One outbox message as a channel gets it: where to, what, and the files that go with it.

    `id` names the outbox row; a channel whose people read the rows themselves uses it as the message's ref.
    `sent` are the refs of an earlier attempt that got halfway (`SendError.refs`); they are not sent again.
    `language` is the reader's, for the few words a channel adds itself. `silent_for` is how long the person
    has not written, on channels with a window (None: never wrote); `knocked` says that a notice went out
    since.
    """

    address: str
    message: OutboundMessage
    files: tuple[OutboundFile, ...] = ()
    id: str = ""
    sent: tuple[str, ...] = ()
    language: str = ""
    silent_for: timedelta | None = timedelta(0)
    knocked: bool = False


@dataclass(frozen=True, slots=True)
class Membership:
    """A person let the bot write to them again, or shut it out (`reachable` false); `at` with time zone."""

    channel: str
    address: str
    reachable: bool
    at: datetime


ReceiptState = Literal["sent", "delivered", "read", "failed"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the platform reports of a message it took: `ref` is the message's id there, `at` with time zone.

    `code` and `text` say why it failed, the text for the admin; `retryable` whether it may succeed later,
    `held` whether it can only go once the person has written again.
    """

    channel: str
    address: str
    ref: str
    state: ReceiptState
    at: datetime
    code: str = ""
    text: str = ""
    retryable: bool = False
    held: bool = False


@dataclass(frozen=True, slots=True)
class SeenUntil:
    """Everything said to an address up to a moment was delivered, or read."""

    channel: str
    address: str
    state: ReceiptState
    until: datetime


class Channel(Protocol):
    """A way to talk with people; one folder a channel: channel, parse, render."""

    name: str
    capabilities: Capabilities

    async def send(self, delivery: Delivery) -> SendResult:
        """Send one message; raises SendError."""

    async def fetch(self, attachment: Attachment) -> bytes:
        """The bytes of a file a person sent.

        Raises:
            FetchError: the channel does not give them.
            OSError: they lie with us, and cannot be reached at the moment.
        """


Intake = Callable[[InboundMessage], Awaitable[bool]]
"""Keeps a message durably; true when it is new, false when it was seen before."""

MembershipChange = Callable[[Membership], Awaitable[None]]
"""Takes note that a person can or cannot be written to any more."""

ReceiptNote = Callable[..., Awaitable[None]]
"""Takes note, durably, of what became of messages: any number of `Receipt` and `SeenUntil`."""
