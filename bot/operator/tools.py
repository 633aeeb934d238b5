"""What a card offers beside the actions of the lifecycle: each tool belongs to an action it may help with."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.operator import announce, canned, checklist, moderation
from bot.operator.matter import Matter
from bot.operator.office import Office
from bot.operator.payloads import Press
from bot.operator.seat import Seat

Run = Callable[[Office, Seat, Matter, str], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Tool:
    """What is done with a button's last part, by whoever may do the action."""

    action: str
    run: Run


TOOLS: Mapping[str, Tool] = {
    "ready": Tool("reply", canned.offer),
    "look": Tool("reply", canned.preview),
    "send": Tool("reply", canned.send),
    "edit": Tool("reply", canned.edit),
    "asked": Tool("ask_data", checklist.send),
    "own": Tool("ask_data", checklist.add_words),
    "saran": Tool("moderate_ask", moderation.send_advice),
    "tulis": Tool("moderate_ask", moderation.write_own),
    "spread": Tool("announce", announce.send),
    "keep": Tool("announce", announce.drop),
}


def tool_of(pressed: Press) -> Tool | None:
    """The tool behind a button; None for one this version does not know."""
    return TOOLS.get(pressed.action) if pressed.kind == "tool" else None
