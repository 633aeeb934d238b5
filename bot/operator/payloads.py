"""What a pressed button and a prompt mean, packed into the few bytes the messenger keeps for us."""

from dataclasses import dataclass
from typing import Literal

from bot.services.core import ASKS

Kind = Literal[
    "act", "target", "reason", "page", "open", "flow", "language", "tool", "tick", "team", "watch",
    "practice", "unsent", "queue",
]  # fmt: skip
MAX_BYTES = 64
LETTERS: dict[str, Kind] = {
    "a": "act",
    "t": "target",
    "r": "reason",
    "p": "page",
    "o": "open",
    "f": "flow",
    "l": "language",
    "x": "tool",
    "k": "tick",
    "m": "team",
    "w": "watch",
    "h": "practice",
    "u": "unsent",
    "n": "queue",
}
LETTER_OF = {kind: letter for letter, kind in LETTERS.items()}


class PayloadTooLongError(ValueError):
    """A button cannot carry that much; shorten the id it names."""


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button: an action on a ticket, a target or reason chosen for one, or a page of choices.

    Of kind `flow` it is about the dialog: `action` is what to do, `number` a token of what it is done to;
    of kind `language`, `number` is the language; of kind `tool`, `action` is the tool and `extra` its own.
    """

    kind: Kind
    number: str
    action: str = ""
    extra: str = ""

    def packed(self) -> str:
        """The button's payload.

        Raises:
            PayloadTooLongError: it would have more than 64 bytes.
        """
        text = ":".join((LETTER_OF[self.kind], self.action, self.number, self.extra)).rstrip(":")
        if len(text.encode()) > MAX_BYTES:
            raise PayloadTooLongError(
                f"{text!r} has more than {MAX_BYTES} bytes; give {self.extra!r} a shorter id"
            )
        return text


def unpack(payload: str) -> Press | None:
    """What a button means; None for one this version does not know."""
    letter, _, rest = payload.partition(":")
    action, _, rest = rest.partition(":")
    number, _, extra = rest.partition(":")
    kind = LETTERS.get(letter)
    return Press(kind, number, action, extra) if kind and number else None


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question that waits for an operator's words: the action they are for, and what was chosen before.

    It is kept as the purpose of the message that asks, so that the answer is understood after a restart.
    """

    action: str
    extra: str = ""
    asked: str = ""

    @property
    def purpose(self) -> str:
        """The name under which the asking message is kept."""
        extra = f":{self.extra}" if self.extra else ""
        return f"{ASKS}{self.action}{extra}" + (f"@{self.asked}" if self.asked else "")


def prompt_of(purpose: str) -> Prompt | None:
    """The question behind a message's purpose; None when it asks nothing."""
    if not purpose.startswith(ASKS):
        return None
    words, _, asked = purpose.removeprefix(ASKS).partition("@")
    action, _, extra = words.partition(":")
    return Prompt(action, extra, asked)
