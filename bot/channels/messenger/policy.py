"""Whose words may still go out when a person has not written for a day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from tickets.policies.faults import Fault, PolicyFaults
from tickets.policies.reader import read

DELIVERED: Final = Path(__file__).with_name("human_agent.yml")
MOST_DAYS: Final = 7
"""What Meta allows."""


@dataclass(frozen=True, slots=True)
class HumanAgent:
    """Messages written by people, and how long after the person's last one they may follow."""

    lasts: timedelta = timedelta(0)
    messages: frozenset[str] = frozenset()

    def allows(self, response: str, silent_for: timedelta) -> bool:
        """Whether this message may go as a person's word."""
        return response in self.messages and silent_for <= self.lasts


def load_policy(path: Path | None, known: Callable[[str], bool]) -> HumanAgent:
    """The policy of a file (the delivered one when None), checked against the dialog's own messages.

    Raises:
        PolicyFaults: listing every fault with its line and remedy.
    """
    faults: list[Fault] = []
    file = path or DELIVERED
    node = read(file.parent, file.name, faults)
    node.known("days", "messages")
    days = node.count("days")
    if days > MOST_DAYS:
        node.fault(f"Meta allows {MOST_DAYS} days.", f"Write days: {MOST_DAYS} or fewer.", "days")
    messages = node.texts("messages")
    for name in messages:
        if not known(name):
            node.fault(f"There is no message '{name}'.", "See dialogs/responses for names.", "messages")
    if faults:
        raise PolicyFaults(tuple(faults))
    return HumanAgent(timedelta(days=days), frozenset(messages))
