"""What the page shows and what it needs from the database, as shapes."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from dialogs.messages import Attachment, Button, InboundMessage, Location, OutboundMessage

DIGITS: Final = 18
"""No row has a longer number: a database counts in 64 bits."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a page has read: the last row it has of what was heard (inbox) and of what was said (outbox).

    Two numbers, because two tables give them out; neither can overtake the other and hide a line.
    """

    heard: int = 0
    said: int = 0

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """The cursor from its form in an address, `HEARD.SAID`.

        Raises:
            ValueError: any other form.
        """
        heard, _, said = text.partition(".")
        if not (heard.isdecimal() and said.isdecimal() and max(len(heard), len(said)) <= DIGITS):
            raise ValueError("a cursor looks like 12.34")
        return cls(int(heard), int(said))

    def __str__(self) -> str:
        return f"{self.heard}.{self.said}"

    def past(self, lines: Iterable["ChatLine"]) -> "Cursor":
        """The cursor once these lines are read too."""
        heard, said = self.heard, self.said
        for line in lines:
            if line.from_ == "citizen":
                heard = max(heard, line.seq)
            else:
                said = max(said, line.seq)
        return Cursor(heard, said)


@dataclass(frozen=True, slots=True)
class ChatLine:
    """One message as the page shows it, from either side.

    `seq` is the row's number in the table of its side; `ref` what a reply to it names; `client_id` the page's
    own id of a citizen's message; `state` the row's state in its table.
    """

    seq: int
    from_: Literal["citizen", "bot"]
    text: str
    at: datetime
    state: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    location: Location | None = None
    ask_location: bool = False
    ref: str = ""
    client_id: str = ""
    reply_to: str = ""

    @classmethod
    def heard(cls, row: int, message: InboundMessage, state: str) -> "ChatLine":
        """The line of an inbox row."""
        return cls(
            seq=row,
            from_="citizen",
            text=message.text,
            at=message.sent_at,
            state=state,
            attachments=message.attachments,
            location=message.location,
            ref=message.message_ref,
            client_id=message.message_ref,
            reply_to=message.reply_to,
        )

    @classmethod
    def said(cls, row: int, message: OutboundMessage, state: str, at: datetime) -> "ChatLine":
        """The line of an outbox row."""
        return cls(
            seq=row,
            from_="bot",
            text=message.text,
            at=at,
            state=state,
            buttons=message.buttons,
            attachments=message.attachments,
            ask_location=message.ask_location,
            ref=str(row),
            reply_to=message.reply_to,
        )


@dataclass(frozen=True, slots=True)
class ChatFile:
    """A file on its way from the page or to it."""

    content: bytes
    mime: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class ChatStore:
    """What the page needs kept and read back, given from outside.

    `history` gives the lines of an address after a cursor, oldest first; `keeping` keeps files and gives a
    ref for each, while the message they are for is taken in; `read_upload` gives the bytes back; `owned_file`
    gives the file under a ref if it belongs to the address, else None. `leave` ends the talk of an address
    for good, `left` tells whether that was done.
    """

    history: Callable[[str, Cursor], Awaitable[Sequence[ChatLine]]]
    keeping: Callable[[Sequence[ChatFile]], AbstractAsyncContextManager[Sequence[str]]]
    read_upload: Callable[[str], Awaitable[bytes]]
    owned_file: Callable[[str, str], Awaitable[ChatFile | None]]
    leave: Callable[[str], Awaitable[None]]
    left: Callable[[str], bool]
