"""Which questions ask for consent: those whose answer leads straight to recording it."""

from collections.abc import Iterable, Iterator

from dialogs.flow import Flow

RECORD = "action_consent"


def consent_questions(flows: Iterable[Flow]) -> frozenset[str]:
    """The names of the texts a person has before them when they agree."""
    return frozenset(name for flow in flows for name in _asked(flow))


def _asked(flow: Flow) -> Iterator[str]:
    recording = {step.id for step in flow.steps.values() if step.target == RECORD}
    for step in flow.steps.values():
        if step.slot and any(branch.to in recording for branch in step.next):
            yield step.utter or f"utter_ask_{step.slot}"
