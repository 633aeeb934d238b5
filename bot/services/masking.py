"""Words that others than their addressee will read: people's numbers and addresses hidden."""

from bot.services.core import Core
from tickets.screening import screen


def masked(core: Core, text: str) -> str:
    """The text with personal data hidden sign for sign, as the screening's rules say what that is."""
    reading = core.interpreter.interpret(text, None, core.clock())
    return screen(text, reading, {}, core.policies).masked
