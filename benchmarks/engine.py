"""What a turn of the engine alone costs: no reading of messages, no database; state read and written.

Run: python -m benchmarks.engine
"""

import asyncio
import statistics
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from dialogs import engine
from dialogs.actions.runner import ActionRunner
from dialogs.bundle import Bundle
from dialogs.conversation import Conversation, from_json, to_json
from dialogs.loader import load_bundle
from dialogs.messages import Attachment, InboundMessage
from dialogs.trial.practice import PracticeDesk
from dialogs.trial.script import Given
from dialogs.turn import ActionCall, ActionResult, Context
from nlu.interpretation import Area, CategoryGuess, Entity, Guess, Interpretation, Place

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
REPORT = "lampu jalan depan pasar godean mati udah seminggu"
GODEAN = Place(
    Area("34.04.02.2004", "Sidoagung", "Godean", "Sleman"), 0.9, "Pasar Godean", lat=-7.77, lon=110.29
)
LAMP = Interpretation(
    REPORT,
    Guess("lapor", 0.95),
    categories=(CategoryGuess("lampu_jalan", "mati", 0.9), CategoryGuess("jalan", "berlubang", 0.05)),
    place=GODEAN,
    entities=(Entity("time", "sejak seminggu", 0, 0),),
)
PHOTOS = tuple(Attachment("photo", f"p{n}", "image/jpeg", 1000) for n in range(3))
ROUNDS = 300
LATER = 1000


@dataclass(frozen=True, slots=True)
class Step:
    """A message of the talk, and what it means."""

    text: str = ""
    button: str = ""
    photos: bool = False
    meaning: Interpretation | None = None


TALK = (
    Step(REPORT, meaning=LAMP),
    Step(button="/SetSlots(persetujuan=ya)"),
    Step(button="/SetSlots(catatan=ya)"),
    Step("menu"),
    Step(photos=True),
    Step("kembali"),
    Step("lewati"),
    Step(button="/SetSlots(tinjau=ya)"),
)
"""A report as people make it: told at once, agreed, checked, interrupted, with photos, sent."""


class Player:
    """Plays the talk over and over; the actions' answers are got once and then handed in at once."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.kept = orjson.dumps(to_json(Conversation.start("c", "telegram", "1", "w", bundle.hash)))
        self.runner = ActionRunner(PracticeDesk(Given(), _passing, NOW, "SLM"))
        self.results: dict[tuple[str, int], ActionResult] = {}
        self.sent = 0
        self.context = Context(NOW, {"kota": "Sleman", "versi_privasi": "1", "nomor_darurat": "112"})

    def take(self, step: Step) -> float:
        """Take one turn; the seconds it cost."""
        message, meaning = self._message(step), step.meaning or Interpretation(step.text, Guess("?", 0.1))
        spent = -time.perf_counter()
        conversation = from_json(orjson.loads(self.kept))
        turn = engine.advance(conversation, message, meaning, self.bundle, self.context)
        while turn.pending is not None:
            spent += time.perf_counter()
            result = self._result(turn.pending, turn.conversation)
            spent -= time.perf_counter()
            turn = engine.resume(turn, result, self.bundle, self.context)
        self.kept = orjson.dumps(to_json(turn.conversation))
        return spent + time.perf_counter()

    def _result(self, call: ActionCall, conversation: Conversation) -> ActionResult:
        key = (call.name, self.sent % len(TALK))
        if key not in self.results:
            self.results[key] = asyncio.run(self.runner.run(call, conversation, self.context))
        return self.results[key]

    def _message(self, step: Step) -> InboundMessage:
        self.sent += 1
        kind = "button" if step.button else "media" if step.photos else "text"
        files = PHOTOS if step.photos else ()
        return InboundMessage(
            "telegram", str(self.sent), "1", NOW, kind, step.text, attachments=files, button=step.button
        )


def _passing(narrative: str, _slots: object) -> dict[str, object]:
    return {"verdict": "pass", "rules": [], "advice": "", "masked": narrative}


def measured(player: Player, rounds: int) -> list[list[float]]:
    """Seconds per turn of the talk, one list for each of its messages."""
    taken: list[list[float]] = [[] for _ in TALK]
    for _ in range(rounds):
        for at, step in enumerate(TALK):
            taken[at].append(player.take(step))
    return taken


def median(taken: list[list[float]]) -> float:
    """The median turn in microseconds, over all messages of the talk."""
    return statistics.median(one for turns in taken for one in turns) * 1e6


def main() -> None:
    """Measure a young talk, then the same talk a thousand turns old."""
    player = Player(load_bundle())
    measured(player, 20)
    young = Player(player.bundle)
    young.results = player.results
    early = [young.take(step) for _ in range(2) for step in TALK][-len(TALK) :]
    while young.sent < LATER:
        measured(young, 1)
    late = measured(young, ROUNDS)
    print(f"turn {len(TALK) + 1} to {2 * len(TALK)}: {statistics.median(early) * 1e6:.0f} µs median")
    print(f"turn {LATER} and on: {median(late):.0f} µs median of {ROUNDS * len(TALK)}")
    for step, turns in zip(TALK, late, strict=True):
        print(f"  {step.text or step.button or 'photos':<52} {statistics.median(turns) * 1e6:6.0f} µs")
    print(f"state: {len(young.kept)} bytes")


if __name__ == "__main__":
    main()
