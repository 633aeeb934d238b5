"""One person on several channels: tying them together, and choosing where news comes."""

from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from dialogs.actions.base import DeskAction, Events, about, event
from dialogs.slots import fold

LAST_USED = ""
"""The way that stands for whichever channel was used last."""


class ActionLinkCode(DeskAction):
    """Gives out a code with which another channel becomes this person's, too."""

    title = "action_link_code"

    async def run(self, dispatcher: CollectingDispatcher, _tracker: Tracker, _domain: Any) -> Events:
        """Says the code and how to use it."""
        code = await self.desk.new_link_code()
        dispatcher.utter_message(response="utter_kode_tautan", kode=code)
        return [event("link_offered", code=code)]


class ActionLink(DeskAction):
    """Ties this channel to the one whose code was written here."""

    title = "action_link"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: Any) -> Events:
        """Says whether that worked."""
        code = str(tracker.slots.get("kode_tautan") or "")
        if not await self.desk.fits(code, about(tracker)["contact"]):
            dispatcher.utter_message(response="utter_tautan_gagal")
            return []
        dispatcher.utter_message(response="utter_tautan_berhasil")
        return [event("link_taken", code=code)]


class ActionWays(DeskAction):
    """Looks up the channels a person can be reached on."""

    title = "action_ways"

    async def run(self, _dispatcher: CollectingDispatcher, tracker: Tracker, _domain: Any) -> Events:
        """Sets `kanal_saya`, and `daftar_kanal`, the same as numbered lines."""
        ways = await self.desk.ways(about(tracker)["contact"])
        lines = [
            f"{place}. {one['name']}{' ✓' if one['chosen'] else ''}" for place, one in enumerate(ways, 2)
        ]
        return [SlotSet("kanal_saya", [dict(one) for one in ways]), SlotSet("daftar_kanal", "\n".join(lines))]


class ActionChooseWay(DeskAction):
    """Takes the channel that was named, by its number or its name."""

    title = "action_choose_way"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: Any) -> Events:
        """Says what was chosen; unsets `kanal` when nothing was, so that it is asked again."""
        way = chosen(str(tracker.slots.get("kanal") or ""), tracker.slots.get("kanal_saya") or [])
        if way is None:
            dispatcher.utter_message(response="utter_kanal_tidak_ada")
            return [SlotSet("kanal", None)]
        name = way["name"] if way["channel"] else ""
        response = "utter_kanal_dipilih" if name else "utter_kanal_terakhir_dipilih"
        dispatcher.utter_message(response=response, kanal_kabar=name)
        return [event("way_chosen", channel=way["channel"])]


def chosen(said: str, ways: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The way a person means; 1 and "terakhir" stand for the channel used last."""
    word = fold(said).strip(". ")
    if word in {"1", "terakhir", "pungkasan", "last"}:
        return {"channel": LAST_USED, "name": ""}
    if word.isdecimal():
        place = int(word) - 2
        return ways[place] if 0 <= place < len(ways) else None
    return next((one for one in ways if word and word in fold(str(one["name"]))), None)
