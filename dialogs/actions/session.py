"""What concerns the talk itself: consent, language, a person, one's data, and questions."""

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from dialogs.actions.base import DeskAction, Events, about, event
from dialogs.slots import fold


class ActionConsent(DeskAction):
    """Records that the person agreed to the privacy sentence in force."""

    title = "action_consent"

    async def run(self, _dispatcher: CollectingDispatcher, tracker: Tracker, _domain: Any) -> Events:
        """Tells which version."""
        return [event("consent_given", version=about(tracker)["consent_version"])]


class ActionSetLanguage(DeskAction):
    """Speaks another language from here on."""

    title = "action_set_language"

    async def run(self, _dispatcher: CollectingDispatcher, tracker: Tracker, _domain: Any) -> Events:
        """Changes over to the one in `pilihan_bahasa`."""
        return [event("language_changed", language=tracker.slots["pilihan_bahasa"])]


class ActionHandoff(DeskAction):
    """Has a person take over."""

    title = "action_handoff"

    async def run(self, _dispatcher: CollectingDispatcher, tracker: Tracker, _domain: Any) -> Events:
        """With the words that asked for one."""
        return [event("handoff", reason=tracker.slots.get("pertanyaan") or tracker.latest_message["text"])]


class ActionShowData(DeskAction):
    """Shows a person what is kept about them."""

    title = "action_show_data"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: Any) -> Events:
        """Says it line by line."""
        data = await self.desk.data_of(about(tracker)["contact"])
        lines = [f"{name}: {_short(value)}" for name, value in data.items() if value not in (None, "", [])]
        dispatcher.utter_message(response="utter_data_saya", data="\n".join(lines))
        return []


class ActionDataRight(DeskAction):
    """Passes on that a person wants their data exported, corrected or deleted."""

    title = "action_data_right"

    async def run(self, _dispatcher: CollectingDispatcher, tracker: Tracker, _domain: Any) -> Events:
        """The right is in `hak_data`, what is to be corrected in `perbaikan_data`."""
        words = tracker.slots.get("perbaikan_data") or ""
        return [event("data_requested", right=tracker.slots["hak_data"], words=words)]


class ActionFaq(DeskAction):
    """Answers a question from the list of those people ask."""

    title = "action_faq"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> Events:
        """Says the answer of the topic whose words fit best; sets `topik`, empty when none fits."""
        said = f" {fold(tracker.slots.get('pertanyaan') or '')} "
        elsewhere = tracker.slots.get("jenis_tanya") is not None  # it asks about a subject of its own
        topics = [one for one in domain["faq"] if not (one["ours"] and elsewhere)]
        scored = [(_score(topic, said), topic) for topic in topics]
        score, best = max(scored, key=lambda pair: pair[0], default=(0, None))
        if not best or not score:
            return [SlotSet("topik", "")]
        dispatcher.utter_message(response=best["response"])
        return [SlotSet("topik", best["id"])]


def _score(topic: Mapping[str, Any], said: str) -> int:
    """How much of the sentence the topic's words cover."""
    return sum(len(word) for word in topic["keywords"] if f" {word} " in said)


def _short(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_short, value))
    if isinstance(value, Mapping):
        return " ".join(_short(item) for item in value.values() if item)
    return str(value)
