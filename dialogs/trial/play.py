"""Playing a conversation through the engine, turn by turn, as the live bot would."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dialogs import engine
from dialogs.actions.runner import ActionRunner
from dialogs.bundle import Bundle
from dialogs.conversation import Conversation, from_json, to_json
from dialogs.events import StepRun
from dialogs.messages import Attachment, InboundMessage, Location
from dialogs.trial.compare import Difference, Happened, difference
from dialogs.trial.practice import PracticeDesk, Screen
from dialogs.trial.script import Case, Move
from dialogs.turn import Context, Turn
from nlu.interpretation import Guess, Interpretation

START = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
BETWEEN = timedelta(seconds=20)
KINDS: Mapping[str, tuple[Any, str]] = {
    ".mp4": ("video", "video/mp4"),
    ".ogg": ("voice", "audio/ogg"),
    ".mp3": ("audio", "audio/mpeg"),
    ".pdf": ("document", "application/pdf"),
}
Understand = Callable[[InboundMessage, str | None, datetime], Interpretation]
Way = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Town:
    """What a trial borrows of a city: the reading of messages, words for gaps by language, screening."""

    understand: Understand
    values: Callable[[str], Mapping[str, str]]
    screen: Screen


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the conversation as it went; `by` is "citizen" or "bot"."""

    by: str
    text: str
    response: str = ""
    buttons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case went: the conversation up to its end or first difference, and the ways taken in flows."""

    case: Case
    lines: tuple[Said, ...]
    ways: frozenset[Way]
    difference: Difference | None = None


class Trial:
    """One conversation being played."""

    def __init__(self, case: Case, bundle: Bundle, town: Town) -> None:
        given = case.given
        values = town.values(given.language)
        start = Conversation.start("trial", given.channel, "1", "warga", bundle.hash, given.language)
        agreed = values.get("versi_privasi") or bundle.settings.consent_version
        self.conversation = replace(start, consent=agreed if given.consent else "", slots=dict(given.slots))
        self.bundle, self.town, self.given = bundle, town, given
        self.desk = PracticeDesk(given, town.screen, START, values.get("awalan", "LAT"))
        self.runner = ActionRunner(self.desk)
        self.now, self.sent = START, 0

    async def take(self, move: Move) -> Happened:
        """Make a move and finish the turn it brings about.

        Raises:
            KeyError: it presses a button that is not shown.
        """
        self.now += timedelta(minutes=move.silence) if move.silence else BETWEEN
        context = self._context(move)
        if move.silence:
            turn = engine.tick(self.conversation, self.bundle, context)
        else:
            message = self._message(move)
            asked = engine.asked(self.conversation, self.bundle)
            meaning = _meant(move, self.town.understand(message, asked, self.now))
            turn = engine.advance(self.conversation, message, meaning, self.bundle, context)
        return await self._settle(turn, context)

    async def _settle(self, turn: Turn, context: Context) -> Happened:
        while turn.pending is not None:
            result = await self.runner.run(turn.pending, turn.conversation, context)
            turn = engine.resume(turn, result, self.bundle, context)
        self.conversation = from_json(to_json(turn.conversation))
        for event in turn.events:
            self.desk.take(event)
        return Happened(turn.events, self.conversation, self.bundle)

    def _context(self, move: Move) -> Context:
        values = self.town.values(self.conversation.language)
        open_ = [one for one in self.given.tickets if not self.conversation.stack]
        asked = tuple(str(one["number"]) for one in open_ if "give_data" in one.get("actions", ()))
        done = tuple(str(one["number"]) for one in open_ if "confirm" in one.get("actions", ()))
        return Context(
            self.now,
            values,
            self.given.office_hours,
            ticket=move.reply_to,
            questions=asked,
            confirming=done,
        )

    def _message(self, move: Move) -> InboundMessage:
        self.sent += 1
        ref = str(self.sent)
        base = InboundMessage(self.given.channel, ref, "1", self.now, "text", move.text, message_ref=ref)
        if move.button:
            return replace(base, kind="button", button=self._payload(move.button))
        if move.pin:
            return replace(base, kind="location", location=Location(*move.pin))
        if move.files:
            group = f"album-{ref}" if len(move.files) > 1 else ""
            files = tuple(map(_attachment, move.files))
            return replace(base, kind="media", attachments=files, group=group)
        return replace(base, kind=move.sends) if move.sends else base  # type: ignore[arg-type]  # checked on reading

    def _payload(self, button: str) -> str:
        if button.startswith("/"):
            return button
        for choice in self.conversation.choices:
            if choice.label == button:
                return choice.payload
        raise KeyError(", ".join(choice.label for choice in self.conversation.choices) or "no button")


async def play(case: Case, bundle: Bundle, town: Town) -> Outcome:
    """Play a case up to its end or the first thing that is not as expected."""
    trial = Trial(case, bundle, town)
    lines: list[Said] = []
    ways: set[Way] = set()
    found: Difference | None = None
    for exchange in case.exchanges:
        lines.append(Said("citizen", str(exchange.move)))
        try:
            happened = await trial.take(exchange.move)
        except KeyError as error:
            found = Difference(f"a button [{exchange.move.button}]", str(error.args[0]), exchange.line)
            break
        lines += _lines(happened)
        ways |= {(one.flow, one.step, one.why) for one in happened.events if isinstance(one, StepRun)}
        found = difference(exchange.expected, happened)
        if found:
            break
    return Outcome(case, tuple(lines), frozenset(ways), found)


async def play_all(cases: Iterable[Case], bundle: Bundle, town: Town) -> tuple[Outcome, ...]:
    """Play every case, each in a world of its own."""
    return tuple([await play(case, bundle, town) for case in cases])


def _lines(happened: Happened) -> list[Said]:
    return [
        Said("bot", one.text, one.response, tuple(button.label for row in one.buttons for button in row))
        for one in happened.said
    ]


def _meant(move: Move, found: Interpretation) -> Interpretation:
    """The reading, with what the case says was meant in its place."""
    meant = move.meant
    if not meant:
        return found
    intent = Guess(str(meant.get("intent", found.intent.name)), float(meant.get("confidence", 1)))
    return replace(found, intent=intent, classification=meant.get("classification", found.classification))


def _attachment(name: str) -> Attachment:
    ending = name[name.rfind(".") :] if "." in name else ""
    kind, mime = KINDS.get(ending.casefold(), ("photo", "image/jpeg"))
    return Attachment(kind, name, mime, 1000, name)
