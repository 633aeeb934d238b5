"""What of the waiting messages makes up one turn: an album, a burst, or a single message."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dialogs.messages import InboundMessage

ALBUM_QUIET = timedelta(seconds=0.8)
"""An album's photos come as messages of their own; it is whole once none followed for this long."""
BURST = 6
"""From this many waiting texts on, they are read as one message: one answer instead of many."""
BURST_TEXT = 4000


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that has not been answered, under its row in the inbox."""

    row: int
    received_at: datetime
    message: InboundMessage


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the next turn answers: its rows and the one message they make; or how long to wait for more."""

    rows: tuple[int, ...]
    message: InboundMessage
    wait: timedelta = timedelta(0)


def gather(waiting: Sequence[Waiting], now: datetime) -> Gathered:
    """Put together the oldest waiting messages that belong together; `waiting` is not empty."""
    first = waiting[0]
    if first.message.group and len(first.message.attachments) == 1:
        return _album([one for one in waiting if one.message.group == first.message.group], now)
    texts = _leading_texts(waiting)
    if len(texts) >= BURST:
        return _burst(texts)
    return Gathered((first.row,), first.message)


def _album(parts: Sequence[Waiting], now: datetime) -> Gathered:
    attachments = tuple(file for part in parts for file in part.message.attachments)
    caption = "\n".join(part.message.text for part in parts if part.message.text)
    message = replace(parts[0].message, attachments=attachments, text=caption)
    wait = parts[-1].received_at + ALBUM_QUIET - now
    return Gathered(tuple(part.row for part in parts), message, max(wait, timedelta(0)))


def _leading_texts(waiting: Sequence[Waiting]) -> list[Waiting]:
    texts: list[Waiting] = []
    length = 0
    for one in waiting:
        length += len(one.message.text)
        if one.message.kind != "text" or one.message.text.startswith("/") or length > BURST_TEXT:
            break
        texts.append(one)
    return texts


def _burst(texts: Sequence[Waiting]) -> Gathered:
    lines = dict.fromkeys(one.message.text for one in texts)
    message = replace(texts[0].message, text="\n".join(lines))
    return Gathered(tuple(one.row for one in texts), message)
