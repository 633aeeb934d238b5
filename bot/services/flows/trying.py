"""Try: a dialog that is not published, played by its written conversations and by one who types."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.services.core import Core
from bot.services.talks.context import city_values, read
from bot.services.talks.slots import screening_facts, screening_slot
from dialogs.bundle import Bundle
from dialogs.conversation import from_json, to_json
from dialogs.events import BotUttered
from dialogs.loader import read_tests
from dialogs.messages import OutboundMessage
from dialogs.trial.play import Outcome, Town, Trial, play_all
from dialogs.trial.reading import read_cases
from dialogs.trial.script import Case, Given, Move
from nlu.interpreter import Interpreter
from tickets.policies import Policies
from tickets.screening import screen

MEMORY = ("book", "screened", "numbered")
"""What the practice desk remembers from turn to turn."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the dialog said to a move, and where the trial stands after it, to be kept."""

    said: tuple[OutboundMessage, ...]
    state: Mapping[str, Any]


def town(interpreter: Interpreter, policies: Policies) -> Town:
    """The city as trials see it: its reading, its words, its screening; no database."""

    def screening(narrative: str, slots: Mapping[str, Any]) -> Mapping[str, Any]:
        found = screen(narrative, interpreter.interpret(narrative), screening_facts(slots), policies)
        return screening_slot(found, policies)

    return Town(partial(read, interpreter), partial(city_values, policies), screening)


async def tests(core: Core, bundle: Bundle) -> tuple[Outcome, ...]:
    """Every written conversation, played on a bundle beside the turns."""
    cases = read_cases(read_tests())
    return await asyncio.to_thread(
        lambda: asyncio.run(play_all(cases, bundle, town(core.interpreter, core.policies)))
    )


async def say(core: Core, bundle: Bundle, state: Mapping[str, Any] | None, move: Move) -> Answer:
    """Make a move in a trial that stands at `state`; None begins one.

    Raises:
        KeyError: the move presses a button that is not shown.
    """
    trial = Trial(Case("", "", 0, Given(), ()), bundle, town(core.interpreter, core.policies))
    if state:
        trial.conversation = from_json(state["conversation"])
        trial.sent = state["sent"]
        for name in MEMORY:
            setattr(trial.desk, name, state[name])
    happened = await trial.take(move)
    said = tuple(event.message for event in happened.events if isinstance(event, BotUttered))
    memory = {name: getattr(trial.desk, name) for name in MEMORY}
    return Answer(said, {"conversation": to_json(trial.conversation), "sent": trial.sent, **memory})
