"""Words that others than their addressee will read: people's numbers and addresses hidden."""

from bot.services.core import Core
from tickets.screening import screen


def masked(core: Core, text: str) -> str:
    """The text with personal data hidden sign for sign, as the screening's rules say what that is."""
    now = core.clock().astimezone(core.policies.city.timezone)
    reading = core.interpreter.interpret(text, None, now)
    return screen(text, reading, {}, core.policies).masked
