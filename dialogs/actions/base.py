"""What every action here shares: the desk, what a tracker tells, and our own kinds of events."""

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action
from rasa_sdk.interfaces import Tracker

from dialogs.actions.ports import CityDesk

Events = list[dict[str, Any]]


class DeskAction(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """An action that may ask the city's desk; subclasses set `title` and write `run`."""

    title = ""

    def __init__(self, desk: CityDesk) -> None:
        self.desk = desk

    def name(self) -> str:
        """The name flows call it by."""
        return self.title


def about(tracker: Tracker) -> Mapping[str, Any]:
    """Who is talked to and how: contact, channel, language, ticket."""
    metadata: Mapping[str, Any] = tracker.latest_message["metadata"]
    return metadata


def slots_of(tracker: Tracker) -> dict[str, Any]:
    """The slots, with the language spoken as `bahasa` and the person as `kontak`."""
    told = about(tracker)
    return {**tracker.slots, "bahasa": told["language"], "kontak": told.get("contact", "")}


def event(kind: str, **values: Any) -> dict[str, Any]:
    """One of our own events, in the shape of rasa-sdk's."""
    return {"event": kind, "timestamp": None, **values}
