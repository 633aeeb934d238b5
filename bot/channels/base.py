"""What every channel is: how it is known, what it can do, and how sending goes right or wrong."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from dialogs.messages import Attachment, InboundMessage, OutboundMessage


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do; the render step adapts a message to it. Lengths in characters, sizes in bytes."""

    max_text: int
    max_buttons: int
    max_button_label: int
    sends_photos: bool
    asks_location: bool
    max_download: int


@dataclass(frozen=True, slots=True)
class SendResult:
    """A message the platform accepted: its ids there, oldest first (a long text becomes several)."""

    refs: tuple[str, ...]


class SendError(Exception):
    """A message the platform did not accept.

    `code` is short and stable; `retryable` says whether the same message may succeed later, and then
    `retry_after` (seconds, 0 when the platform does not say) when; the text is for the admin.
    """

    def __init__(self, code: str, text: str, *, retryable: bool, retry_after: float = 0.0) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text
        self.retryable = retryable
        self.retry_after = retry_after


class FetchError(Exception):
    """A file a person sent cannot be had; `retryable` says whether a later try may succeed."""

    def __init__(self, text: str, *, retryable: bool) -> None:
        super().__init__(text)
        self.retryable = retryable


@dataclass(frozen=True, slots=True)
class OutboundFile:
    """A kept file on its way out: the bytes are read only when the channel sends them."""

    kind: str
    mime: str
    name: str
    read: Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One outbox message as a channel gets it: where to, what, and the files that go with it."""

    address: str
    message: OutboundMessage
    files: tuple[OutboundFile, ...] = ()


class Channel(Protocol):
    """A way to talk with people; one folder a channel: channel, parse, render."""

    name: str
    capabilities: Capabilities

    async def send(self, delivery: Delivery) -> SendResult:
        """Send one message; raises SendError."""

    async def fetch(self, attachment: Attachment) -> bytes:
        """The bytes of a file a person sent; raises FetchError."""


Intake = Callable[[InboundMessage], Awaitable[bool]]
"""Keeps a message durably; true when it is new, false when it was seen before."""
