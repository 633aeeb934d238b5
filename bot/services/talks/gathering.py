"""What of the waiting messages makes up one turn: an album, a burst, or a single message."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dialogs.messages import NEAR, InboundMessage
from storage.talks.setback import left

ALBUM_QUIET = timedelta(seconds=0.8)
"""An album's photos come as messages of their own; it is whole once none followed for this long."""
PIECES_LONGEST = timedelta(seconds=60)
"""How long the missing pieces of a long SMS are waited for."""
LATE = timedelta(seconds=0.05)
"""Looked at so long after it should have been: the process is behind, and photos may wait to be taken in."""
BEHIND = 3
"""By this factor an album is waited for longer then."""
NEAR_QUIET = timedelta(seconds=1.5)
"""Where nothing says that files belong together, they are waited for longer."""
TOGETHER = timedelta(seconds=5)
"""Files sent one by one count as an album when each follows the other this soon."""
BURST = 6
"""From this many waiting texts on, they are read as one message: one answer instead of many."""
BURST_TEXT = 4000
"""Characters of texts that are read as one message."""
BURST_QUIET = timedelta(seconds=1.2)
BURST_LONGEST = timedelta(seconds=6)
"""Texts of a hasty writer are read once none followed for the one, or the first has waited for the other."""
READING = timedelta(seconds=3)
"""Nobody reads an answer and writes the next message faster than this, again and again."""
UNREAD = 2
"""From this many such answers in a row on, somebody counts as a hasty writer."""
AT_ONCE = 2
"""People forgotten with each that is noted at most: one more than may be added, so that they become fewer."""
REMEMBERED = 2_000
"""People whose pace is known at most, should so many write within seconds."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that has not been answered, under its row in the inbox; `tries` are those that failed."""

    row: int
    received_at: datetime
    message: InboundMessage
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the next turn answers: its rows and the one message they make; or how long to wait for more."""

    rows: tuple[int, ...]
    message: InboundMessage
    wait: timedelta = timedelta(0)


class Haste:
    """Notices people who write on without reading: the same answer again and again, seconds apart.

    Only a guess about pace, kept in memory for seconds; nothing is lost with it.
    """

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[str, str], tuple[str, datetime, int]] = OrderedDict()

    def note(self, key: tuple[str, str], answer: str, received_at: datetime) -> None:
        """Remember which response a message that came at this moment was answered with."""
        said, at, times = self._seen.pop(key, ("", received_at, 0))
        again = answer == said and abs(received_at - at) < READING
        self._seen[key] = (answer, received_at, times + 1 if again else 0)
        self._forget(received_at)

    def _forget(self, now: datetime) -> None:
        """Let go of who wrote longest ago: what was `READING` ago says nothing; and of what is too much."""
        for _ in range(AT_ONCE):
            oldest, (_, at, _) = next(iter(self._seen.items()))
            if len(self._seen) <= REMEMBERED and abs(now - at) < READING:
                return
            del self._seen[oldest]

    def hasty(self, key: tuple[str, str], now: datetime) -> bool:
        """Whether this person's next texts are better read together."""
        _, at, times = self._seen.get(key, ("", now, 0))
        return times >= UNREAD and abs(now - at) < READING


def gather(waiting: Sequence[Waiting], now: datetime, *, hasty: bool = False) -> Gathered:
    """Put together the oldest waiting messages that belong together; `waiting` is not empty.

    With a hasty writer, texts wait until none followed for a moment.
    """
    first = waiting[0]
    if first.message.parts > 1:
        return _pieced([one for one in waiting if one.message.group == first.message.group], now)
    if first.message.group.startswith(NEAR):
        return _album(_sent_together(waiting), now, NEAR_QUIET)
    if _of_album(first, first.message.group):
        return _album([one for one in waiting if _of_album(one, first.message.group)], now)
    texts = _leading_texts(waiting)
    if texts and hasty:
        return replace(_burst(texts), wait=_until_quiet(texts, now))
    if len(texts) >= BURST:
        return _burst(texts)
    return Gathered((first.row,), first.message)


def _of_album(one: Waiting, group: str) -> bool:
    """Whether it is a file of that album; what was edited or is too large is answered by itself."""
    single = one.message.kind == "media" and len(one.message.attachments) == 1
    return single and bool(group) and one.message.group == group


def _until_quiet(texts: Sequence[Waiting], now: datetime) -> timedelta:
    quiet = texts[-1].received_at + BURST_QUIET
    longest = texts[0].received_at + BURST_LONGEST
    return left(min(quiet, longest), BURST_LONGEST, now)


def _album(parts: Sequence[Waiting], now: datetime, quiet: timedelta | None = None) -> Gathered:
    attachments = tuple(file for part in parts for file in part.message.attachments)
    caption = "\n".join(part.message.text for part in parts if part.message.text)
    message = replace(parts[0].message, attachments=attachments, text=caption)
    return Gathered(
        tuple(part.row for part in parts), message, _still_coming(parts, now, quiet or ALBUM_QUIET)
    )


def _still_coming(parts: Sequence[Waiting], now: datetime, quiet: timedelta) -> timedelta:
    """How long to wait for more of an album; longer where the look comes late, as its photos may too."""
    last = parts[-1].received_at
    if now - last - quiet >= LATE:
        quiet *= BEHIND
    return left(last + quiet, quiet, now)


def _pieced(pieces: Sequence[Waiting], now: datetime) -> Gathered:
    """A long text from its pieces, in whatever order they came; a missing one is not waited for long."""
    by_part = {one.message.part: one.message.text for one in pieces}
    missing = len(by_part) < pieces[0].message.parts
    until = pieces[0].received_at + PIECES_LONGEST
    wait = left(until, PIECES_LONGEST, now) if missing else timedelta(0)
    text = "".join(by_part[part] for part in sorted(by_part))
    message = replace(pieces[0].message, text=text, part=0, parts=0)
    return Gathered(tuple(one.row for one in pieces), message, wait)


def _sent_together(waiting: Sequence[Waiting]) -> list[Waiting]:
    """The leading files of a channel without albums, each sent within moments of the one before it."""
    files = [waiting[0]]
    for one in waiting[1:]:
        pause = abs(one.message.sent_at - files[-1].message.sent_at)
        if not one.message.group.startswith(NEAR) or pause > TOGETHER:
            break
        files.append(one)
    return files


def _leading_texts(waiting: Sequence[Waiting]) -> list[Waiting]:
    texts: list[Waiting] = []
    length = 0
    for one in waiting:
        length += len(one.message.text)
        if (
            one.message.kind != "text"
            or one.message.parts > 1
            or one.message.text.startswith("/")
            or length > BURST_TEXT
        ):
            break
        texts.append(one)
    return texts


def _burst(texts: Sequence[Waiting]) -> Gathered:
    lines = dict.fromkeys(one.message.text for one in texts)
    message = replace(texts[0].message, text="\n".join(lines))
    return Gathered(tuple(one.row for one in texts), message)
